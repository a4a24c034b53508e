//! Whisper: from one utterance's samples to words with times.

mod again;
mod callbacks;
mod run;

use crate::infer::glossary::Glossary;
use crate::infer::shape::Shape;
use crate::infer::{interrupt, statics};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use whisper_rs::{DtwParameters, WhisperContext, WhisperContextParameters, WhisperState};

/// Why there is no transcription.
#[derive(Debug, thiserror::Error)]
pub enum TranscribeError {
    /// The processor cannot run the code that whisper.cpp was built to.
    #[error(
        "this processor has no {0}, which transcription needs; Earmark runs on x86-64-v3 (2013 and later)"
    )]
    Processor(&'static str),
    /// whisper.cpp refused the model.
    #[error("the model {name} could not be loaded ({source}); fetch it again with `cargo xtask models`")]
    Load {
        /// The card's name.
        name: String,
        /// What whisper.cpp said.
        source: whisper_rs::WhisperError,
    },
    /// The file is no Whisper model.
    #[error("the file of the model {0} is no ggml Whisper model; fetch it again with `cargo xtask models`")]
    NoModel(String),
    /// The cancel flag was raised.
    #[error("cancelled")]
    Cancelled,
    /// whisper.cpp failed on this audio.
    #[error("the model could not decode this passage ({0})")]
    Decode(whisper_rs::WhisperError),
}

/// One copy of a model's weights, shared by every worker.
pub struct WhisperModel {
    context: WhisperContext,
    name: Arc<str>,
    /// See [`Shape::attention_lag`].
    attention_lag: f32,
}

impl WhisperModel {
    /// Loads a ggml Whisper file that was verified; `name` is its card's.
    ///
    /// # Errors
    /// [`TranscribeError::Processor`] and [`TranscribeError::NoModel`] before anything could fault,
    /// [`TranscribeError::Load`] if whisper.cpp refuses it.
    pub fn load(name: &str, file: &[u8]) -> Result<Self, TranscribeError> {
        check_processor()?;
        interrupt::install();
        statics::make();
        // The hook swallows whisper.cpp's chatter on the host's stderr; it is global to the process.
        whisper_rs::install_logging_hooks();
        let shape = Shape::read(file).ok_or_else(|| TranscribeError::NoModel(name.to_owned()))?;
        let mut parameters = WhisperContextParameters::new();
        parameters.dtw_parameters = DtwParameters { mode: shape.alignment(), ..DtwParameters::default() };
        let context = WhisperContext::new_from_buffer_with_params(file, parameters)
            .map_err(|source| TranscribeError::Load { name: name.to_owned(), source })?;
        Ok(Self { context, name: Arc::from(name), attention_lag: shape.attention_lag() })
    }

    /// The card's name.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// Makes the memory that one worker needs to decode with this model.
    ///
    /// # Errors
    /// [`TranscribeError::Load`] if whisper.cpp finds no memory.
    pub fn transcriber(self: &Arc<Self>) -> Result<Transcriber, TranscribeError> {
        let state = self
            .context
            .create_state()
            .map_err(|source| TranscribeError::Load { name: self.name.to_string(), source })?;
        Ok(Transcriber { state, model: Arc::clone(self), glossary: Default::default() })
    }
}

/// What whisper.cpp is built for, beyond the x86-64 baseline (see `.cargo/config.toml`).
fn check_processor() -> Result<(), TranscribeError> {
    #[cfg(target_arch = "x86_64")]
    {
        let needed = [
            (std::arch::is_x86_feature_detected!("avx2"), "AVX2"),
            (std::arch::is_x86_feature_detected!("fma"), "FMA"),
            (std::arch::is_x86_feature_detected!("f16c"), "F16C"),
            (std::arch::is_x86_feature_detected!("bmi2"), "BMI2"),
        ];
        if let Some((_, missing)) = needed.into_iter().find(|(present, _)| !present) {
            return Err(TranscribeError::Processor(missing));
        }
    }
    Ok(())
}

/// A word as the model heard it, with its place in the audio it was given.
#[derive(Debug, Clone, PartialEq)]
pub struct HeardWord {
    /// The word with its punctuation.
    pub text: String,
    /// Its place in seconds from the audio's first sample.
    pub seconds: Range<f32>,
    /// How probable it is that the word is right, from 0 to 1.
    pub confidence: f32,
}

/// What the model made of one stretch of audio.
#[derive(Debug, Clone, PartialEq)]
pub struct Hypothesis {
    /// The words, in time order.
    pub words: Vec<HeardWord>,
    /// The model's own probability that nobody spoke.
    pub no_speech: f32,
    /// The mean natural logarithm of its tokens' probabilities.
    pub mean_logprob: f32,
    /// The language as an ISO 639-1 code.
    pub language: Option<Arc<str>>,
    /// Whether the language was heard so clearly that the utterances after it may rely on it.
    pub language_is_sure: bool,
    /// The card name of the model.
    pub model: Arc<str>,
}

/// How a session wants its speech written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manner {
    /// The spoken language; `None` lets a multilingual model detect it.
    pub language: Option<Arc<str>>,
    /// Whether to write English whatever is spoken; only a multilingual model can.
    pub translate: bool,
    /// Whether to write down hesitations.
    pub verbatim: bool,
    /// Names and terms whose spelling the model should know.
    pub glossary: Arc<[String]>,
}

/// What to decode, and how.
pub struct Request<'a> {
    /// 16 kHz mono, at most 30 s.
    pub audio: &'a [f32],
    /// Where in it somebody speaks, in seconds; word times stay inside.
    pub speech: Range<f32>,
    /// How to write it.
    pub manner: &'a Manner,
    /// The language that was spoken before it, if any; an unclear utterance is taken to be in it.
    pub recent: Option<&'a str>,
    /// How much the result is worth.
    pub effort: Effort,
    /// Raised when nobody wants the result any more.
    pub cancel: &'a AtomicBool,
}

/// How much a result is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// It settles: where the single best hypothesis cannot be believed, several are followed.
    Final,
    /// It is shown for a second: the single best hypothesis, once.
    Partial,
}

/// One worker's memory for decoding with one model; used again and again.
pub struct Transcriber {
    state: WhisperState,
    model: Arc<WhisperModel>,
    /// The glossary used last, with the terms it was made from.
    glossary: (Arc<[String]>, Glossary),
}
