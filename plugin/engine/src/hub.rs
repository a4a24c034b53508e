//! One hub a process: the listener's thread, the inference pool, and the door to both.

mod listener;

use crate::command::Command;
use crate::infer::{Pool, Shelf};
use crate::session::{COMMANDS, Session, Shared, Track};
use crossbeam_channel::{Sender, bounded};
use earmark_models::Store;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::snapshot::Snapshot;
use listener::{Listener, Word};
use parking_lot::Mutex;
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;

/// How many words to the listener may wait; more of them say nothing new.
const WORDS: usize = 256;

/// The process's one hub, while anybody holds it.
static SHARED: Mutex<Weak<Hub>> = Mutex::new(Weak::new());

/// Owns the listener's thread and, through it, the inference threads and every model. Held by sessions;
/// the last one to go ends and joins all threads and frees all weights.
pub struct Hub {
    words: Sender<Word>,
    listener: Mutex<Option<JoinHandle<()>>>,
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
        let mut shared = SHARED.lock();
        if let Some(hub) = shared.upgrade() {
            return Ok(hub);
        }
        let hub = Arc::new(Self::start(store)?);
        *shared = Arc::downgrade(&hub);
        Ok(hub)
    }

    fn start(store: Store) -> Result<Self, HubError> {
        let (words, inbox) = bounded(WORDS);
        let thread = std::thread::Builder::new().name("earmark-listener".to_owned()).spawn(move || {
            // The pool is made here, so that creating an instance costs one thread and no more.
            let pool = Pool::start(cpu_budget(), Shelf::new(store));
            Listener::new(inbox, Box::new(pool)).run();
        })?;
        Ok(Self { words, listener: Mutex::new(Some(thread)) })
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
        // A full channel wakes it just as well.
        let _full_or_gone = self.words.try_send(Word::Wake);
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        let _sent_while_the_listener_lives = self.words.send(Word::Quit);
        if let Some(listener) = self.listener.lock().take() {
            // A listener that panicked has nothing to return.
            let _ended = listener.join();
        }
    }
}

/// How many cores inference may use: half of what there is, at least one, so that the DAW keeps the rest.
fn cpu_budget() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| (cores.get() / 2).max(1))
}
