//! One hub a process: the listener's thread, the inference pool, and the door to both.

mod cores;
mod image;
mod listener;
mod lives;
mod power;
mod relief;

#[cfg(test)]
#[path = "hub/lives_tests.rs"]
mod lives_tests;

/// What the threads of [`lives`] meet by.
mod sync {
    pub(super) use super::image::keep_loaded;
    pub(super) use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};
    pub(super) use parking_lot::Mutex;
    pub(super) use std::sync::atomic::AtomicBool;
    pub(super) use std::thread;
}

pub(crate) use image::step_back;
pub(crate) use relief::smaller_model;

use crate::command::Command;
use crate::infer::{Pool, Shelf};
use crate::pages::give_back;
use crate::session::{COMMANDS, Session, Shared, Track};
use cores::CoreSetting;
use crossbeam_channel::{Sender, bounded};
use earmark_models::Store;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::snapshot::Snapshot;
use listener::{Listener, Word};
use lives::{Life, Lives};
use std::sync::{Arc, Once};

/// How many words to the listener may wait; more of them say nothing new.
const WORDS: usize = 256;

/// The process's one hub, while anybody holds it, and what is left of those before it.
static LIVES: Lives<Hub> = Lives::new();

/// To be called when a library has made statics: has all threads end before these are taken down, when the process
/// ends on whatever thread. What was made last goes first, so a call counts for what was made before it.
pub(crate) fn outlive_statics() {
    image::at_exit(end_at_exit);
}

/// Ends and joins all threads, of a hub that its owner forgot too.
extern "C" fn end_at_exit() {
    LIVES.end(Hub::quit);
}

/// Owns the listener's thread and, through it, the inference threads and every model. Held by sessions;
/// the last one to go ends all threads and frees all weights, and returns within 50 ms: what a thread takes
/// longer for, it ends by itself.
pub struct Hub {
    // First, for the listener wakes up when it is gone.
    words: Sender<Word>,
    life: Life<Hub>,
}

/// Why there is no hub.
#[derive(Debug, thiserror::Error)]
#[error(
    "the system gives Earmark no thread to listen on ({0}); close other programs and load the plugin again"
)]
pub struct HubError(#[from] std::io::Error);

/// Does `work` on a thread that nobody waits for. It may outlast the last session: the library stays where it is.
///
/// # Errors
/// If the system gives no thread.
pub fn detach(name: &str, work: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    image::keep_loaded();
    std::thread::Builder::new().name(name.to_owned()).spawn(work).map(drop)
}

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
        let (words, inbox) = bounded(WORDS);
        let listen = move |quit| {
            step_back();
            let cores = CoreSetting::of_this_user();
            let pool = Pool::new(cores.read(), Shelf::new(store));
            Listener::new(inbox, quit, cores, Box::new(pool)).run();
            give_back();
        };
        Ok(LIVES.shared(listen, |life| Self { words, life })?)
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
        if self.life.is_of_this_process() {
            // A full channel wakes it just as well.
            let _full_or_gone = self.words.try_send(Word::Wake);
        }
    }

    /// Has the listener end after its round, and all jobs with it.
    fn quit(&self) {
        self.life.quit();
        self.wake();
    }
}
