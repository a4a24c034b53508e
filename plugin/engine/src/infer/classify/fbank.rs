//! Log mel energies as Kaldi computes them, which is what the audio-event model was trained on.
//!
//! The steps and their order are those of Kaldi's `feature-window.cc` and `mel-computations.cc`: scale to
//! 16-bit range, cut whole frames only, take out the mean, pre-emphasise, window, power spectrum, triangles
//! on the mel scale, logarithm with a floor. Dither is off, so the same samples give the same numbers.
//!
//! Kaldi works in single precision, which leaves its faintest bands uncertain by some hundredths; here all of
//! them are right to 1e-5.

use super::mel::{Band, Spectrum, bands};
use std::f64::consts::TAU;
use std::fmt;

/// Mel bands in a frame.
pub const MEL_BINS: usize = 80;

/// Samples in a frame: 25 ms at 16 kHz.
pub const FRAME_LENGTH: usize = 400;

/// Samples from one frame's start to the next one's: 10 ms at 16 kHz.
pub const FRAME_SHIFT: usize = 160;

/// The bands' lower and upper end: Kaldi's defaults, 20 Hz and the Nyquist frequency.
const LOW_HZ: f64 = 20.0;
const HIGH_HZ: f64 = 8_000.0;
/// Kaldi's default.
const PRE_EMPHASIS: f64 = 0.97;
/// Kaldi reads 16-bit samples as they are; ours are in -1 to 1.
const INT16_SCALE: f64 = 32_768.0;

/// How many whole frames lie in that many samples.
pub const fn frame_count(samples: usize) -> usize {
    if samples < FRAME_LENGTH { 0 } else { (samples - FRAME_LENGTH) / FRAME_SHIFT + 1 }
}

/// Computes log mel energies of mono audio at 16 kHz; keeps its tables and buffers between calls.
pub struct Fbank {
    spectrum: Spectrum,
    window: Vec<f64>,
    bands: Vec<Band>,
}

impl Fbank {
    /// Makes the tables.
    pub fn new() -> Self {
        Self { spectrum: Spectrum::new(), window: povey_window(), bands: bands(MEL_BINS, LOW_HZ, HIGH_HZ) }
    }

    /// The log mel energies of every whole frame: `frame_count(samples.len())` rows of [`MEL_BINS`], row
    /// after row. The samples are mono at 16 kHz, full scale is 1.
    pub fn features(&mut self, samples: &[f32]) -> Vec<f32> {
        self.energies(samples, log_energy)
    }

    /// The same of what `told` makes of each energy instead of its logarithm.
    pub(crate) fn energies(&mut self, samples: &[f32], told: impl Fn(f64) -> f32) -> Vec<f32> {
        let frames = frame_count(samples.len());
        let mut features = Vec::with_capacity(frames * MEL_BINS);
        for frame in 0..frames {
            let frame = windowed(&samples[frame * FRAME_SHIFT..][..FRAME_LENGTH], &self.window);
            let power = self.spectrum.power(frame);
            features.extend(self.bands.iter().map(|band| told(band.sum(power))));
        }
        features
    }
}

impl Default for Fbank {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Fbank {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Fbank").finish_non_exhaustive()
    }
}

/// A frame scaled, without its mean, pre-emphasised and windowed.
fn windowed(samples: &[f32], window: &[f64]) -> impl Iterator<Item = f64> {
    let mean = samples.iter().copied().map(f64::from).sum::<f64>() / FRAME_LENGTH as f64;
    let centred = move |sample: f32| (f64::from(sample) - mean) * INT16_SCALE;
    // The first sample has no predecessor in its frame; Kaldi lets it stand in for its own.
    let mut previous = centred(samples[0]);
    samples.iter().zip(window).map(move |(sample, window)| {
        let now = centred(*sample);
        let emphasised = now - PRE_EMPHASIS * previous;
        previous = now;
        emphasised * window
    })
}

/// Kaldi's floor is that of single precision.
fn log_energy(energy: f64) -> f32 {
    energy.max(f64::from(f32::EPSILON)).ln() as f32
}

/// Kaldi's own window: a Hann window to the power of 0.85.
fn povey_window() -> Vec<f64> {
    let step = TAU / (FRAME_LENGTH - 1) as f64;
    (0..FRAME_LENGTH).map(|n| (0.5 - 0.5 * (step * n as f64).cos()).powf(0.85)).collect()
}

#[cfg(test)]
#[path = "fbank_tests.rs"]
pub(super) mod tests;
