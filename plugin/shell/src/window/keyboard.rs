//! Whose the keyboard is, where keys go to windows and nothing passes them on: on X11.
//!
//! The window library asks for keys while its window exists and takes the focus with every click, so that the
//! host's space bar would do nothing once the pointer is over the window. Here keys are asked for only while
//! somebody writes or the host itself gives the focus, and after a click the focus goes back to the host.

use egui_baseview::baseview::{PlatformHandle, WindowContext};
use raw_window_handle::{HasDisplayHandle, HasWindowHandle, RawDisplayHandle, RawWindowHandle};
use x11rb::connection::Connection;
use x11rb::errors::ReplyError;
use x11rb::protocol::xproto::{
    AtomEnum, ChangeWindowAttributesAux, ConnectionExt, EventMask, InputFocus, Window,
};
use x11rb::xcb_ffi::XCBConnection;

/// The keys of one window. Lives on the window's thread.
pub(super) struct Keyboard {
    connection: XCBConnection,
    window: Window,
    /// Keeps the connection's other owner alive, which closes it.
    _owner: PlatformHandle,
    /// Whether keys are asked for.
    asked: bool,
    /// Whether the focus is ours because of a click or because somebody wrote.
    taken: bool,
    was_focused: bool,
}

impl Keyboard {
    /// The keyboard of an open window; `None` where there is no X11 connection to speak through.
    #[allow(
        unsafe_code,
        reason = "shares the window library's connection, as only its owner may ask for keys"
    )]
    pub(super) fn of(window: &WindowContext) -> Option<Self> {
        let owner = window.platform_handle();
        let RawDisplayHandle::Xcb(display) = owner.display_handle().ok()?.as_raw() else { return None };
        let RawWindowHandle::Xcb(handle) = owner.window_handle().ok()?.as_raw() else { return None };
        // SAFETY: the connection lives as long as its owner, which is kept beside it, and is not closed here.
        let connection =
            unsafe { XCBConnection::from_raw_xcb_connection(display.connection?.as_ptr(), false) }.ok()?;
        let window = handle.window.get();
        Some(Self { connection, window, _owner: owner, asked: true, taken: false, was_focused: false })
    }

    /// The window's number on its display.
    pub(super) const fn window(&self) -> Window {
        self.window
    }

    /// Does after a frame what it asks for: whether a button was `pressed` in it and whether somebody is
    /// `writing`.
    pub(super) fn settle(&mut self, focused: bool, pressed: bool, writing: bool) {
        if self.was_focused && !focused {
            self.taken = false;
        }
        self.was_focused = focused;
        self.taken |= pressed || writing;
        let to_host = self.taken && !writing;
        // A server that says no leaves things as they are, which the mouse does not mind.
        let _asked = self.ask(writing || focused && !to_host);
        if focused && to_host {
            let _given = self.give_back();
        }
    }

    /// Asks for keys or leaves them to the windows around this one.
    fn ask(&mut self, keys: bool) -> Result<(), ReplyError> {
        if keys != self.asked {
            let attributes = self.connection.get_window_attributes(self.window)?.reply()?;
            let both = EventMask::KEY_PRESS | EventMask::KEY_RELEASE;
            let mask = if keys {
                attributes.your_event_mask | both
            } else {
                attributes.your_event_mask.remove(both)
            };
            let change = ChangeWindowAttributesAux::new().event_mask(mask);
            self.connection.change_window_attributes(self.window, &change)?.check()?;
            self.asked = keys;
        }
        Ok(())
    }

    /// Gives the focus to the host's own window: the outermost one around ours that a window manager manages
    /// (ICCCM 4.1.3.1), or just the outermost one.
    fn give_back(&self) -> Result<(), ReplyError> {
        let state = self.connection.intern_atom(false, b"WM_STATE")?.reply()?.atom;
        let (mut window, mut host) = (self.window, None);
        loop {
            let tree = self.connection.query_tree(window)?.reply()?;
            if tree.parent == tree.root || tree.parent == x11rb::NONE {
                break;
            }
            window = tree.parent;
            let state = self.connection.get_property(false, window, state, AtomEnum::ANY, 0, 0)?.reply()?;
            if state.type_ != x11rb::NONE {
                host = Some(window);
            }
        }
        let host = host.unwrap_or(window);
        if host != self.window {
            self.connection.set_input_focus(InputFocus::PARENT, host, x11rb::CURRENT_TIME)?.check()?;
        }
        self.connection.flush()?;
        Ok(())
    }
}
