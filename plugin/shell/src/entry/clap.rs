//! The door for CLAP hosts.

use super::fork::keep_in_children;
use crate::plugin::EarmarkPlugin;
use crate::unsaved::{Herald, Host};
use clap_sys::ext::state::{CLAP_EXT_STATE, clap_host_state};
use nice_plug::wrapper::clap::{
    CLAP_PLUGIN_FACTORY_ID, CLAP_VERSION, PluginDescriptor, Wrapper, clap_host, clap_plugin,
    clap_plugin_descriptor, clap_plugin_entry, clap_plugin_factory,
};
use nice_plug::wrapper::setup_logger;
use std::ffi::{CStr, c_char, c_void};
use std::ptr;
use std::sync::{Arc, OnceLock};

type OnMainThread = unsafe extern "C" fn(*const clap_plugin);

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

/// What the framework does when the host calls it on the main thread; the same for every instance.
static FRAMEWORKS: OnceLock<OnMainThread> = OnceLock::new();

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
        let theirs = wrapper.clap_plugin.borrow_mut().on_main_thread.replace(on_main_thread);
        if let Some(theirs) = theirs {
            FRAMEWORKS.get_or_init(|| theirs);
        }
        herald.serve(Some(Arc::new(ClapHost(host))));
        let kept = Arc::downgrade(&wrapper);
        keep_in_children(&herald, move || std::mem::forget(kept.upgrade()));
    }
    // The framework takes it back when the host destroys the plugin.
    std::mem::forget(wrapper);
    plugin
}

unsafe extern "C" fn on_main_thread(plugin: *const clap_plugin) {
    if let Some(theirs) = FRAMEWORKS.get() {
        // SAFETY: the host's call, passed on.
        unsafe { theirs(plugin) };
    }
    if let Some(herald) = Herald::posted_at(plugin) {
        herald.tell();
    }
}

/// The host of one instance.
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
        // SAFETY: the host outlives the instance, which is initialised, for the host has called it back.
        unsafe {
            let Some(extension) = (*self.0).get_extension else { return };
            let state: *const clap_host_state = extension(self.0, CLAP_EXT_STATE.as_ptr()).cast();
            if let Some(mark_dirty) = state.as_ref().and_then(|state| state.mark_dirty) {
                mark_dirty(self.0);
            }
        }
    }
}
