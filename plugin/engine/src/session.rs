//! One track's session: a handle for the shell, and the listener's side of it.

mod agreement;
mod annotate;
#[cfg(test)]
mod clock_tests;
mod ear;
mod feed;
mod file;
mod intake;
#[cfg(test)]
pub(crate) mod scripted;
mod track;

pub use feed::Feed;
pub use file::HearError;
pub use intake::{Intake, Stage, Taken};
pub(crate) use track::{Rank, Track};

use crate::command::{Busy, Command};
use crate::hub::Hub;
use crossbeam_channel::Sender;
use earmark_capture::{Tap, tap_and_drain};
use earmark_timeline::snapshot::Snapshot;
use earmark_timeline::units::{FramePos, SampleRate};
use parking_lot::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// How many commands may wait.
pub(crate) const COMMANDS: usize = 64;

/// One track's session, as its owner holds it. Dropping it ends the session without waiting for a model.
pub struct Session {
    shared: Arc<Shared>,
    commands: Sender<Command>,
    hub: Arc<Hub>,
}

/// What both sides of a session and its jobs hold.
#[derive(Default)]
pub(crate) struct Shared {
    closed: AtomicBool,
    snapshot: Mutex<Arc<Snapshot>>,
    observer: Mutex<Option<Observer>>,
    watcher: OnceLock<Watcher>,
    /// The language that was heard clearly last; what is unclear is taken to be in it.
    language: Mutex<Option<Arc<str>>>,
}

/// Called after a new snapshot is there.
pub type Observer = Arc<dyn Fn() + Send + Sync>;

/// Called after each of the listener's rounds.
pub type Watcher = Arc<dyn Fn(&Snapshot) + Send + Sync>;

impl Shared {
    /// Notes that the owner is gone: nobody wants results any more.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    /// The language that was heard clearly last, if any was.
    pub(crate) fn language(&self) -> Option<Arc<str>> {
        self.language.lock().clone()
    }

    pub(crate) fn remember_language(&self, language: Option<Arc<str>>) {
        *self.language.lock() = language;
    }

    /// The newest snapshot.
    pub(crate) fn newest(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.lock())
    }

    /// Shows the newest snapshot to whoever watches.
    pub(crate) fn look(&self) {
        if let Some(watcher) = self.watcher.get() {
            watcher(&self.newest());
        }
    }

    pub(crate) fn publish(&self, snapshot: Snapshot) {
        *self.snapshot.lock() = Arc::new(snapshot);
        self.notify();
    }

    /// Has whoever observes look again.
    pub(crate) fn notify(&self) {
        // Cloned out, so that an observer that takes its time holds up nobody but the listener.
        let observer = self.observer.lock().clone();
        if let Some(observer) = observer {
            observer();
        }
    }
}

impl Session {
    pub(crate) const fn new(shared: Arc<Shared>, commands: Sender<Command>, hub: Arc<Hub>) -> Self {
        Self { shared, commands, hub }
    }

    /// The newest snapshot. Cheap: one lock held for a pointer's copy, never by an audio thread.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.shared.newest()
    }

    /// Asks the listener to do something; takes effect within milliseconds and shows in a snapshot.
    ///
    /// # Errors
    /// [`Busy`] if too many commands wait already.
    pub fn send(&self, command: Command) -> Result<(), Busy> {
        self.commands.try_send(command).map_err(|_| Busy)?;
        self.hub.wake();
        Ok(())
    }

    /// Has `observer` called on the listener's thread whenever there is a new snapshot, in place of the one
    /// before; `None` ends it. It must return at once: an editor asks for a frame in it, no more.
    pub fn observe(&self, observer: Option<Observer>) {
        *self.shared.observer.lock() = observer;
    }

    /// Has whoever observes look again, as after a snapshot.
    pub fn notify(&self) {
        self.shared.notify();
    }

    /// Has `watcher` called on the listener's thread with the newest snapshot, old or new, ten times a second at
    /// least. It must return at once. A session has one watcher, the first.
    pub fn watch(&self, watcher: Watcher) {
        let _first = self.shared.watcher.set(watcher);
    }

    /// Makes a new ring at `rate` and listens to it; the tap is for the audio thread. `start` is where
    /// its capture clock starts: where the former tap stopped, or zero.
    ///
    /// # Errors
    /// [`Busy`] if too many commands wait already.
    pub fn connect(&self, rate: SampleRate, start: FramePos) -> Result<Tap, Busy> {
        let (tap, drain) = tap_and_drain(rate, start);
        self.send(Command::Connect(drain))?;
        Ok(tap)
    }

    /// Listens to audio that the caller has whole, such as a file: as [`Session::connect`], but the
    /// caller waits while the engine is behind, and nothing is ever dropped.
    ///
    /// # Errors
    /// [`Busy`] if too many commands wait already.
    pub fn feed(&self, rate: SampleRate, channels: usize) -> Result<Feed, Busy> {
        Ok(Feed::new(self.connect(rate, FramePos(0))?, rate, channels))
    }

    /// Waits until `taps` connections of this session have ended and everything they brought is settled,
    /// showing each snapshot on the way to `watch`.
    pub fn wait_until_settled(&self, taps: u64, mut watch: impl FnMut(&Snapshot)) -> Arc<Snapshot> {
        self.wait_while(|snapshot| {
            watch(snapshot);
            snapshot.finished < taps
        })
    }

    /// Waits as long as `is_early` says so of the newest snapshot, and gives back the first one that it does not.
    pub fn wait_while(&self, mut is_early: impl FnMut(&Snapshot) -> bool) -> Arc<Snapshot> {
        loop {
            let snapshot = self.snapshot();
            if !is_early(&snapshot) {
                return snapshot;
            }
            std::thread::sleep(feed::PATIENCE);
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.shared.close();
        self.hub.wake();
    }
}
