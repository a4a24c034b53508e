//! The audio-event model: probabilities of speech, singing and music, ten milliseconds at a time.

use super::fbank::{FRAME_LENGTH, FRAME_SHIFT, Fbank, MEL_BINS, frame_count};
use super::fuse::{self, Figures, PATCH_STEP, Tags};
use super::runtime::{Names, Network};
use super::spans::{self, FrameClass, REACH};
use super::yamnet::{LogMel, PATCH_SAMPLES, Yamnet};
use super::{CELL_SAMPLES, Classified, ClassifyError, LOOKAHEAD_FRAMES, LOOKBACK_FRAMES, Second};
use earmark_timeline::tag::SoundClass;
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

    /// What is heard in each cell of `keep`, a range of sample positions within `samples` (mono, 16 kHz); both its
    /// ends are multiples of [`CELL_SAMPLES`], the end may round up the last sample's position.
    ///
    /// What lies around `keep` is context. Given [`LOOKBACK_FRAMES`] cells before and [`LOOKAHEAD_FRAMES`] after
    /// it, or all there is from the stream's beginning and to its end, the result is the same however the
    /// stream was cut at multiples of [`spans::BLOCK`] cells; further context is not looked at. Where the window is
    /// silent the models are not asked.
    ///
    /// # Errors
    /// [`ClassifyError::Window`] if `keep` is not as described, [`ClassifyError::Run`] if the library fails.
    pub fn classify_window(
        &mut self,
        yamnet: &mut Yamnet,
        samples: &[f32],
        keep: Range<usize>,
    ) -> Result<Classified, ClassifyError> {
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
            let silence = FrameClass { class: SoundClass::Silence, probability: 1.0 };
            let seconds = vec![Second::default(); kept.len().div_ceil(PATCH_STEP)];
            return Ok(Classified { classes: vec![silence; kept.len()], seconds });
        }
        let kept = kept.start - seen.start..kept.end - seen.start;
        let wanted = kept.start.saturating_sub(REACH)..(kept.end + REACH).min(levels.len());
        let (figures, seconds) = self.figures_and_seconds(yamnet, samples, wanted.clone())?;
        let probabilities: Vec<_> = figures.iter().map(fuse::probabilities).collect();
        let kept = kept.start - wanted.start..kept.end - wanted.start;
        let seconds = seconds.into_iter().skip(kept.start / PATCH_STEP).take(kept.len().div_ceil(PATCH_STEP));
        let classes = spans::frame_classes(&probabilities, &levels[wanted], kept);
        Ok(Classified { classes, seconds: seconds.collect() })
    }

    /// What the kind of sound is told by in the cells `wanted`, which begin on the stream's grid of
    /// [`PATCH_STEP`]; beyond the samples there is silence.
    ///
    /// # Errors
    /// [`ClassifyError::Run`] if the library fails.
    pub fn figures(
        &mut self,
        yamnet: &mut Yamnet,
        samples: &[f32],
        wanted: Range<usize>,
    ) -> Result<Vec<Figures>, ClassifyError> {
        Ok(self.figures_and_seconds(yamnet, samples, wanted)?.0)
    }

    /// The same, and what YAMNet hears around the first cell and each [`PATCH_STEP`] after it.
    fn figures_and_seconds(
        &mut self,
        yamnet: &mut Yamnet,
        samples: &[f32],
        wanted: Range<usize>,
    ) -> Result<(Vec<Figures>, Vec<Second>), ClassifyError> {
        let cells = samples.len().div_ceil(CELL_SAMPLES);
        let mut padded = vec![0.0; OVERHANG + cells * CELL_SAMPLES + OVERHANG];
        padded[OVERHANG..][..samples.len()].copy_from_slice(samples);
        let probabilities = self.probabilities(&padded)?;
        let middles = (wanted.start..wanted.end + PATCH_STEP).step_by(PATCH_STEP);
        let tags: Result<Vec<(Tags, Second)>, _> =
            middles.map(|middle| self.tags_around(yamnet, samples, middle * CELL_SAMPLES)).collect();
        let (tags, seconds): (Vec<_>, Vec<_>) = tags?.into_iter().unzip();
        Ok((fuse::figures(&probabilities, wanted, &tags), seconds))
    }

    /// What YAMNet hears around a sample.
    fn tags_around(
        &mut self,
        yamnet: &mut Yamnet,
        samples: &[f32],
        middle: usize,
    ) -> Result<(Tags, Second), ClassifyError> {
        let mut patch = [0.0; PATCH_SAMPLES];
        let start = middle.saturating_sub(PATCH_SAMPLES / 2);
        let there = &samples[start.min(samples.len())..(middle + PATCH_SAMPLES / 2).min(samples.len())];
        patch[(start + PATCH_SAMPLES / 2 - middle)..][..there.len()].copy_from_slice(there);
        if spans::is_silent(&patch) {
            Ok((fuse::tags([0.0; fuse::GROUPS]), Second::default()))
        } else {
            yamnet.tags(&self.log_mel.patch(&patch))
        }
    }
}

#[cfg(test)]
#[path = "aed_tests.rs"]
mod tests;
