//! Faults made on purpose, to show that the guard sees them.

use super::{Fault, Request};
use crate::host::Watch;
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Watches blocks with `W`, and makes the fault that the request asks for inside what is watched.
pub(super) struct Planted<W> {
    pub(super) watch: W,
    block: u64,
    plant: Option<(u64, Plant)>,
}

impl<W> Planted<W> {
    /// Prepares the request's fault, if there is one, for the block half-way through.
    pub(super) fn new(watch: W, request: &Request) -> Self {
        let plant = request.fault.map(|fault| (request.blocks / 2, Plant::new(fault)));
        Self { watch, block: 0, plant }
    }
}

impl<W: Watch> Watch for Planted<W> {
    fn before(&mut self) {
        self.watch.before();
        if let Some((_, plant)) = self.plant.as_mut().filter(|(block, _)| *block == self.block) {
            plant.spring();
        }
    }

    fn after(&mut self) {
        self.watch.after();
        self.block += 1;
    }
}

/// One fault, ready to be made.
struct Plant {
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
    fn new(fault: Fault) -> Self {
        let shared = Arc::<Shared>::default();
        if fault == Fault::Lock {
            let theirs = Arc::clone(&shared);
            std::thread::spawn(move || theirs.hold_when_wanted());
        }
        Self { fault, shared }
    }

    /// Makes the fault.
    fn spring(&mut self) {
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
        // Longer than a busy machine keeps the other from asking for it: once it is free, no call shows.
        std::thread::sleep(Duration::from_secs(1));
    }
}
