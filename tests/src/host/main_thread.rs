//! The one main thread that CLAP knows of: tests run in parallel, main threads must not.

use std::marker::PhantomData;
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread::{self, ThreadId};

/// The right to be the process's main thread. A thread may hold it many times over; another one waits
/// until all of them are gone.
pub(crate) struct MainThreadTurn {
    /// It counts for the thread that took it.
    _not_send: PhantomData<*const ()>,
}

/// Whose turn it is, and how many times over.
static HOLDER: Mutex<Option<(ThreadId, usize)>> = Mutex::new(None);
static FREED: Condvar = Condvar::new();

impl MainThreadTurn {
    /// Waits until no other thread is the main thread.
    pub(crate) fn take() -> Self {
        let me = thread::current().id();
        let mut holder = HOLDER.lock().unwrap_or_else(PoisonError::into_inner);
        while holder.is_some_and(|(thread, _)| thread != me) {
            holder = FREED.wait(holder).unwrap_or_else(PoisonError::into_inner);
        }
        let count = holder.map_or(0, |(_, count)| count);
        *holder = Some((me, count + 1));
        Self { _not_send: PhantomData }
    }
}

impl Drop for MainThreadTurn {
    fn drop(&mut self) {
        let mut holder = HOLDER.lock().unwrap_or_else(PoisonError::into_inner);
        *holder = holder.and_then(|(thread, count)| (count > 1).then_some((thread, count - 1)));
        FREED.notify_all();
    }
}
