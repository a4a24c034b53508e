//! The brackets round each block and each saving.

use crate::malloc;
use earmark_tests::host::Watch;

/// Marks where the guarded code begins and ends, for strace and for the counter of allocations.
#[derive(Default)]
pub(crate) struct Bracket {
    allocations: u64,
}

/// Counts what one saving of the plugin's state allocates and frees.
#[derive(Default)]
pub(crate) struct Saving {
    before: u64,
    allocations: u64,
}

impl Bracket {
    /// How often memory was allocated or freed inside.
    pub(crate) fn allocations(&self) -> u64 {
        self.allocations
    }
}

impl Watch for Bracket {
    fn before(&mut self) {
        // Two calls that nobody else on this thread has a reason to make; see `guard::trace`.
        let _ = rustix::process::getppid();
        malloc::arm(true);
    }

    fn after(&mut self) {
        malloc::arm(false);
        let _ = rustix::process::getegid();
        self.allocations = malloc::counted();
    }
}

impl Saving {
    /// How often the newest saving allocated or freed.
    pub(crate) fn allocations(&self) -> u64 {
        self.allocations
    }
}

impl Watch for Saving {
    fn before(&mut self) {
        self.before = malloc::counted();
        malloc::arm(true);
    }

    fn after(&mut self) {
        malloc::arm(false);
        self.allocations = malloc::counted() - self.before;
    }
}
