//! What concerns a keyboard at an X server.

use crate::{functions, xkb_context, xkb_keymap, xkb_keymap_compile_flags, xkb_state, xkbcommon_option};
use std::ffi::{c_int, c_void};
use std::sync::OnceLock;

/// A connection to an X server.
pub type xcb_connection_t = c_void;

/// Makes a state of a map and of which keys are down.
type StateOfKeymap = unsafe extern "C" fn(*mut xkb_keymap, *mut xcb_connection_t, c_int) -> *mut xkb_state;

functions! {
    /// libxkbcommon-x11's functions, by their own names.
    XkbCommonX11 {
        /// Which keyboard is the main one; -1 if there is none.
        xkb_x11_get_core_keyboard_device_id: unsafe extern "C" fn(*mut xcb_connection_t) -> c_int,
        /// Makes the map of a keyboard.
        xkb_x11_keymap_new_from_device: unsafe extern "C" fn(
            *mut xkb_context,
            *mut xcb_connection_t,
            c_int,
            xkb_keymap_compile_flags,
        ) -> *mut xkb_keymap,
        /// Makes a state, which takes the map over: it is given back with the state.
        xkb_x11_state_new_from_device: StateOfKeymap,
    }
}

/// The library, if the system has it.
pub fn xkbcommon_x11_option() -> Option<&'static XkbCommonX11> {
    static LIBRARY: OnceLock<Option<XkbCommonX11>> = OnceLock::new();
    let load = || {
        let mut library = XkbCommonX11::load(&["libxkbcommon-x11.so.0", "libxkbcommon-x11.so"])?;
        SHARES.get_or_init(|| library.xkb_x11_state_new_from_device);
        library.xkb_x11_state_new_from_device = takes_over;
        Some(library)
    };
    LIBRARY.get_or_init(load).as_ref()
}

/// The library's own way to make a state, which shares the map with whoever made that.
static SHARES: OnceLock<StateOfKeymap> = OnceLock::new();

/// Makes a state and gives back its maker's hold on the map; no state if there is no library.
unsafe extern "C" fn takes_over(
    keymap: *mut xkb_keymap,
    connection: *mut xcb_connection_t,
    device: c_int,
) -> *mut xkb_state {
    let Some((shares, common)) = SHARES.get().zip(xkbcommon_option()) else { return std::ptr::null_mut() };
    // SAFETY: the caller gives what the library's own function asks for, and never uses the map again.
    unsafe {
        let state = shares(keymap, connection, device);
        (common.xkb_keymap_unref)(keymap);
        state
    }
}
