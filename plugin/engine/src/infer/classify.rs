//! What kind of sound fills a stretch: speech, singing, music, something else or nothing.
//!
//! Samples become mel energies ([`fbank`]), these become probabilities through the audio-event model
//! ([`aed`]), and levels and probabilities together become classes and spans ([`spans`]). Time is counted
//! in cells of [`CELL_SAMPLES`]; every result depends on a bounded stretch around its cell, so that it is
//! the same however the stream was cut.

pub mod aed;
pub mod fbank;
pub mod spans;

pub use aed::{Classifier, ClassifyError};
pub use spans::{FrameClass, FrameSpan};

/// The rate that the classifier hears at, in hertz.
pub const RATE_HZ: usize = 16_000;

/// Samples in one cell, the classifier's unit of time: 10 ms.
pub const CELL_SAMPLES: usize = fbank::FRAME_SHIFT;

/// Cells before a stretch that its result depends on: the model's past, half an analysis frame that
/// reaches over a cell's border, and what smoothing looks at.
pub const LOOKBACK_FRAMES: usize = aed::MODEL_LOOKBACK + 1 + spans::REACH;

/// Cells after a stretch that its result depends on, for the same reasons.
pub const LOOKAHEAD_FRAMES: usize = aed::MODEL_LOOKAHEAD + 1 + spans::REACH;
