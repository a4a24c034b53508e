//! The door for VST3 hosts.

mod run_loop;

use super::fork::keep_in_children;
use crate::plugin::EarmarkPlugin;
use crate::unsaved::{Herald, Host};
use nice_plug::wrapper::setup_logger;
use nice_plug::wrapper::vst3::vst3::Steinberg::Linux::IRunLoop;
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::{
    IComponentHandler, IComponentHandler2, IComponentHandler2Trait, IEditController, IEditControllerVtbl,
};
use nice_plug::wrapper::vst3::vst3::Steinberg::{
    FIDString, FUnknown, IPluginFactory, IPluginFactory2, IPluginFactory2Trait, IPluginFactory3,
    IPluginFactory3Trait, IPluginFactoryTrait, PClassInfo, PClassInfo2, PClassInfoW, PFactoryInfo, TUID,
    kInvalidArgument, kResultOk, tresult,
};
use nice_plug::wrapper::vst3::vst3::{Class, ComPtr, ComRef, ComWrapper};
use nice_plug::wrapper::vst3::{PluginInfo, Wrapper};
use parking_lot::Mutex;
use run_loop::Timer;
use std::ffi::c_void;
use std::ptr;
use std::sync::{Arc, OnceLock};

/// The one plugin, as hosts ask for it.
struct Factory {
    info: PluginInfo,
}

/// The run loop of the host's main thread, where the host gave one to a factory that is still there.
static RUN_LOOP: Mutex<Option<ComPtr<IRunLoop>>> = Mutex::new(None);

/// The edit controller's functions as the framework made them, and with [`set_component_handler`] in its place.
static TABLES: OnceLock<[IEditControllerVtbl; 2]> = OnceLock::new();

/// The entry point that hosts look for.
#[unsafe(no_mangle)]
extern "system" fn GetPluginFactory() -> *mut c_void {
    let factory = ComWrapper::new(Factory { info: PluginInfo::for_plugin::<EarmarkPlugin>() });
    factory.to_com_ptr::<IPluginFactory>().map_or(ptr::null_mut(), |factory| factory.into_raw().cast())
}

/// The library is loaded, on Linux.
#[cfg(all(unix, not(target_os = "macos")))]
#[unsafe(no_mangle)]
extern "C" fn ModuleEntry(_library: *mut c_void) -> bool {
    begin()
}

/// The library is unloaded, on Linux.
#[cfg(all(unix, not(target_os = "macos")))]
#[unsafe(no_mangle)]
extern "C" fn ModuleExit() -> bool {
    true
}

/// The library is loaded, on macOS.
#[cfg(target_os = "macos")]
#[unsafe(no_mangle)]
extern "C" fn bundleEntry(_bundle: *mut c_void) -> bool {
    begin()
}

/// The library is unloaded, on macOS.
#[cfg(target_os = "macos")]
#[unsafe(no_mangle)]
extern "C" fn bundleExit() -> bool {
    true
}

/// The library is loaded, on Windows.
#[cfg(windows)]
#[unsafe(no_mangle)]
extern "system" fn InitDll() -> bool {
    begin()
}

/// The library is unloaded, on Windows.
#[cfg(windows)]
#[unsafe(no_mangle)]
extern "system" fn ExitDll() -> bool {
    true
}

fn begin() -> bool {
    setup_logger::<EarmarkPlugin>();
    true
}

impl Drop for Factory {
    fn drop(&mut self) {
        // What the host gave to its factory need not outlive it.
        RUN_LOOP.lock().take();
    }
}

impl Class for Factory {
    type Interfaces = (IPluginFactory, IPluginFactory2, IPluginFactory3);
}

impl IPluginFactoryTrait for Factory {
    unsafe fn getFactoryInfo(&self, info: *mut PFactoryInfo) -> tresult {
        // SAFETY: the host gives a place for the answer.
        unsafe { answer(info, || self.info.create_factory_info()) }
    }

    unsafe fn countClasses(&self) -> i32 {
        1
    }

    unsafe fn getClassInfo(&self, index: i32, info: *mut PClassInfo) -> tresult {
        // SAFETY: as above.
        unsafe { answer_for(index, info, || self.info.create_class_info()) }
    }

    unsafe fn createInstance(&self, class: FIDString, interface: FIDString, to: *mut *mut c_void) -> tresult {
        // SAFETY: the host gives the 16 bytes of a class's name, or nothing.
        let is_ours =
            unsafe { class.cast::<[u8; 16]>().as_ref() }.is_some_and(|class| class == self.info.cid);
        if !is_ours || interface.is_null() || to.is_null() {
            return kInvalidArgument;
        }
        let instance = ComWrapper::new(Wrapper::<EarmarkPlugin>::new());
        if let Some(controller) = instance.as_com_ref::<IEditController>() {
            if let Some(herald) = Herald::post_newest(controller.as_ptr().cast_const()) {
                let kept = Kept(controller.as_ptr());
                keep_in_children(&herald, move || kept.keep());
            }
            // SAFETY: the instance is new, so that nobody else uses it.
            unsafe { exchange_table(controller.as_ptr()) };
        }
        let Some(unknown) = instance.as_com_ref::<FUnknown>() else { return kInvalidArgument };
        let unknown = unknown.as_ptr();
        // SAFETY: the instance lives, and both the name and the place are the host's, who vouches for them.
        unsafe { ((*(*unknown).vtbl).queryInterface)(unknown, interface.cast::<TUID>(), to) }
    }
}

impl IPluginFactory2Trait for Factory {
    unsafe fn getClassInfo2(&self, index: i32, info: *mut PClassInfo2) -> tresult {
        // SAFETY: as above.
        unsafe { answer_for(index, info, || self.info.create_class_info_2()) }
    }
}

impl IPluginFactory3Trait for Factory {
    unsafe fn getClassInfoUnicode(&self, index: i32, info: *mut PClassInfoW) -> tresult {
        // SAFETY: as above.
        unsafe { answer_for(index, info, || self.info.create_class_info_unicode()) }
    }

    unsafe fn setHostContext(&self, context: *mut FUnknown) -> tresult {
        // SAFETY: the host gives an object of its own, or nothing.
        *RUN_LOOP.lock() = unsafe { ComRef::from_raw(context) }.and_then(|context| context.cast());
        kResultOk
    }
}

/// Writes an answer to where the host wants it.
unsafe fn answer<T>(to: *mut T, make: impl FnOnce() -> T) -> tresult {
    if to.is_null() {
        return kInvalidArgument;
    }
    // SAFETY: the caller vouches for the place.
    unsafe { to.write(make()) };
    kResultOk
}

/// Writes an answer about the one class there is.
unsafe fn answer_for<T>(index: i32, to: *mut T, make: impl FnOnce() -> T) -> tresult {
    // SAFETY: the caller vouches for the place.
    if index == 0 { unsafe { answer(to, make) } } else { kInvalidArgument }
}

/// An instance as long as it is there.
struct Kept(*mut IEditController);

// SAFETY: references to the instance may be counted from any thread.
unsafe impl Send for Kept {}

impl Kept {
    fn keep(&self) {
        // SAFETY: the caller vouches for the instance. The reference is nobody's, and never given back.
        unsafe { ((*(*self.0).vtbl).base.base.addRef)(self.0.cast()) };
    }
}

/// Has a new instance call [`set_component_handler`]: the framework keeps the handler to itself.
unsafe fn exchange_table(controller: *mut IEditController) {
    let [_, ours] = TABLES.get_or_init(|| {
        // SAFETY: every object begins with a pointer to the table of its functions.
        let theirs = unsafe { *(*controller).vtbl };
        [theirs, IEditControllerVtbl { setComponentHandler: set_component_handler, ..theirs }]
    });
    // SAFETY: the object is on the heap, and the caller the only one to use it.
    unsafe { (*controller).vtbl = ours };
}

unsafe extern "system" fn set_component_handler(
    controller: *mut IEditController,
    handler: *mut IComponentHandler,
) -> tresult {
    if let Some(herald) = Herald::posted_at(controller.cast_const()) {
        // SAFETY: the host gives an object of its own, or nothing.
        let handler = unsafe { ComRef::from_raw(handler) };
        let host = handler.and_then(|handler| handler.cast::<IComponentHandler2>()).map(|handler| {
            let run_loop = RUN_LOOP.lock().clone();
            let timer = run_loop.and_then(|run_loop| Timer::start(run_loop, &herald));
            Arc::new(Vst3Host { handler, timer }) as Arc<dyn Host>
        });
        herald.serve(host);
    }
    let Some([theirs, _]) = TABLES.get() else { return kInvalidArgument };
    // SAFETY: the host's call, passed on.
    unsafe { (theirs.setComponentHandler)(controller, handler) }
}

/// The host of one instance.
struct Vst3Host {
    handler: ComPtr<IComponentHandler2>,
    timer: Option<Timer>,
}

impl Host for Vst3Host {
    fn call_back(&self, herald: &Herald) {
        // A timer comes by itself.
        if self.timer.is_none() {
            herald.run_errand();
        }
    }

    fn mark_dirty(&self) {
        // SAFETY: the handler is the host's, and this its main thread. What it answers changes nothing.
        let _answer = unsafe { self.handler.setDirty(1) };
    }
}
