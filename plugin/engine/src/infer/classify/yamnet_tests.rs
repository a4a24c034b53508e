//! Pinned to numbers of NumPy's transform and the formulas in the makers' `features.py`, in double precision.

use super::*;
use crate::infer::classify::fbank::tests::signal;

fn patch(samples: Vec<f32>) -> Patch {
    LogMel::new().patch(&samples.try_into().expect("a patch's samples"))
}

/// Every eighth band of a frame of the signal.
#[track_caller]
fn check(frame: usize, expected: [f32; 8]) {
    let log_mel = patch(signal(PATCH_SAMPLES)).log_mel;
    assert_eq!(log_mel.len(), 96 * MEL_BINS);
    let bands: Vec<f32> = log_mel[frame * MEL_BINS..][..MEL_BINS].iter().copied().step_by(8).collect();
    let close = bands.iter().zip(&expected).all(|(found, expected)| (found - expected).abs() < 1e-4);
    assert!(close, "frame {frame}: {bands:?} instead of {expected:?}");
}

#[test]
fn the_bands_are_the_makers() {
    check(0, [-2.21734, 3.56345, -0.1785, -0.70789, -0.6179, -0.36376, 0.29555, 1.1673]);
    check(95, [-0.83142, 3.59187, -1.15798, -0.84862, -0.42259, -0.24327, 0.61763, 0.89537]);
}

#[test]
fn power_is_told_apart_at_250_hz() {
    let patch = patch(signal(PATCH_SAMPLES));
    let close = |found: f64, expected: f64| (found / expected - 1.0).abs() < 1e-5;
    assert!(close(patch.power, 187_238.676) && close(patch.bass_power, 262.778_554), "{patch:?}");
}

#[test]
fn digital_silence_lies_on_the_floor() {
    let silent = patch(vec![0.0; PATCH_SAMPLES]);
    assert_eq!((silent.power, silent.log_mel), (0.0, vec![0.001_f32.ln(); 96 * MEL_BINS]));
}
