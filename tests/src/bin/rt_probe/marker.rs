//! The bracket round each block.

use crate::malloc;
use crate::plant::Plant;
use earmark_tests::host::Watch;

/// Marks where the guarded code begins and ends, for strace and for the counter of allocations.
pub(crate) struct Bracket {
    block: u64,
    allocations: u64,
    plant: Option<(u64, Plant)>,
}

impl Bracket {
    /// A bracket that makes a fault inside itself at the block with that number, if one is given.
    pub(crate) fn with(plant: Option<(u64, Plant)>) -> Self {
        Self { block: 0, allocations: 0, plant }
    }

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
        if let Some((_, plant)) = self.plant.as_mut().filter(|(block, _)| *block == self.block) {
            plant.spring();
        }
    }

    fn after(&mut self) {
        malloc::arm(false);
        let _ = rustix::process::getegid();
        self.block += 1;
        self.allocations = malloc::counted();
    }
}
