//! What kind of sound fills a stretch: speech, singing, music, something else or nothing.
//!
//! Samples become mel energies ([`fbank`]), these become probabilities through the audio-event model
//! ([`aed`]), which are weighed together with what YAMNet hears ([`yamnet`], [`fuse`]), and levels and
//! probabilities together become classes ([`spans`]), stretch after stretch ([`course`]). Time is counted in cells of
//! [`CELL_SAMPLES`]; every result depends on a bounded stretch around its cell, so that it is the same however the
//! stream was cut.

pub mod aed;
pub mod course;
pub mod fbank;
pub mod fuse;
pub(crate) mod mel;
mod runtime;
pub mod spans;
pub(crate) mod timbre;
pub mod yamnet;

pub use aed::Classifier;
pub use course::{Course, Stretch};
pub use spans::{FrameClass, FrameSpan};
pub use timbre::Timbre;
pub use yamnet::Yamnet;

use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

/// The rate that the classifier hears at, in hertz.
pub const RATE_HZ: usize = 16_000;

/// Samples in one cell, the classifier's unit of time: 10 ms.
pub const CELL_SAMPLES: usize = fbank::FRAME_SHIFT;

/// Samples in one of YAMNet's seconds.
pub const SECOND_SAMPLES: usize = fuse::PATCH_STEP * CELL_SAMPLES;

/// Cells before a part that the audio-event model's answer depends on: its past, and half an analysis frame that
/// reaches over a cell's border.
pub const LOOKBACK_FRAMES: usize = aed::MODEL_LOOKBACK + 1;

/// Cells after a part that it depends on, for the same reasons.
pub const LOOKAHEAD_FRAMES: usize = aed::MODEL_LOOKAHEAD + 1;

// A second's patch needs nothing of the next one.
const _: () = assert!(yamnet::PATCH_SAMPLES <= SECOND_SAMPLES);

/// What both models say of a part of a stream.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Part {
    /// The audio-event model's probabilities of speech, singing and music in each cell; they need not add up to 1.
    pub probabilities: Vec<[f32; 3]>,
    /// The level of each cell, RMS in dB of full scale.
    pub levels: Vec<f32>,
    /// What YAMNet hears in each second, the last of which may be cut short.
    pub seconds: Vec<Second>,
    /// CPU time that YAMNet took.
    pub tagging: Duration,
}

/// What YAMNet hears in a second.
#[derive(Debug, Clone, PartialEq)]
pub struct Second {
    /// What kind of sound it is told to be.
    pub tags: fuse::Tags,
    /// What is heard of a crowd.
    pub crowd: CrowdScores,
    /// What it sounds like; `None` where nothing is to be heard.
    pub timbre: Option<Timbre>,
    /// What is said of all classes; `None` where nothing is to be heard.
    pub scores: Option<PatchScores>,
    /// Whether all of YAMNet's patch was there, and not the stream's last moment with silence after it.
    pub is_whole: bool,
}

impl Second {
    /// A second in which there is nothing to be heard.
    pub fn silent() -> Self {
        let tags = fuse::tags([0.0; fuse::GROUPS]);
        Self { tags, crowd: CrowdScores::default(), timbre: None, scores: None, is_whole: true }
    }
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
