//! The door for CLAP hosts.

use super::fork::keep_in_children;
use crate::plugin::EarmarkPlugin;
use crate::unsaved::{Herald, Host, PEACE};
use clap_sys::ext::state::{CLAP_EXT_STATE, clap_host_state};
use clap_sys::ext::timer_support::{
    CLAP_EXT_TIMER_SUPPORT, clap_host_timer_support, clap_plugin_timer_support,
};
use clap_sys::id::clap_id;
use nice_plug::wrapper::clap::{
    CLAP_PLUGIN_FACTORY_ID, CLAP_VERSION, PluginDescriptor, Wrapper, clap_host, clap_plugin,
    clap_plugin_descriptor, clap_plugin_entry, clap_plugin_factory,
};
use nice_plug::wrapper::setup_logger;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_void};
use std::ptr;
use std::sync::{Arc, OnceLock};

/// How often a host's timer looks for changes, in milliseconds: as often as a host may be told of them.
const PERIOD_MS: u32 = PEACE.as_millis() as u32;

/// The entry point that hosts look for.
#[unsafe(no_mangle)]
#[used]
#[allow(non_upper_case_globals, reason = "CLAP prescribes the name")]
static clap_entry: clap_plugin_entry = clap_plugin_entry {
    clap_version: CLAP_VERSION,
    init: Some(init),
    deinit: Some(deinit),
    get_factory: Some(get_factory),
};

/// Hosts keep its address.
static FACTORY: clap_plugin_factory = clap_plugin_factory {
    get_plugin_count: Some(get_plugin_count),
    get_plugin_descriptor: Some(get_plugin_descriptor),
    create_plugin: Some(create_plugin),
};

/// The framework's functions that ours go before; the same for every instance.
struct Framework {
    init: unsafe extern "C" fn(*const clap_plugin) -> bool,
    destroy: unsafe extern "C" fn(*const clap_plugin),
    get_extension: unsafe extern "C" fn(*const clap_plugin, *const c_char) -> *const c_void,
    on_main_thread: unsafe extern "C" fn(*const clap_plugin),
}

static FRAMEWORK: OnceLock<Framework> = OnceLock::new();

/// Hosts keep its address.
static TIMER_SUPPORT: clap_plugin_timer_support = clap_plugin_timer_support { on_timer: Some(on_timer) };

/// Instances whose host has not called back yet, by their addresses, with the host's timer: some hosts never call
/// back (Qtractor 0.9.31).
static UNCALLED: Mutex<BTreeMap<usize, (ClapHost, Option<clap_id>)>> = Mutex::new(BTreeMap::new());

unsafe extern "C" fn init(_plugin_path: *const c_char) -> bool {
    setup_logger::<EarmarkPlugin>();
    true
}

unsafe extern "C" fn deinit() {}

unsafe extern "C" fn get_factory(id: *const c_char) -> *const c_void {
    // SAFETY: the host gives a text or nothing.
    let is_ours = !id.is_null() && unsafe { CStr::from_ptr(id) } == CLAP_PLUGIN_FACTORY_ID;
    if is_ours { (&raw const FACTORY).cast() } else { ptr::null() }
}

fn descriptor() -> &'static PluginDescriptor {
    static DESCRIPTOR: OnceLock<PluginDescriptor> = OnceLock::new();
    DESCRIPTOR.get_or_init(PluginDescriptor::for_plugin::<EarmarkPlugin>)
}

unsafe extern "C" fn get_plugin_count(_factory: *const clap_plugin_factory) -> u32 {
    1
}

unsafe extern "C" fn get_plugin_descriptor(
    _factory: *const clap_plugin_factory,
    index: u32,
) -> *const clap_plugin_descriptor {
    if index == 0 { descriptor().clap_plugin_descriptor() } else { ptr::null() }
}

unsafe extern "C" fn create_plugin(
    _factory: *const clap_plugin_factory,
    host: *const clap_host,
    id: *const c_char,
) -> *const clap_plugin {
    // SAFETY: the host gives a text or nothing.
    if host.is_null() || id.is_null() || unsafe { CStr::from_ptr(id) } != descriptor().clap_id() {
        return ptr::null();
    }
    // SAFETY: the host outlives its plugins.
    let wrapper = unsafe { Wrapper::<EarmarkPlugin>::new(host) };
    let plugin = wrapper.clap_plugin.as_ptr().cast_const();
    if let Some(herald) = Herald::post_newest(plugin) {
        go_before_the_framework(&mut wrapper.clap_plugin.borrow_mut());
        UNCALLED.lock().insert(plugin.addr(), (ClapHost(host), None));
        herald.serve(Some(Arc::new(ClapHost(host))));
        let kept = Arc::downgrade(&wrapper);
        keep_in_children(&herald, move || std::mem::forget(kept.upgrade()));
    }
    // The framework takes it back when the host destroys the plugin.
    std::mem::forget(wrapper);
    plugin
}

fn go_before_the_framework(plugin: &mut clap_plugin) {
    let theirs = (plugin.init, plugin.destroy, plugin.get_extension, plugin.on_main_thread);
    let (Some(init), Some(destroy), Some(get_extension), Some(on_main_thread)) = theirs else { return };
    FRAMEWORK.get_or_init(|| Framework { init, destroy, get_extension, on_main_thread });
    plugin.init = Some(init_instance);
    plugin.destroy = Some(self::destroy);
    plugin.get_extension = Some(self::get_extension);
    plugin.on_main_thread = Some(self::on_main_thread);
}

unsafe extern "C" fn init_instance(plugin: *const clap_plugin) -> bool {
    // SAFETY: the host's call, passed on.
    let is_ready = FRAMEWORK.get().is_some_and(|framework| unsafe { (framework.init)(plugin) });
    let uncalled = UNCALLED.lock().get(&plugin.addr()).map(|(host, _)| *host);
    if let Some(host) = uncalled.filter(|_| is_ready) {
        UNCALLED.lock().insert(plugin.addr(), (host, host.start_timer()));
    }
    is_ready
}

unsafe extern "C" fn destroy(plugin: *const clap_plugin) {
    stop_timer(plugin);
    if let Some(framework) = FRAMEWORK.get() {
        // SAFETY: the host's call, passed on.
        unsafe { (framework.destroy)(plugin) };
    }
}

unsafe extern "C" fn get_extension(plugin: *const clap_plugin, id: *const c_char) -> *const c_void {
    // SAFETY: the host gives a text or nothing.
    if !id.is_null() && unsafe { CStr::from_ptr(id) } == CLAP_EXT_TIMER_SUPPORT {
        return (&raw const TIMER_SUPPORT).cast();
    }
    // SAFETY: the host's call, passed on.
    FRAMEWORK.get().map_or(ptr::null(), |framework| unsafe { (framework.get_extension)(plugin, id) })
}

unsafe extern "C" fn on_timer(plugin: *const clap_plugin, _timer: clap_id) {
    if let Some(herald) = Herald::posted_at(plugin) {
        herald.tell();
    }
}

unsafe extern "C" fn on_main_thread(plugin: *const clap_plugin) {
    // This host calls back.
    stop_timer(plugin);
    if let Some(framework) = FRAMEWORK.get() {
        // SAFETY: the host's call, passed on.
        unsafe { (framework.on_main_thread)(plugin) };
    }
    if let Some(herald) = Herald::posted_at(plugin) {
        herald.tell();
    }
}

fn stop_timer(plugin: *const clap_plugin) {
    let uncalled = UNCALLED.lock().remove(&plugin.addr());
    if let Some((host, Some(timer))) = uncalled {
        host.stop_timer(timer);
    }
}

/// The host of one instance.
#[derive(Clone, Copy)]
struct ClapHost(*const clap_host);

// SAFETY: CLAP allows `request_callback` from any thread; the rest is used on the main thread, as `Host` says.
unsafe impl Send for ClapHost {}
// SAFETY: as above.
unsafe impl Sync for ClapHost {}

impl Host for ClapHost {
    fn call_back(&self, _: &Herald) {
        // SAFETY: the host outlives the instance, whose end takes this away.
        if let Some(request) = unsafe { (*self.0).request_callback } {
            // SAFETY: as above; any thread may ask.
            unsafe { request(self.0) };
        }
    }

    fn mark_dirty(&self) {
        let state = self.extension::<clap_host_state>(CLAP_EXT_STATE);
        if let Some(mark_dirty) = state.and_then(|state| state.mark_dirty) {
            // SAFETY: this is the main thread.
            unsafe { mark_dirty(self.0) };
        }
    }
}

impl ClapHost {
    /// The host's functions of that name, whose type is `T`. Called on the main thread, once the instance is
    /// initialised.
    fn extension<T>(&self, name: &CStr) -> Option<&T> {
        // SAFETY: the host outlives the instance, and so do its extensions.
        unsafe { (*self.0).get_extension?(self.0, name.as_ptr()).cast::<T>().as_ref() }
    }

    /// Has [`on_timer`] called from now on; `None` from a host without timers.
    fn start_timer(self) -> Option<clap_id> {
        let register = self.extension::<clap_host_timer_support>(CLAP_EXT_TIMER_SUPPORT)?.register_timer?;
        let mut timer = 0;
        // SAFETY: this is the main thread, and the host writes to `timer` before it returns.
        unsafe { register(self.0, PERIOD_MS, &raw mut timer) }.then_some(timer)
    }

    fn stop_timer(self, timer: clap_id) {
        let support = self.extension::<clap_host_timer_support>(CLAP_EXT_TIMER_SUPPORT);
        if let Some(unregister) = support.and_then(|support| support.unregister_timer) {
            // SAFETY: this is the main thread, and the timer is the host's.
            unsafe { unregister(self.0, timer) };
        }
    }
}
