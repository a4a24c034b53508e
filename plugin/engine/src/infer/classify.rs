//! What kind of sound fills a stretch: speech, singing, music, something else or nothing.
//!
//! Samples become mel energies ([`fbank`]), these become probabilities through the audio-event model
//! ([`aed`]), which are weighed together with what YAMNet hears ([`yamnet`], [`fuse`]), and levels and
//! probabilities together become classes and spans ([`spans`]). Time is counted in cells of [`CELL_SAMPLES`]; every result depends on a bounded stretch around its cell, so that it is
//! the same however the stream was cut.

pub mod aed;
pub mod fbank;
pub mod fuse;
pub(crate) mod mel;
mod runtime;
pub mod spans;
pub(crate) mod timbre;
pub mod yamnet;

pub use aed::Classifier;
pub use spans::{FrameClass, FrameSpan};
pub use timbre::Timbre;
pub use yamnet::Yamnet;

use std::ops::Range;
use std::path::PathBuf;

/// The rate that the classifier hears at, in hertz.
pub const RATE_HZ: usize = 16_000;

/// Samples in one cell, the classifier's unit of time: 10 ms.
pub const CELL_SAMPLES: usize = fbank::FRAME_SHIFT;

/// Cells before a stretch that its result depends on: the model's past, half an analysis frame that
/// reaches over a cell's border, what is averaged, and what the course of classes looks at.
pub const LOOKBACK_FRAMES: usize = aed::MODEL_LOOKBACK + 1 + fuse::AROUND + spans::REACH;

/// Cells after a stretch that its result depends on, for the same reasons.
pub const LOOKAHEAD_FRAMES: usize = aed::MODEL_LOOKAHEAD + 1 + fuse::AROUND + spans::REACH;

// YAMNet's patches lie on the blocks' grid, and those around a stretch within what is seen of it.
const _: () =
    assert!(spans::BLOCK.is_multiple_of(fuse::PATCH_STEP) && spans::REACH.is_multiple_of(fuse::PATCH_STEP));
const _: () = assert!(spans::REACH + fuse::PATCH_REACH <= LOOKBACK_FRAMES);

/// What was heard in a stretch.
#[derive(Debug, Clone, PartialEq)]
pub struct Classified {
    /// The class of each cell.
    pub classes: Vec<FrameClass>,
    /// What YAMNet hears around the first cell and each [`fuse::PATCH_STEP`] after it.
    pub seconds: Vec<Second>,
}

/// What YAMNet hears in the second around a cell.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Second {
    /// What is heard of a crowd.
    pub crowd: CrowdScores,
    /// What it sounds like; `None` where nothing is to be heard.
    pub timbre: Option<Timbre>,
    /// What is said of all classes; `None` where nothing is to be heard.
    pub scores: Option<PatchScores>,
}

/// What YAMNet says of a patch.
#[derive(Debug, Clone, PartialEq)]
pub struct PatchScores {
    /// How likely each class is heard, from 0 to 1.
    pub scores: Box<[f32; yamnet::CLASSES]>,
    /// Power in all of the spectrum, in whatever unit.
    pub power: f64,
    /// Power below 250 Hz, in the same unit.
    pub bass_power: f64,
}

impl PatchScores {
    /// The scores of a patch.
    pub fn new(patch: &yamnet::Patch, scores: [f32; yamnet::CLASSES]) -> Self {
        Self { scores: Box::new(scores), power: patch.power, bass_power: patch.bass_power }
    }
}

/// How likely YAMNet holds what a crowd does for heard, each from 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CrowdScores {
    /// Applause.
    pub applause: f32,
    /// Laughter of any kind.
    pub laughter: f32,
}

/// Why nothing can be classified; transcription goes on without.
#[derive(Debug, thiserror::Error)]
pub enum ClassifyError {
    /// The inference library is not there or cannot be used.
    #[error(
        "the inference library {} cannot be loaded ({reason}); fetch it again with `cargo xtask models`",
        path.display()
    )]
    Library {
        /// Where the library was looked for.
        path: PathBuf,
        /// What the loader said.
        reason: String,
    },
    /// The bytes are not the model that they should be.
    #[error("{model} cannot be used ({reason}); fetch it again with `cargo xtask models`")]
    Model {
        /// The model.
        model: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The library failed at its work; the next stretch may go through.
    #[error("{model} failed on a stretch of sound ({reason})")]
    Run {
        /// The model.
        model: &'static str,
        /// What the library said.
        reason: String,
    },
    /// The caller asked for a stretch that it did not give, or that no cell begins or ends at.
    #[error("samples {} to {} cannot be classified within {given} samples: a fault of this program", keep.start, keep.end)]
    Window {
        /// The stretch asked for.
        keep: Range<usize>,
        /// How many samples there were.
        given: usize,
    },
}
