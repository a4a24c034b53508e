//! The window as the framework holds it, and the end of its thread.

use earmark_engine::pages::give_back;
use egui_baseview::baseview::Window;
use std::cell::RefCell;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::ThreadId;
use std::time::Duration;

/// How long closing a window waits for its thread; it takes milliseconds, unless the display hangs.
const PATIENCE: Duration = Duration::from_secs(2);

thread_local! {
    /// Held by a window's thread for as long as it lives.
    static PRESENCE: RefCell<Option<Held>> = const { RefCell::new(None) };
}

/// Goes when the thread has dropped all else, the graphics library's memory too.
struct Held(#[expect(dead_code, reason = "it says by its end that the thread ends")] Sender<ThreadId>);

impl Drop for Held {
    fn drop(&mut self) {
        give_back();
    }
}

/// Left by a window on the thread that it lives on.
pub(super) struct Presence(Sender<ThreadId>);

impl Presence {
    /// Says which thread this is, now and by silence when it has ended.
    pub(super) fn announce(&self) {
        // Nobody listens any more only if the window is gone already.
        let _heard = self.0.send(std::thread::current().id());
        PRESENCE.set(Some(Held(self.0.clone())));
    }
}

/// An open window. Closing it waits until its thread has ended as well: on X11 the thread outlives the
/// window for a moment and unloads the graphics library last, which takes down a host that exits meanwhile.
pub struct EarmarkWindow {
    window: Option<Window>,
    thread: Receiver<ThreadId>,
}

/// Both ends of a thread's presence: one for the window's content, one for [`EarmarkWindow::new`].
pub(super) fn presence() -> (Presence, Receiver<ThreadId>) {
    let (here, thread) = channel();
    (Presence(here), thread)
}

impl EarmarkWindow {
    pub(super) const fn new(window: Window, thread: Receiver<ThreadId>) -> Self {
        Self { window: Some(window), thread }
    }

    /// The window library's own; `None` only while it is being closed.
    pub(super) const fn get(&self) -> Option<&Window> {
        self.window.as_ref()
    }

    /// Gives the window away, to run it until it is closed.
    pub(super) fn into_inner(mut self) -> Option<Window> {
        self.window.take()
    }
}

impl Drop for EarmarkWindow {
    fn drop(&mut self) {
        let Some(window) = self.window.take() else { return };
        drop(window);
        // Where windows live on the host's own thread there is nothing to wait for.
        let elsewhere = self.thread.try_recv().is_ok_and(|thread| thread != std::thread::current().id());
        if elsewhere {
            // Nothing more is ever said: this returns when the last sender goes with its thread, or in time.
            let _gone = self.thread.recv_timeout(PATIENCE);
        }
    }
}
