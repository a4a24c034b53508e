//! One hub a process: the listener's thread, the inference pool, and the door to both.

mod cores;
mod image;
mod leftovers;
mod listener;
mod power;
mod relief;

pub(crate) use image::step_back;
pub(crate) use relief::smaller_model;

use crate::command::Command;
use crate::infer::{Pool, Shelf};
use crate::session::{COMMANDS, Session, Shared, Track};
use cores::CoreSetting;
use crossbeam_channel::{Receiver, Sender, bounded};
use earmark_models::Store;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::snapshot::Snapshot;
use listener::{Listener, Word};
use parking_lot::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Once, Weak};
use std::thread::JoinHandle;

/// How many words to the listener may wait; more of them say nothing new.
const WORDS: usize = 256;

/// The process's one hub, while anybody holds it.
static SHARED: Mutex<Weak<Hub>> = Mutex::new(Weak::new());

/// To be called when a library has made statics: has all threads end before these are taken down, when the process
/// ends on whatever thread. What was made last goes first, so a call counts for what was made before it.
pub(crate) fn outlive_statics() {
    image::at_exit(end_at_exit);
}

/// Ends and joins all threads, of a hub that its owner forgot too.
extern "C" fn end_at_exit() {
    // In the child of a fork the lock may be taken for ever, and there are no threads.
    let hub = SHARED.try_lock().and_then(|shared| shared.upgrade());
    if let Some(hub) = hub.filter(|hub| hub.process == std::process::id()) {
        let listener = hub.listener.lock().take();
        hub.quit();
        if let Some(listener) = listener {
            leftovers::join_now(listener, hub.process);
        }
    }
    leftovers::join_at_exit();
}

/// Owns the listener's thread and, through it, the inference threads and every model. Held by sessions;
/// the last one to go ends all threads and frees all weights, and returns within 50 ms: what a thread takes
/// longer for, it ends by itself.
pub struct Hub {
    words: Sender<Word>,
    quit: Arc<AtomicBool>,
    listener: Mutex<Option<JoinHandle<()>>>,
    /// Its other end is gone when the listener is about to be.
    ending: Receiver<()>,
    /// The process that the threads were started in: a fork takes none along.
    process: u32,
}

/// Why there is no hub.
#[derive(Debug, thiserror::Error)]
#[error(
    "the system gives Earmark no thread to listen on ({0}); close other programs and load the plugin again"
)]
pub struct HubError(#[from] std::io::Error);

impl Hub {
    /// The process's hub, made with the files of `store` if nobody holds one yet. Loads no model: that
    /// happens on an inference thread when there is something to hear.
    ///
    /// # Errors
    /// [`HubError`] if the system gives no thread.
    pub fn shared(store: Store) -> Result<Arc<Self>, HubError> {
        static FIRST: Once = Once::new();
        FIRST.call_once(outlive_statics);
        image::at_end_of_main_thread(end_at_exit);
        let mut shared = SHARED.lock();
        if let Some(hub) = shared.upgrade().filter(|hub| hub.process == std::process::id()) {
            return Ok(hub);
        }
        let hub = Arc::new(Self::start(store)?);
        *shared = Arc::downgrade(&hub);
        Ok(hub)
    }

    fn start(store: Store) -> Result<Self, HubError> {
        let (words, inbox) = bounded(WORDS);
        let (ends, ending) = bounded(0);
        let quit = Arc::<AtomicBool>::default();
        let theirs = Arc::clone(&quit);
        let thread = std::thread::Builder::new().name("earmark-listener".to_owned()).spawn(move || {
            let _ends = ends;
            step_back();
            // What an earlier hub left behind goes first, so that there are never two copies of a model.
            leftovers::join();
            let cores = CoreSetting::of_this_user();
            let pool = Pool::new(cores.read(), Shelf::new(store));
            Listener::new(inbox, theirs, cores, Box::new(pool)).run();
        })?;
        let (listener, process) = (Mutex::new(Some(thread)), std::process::id());
        Ok(Self { words, quit, listener, ending, process })
    }

    /// Opens a session that starts with `notebook`.
    pub fn open_session(self: &Arc<Self>, notebook: Notebook) -> Session {
        let shared = Arc::new(Shared::default());
        shared.publish(Snapshot { notebook: Arc::new(notebook), ..Snapshot::default() });
        let (commands, inbox) = bounded::<Command>(COMMANDS);
        let track = Track::new(Arc::clone(&shared), inbox);
        // Waits only if 256 sessions were opened within one round of the listener, and then for one round.
        let _sent_while_the_listener_lives = self.words.send(Word::Open(Box::new(track)));
        Session::new(shared, commands, Arc::clone(self))
    }

    /// Lets the listener look at once whether there is something to do.
    pub(crate) fn wake(&self) {
        // In the child of a fork nobody sleeps, and a lock that a thread of the parent held stays taken.
        if self.process == std::process::id() {
            // A full channel wakes it just as well.
            let _full_or_gone = self.words.try_send(Word::Wake);
        }
    }

    /// Has the listener end after its round, and all jobs with it.
    fn quit(&self) {
        self.quit.store(true, Ordering::Release);
        self.wake();
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.quit();
        if let Some(listener) = self.listener.lock().take() {
            leftovers::join_soon(listener, &self.ending, self.process);
        }
    }
}
