//! The audio-event model: probabilities of speech, singing and music, ten milliseconds at a time.

use super::fbank::{FRAME_LENGTH, FRAME_SHIFT, Fbank, MEL_BINS, frame_count};
use super::runtime::{Names, Network};
use super::spans;
use super::yamnet::{LogMel, PATCH_SAMPLES, Yamnet};
use super::{CELL_SAMPLES, ClassifyError, LOOKAHEAD_FRAMES, LOOKBACK_FRAMES, Part, SECOND_SAMPLES, Second};
use cpu_time::ThreadTime;
use std::ops::Range;
use std::path::Path;

/// Frames before the one in question that the model looks at: eight memory layers of 19.
pub const MODEL_LOOKBACK: usize = 8 * 19;

/// Frames after it: eight memory layers of 20.
pub const MODEL_LOOKAHEAD: usize = 8 * 20;

/// The input is `[1, frames, 80]`, the output `[1, frames, 3]`.
const NAMES: Names = Names { model: "the audio-event model", input: "fbank", output: "probs" };

/// Half of what a frame is longer than a cell. With so many zeros before the samples, frames and cells have
/// their middles in common.
const OVERHANG: usize = (FRAME_LENGTH - FRAME_SHIFT) / 2;

/// The audio-event model, ready to be asked; one thread's own.
#[derive(Debug)]
pub struct Classifier {
    network: Network,
    fbank: Fbank,
    log_mel: LogMel,
}

impl Classifier {
    /// Loads the model from the ONNX bytes that `xtask models` makes.
    ///
    /// The library at `runtime_library`, an absolute path, is loaded once and stays for as long as the process
    /// lives.
    ///
    /// # Errors
    /// [`ClassifyError::Library`] if the library is missing, too old or no library, [`ClassifyError::Model`] if
    /// the bytes are not a model with the expected input and output.
    pub fn load(runtime_library: &Path, model: &[u8]) -> Result<Self, ClassifyError> {
        Ok(Self {
            network: Network::load(NAMES, runtime_library, model)?,
            fbank: Fbank::new(),
            log_mel: LogMel::new(),
        })
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
        self.network.run(&[1, frames, MEL_BINS], &features, frames)
    }

    /// What both models hear in `keep`, a range of sample positions within `samples` (mono, 16 kHz); both its ends are
    /// multiples of [`CELL_SAMPLES`], the end may round up the last sample's position. Its seconds are counted from its
    /// start.
    ///
    /// What lies around `keep` is context. Given [`LOOKBACK_FRAMES`] cells before and [`LOOKAHEAD_FRAMES`] after
    /// it, or all there is from the stream's beginning and to its end, the answer is the same however the
    /// stream was cut at seconds; further context is not looked at. Where nothing is to be heard the models are not
    /// asked.
    ///
    /// # Errors
    /// [`ClassifyError::Window`] if `keep` is not as described, [`ClassifyError::Run`] if the library fails.
    pub fn hear(
        &mut self,
        yamnet: &mut Yamnet,
        samples: &[f32],
        keep: Range<usize>,
    ) -> Result<Part, ClassifyError> {
        let cells = samples.len().div_ceil(CELL_SAMPLES);
        let aligned = keep.start.is_multiple_of(CELL_SAMPLES) && keep.end.is_multiple_of(CELL_SAMPLES);
        let kept = keep.start / CELL_SAMPLES..keep.end / CELL_SAMPLES;
        if !aligned || kept.start > kept.end || kept.end > cells {
            return Err(ClassifyError::Window { keep, given: samples.len() });
        }
        let begun = ThreadTime::now();
        let of_keep = &samples[keep.start..keep.end.min(samples.len())];
        let seconds = of_keep.chunks(SECOND_SAMPLES).map(|second| self.second(yamnet, second));
        let seconds = seconds.collect::<Result<_, _>>()?;
        let tagging = begun.elapsed();
        let seen = kept.start.saturating_sub(LOOKBACK_FRAMES)..(kept.end + LOOKAHEAD_FRAMES).min(cells);
        let samples = &samples[seen.start * CELL_SAMPLES..samples.len().min(seen.end * CELL_SAMPLES)];
        let kept = kept.start - seen.start..kept.end - seen.start;
        let mut levels = spans::levels_dbfs(samples);
        let mut probabilities = vec![[0.0; 3]; levels.len()];
        if !spans::all_quiet(&levels) {
            let mut padded = vec![0.0; OVERHANG + levels.len() * CELL_SAMPLES + OVERHANG];
            padded[OVERHANG..][..samples.len()].copy_from_slice(samples);
            probabilities = self.probabilities(&padded)?;
        }
        levels.truncate(kept.end);
        probabilities.truncate(kept.end);
        Ok(Part {
            levels: levels.split_off(kept.start),
            probabilities: probabilities.split_off(kept.start),
            seconds,
            tagging,
        })
    }

    /// What YAMNet hears in a second, or in what there is of it.
    fn second(&mut self, yamnet: &mut Yamnet, samples: &[f32]) -> Result<Second, ClassifyError> {
        let mut patch = [0.0; PATCH_SAMPLES];
        let there = samples.len().min(PATCH_SAMPLES);
        patch[..there].copy_from_slice(&samples[..there]);
        let heard = match spans::is_silent(&patch) {
            true => Second::silent(),
            false => yamnet.second(&self.log_mel.patch(&patch))?,
        };
        Ok(Second { is_whole: there == PATCH_SAMPLES, ..heard })
    }
}

#[cfg(test)]
#[path = "aed_tests.rs"]
mod tests;
