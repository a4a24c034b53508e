//! The models at work: what is asked of them, who runs them, and what they answer.

pub mod classify;
mod confidence;
mod evidence;
mod glossary;
mod interrupt;
mod language;
mod pool;
#[cfg(all(test, target_arch = "x86_64", target_os = "linux"))]
mod products_tests;
mod shape;
mod shelf;
mod statics;
mod timing;
pub mod transcribe;
mod words;

pub(crate) use evidence::reason_to_drop;
pub(crate) use pool::Pool;
pub(crate) use shelf::{CLASSIFIER, Shelf, TAGGER};

use crate::hear::Roles;
use crate::segment::{FRAME, Silero};
use crate::session::Shared;
use classify::Part;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use transcribe::{Effort, Hypothesis, Manner};

/// One thing to be done by an inference thread.
pub(crate) struct Job {
    /// Whose it is.
    pub(crate) session: Arc<Shared>,
    /// Comes back with the outcome.
    pub(crate) ticket: u64,
    pub(crate) urgency: Urgency,
    /// Raised when nobody wants the result any more.
    pub(crate) cancel: Arc<AtomicBool>,
    pub(crate) task: Task,
}

/// Who goes first when a worker is free; the later in this list, the sooner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Urgency {
    /// Words that are shown for a moment: only when nothing else waits, and the first to make room.
    Partial,
    /// Classes, which nobody waits for.
    Sound,
    /// Words that settle.
    Speech,
}

/// What is to be done.
pub(crate) enum Task {
    /// Load the transcriber, so that the first utterance need not wait for it.
    Prepare { model: Arc<str> },
    /// Write down what is said in `audio` (16 kHz); `speech` is where in it, in seconds.
    Transcribe { model: Arc<str>, manner: Box<Manner>, audio: Vec<f32>, speech: Range<f32>, effort: Effort },
    /// Tell what is heard in the samples `keep` of `audio` (16 kHz); the rest is context.
    Classify { audio: Vec<f32>, keep: Range<usize> },
}

impl Task {
    /// The card name of the model that is asked.
    pub(crate) fn model(&self) -> Arc<str> {
        match self {
            Self::Prepare { model } | Self::Transcribe { model, .. } => Arc::clone(model),
            Self::Classify { .. } => Arc::from(CLASSIFIER),
        }
    }
}

/// What became of a job.
pub(crate) struct Outcome {
    pub(crate) session: Arc<Shared>,
    pub(crate) ticket: u64,
    /// The card name of the model that was asked.
    pub(crate) model: Arc<str>,
    pub(crate) answer: Result<Answer, Failure>,
    /// CPU time of the thread that ran it.
    pub(crate) cpu: Duration,
}

/// What a model answered.
pub(crate) enum Answer {
    Prepared,
    Words(Hypothesis),
    /// What is heard, and who tells from it what plays.
    Heard(Part, Arc<dyn Roles>),
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The model cannot work at all; the sentence names the file and the remedy.
    Unavailable(String),
    /// The model works, but not on this audio.
    Failed(String),
    /// Nobody wanted it any more.
    Cancelled,
}

/// Tells speech from everything else, frame by frame; remembers one stream.
pub(crate) trait Voice: Send {
    /// The probability, from 0 to 1, that somebody speaks in the frame after the last.
    fn speech_probability(&mut self, frame: &[f32; FRAME]) -> f32;
}

impl Voice for Silero {
    fn speech_probability(&mut self, frame: &[f32; FRAME]) -> f32 {
        Silero::speech_probability(self, frame)
    }
}

/// The listener's view of inference, so that a test can stand in for threads and weights.
pub(crate) trait Inference: Send {
    /// A detector that has heard nothing yet, for a new stream.
    ///
    /// # Errors
    /// A sentence that names the file and the remedy.
    fn voice(&mut self) -> Result<Box<dyn Voice>, String>;
    /// Whether a worker is free, as far as can be known from outside.
    fn has_room(&self) -> bool;
    /// Hands over a job, or gives it back if every worker is busy.
    fn submit(&mut self, job: Job) -> Result<(), Job>;
    /// Where outcomes arrive; each that is taken is to be noted.
    fn outcomes(&self) -> &crossbeam_channel::Receiver<Outcome>;
    /// An outcome was taken: a worker is free again.
    fn note_outcome(&mut self) {}
    /// How many jobs are at a worker.
    fn at_work(&self) -> usize;
    /// How many workers there may be.
    fn cores(&self) -> usize;
    /// Uses so many workers from now on, at least one; what is at work ends first.
    fn use_cores(&mut self, cores: usize);
    /// Looks at once again for what could not be loaded.
    fn try_again(&mut self) {}
}
