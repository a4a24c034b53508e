//! Ctrl-C: what is at work ends at the next good moment.

use anyhow::Result;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

static REQUESTED: Mutex<bool> = Mutex::new(false);
static REQUEST: Condvar = Condvar::new();

/// Takes Ctrl-C for a request from now on.
///
/// # Errors
/// If the system does not let it.
pub(crate) fn on_interrupt() -> Result<()> {
    Ok(ctrlc::set_handler(request)?)
}

/// Asks everything to stop.
pub(crate) fn request() {
    *flag() = true;
    REQUEST.notify_all();
}

/// Whether everything was asked to stop.
pub(crate) fn requested() -> bool {
    *flag()
}

/// Waits that long, or until everything is asked to stop; says whether it was.
pub(crate) fn requested_within(time: Duration) -> bool {
    let waited = REQUEST.wait_timeout_while(flag(), time, |requested| !*requested);
    *waited.unwrap_or_else(PoisonError::into_inner).0
}

fn flag() -> MutexGuard<'static, bool> {
    REQUESTED.lock().unwrap_or_else(PoisonError::into_inner)
}
