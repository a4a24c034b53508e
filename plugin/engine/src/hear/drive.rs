//! Whether a guitar is clean or distorted, by its overtones and by how its level falls.
//!
//! A distorted one keeps its level and has overtones, or the wave of one tone cut square; a clean one has few overtones
//! and dies away. Set by eye on 16 recordings of guitars: 14 are told and right, of two that are strummed on steel
//! strings and bright by themselves nothing is told. On other instruments it means nothing.

use crate::infer::classify::RATE_HZ;
use crate::infer::classify::mel::{BIN_HZ, FFT_LENGTH, Spectrum};
use earmark_timeline::sound::Drive;
use std::f64::consts::TAU;
use std::ops::Range;

/// A frame is listened to each twentieth of a second.
const STEP: usize = RATE_HZ / 20;

/// Frames below this, or this much below the loudest so far, are left out, in dB of full scale and dB.
const QUIET_DB: f64 = -50.0;
const BELOW_DB: f64 = 25.0;

/// Frames that tell anything: a second of sound.
const LEAST: u32 = 20;

/// Overtones are what lies between, in hertz: a guitar's strings sound below 1.2 kHz.
const OVERTONES_HZ: Range<f64> = 2_000.0..6_000.0;

/// What is added to their share before its logarithm.
const FLOOR: f64 = 1e-7;

/// A level that spreads less than this is kept, in dB.
const KEPT_DB: f64 = 3.0;

/// More overtones than this are those of distortion, and fewer those of strings, in dB of the whole power.
const RICH_DB: f64 = -8.0;
const POOR_DB: f64 = -14.0;

/// A sine's peak is 3 dB above its level, a square's is as high; what is plucked has more.
const SQUARE_DB: f64 = 4.5;

/// Listens to mono audio at 16 kHz; what comes out does not depend on how it was cut.
pub(super) struct Overtones {
    spectrum: Spectrum,
    window: Vec<f64>,
    pending: Vec<f32>,
    /// The level of the loudest frame so far, in dB.
    loudest: f64,
    frames: u32,
    /// Sums over the frames that count: levels, their squares, shares of overtones and heights of peaks, in dB.
    levels: f64,
    squares: f64,
    shares: f64,
    peaks: f64,
}

impl Overtones {
    pub(super) fn new() -> Self {
        let step = TAU / FFT_LENGTH as f64;
        Self {
            spectrum: Spectrum::new(),
            window: (0..FFT_LENGTH).map(|n| 0.5 - 0.5 * (step * n as f64).cos()).collect(),
            pending: Vec::new(),
            loudest: f64::MIN,
            frames: 0,
            levels: 0.0,
            squares: 0.0,
            shares: 0.0,
            peaks: 0.0,
        }
    }

    pub(super) fn push(&mut self, samples_16k: &[f32]) {
        self.pending.extend_from_slice(samples_16k);
        let mut start = 0;
        while self.pending.len() >= start + STEP {
            self.frame(start);
            start += STEP;
        }
        self.pending.drain(..start);
    }

    fn frame(&mut self, start: usize) {
        let samples = self.pending[start..][..FFT_LENGTH].iter().copied().map(f64::from);
        let power = samples.clone().map(|sample| sample * sample).sum::<f64>() / FFT_LENGTH as f64;
        let level = decibels(power);
        self.loudest = self.loudest.max(level);
        if level < QUIET_DB.max(self.loudest - BELOW_DB) {
            return;
        }
        let peak = samples.clone().fold(0.0, |peak: f64, sample| peak.max(sample.abs()));
        let windowed = samples.zip(&self.window).map(|(sample, window)| sample * window);
        let bins = self.spectrum.power(windowed);
        let place = |hz: f64| (hz / BIN_HZ) as usize;
        let overtones: f64 = bins[place(OVERTONES_HZ.start)..place(OVERTONES_HZ.end)].iter().sum();
        self.frames += 1;
        self.levels += level;
        self.squares += level * level;
        self.shares += decibels(overtones / bins[1..].iter().sum::<f64>().max(f64::MIN_POSITIVE) + FLOOR);
        self.peaks += decibels(peak * peak) - level;
    }

    /// Which of both it is if it is a guitar, as far as that can be told.
    pub(super) fn drive(&self) -> Option<Drive> {
        if self.frames < LEAST {
            return None;
        }
        let mean = |sum: f64| sum / f64::from(self.frames);
        let level = mean(self.levels);
        let spread = (mean(self.squares) - level * level).max(0.0).sqrt();
        let (overtones, peaks) = (mean(self.shares), mean(self.peaks));
        if spread < KEPT_DB {
            (overtones > RICH_DB || peaks < SQUARE_DB).then_some(Drive::Distorted)
        } else {
            (overtones < POOR_DB).then_some(Drive::Clean)
        }
    }
}

fn decibels(power: f64) -> f64 {
    10.0 * power.max(f64::MIN_POSITIVE).log10()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four seconds of a string, plucked each second, with so much gain before it is cut off.
    fn plucked(gain: f64) -> Vec<f32> {
        let sample = |n: usize| {
            let since = (n % RATE_HZ) as f64 / RATE_HZ as f64;
            // Overtones die away sooner than what they lie upon.
            let tone = |k: i32| (-2.0 * f64::from(k) * since).exp() / f64::from(k * k);
            let wave = (1..12).map(|k| tone(k) * (TAU * 196.0 * f64::from(k) * since).sin()).sum::<f64>();
            (0.4 * (gain * wave).clamp(-1.0, 1.0)) as f32
        };
        (0..4 * RATE_HZ).map(sample).collect()
    }

    #[track_caller]
    fn check(samples: &[f32], expected: Option<Drive>) {
        for part in [samples.len(), 1_000, 7] {
            let mut overtones = Overtones::new();
            samples.chunks(part).for_each(|part| overtones.push(part));
            assert_eq!(overtones.drive(), expected, "in parts of {part}");
        }
    }

    #[test]
    fn a_string_is_clean_and_one_that_is_cut_square_is_distorted() {
        check(&plucked(0.5), Some(Drive::Clean));
        check(&plucked(200.0), Some(Drive::Distorted));
    }

    #[test]
    fn of_what_is_short_silent_or_in_between_nothing_is_told() {
        check(&plucked(200.0)[..RATE_HZ / 2], None);
        check(&vec![0.0; 2 * RATE_HZ], None);
        let held: Vec<f32> = (0..2 * RATE_HZ)
            .map(|n| {
                let turn = TAU * 196.0 * n as f64 / RATE_HZ as f64;
                (1..6).map(|k| 0.1 * (f64::from(k) * turn).cos()).sum::<f64>() as f32
            })
            .collect();
        check(&held, None);
    }
}
