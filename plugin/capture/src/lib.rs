//! The audio thread's only crate.
//!
//! The host's audio thread holds a [`Tap`], the listener holds the [`Drain`]; a preallocated
//! single-producer, single-consumer ring of [`Block`]s lies between them, and a [`Gauge`] of atomics
//! beside it. Without `std` there is no lock, no file, no clock and no print to reach for, and the only
//! allocation is the ring, made once in [`tap_and_drain`] on the thread that prepares the processing.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod block;
mod drain;
mod gauge;
mod offline;
mod tap;

pub use block::{BLOCK_FRAMES, Block};
pub use drain::Drain;
pub use gauge::{Gauge, Playhead};
pub use tap::{Tap, tap_and_drain};
