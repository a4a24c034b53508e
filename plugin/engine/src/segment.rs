//! Where somebody speaks: from samples to stretches worth decoding.

mod cutter;
mod silero;

pub use cutter::{Cut, CutRule, Cutter, Segment};
pub use silero::{FRAME, Silero, SileroError};
