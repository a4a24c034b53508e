//! Spectra of frames and bands of the mel scale, which both models' front ends are made of.
//!
//! In double precision: it costs next to nothing, and single precision leaves faint bands uncertain.

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};
use std::sync::Arc;

/// A frame's length, 400 samples, rounded up to a power of two.
pub(crate) const FFT_LENGTH: usize = 512;
/// Bins of the spectrum that count; the one at the Nyquist frequency is left out.
const FFT_BINS: usize = FFT_LENGTH / 2;
/// How far bins are apart at 16 kHz.
pub(crate) const BIN_HZ: f64 = 16_000.0 / FFT_LENGTH as f64;

/// Computes power spectra; keeps its tables and buffers between calls.
pub(crate) struct Spectrum {
    fft: Arc<dyn RealToComplex<f64>>,
    frame: Vec<f64>,
    bins: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
    power: Vec<f64>,
}

impl Spectrum {
    pub(crate) fn new() -> Self {
        let fft = RealFftPlanner::new().plan_fft_forward(FFT_LENGTH);
        Self {
            frame: fft.make_input_vec(),
            bins: fft.make_output_vec(),
            scratch: fft.make_scratch_vec(),
            power: vec![0.0; FFT_BINS],
            fft,
        }
    }

    /// The power in each bin of a frame of at most 512 samples, windowed already.
    pub(crate) fn power(&mut self, frame: impl IntoIterator<Item = f64>) -> &mut [f64] {
        self.frame.fill(0.0);
        for (out, sample) in self.frame.iter_mut().zip(frame) {
            *out = sample;
        }
        self.fft
            .process_with_scratch(&mut self.frame, &mut self.bins, &mut self.scratch)
            .expect("the buffers were made by this very plan");
        for (power, bin) in self.power.iter_mut().zip(&self.bins) {
            *power = bin.norm_sqr();
        }
        &mut self.power
    }
}

/// One triangle: the bin it starts at and its weights from there on.
pub(super) struct Band {
    first: usize,
    weights: Vec<f64>,
}

impl Band {
    /// The weighed sum of what is in the bins.
    pub(super) fn sum(&self, bins: &[f64]) -> f64 {
        self.weights.iter().zip(&bins[self.first..]).map(|(weight, bin)| weight * bin).sum()
    }
}

/// Triangles of equal width on the mel scale from `low_hz` to `high_hz`, each from its left neighbour's centre to
/// its right one's.
pub(super) fn bands(count: usize, low_hz: f64, high_hz: f64) -> Vec<Band> {
    let (low, high) = (mel_from_hz(low_hz), mel_from_hz(high_hz));
    let step = (high - low) / (count + 1) as f64;
    let band = |band: usize| {
        let left = low + band as f64 * step;
        let (centre, right) = (left + step, left + 2.0 * step);
        let weight = |bin: usize| {
            let mel = mel_from_hz(bin as f64 * BIN_HZ);
            if mel <= centre { (mel - left) / step } else { (right - mel) / step }
        };
        let inside = |bin: &usize| {
            let mel = mel_from_hz(*bin as f64 * BIN_HZ);
            mel > left && mel < right
        };
        let bins: Vec<usize> = (0..FFT_BINS).filter(inside).collect();
        Band { first: bins.first().copied().unwrap_or(0), weights: bins.into_iter().map(weight).collect() }
    };
    (0..count).map(band).collect()
}

/// HTK's, Kaldi's and TensorFlow's formula.
fn mel_from_hz(hz: f64) -> f64 {
    1127.0 * (1.0 + hz / 700.0).ln()
}
