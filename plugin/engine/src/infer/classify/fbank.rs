//! Log mel energies as Kaldi computes them, which is what the audio-event model was trained on.
//!
//! The steps and their order are those of Kaldi's `feature-window.cc` and `mel-computations.cc`: scale to
//! 16-bit range, cut whole frames only, take out the mean, pre-emphasise, window, power spectrum, triangles
//! on the mel scale, logarithm with a floor. Dither is off, so the same samples give the same numbers.
//!
//! Kaldi works in single precision, which leaves its faintest bands uncertain by some hundredths; here it
//! is double precision, which costs next to nothing and is right to 1e-5 in all of them.

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};
use std::f64::consts::TAU;
use std::fmt;
use std::sync::Arc;

/// Mel bands in a frame.
pub const MEL_BINS: usize = 80;

/// Samples in a frame: 25 ms at 16 kHz.
pub const FRAME_LENGTH: usize = 400;

/// Samples from one frame's start to the next one's: 10 ms at 16 kHz.
pub const FRAME_SHIFT: usize = 160;

/// The frame's length rounded up to a power of two, as Kaldi does.
const FFT_LENGTH: usize = 512;
/// Bins of the spectrum that count; Kaldi leaves out the one at the Nyquist frequency.
const FFT_BINS: usize = FFT_LENGTH / 2;
const SAMPLE_RATE_HZ: f64 = 16_000.0;
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
    fft: Arc<dyn RealToComplex<f64>>,
    window: Vec<f64>,
    bands: Vec<Band>,
    frame: Vec<f64>,
    spectrum: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
    power: Vec<f64>,
}

/// One triangle: the bin it starts at and its weights from there on.
struct Band {
    first: usize,
    weights: Vec<f64>,
}

impl Fbank {
    /// Makes the tables.
    pub fn new() -> Self {
        let fft = RealFftPlanner::new().plan_fft_forward(FFT_LENGTH);
        Self {
            window: povey_window(),
            bands: mel_bands(),
            frame: fft.make_input_vec(),
            spectrum: fft.make_output_vec(),
            scratch: fft.make_scratch_vec(),
            power: vec![0.0; FFT_BINS],
            fft,
        }
    }

    /// The log mel energies of every whole frame: `frame_count(samples.len())` rows of [`MEL_BINS`], row
    /// after row. The samples are mono at 16 kHz, full scale is 1.
    pub fn features(&mut self, samples: &[f32]) -> Vec<f32> {
        let frames = frame_count(samples.len());
        let mut features = Vec::with_capacity(frames * MEL_BINS);
        for frame in 0..frames {
            self.load(&samples[frame * FRAME_SHIFT..][..FRAME_LENGTH]);
            self.transform();
            features.extend(self.bands.iter().map(|band| band.log_energy(&self.power)));
        }
        features
    }

    /// Puts one frame into the transform's input: scaled, without its mean, pre-emphasised, windowed.
    fn load(&mut self, samples: &[f32]) {
        let (frame, padding) = self.frame.split_at_mut(FRAME_LENGTH);
        padding.fill(0.0);
        let mean = samples.iter().copied().map(f64::from).sum::<f64>() / FRAME_LENGTH as f64;
        // The first sample has no predecessor in its frame; Kaldi lets it stand in for its own.
        let mut previous = (f64::from(samples[0]) - mean) * INT16_SCALE;
        for ((out, sample), window) in frame.iter_mut().zip(samples).zip(&self.window) {
            let centred = (f64::from(*sample) - mean) * INT16_SCALE;
            *out = (centred - PRE_EMPHASIS * previous) * window;
            previous = centred;
        }
    }

    fn transform(&mut self) {
        self.fft
            .process_with_scratch(&mut self.frame, &mut self.spectrum, &mut self.scratch)
            .expect("the buffers were made by this very plan");
        for (power, bin) in self.power.iter_mut().zip(&self.spectrum) {
            *power = bin.norm_sqr();
        }
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

impl Band {
    fn log_energy(&self, power: &[f64]) -> f32 {
        let power = &power[self.first..];
        let energy: f64 = self.weights.iter().zip(power).map(|(weight, power)| weight * power).sum();
        // Kaldi's floor is that of single precision.
        energy.max(f64::from(f32::EPSILON)).ln() as f32
    }
}

/// Kaldi's own window: a Hann window to the power of 0.85.
fn povey_window() -> Vec<f64> {
    let step = TAU / (FRAME_LENGTH - 1) as f64;
    (0..FRAME_LENGTH).map(|n| (0.5 - 0.5 * (step * n as f64).cos()).powf(0.85)).collect()
}

/// Triangles of equal width on the mel scale, each from its left neighbour's centre to its right one's.
fn mel_bands() -> Vec<Band> {
    let (low, high) = (mel_from_hz(LOW_HZ), mel_from_hz(HIGH_HZ));
    let step = (high - low) / (MEL_BINS + 1) as f64;
    let bin_hz = SAMPLE_RATE_HZ / FFT_LENGTH as f64;
    let band = |band: usize| {
        let left = low + band as f64 * step;
        let (centre, right) = (left + step, left + 2.0 * step);
        let weight = |bin: usize| {
            let mel = mel_from_hz(bin as f64 * bin_hz);
            if mel <= centre { (mel - left) / step } else { (right - mel) / step }
        };
        let inside = |bin: &usize| {
            let mel = mel_from_hz(*bin as f64 * bin_hz);
            mel > left && mel < right
        };
        let bins: Vec<usize> = (0..FFT_BINS).filter(inside).collect();
        Band { first: bins.first().copied().unwrap_or(0), weights: bins.into_iter().map(weight).collect() }
    };
    (0..MEL_BINS).map(band).collect()
}

/// HTK's and Kaldi's formula.
fn mel_from_hz(hz: f64) -> f64 {
    1127.0 * (1.0 + hz / 700.0).ln()
}

#[cfg(test)]
#[path = "fbank_tests.rs"]
mod tests;
