//! A window whose parent is not on the screen yet, on X11.
//!
//! The window library asks for the time of a frame as soon as its window is mapped, and waits for the answer for ever if
//! the parent is not on the screen by then. No call says when it is: in VST3, Ardour attaches first and shows afterwards.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;
use x11rb::connection::Connection;
use x11rb::errors::ReplyError;
use x11rb::protocol::xproto::{ConnectionExt, MapState, Window};

/// How often the parent is looked at; nobody sees a window that comes so much later.
const LOOK: Duration = Duration::from_millis(10);

/// Waits for a parent; gives up when this is dropped.
pub(super) struct Late {
    gone: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Late {
    /// Maps what is in `parent` once that is on the screen, and calls `then`; `None` if there is nothing to wait for.
    pub(super) fn map(parent: Window, then: impl FnOnce() + Send + 'static) -> Option<Self> {
        let (display, _) = x11rb::connect(None).ok()?;
        if is_viewable(&display, parent).unwrap_or(true) {
            return None;
        }
        let gone = Arc::new(AtomicBool::new(false));
        let is_gone = Arc::clone(&gone);
        let wait = move || {
            // An error means that the parent or the display is gone.
            while !is_gone.load(Ordering::Relaxed) && is_viewable(&display, parent) == Some(false) {
                std::thread::sleep(LOOK);
            }
            if !is_gone.load(Ordering::Relaxed) && map_all(&display, parent).is_ok() {
                then();
            }
        };
        let thread = std::thread::Builder::new().name("earmark-window".to_owned()).spawn(wait).ok()?;
        Some(Self { gone, thread: Some(thread) })
    }
}

impl Drop for Late {
    fn drop(&mut self) {
        self.gone.store(true, Ordering::Relaxed);
        // The library may be unloaded next. A panic over there has been told already.
        let _ended = self.thread.take().map(JoinHandle::join);
    }
}

/// Whether a window and all around it are mapped; `None` if there is no such window.
fn is_viewable(display: &impl Connection, window: Window) -> Option<bool> {
    let attributes = display.get_window_attributes(window).ok()?.reply().ok()?;
    Some(attributes.map_state == MapState::VIEWABLE)
}

fn map_all(display: &impl Connection, parent: Window) -> Result<(), ReplyError> {
    display.map_subwindows(parent)?.check()
}
