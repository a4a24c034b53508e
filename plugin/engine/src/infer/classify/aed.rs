//! The audio-event model: probabilities of speech, singing and music, ten milliseconds at a time.

use super::fbank::{FRAME_LENGTH, FRAME_SHIFT, Fbank, MEL_BINS, frame_count};
use super::spans::{self, FrameClass};
use super::{CELL_SAMPLES, LOOKAHEAD_FRAMES, LOOKBACK_FRAMES};
use crate::hub::outlive_statics;
use earmark_timeline::tag::SoundClass;
use ort::environment::Environment;
use ort::session::Session;
use ort::value::TensorRef;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once, PoisonError};

/// Frames before the one in question that the model looks at: eight memory layers of 19.
pub const MODEL_LOOKBACK: usize = 8 * 19;

/// Frames after it: eight memory layers of 20.
pub const MODEL_LOOKAHEAD: usize = 8 * 20;

/// The names of the model's input, `[1, frames, 80]`, and output, `[1, frames, 3]`; the converter writes them.
const INPUT: &str = "fbank";
const OUTPUT: &str = "probs";

/// Half of what a frame is longer than a cell. With so many zeros before the samples, frames and cells have
/// their middles in common.
const OVERHANG: usize = (FRAME_LENGTH - FRAME_SHIFT) / 2;

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
    /// The model's bytes are not the audio-event model.
    #[error("the audio-event model cannot be used ({reason}); fetch it again with `cargo xtask models`")]
    Model {
        /// What is wrong with it.
        reason: String,
    },
    /// The library failed at its work; the next stretch may go through.
    #[error("the audio-event model failed on a stretch of sound ({reason})")]
    Run {
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

/// The audio-event model, ready to be asked; one thread's own.
#[derive(Debug)]
pub struct Classifier {
    session: Session,
    fbank: Fbank,
}

impl Classifier {
    /// Loads the model from the ONNX bytes that `xtask models` makes.
    ///
    /// The library at `runtime_library`, an absolute path, is loaded by the first call that succeeds and stays
    /// for as long as the process lives: it keeps threads and tables that would not survive an unload. Later
    /// calls use that one, whatever path they give.
    ///
    /// # Errors
    /// [`ClassifyError::Library`] if the library is missing, too old or no library, [`ClassifyError::Model`] if
    /// the bytes are not a model with the expected input and output.
    pub fn load(runtime_library: &Path, model: &[u8]) -> Result<Self, ClassifyError> {
        let environment = environment(runtime_library)?;
        let session = session(&environment, model).map_err(|reason| ClassifyError::Model { reason })?;
        static STATICS: Once = Once::new();
        STATICS.call_once(outlive_statics);
        Ok(Self { session, fbank: Fbank::new() })
    }

    /// The probabilities of speech, singing and music for each whole frame of 25 ms, one frame every 10 ms;
    /// they need not add up to 1. Fewer than 400 samples have no frame. Memory grows with the length: give
    /// long files in windows.
    ///
    /// # Errors
    /// [`ClassifyError::Run`] if the library fails.
    pub fn probabilities(&mut self, samples_16k: &[f32]) -> Result<Vec<[f32; 3]>, ClassifyError> {
        let frames = frame_count(samples_16k.len());
        if frames == 0 {
            return Ok(Vec::new());
        }
        let features = self.fbank.features(samples_16k);
        self.run(&features, frames).map_err(|reason| ClassifyError::Run { reason })
    }

    /// The class of each cell of `keep`, a range of sample positions within `samples` (mono, 16 kHz); both its
    /// ends are multiples of [`CELL_SAMPLES`], the end may round up the last sample's position.
    ///
    /// What lies around `keep` is context. Given [`LOOKBACK_FRAMES`] cells before and [`LOOKAHEAD_FRAMES`] after
    /// it, or all there is from the stream's beginning and to its end, the result is the same however the
    /// stream was cut; further context is not looked at. The window's first sample must lie on the stream's
    /// grid of cells. Where the window is silent the model is not asked.
    ///
    /// # Errors
    /// [`ClassifyError::Window`] if `keep` is not as described, [`ClassifyError::Run`] if the library fails.
    pub fn classify_window(
        &mut self,
        samples: &[f32],
        keep: Range<usize>,
    ) -> Result<Vec<FrameClass>, ClassifyError> {
        let cells = samples.len().div_ceil(CELL_SAMPLES);
        let aligned = keep.start.is_multiple_of(CELL_SAMPLES) && keep.end.is_multiple_of(CELL_SAMPLES);
        let kept = keep.start / CELL_SAMPLES..keep.end / CELL_SAMPLES;
        if !aligned || kept.start > kept.end || kept.end > cells {
            return Err(ClassifyError::Window { keep, given: samples.len() });
        }
        let seen = kept.start.saturating_sub(LOOKBACK_FRAMES)..(kept.end + LOOKAHEAD_FRAMES).min(cells);
        let samples = &samples[seen.start * CELL_SAMPLES..samples.len().min(seen.end * CELL_SAMPLES)];
        let levels = spans::levels_dbfs(samples);
        if spans::all_quiet(&levels) {
            return Ok(vec![FrameClass { class: SoundClass::Silence, probability: 1.0 }; kept.len()]);
        }
        let mut padded = vec![0.0; OVERHANG + seen.len() * CELL_SAMPLES + OVERHANG];
        padded[OVERHANG..][..samples.len()].copy_from_slice(samples);
        let probabilities = self.probabilities(&padded)?;
        let mut classes = spans::frame_classes(&probabilities, &levels);
        classes.truncate(kept.end - seen.start);
        Ok(classes.split_off(kept.start - seen.start))
    }

    fn run(&mut self, features: &[f32], frames: usize) -> Result<Vec<[f32; 3]>, String> {
        let input = TensorRef::from_array_view(([1, frames, MEL_BINS], features)).map_err(in_words)?;
        let outputs = self.session.run(ort::inputs![INPUT => input]).map_err(in_words)?;
        let (shape, values) = outputs[OUTPUT].try_extract_tensor::<f32>().map_err(in_words)?;
        let (rows, rest) = values.as_chunks::<3>();
        if rows.len() != frames || !rest.is_empty() {
            return Err(format!("it answered {frames} frames with a tensor of shape {shape:?}"));
        }
        if values.iter().any(|value| !value.is_finite()) {
            return Err("it answered with values that are no numbers".to_owned());
        }
        Ok(rows.to_vec())
    }
}

/// The process's one inference environment. It is kept in a static so that the last classifier's end does
/// not tear it down.
fn environment(runtime_library: &Path) -> Result<Environment, ClassifyError> {
    static ENVIRONMENT: Mutex<Option<Environment>> = Mutex::new(None);
    let failed = |reason: String| ClassifyError::Library { path: runtime_library.to_owned(), reason };
    let mut environment = ENVIRONMENT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(environment) = &*environment {
        return Ok(environment.clone());
    }
    // A bare name would be looked up on the system's search path, where anything may lie.
    if !runtime_library.is_absolute() {
        return Err(failed("its path is not absolute".to_owned()));
    }
    if !runtime_library.is_file() {
        return Err(failed("there is no such file".to_owned()));
    }
    let builder = ort::init_from(runtime_library).map_err(|error| failed(error.to_string()))?;
    let built = builder
        .with_name("earmark")
        .with_telemetry(false)
        .build()
        .map_err(|error| failed(in_words(error)))?;
    Ok(environment.insert(built).clone())
}

/// One thread and no other: the hub runs several stretches side by side instead, and a second thread's
/// spinning would cost the host.
fn session(environment: &Environment, model: &[u8]) -> Result<Session, String> {
    let session = Session::builder(environment)
        .map_err(in_words)?
        .with_intra_threads(1)
        .map_err(in_words)?
        .with_inter_threads(1)
        .map_err(in_words)?
        .with_parallel_execution(false)
        .map_err(in_words)?
        .commit_from_memory(model)
        .map_err(in_words)?;
    let has = |names: &[ort::value::Outlet], name: &str| names.iter().any(|outlet| outlet.name() == name);
    if !has(session.inputs(), INPUT) || !has(session.outputs(), OUTPUT) {
        return Err(format!("it has no input `{INPUT}` or no output `{OUTPUT}`"));
    }
    Ok(session)
}

/// The library's message without its line breaks.
fn in_words<Recovery>(error: ort::Error<Recovery>) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
#[path = "aed_tests.rs"]
mod tests;
