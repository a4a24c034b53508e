//! The listener's end of the ring.

use crate::{Block, Gauge};
use alloc::boxed::Box;
use alloc::sync::Arc;
use earmark_timeline::units::SampleRate;
use ringbuf::traits::{Consumer, Observer, Producer};
use ringbuf::{HeapCons, HeapProd};

/// Takes blocks out of the ring in the order they were captured. Held by the listener.
pub struct Drain {
    pub(crate) ring: HeapCons<Box<Block>>,
    /// The way back for blocks that were read.
    pub(crate) back: HeapProd<Box<Block>>,
    pub(crate) gauge: Arc<Gauge>,
    pub(crate) rate: SampleRate,
}

impl Drain {
    /// The host's sample rate, which every block of this ring has.
    pub const fn rate(&self) -> SampleRate {
        self.rate
    }

    /// The oldest block that waits; `None` when there is none now.
    pub fn pop(&mut self) -> Option<Block> {
        let full = self.ring.try_pop()?;
        let block = *full;
        // There is a place for every block but the one that the tap fills.
        let _fits = self.back.try_push(full);
        Some(block)
    }

    /// Whether the tap is gone and every block of it was taken.
    pub fn is_finished(&self) -> bool {
        // Asked in this order: what the tap pushed before it went is visible once it is seen gone.
        !self.ring.write_is_held() && self.ring.is_empty()
    }

    /// The atomics that the tap writes.
    pub const fn gauge(&self) -> &Arc<Gauge> {
        &self.gauge
    }
}
