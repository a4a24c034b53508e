//! Whisper: from one utterance's samples to words with times.

use crate::infer::words::{Token, words_from_tokens};
use earmark_timeline::units::SampleRate;
use std::ffi::c_void;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use whisper_rs::{
    DtwMode, DtwModelPreset, DtwParameters, FullParams, SamplingStrategy, WhisperContext,
    WhisperContextParameters, WhisperState,
};

/// Encoder positions a second of audio.
const POSITIONS_PER_SECOND: f32 = 50.0;
/// Encoder positions beyond the audio's end that the decoder needs to find its own end. With fewer it
/// loops; with more it costs more for the same text (measured over 90 utterances).
const POSITIONS_MARGIN: f32 = 192.0;
/// Whole multiples of this many positions keep the matrix products at full speed.
const POSITIONS_STEP: f32 = 64.0;
/// Fewer positions than this make the decoder loop on short utterances (measured: 18.7 % word errors with
/// 256, 17.9 with 384, 16.0 with 448, over 45 utterances of 1 to 30 s).
const POSITIONS_LEAST: f32 = 448.0;
/// The window that Whisper was trained on: 30 s.
const POSITIONS_MOST: f32 = 1500.0;
/// Temperatures 0, 0.4 and 0.8: a failed decoding is tried again at most twice.
const TEMPERATURE_STEP: f32 = 0.4;
/// Shorter audio is filled up with silence to a second, below which Whisper hears nothing.
const LEAST_SAMPLES: usize = SampleRate::MODEL.hz() as usize;

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
}

impl WhisperModel {
    /// Loads a ggml Whisper file that was verified; `name` is its card's.
    ///
    /// # Errors
    /// [`TranscribeError::Processor`] before anything could fault, [`TranscribeError::Load`] if whisper.cpp refuses it.
    pub fn load(name: &str, file: &[u8]) -> Result<Self, TranscribeError> {
        check_processor()?;
        // The hook swallows whisper.cpp's chatter on the host's stderr; it is global to the process.
        whisper_rs::install_logging_hooks();
        let mut parameters = WhisperContextParameters::new();
        if let Some(model_preset) = alignment_heads(name) {
            parameters.dtw_parameters =
                DtwParameters { mode: DtwMode::ModelPreset { model_preset }, ..DtwParameters::default() };
        }
        let context = WhisperContext::new_from_buffer_with_params(file, parameters)
            .map_err(|source| TranscribeError::Load { name: name.to_owned(), source })?;
        Ok(Self { context, name: Arc::from(name) })
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
        Ok(Transcriber { state, model: Arc::clone(self) })
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

/// The attention heads that follow the audio, which whisper.cpp knows for OpenAI's own models.
fn alignment_heads(name: &str) -> Option<DtwModelPreset> {
    Some(match name.strip_prefix("whisper-")? {
        "tiny.en" => DtwModelPreset::TinyEn,
        "tiny" => DtwModelPreset::Tiny,
        "base.en" => DtwModelPreset::BaseEn,
        "base" => DtwModelPreset::Base,
        "small.en" => DtwModelPreset::SmallEn,
        "small" => DtwModelPreset::Small,
        "medium.en" => DtwModelPreset::MediumEn,
        "medium" => DtwModelPreset::Medium,
        "large-v2" => DtwModelPreset::LargeV2,
        "large-v3" => DtwModelPreset::LargeV3,
        "large-v3-turbo" => DtwModelPreset::LargeV3Turbo,
        _ => return None,
    })
}

/// A word as the model heard it, with its place in the audio it was given.
#[derive(Debug, Clone, PartialEq)]
pub struct HeardWord {
    /// The word with its punctuation.
    pub text: String,
    /// Its place in seconds from the audio's first sample.
    pub seconds: Range<f32>,
    /// How sure the model is, from 0 to 1: the geometric mean over its pieces.
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
    /// The card name of the model.
    pub model: Arc<str>,
}

/// What to decode, and how.
pub struct Request<'a> {
    /// 16 kHz mono, at most 30 s.
    pub audio: &'a [f32],
    /// Where in it somebody speaks, in seconds; word times stay inside.
    pub speech: Range<f32>,
    /// The spoken language; `None` lets a multilingual model detect it.
    pub language: Option<&'a str>,
    /// How much the result is worth.
    pub effort: Effort,
    /// Raised when nobody wants the result any more.
    pub cancel: &'a AtomicBool,
}

/// How much a result is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// It settles: a failed decoding is tried again at higher temperatures.
    Final,
    /// It is shown for a second: once, at temperature zero.
    Partial,
}

/// One worker's memory for decoding with one model; used again and again.
pub struct Transcriber {
    state: WhisperState,
    model: Arc<WhisperModel>,
}

impl Transcriber {
    /// Decodes one utterance, on this thread alone: two threads of ggml wait for each other in a spin
    /// loop, which on a busy machine costs ten times what it saves. Parallelism is over utterances.
    ///
    /// # Errors
    /// [`TranscribeError::Cancelled`] once the flag is raised (after at most one pass of the encoder),
    /// [`TranscribeError::Decode`] if whisper.cpp fails.
    pub fn transcribe(&mut self, request: &Request<'_>) -> Result<Hypothesis, TranscribeError> {
        let mut padded = Vec::new();
        let audio = if request.audio.len() < LEAST_SAMPLES {
            padded.extend_from_slice(request.audio);
            padded.resize(LEAST_SAMPLES, 0.0);
            &padded[..]
        } else {
            request.audio
        };
        let parameters = parameters(audio.len(), request, self.model.context.is_multilingual());
        let result = self.state.full(parameters, audio);
        if request.cancel.load(Ordering::Relaxed) {
            return Err(TranscribeError::Cancelled);
        }
        result.map_err(TranscribeError::Decode)?;
        Ok(self.hypothesis(request))
    }

    fn hypothesis(&self, request: &Request<'_>) -> Hypothesis {
        let end_of_text = self.model.context.token_eot();
        let mut tokens = Vec::new();
        let mut no_speech: f32 = 0.0;
        for segment in self.state.as_iter() {
            no_speech = no_speech.max(segment.no_speech_probability());
            for index in 0..segment.n_tokens() {
                let Some(token) = segment.get_token(index) else { continue };
                let data = token.token_data();
                // Ids from the end of text on are not text: timestamps, languages, tasks.
                if data.id >= end_of_text {
                    continue;
                }
                let bytes = token.to_bytes().unwrap_or_default().to_vec();
                // DTW tells where a token ends; without it, the far rougher segment-based estimate stands in.
                let end_cs = if data.t_dtw >= 0 { data.t_dtw } else { data.t1 };
                tokens.push(Token { bytes, end: end_cs as f32 / 100.0, logprob: data.plog });
            }
        }
        let mean_logprob = tokens.iter().map(|token| token.logprob).sum::<f32>() / tokens.len().max(1) as f32;
        let language = whisper_rs::get_lang_str(self.state.full_lang_id_from_state()).map(Arc::from);
        let words = words_from_tokens(tokens, request.speech.clone());
        Hypothesis { words, no_speech, mean_logprob, language, model: Arc::clone(&self.model.name) }
    }
}

fn parameters<'a>(samples: usize, request: &Request<'a>, multilingual: bool) -> FullParams<'a, 'a> {
    let mut parameters = FullParams::new(SamplingStrategy::Greedy { best_of: 1 });
    parameters.set_n_threads(1);
    parameters.set_audio_ctx(positions(samples) as i32);
    // Zero means that a failed decoding is not tried again.
    let step = if request.effort == Effort::Final { TEMPERATURE_STEP } else { 0.0 };
    parameters.set_temperature_inc(step);
    // What was said before re-seeds its own mistakes: every utterance stands for itself.
    parameters.set_no_context(true);
    parameters.set_language(Some(if multilingual { request.language.unwrap_or("auto") } else { "en" }));
    parameters.set_suppress_blank(true);
    parameters.set_print_progress(false);
    parameters.set_print_realtime(false);
    parameters.set_print_timestamps(false);
    parameters.set_print_special(false);
    // SAFETY: the callback reads the flag behind the pointer and nothing else; the flag outlives the
    // parameters, which borrow the request. The safe setter of whisper-rs 0.16 calls a wrong closure.
    #[allow(unsafe_code, reason = "the only way to cancel an inference")]
    unsafe {
        parameters.set_abort_callback(Some(is_cancelled));
        parameters.set_abort_callback_user_data(std::ptr::from_ref(request.cancel).cast_mut().cast());
    }
    parameters
}

/// Called by whisper.cpp between pieces of work; true ends it.
#[allow(unsafe_code, reason = "the signature that whisper.cpp calls")]
unsafe extern "C" fn is_cancelled(flag: *mut c_void) -> bool {
    // SAFETY: `parameters` passes a pointer to an AtomicBool that outlives the call.
    unsafe { &*flag.cast::<AtomicBool>() }.load(Ordering::Relaxed)
}

/// How many encoder positions audio of this many samples needs.
fn positions(samples: usize) -> f32 {
    let seconds = samples as f32 / SampleRate::MODEL.hz() as f32;
    let needed = (seconds * POSITIONS_PER_SECOND).ceil() + POSITIONS_MARGIN;
    ((needed / POSITIONS_STEP).ceil() * POSITIONS_STEP).clamp(POSITIONS_LEAST, POSITIONS_MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoder_sees_the_audio_and_a_margin_but_never_more_than_its_window() {
        for (seconds, expected) in [(1.0, 448.0), (5.0, 448.0), (15.0, 960.0), (30.0, 1500.0)] {
            assert_eq!(positions((seconds * 16_000.0) as usize), expected, "{seconds} s");
        }
    }
}
