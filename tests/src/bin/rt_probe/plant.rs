//! Faults made on purpose, to show that the guard sees them.

use earmark_tests::guard::Fault;
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// One fault, ready to be made.
pub(crate) struct Plant {
    fault: Fault,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    lock: Mutex<()>,
    wanted: AtomicBool,
    held: AtomicBool,
}

impl Plant {
    /// Prepares `fault`, so that making it does nothing else.
    pub(crate) fn new(fault: Fault) -> Self {
        let shared = Arc::<Shared>::default();
        if fault == Fault::Lock {
            let theirs = Arc::clone(&shared);
            std::thread::spawn(move || theirs.hold_when_wanted());
        }
        Self { fault, shared }
    }

    /// Makes the fault.
    pub(crate) fn spring(&mut self) {
        match self.fault {
            Fault::Allocation => drop(std::hint::black_box(Box::new(1_u64))),
            Fault::Write => {
                std::io::stderr().write_all(b"a line from the audio thread\n").ok();
            }
            Fault::Lock => {
                // Spinning makes no system call, so the only one is the lock's own.
                self.shared.wanted.store(true, Ordering::Release);
                while !self.shared.held.load(Ordering::Acquire) {
                    std::hint::spin_loop();
                }
                drop(self.shared.lock.lock().unwrap_or_else(PoisonError::into_inner));
            }
        }
    }
}

impl Shared {
    fn hold_when_wanted(&self) {
        while !self.wanted.load(Ordering::Acquire) {
            std::thread::yield_now();
        }
        let _guard = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.held.store(true, Ordering::Release);
        std::thread::sleep(Duration::from_millis(20));
    }
}
