//! One hub after the other, and an end for the thread of each.
//!
//! A host waits for nobody: it drops the last instance, unloads the library or ends, whatever a model is in the
//! middle of. An inference is broken off within an operation of its network and a thread is joined if that is
//! soon enough; one that is reading a file or loading a model is left behind, and then the library stays where
//! it is until the process ends, so that the thread never runs code that is gone. The next hub's thread, or the
//! end of the process, waits for it.

// What threads meet by comes through the parent: the tests put a scheduler's own in its place.
use super::sync::{AtomicBool, Mutex, Receiver, RecvTimeoutError, bounded, keep_loaded, thread};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

/// How long the last drop waits for the threads: with the rest of it below the 50 ms that nobody notices.
const PATIENCE: Duration = Duration::from_millis(20);

/// How long the end of a process waits for whoever has a lock, which is held for moments: but in the child of a
/// fork it may be taken for ever.
const AT_EXIT: Duration = Duration::from_millis(100);

/// The lives of one process's hubs, of which somebody holds one at a time.
pub(super) struct Lives<H> {
    /// The hub that somebody may hold, and the process that it was made in.
    held: Mutex<(Weak<H>, u32)>,
    /// The threads that nobody has joined, in the order in which they began.
    threads: Mutex<Vec<Thread>>,
}

/// A hub's life: as it ends, so does the hub's thread.
pub(super) struct Life<H: 'static> {
    lives: &'static Lives<H>,
    quit: Arc<AtomicBool>,
    /// Its other end is gone when the thread is about to be.
    ending: Receiver<()>,
    thread: thread::ThreadId,
    /// The process that the thread was started in: a fork takes none along.
    process: u32,
}

struct Thread {
    handle: thread::JoinHandle<()>,
    process: u32,
}

impl<H: Send + Sync + 'static> Lives<H> {
    pub(super) const fn new() -> Self {
        Self { held: Mutex::new((Weak::new(), 0)), threads: Mutex::new(Vec::new()) }
    }

    /// The hub that somebody holds in this process; or else what `make` makes, whose thread does `serve` until the
    /// flag is raised, but not before the threads of all earlier hubs have ended.
    pub(super) fn shared(
        &'static self,
        serve: impl FnOnce(Arc<AtomicBool>) + Send + 'static,
        make: impl FnOnce(Life<H>) -> H,
    ) -> std::io::Result<Arc<H>> {
        let mut held = self.held.lock();
        if held.1 == std::process::id()
            && let Some(hub) = held.0.upgrade()
        {
            return Ok(hub);
        }
        let hub = Arc::new(make(self.begin(serve)?));
        *held = (Arc::downgrade(&hub), std::process::id());
        Ok(hub)
    }

    fn begin(
        &'static self,
        serve: impl FnOnce(Arc<AtomicBool>) + Send + 'static,
    ) -> std::io::Result<Life<H>> {
        let (ends, ending) = bounded(0);
        let quit = Arc::new(AtomicBool::new(false));
        let theirs = Arc::clone(&quit);
        // Held until the new thread has its place in the order.
        let mut threads = self.threads.lock();
        let handle = thread::Builder::new().name("earmark-listener".to_owned()).spawn(move || {
            let _ends = ends;
            // So that there are never two copies of a model.
            if self.join_earlier() {
                serve(theirs);
            }
        })?;
        let (thread, process) = (handle.thread().id(), std::process::id());
        threads.push(Thread { handle, process });
        Ok(Life { lives: self, quit, ending, thread, process })
    }

    /// Has the hub `quit` that somebody may have forgotten, and waits for all threads: the process ends.
    pub(super) fn end(&self, quit: impl FnOnce(&H)) {
        let held = self.held.try_lock_for(AT_EXIT).map(|held| (held.0.upgrade(), held.1));
        if let Some((Some(hub), process)) = held
            && process == std::process::id()
        {
            quit(&hub);
        }
        let threads = self.threads.try_lock_for(AT_EXIT).map(|mut threads| std::mem::take(&mut *threads));
        threads.into_iter().flatten().for_each(Thread::join);
    }

    /// Waits for the threads that began before the calling one; says whether that is still wanted. Otherwise a later
    /// hub's thread or the end of the process waits for it and for those before it.
    fn join_earlier(&self) -> bool {
        let mut threads = self.threads.lock();
        let Some(mine) = position(&threads, thread::current().id()) else { return false };
        let earlier: Vec<_> = threads.drain(..mine).collect();
        drop(threads);
        earlier.into_iter().for_each(Thread::join);
        true
    }
}

impl<H> Life<H> {
    /// Has the thread end after its round.
    pub(super) fn quit(&self) {
        self.quit.store(true, Ordering::Release);
    }

    /// Whether this process is the one that the thread was started in.
    pub(super) fn is_of_this_process(&self) -> bool {
        self.process == std::process::id()
    }
}

impl<H> Drop for Life<H> {
    fn drop(&mut self) {
        self.quit();
        if !self.is_of_this_process() {
            return;
        }
        let is_mine = self.thread == thread::current().id();
        if is_mine || !matches!(self.ending.recv_timeout(PATIENCE), Err(RecvTimeoutError::Disconnected)) {
            keep_loaded();
            return;
        }
        let mut threads = self.lives.threads.lock();
        let thread = position(&threads, self.thread).map(|index| threads.remove(index));
        drop(threads);
        // Otherwise a later hub's thread is at it, and that hub waits for its own in turn.
        thread.into_iter().for_each(Thread::join);
    }
}

fn position(threads: &[Thread], thread: thread::ThreadId) -> Option<usize> {
    threads.iter().position(|other| other.handle.thread().id() == thread)
}

impl Thread {
    /// Waits for the thread, unless it is the calling one, or one of another process, which would be for ever.
    fn join(self) {
        if self.process != std::process::id() || self.handle.thread().id() == thread::current().id() {
            std::mem::forget(self.handle);
        } else {
            // A thread that panicked has nothing to return.
            let _ended = self.handle.join();
        }
    }
}
