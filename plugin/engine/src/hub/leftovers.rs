//! Threads that were still at work when the last session went.
//!
//! A host waits for nobody: it drops the last instance, unloads the library or ends, whatever a model is in the
//! middle of. An inference is broken off within an operation of its network and a thread is joined if that is
//! soon enough; one that is reading a file or loading a model is left behind, and then the library stays where
//! it is until the process ends, so that the thread never runs code that is gone.

use crossbeam_channel::{Receiver, RecvTimeoutError};
use parking_lot::Mutex;
use std::thread::JoinHandle;
use std::time::Duration;

/// How long the last drop waits for the threads: with the rest of it below the 50 ms that nobody notices.
const PATIENCE: Duration = Duration::from_millis(20);

/// Threads that were left behind and are to be joined by whoever may wait.
static LEFT: Mutex<Vec<Left>> = Mutex::new(Vec::new());

struct Left {
    thread: JoinHandle<()>,
    process: u32,
}

/// Joins `thread` if `ending`, the other end of which it holds, says that it is at its end within a moment;
/// otherwise leaves it behind. In another process than it was started in, there is no such thread.
pub(crate) fn join_soon(thread: JoinHandle<()>, ending: &Receiver<()>, process: u32) {
    if process != std::process::id() {
        // The child of a fork: joining would wait for ever.
        std::mem::forget(thread);
        return;
    }
    let myself = thread.thread().id() == std::thread::current().id();
    if !myself && matches!(ending.recv_timeout(PATIENCE), Err(RecvTimeoutError::Disconnected)) {
        // A thread that panicked has nothing to return.
        let _ended = thread.join();
        return;
    }
    super::image::keep_loaded();
    LEFT.lock().push(Left { thread, process });
}

/// Waits for all threads that were left behind. For a thread that may wait.
pub(crate) fn join() {
    let left = std::mem::take(&mut *LEFT.lock());
    left.into_iter().for_each(Left::join);
}

/// The same for a process that ends: in the child of a fork the lock may be taken for ever.
pub(super) fn join_at_exit() {
    let left = LEFT.try_lock().map(|mut left| std::mem::take(&mut *left));
    left.into_iter().flatten().for_each(Left::join);
}

/// Waits for `thread` of the process `process`, unless that is the thread itself or another process.
pub(super) fn join_now(thread: JoinHandle<()>, process: u32) {
    Left { thread, process }.join();
}

impl Left {
    fn join(self) {
        if self.process != std::process::id() || self.thread.thread().id() == std::thread::current().id() {
            std::mem::forget(self.thread);
        } else {
            let _ended = self.thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossbeam_channel::bounded;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    #[test]
    fn a_thread_that_takes_its_time_is_left_behind_and_joined_later() {
        let (go, wait) = bounded::<()>(0);
        let ended = Arc::new(AtomicBool::new(false));
        let (ends, ending) = bounded::<()>(0);
        let theirs = Arc::clone(&ended);
        let thread = std::thread::spawn(move || {
            let _ends = ends;
            let _gone = wait.recv();
            theirs.store(true, Ordering::Release);
        });
        join_soon(thread, &ending, std::process::id());
        assert!(!ended.load(Ordering::Acquire));
        drop(go);
        join();
        assert!(ended.load(Ordering::Acquire));
    }

    #[test]
    fn a_thread_of_another_process_and_the_thread_itself_are_not_waited_for() {
        let (_never, ending) = bounded::<()>(0);
        let (go, wait) = bounded::<()>(0);
        let other = std::thread::spawn(move || {
            let _gone = wait.recv();
        });
        join_soon(other, &ending, std::process::id().wrapping_add(1));
        drop(go);
        let (give, take) = bounded::<(JoinHandle<()>, Receiver<()>)>(1);
        let (returned, returns) = bounded::<()>(1);
        let myself = std::thread::spawn(move || {
            let (thread, ending) = take.recv().expect("its own handle");
            join_soon(thread, &ending, std::process::id());
            let _waited_for = returned.send(());
        });
        assert!(give.send((myself, ending)).is_ok());
        assert!(returns.recv().is_ok());
    }
}
