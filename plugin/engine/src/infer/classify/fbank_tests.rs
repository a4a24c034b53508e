//! Pinned to numbers of the Python package kaldi-native-fbank 1.23 (80 bins, no dither, samples times 32768).

use super::*;

/// Two sines, noise from a linear congruential generator and a little offset.
pub(in super::super) fn signal(samples: usize) -> Vec<f32> {
    let mut seed = 1_u32;
    let mut noise = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(seed) / 2_f64.powi(31) - 1.0
    };
    let mut sample = |n: usize| {
        let turn = TAU * n as f64 / 16_000.0;
        let tones = 0.3 * (440.0 * turn).sin() + 0.1 * (3000.0 * turn).sin();
        (tones + 0.05 * noise() + 0.01) as f32
    };
    (0..samples).map(&mut sample).collect()
}

/// Every eighth band of a frame of the signal.
#[track_caller]
fn check(frame: usize, expected: [f32; 10]) {
    let features = Fbank::new().features(&signal(1200));
    assert_eq!(features.len(), 6 * MEL_BINS);
    let bands: Vec<f32> = features[frame * MEL_BINS..][..MEL_BINS].iter().copied().step_by(8).collect();
    let close = bands.iter().zip(&expected).all(|(found, expected)| (found - expected).abs() < 1e-4);
    assert!(close, "frame {frame}: {bands:?} instead of {expected:?}");
}

#[test]
fn the_bands_are_kaldis() {
    check(
        0,
        [11.60768, 12.27604, 19.4863, 18.03286, 17.20222, 19.26475, 20.51866, 20.02109, 21.72219, 20.87459],
    );
    check(
        5,
        [10.28829, 14.79886, 19.64239, 17.63494, 17.87079, 19.39083, 19.57553, 20.81289, 21.3795, 21.02657],
    );
}

#[test]
fn digital_silence_lies_on_the_floor() {
    let features = Fbank::new().features(&[0.0; FRAME_LENGTH]);
    assert_eq!(features, [f32::EPSILON.ln(); MEL_BINS]);
}

#[test]
fn only_whole_frames_count() {
    for (samples, frames) in [(0, 0), (399, 0), (400, 1), (559, 1), (560, 2), (16_000, 98)] {
        assert_eq!(frame_count(samples), frames, "{samples} samples");
        assert_eq!(Fbank::new().features(&vec![0.1; samples]).len(), frames * MEL_BINS);
    }
}

#[test]
fn a_frame_is_the_same_wherever_it_is_cut() {
    let samples = signal(4000);
    let mut fbank = Fbank::new();
    let whole = fbank.features(&samples);
    let later = fbank.features(&samples[5 * FRAME_SHIFT..]);
    assert_eq!(whole[5 * MEL_BINS..], later);
}
