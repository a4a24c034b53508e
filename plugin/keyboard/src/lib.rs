//! Stands in for the package of this name, of which the window library, baseview 0.4.2, uses what is here.
//!
//! For each window baseview has the keyboard's map made, has a state made of that, and gives back the state only: 80 KB
//! of map stay for each time that an editor is opened. Here the state takes the map over. This package can go once
//! baseview gives the map back itself.
//!
//! The names and shapes are libxkbcommon's own (<https://xkbcommon.org/doc/current/>); it is loaded when the first
//! window opens, so that a system without it only has no text of its keyboard's layout.

#![expect(non_camel_case_types)]
#![expect(unsafe_code, reason = "another library's functions are called by their addresses")]

pub mod x11;

use std::ffi::{c_char, c_int, c_void};
use std::sync::OnceLock;

/// A key's number, as X tells it.
pub type xkb_keycode_t = u32;

/// What maps are made in.
pub type xkb_context = c_void;

/// What each key of a keyboard means.
pub type xkb_keymap = c_void;

/// Which keys are down, and what others mean by that.
pub type xkb_state = c_void;

/// How a context is made.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum xkb_context_flags {
    /// As the system has it.
    XKB_CONTEXT_NO_FLAGS = 0,
}

/// How a map is made.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum xkb_keymap_compile_flags {
    /// As the system has it.
    XKB_KEYMAP_COMPILE_NO_FLAGS = 0,
}

/// Which way a key went.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum xkb_key_direction {
    /// Let go.
    XKB_KEY_UP = 0,
    /// Pressed.
    XKB_KEY_DOWN = 1,
}

/// Finds the functions of a library that are the fields of a structure, each by its field's name.
macro_rules! functions {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
            /// Keeps the functions where they are.
            _library: libloading::Library,
        }

        impl $name {
            /// The functions of the first of `names` that there is.
            fn load(names: &[&str]) -> Option<Self> {
                // SAFETY: libxkbcommon does nothing when it is loaded.
                let library = names.iter().find_map(|name| unsafe { libloading::Library::new(name) }.ok())?;
                Some(Self {
                    // SAFETY: its documents give each function this type, and the library stays as long.
                    $($field: *unsafe { library.get(stringify!($field).as_bytes()) }.ok()?,)*
                    _library: library,
                })
            }
        }
    };
}
use functions;

functions! {
    /// libxkbcommon's functions, by their own names.
    XkbCommon {
        /// Makes a context.
        xkb_context_new: unsafe extern "C" fn(xkb_context_flags) -> *mut xkb_context,
        /// Gives a context back.
        xkb_context_unref: unsafe extern "C" fn(*mut xkb_context),
        /// Gives a map back.
        xkb_keymap_unref: unsafe extern "C" fn(*mut xkb_keymap),
        /// Gives a state back, and the map with it if nobody else holds that.
        xkb_state_unref: unsafe extern "C" fn(*mut xkb_state),
        /// Writes what a key types, ended by a zero, into so many bytes; says how long it is.
        xkb_state_key_get_utf8: unsafe extern "C" fn(*mut xkb_state, xkb_keycode_t, *mut c_char, usize) -> c_int,
        /// Tells a state of a key that went down or up; says what changed by that.
        xkb_state_update_key: unsafe extern "C" fn(*mut xkb_state, xkb_keycode_t, xkb_key_direction) -> c_int,
    }
}

/// The library, if the system has it.
pub fn xkbcommon_option() -> Option<&'static XkbCommon> {
    static LIBRARY: OnceLock<Option<XkbCommon>> = OnceLock::new();
    LIBRARY.get_or_init(|| XkbCommon::load(&["libxkbcommon.so.0", "libxkbcommon.so"])).as_ref()
}
