//! Whisper's mel filters, computed.
//!
//! The bank is librosa's default (Slaney's scale, each filter of unit area) for 16 kHz and 400-point
//! transforms, which openai-whisper ships as `mel_80` in `assets/mel_filters.npz`; a test holds that
//! what comes out here is that table, bit for bit but for the sign of a zero.

/// Bands of the models that Earmark converts.
pub(crate) const MELS: usize = 80;
/// Bins of a 400-point transform.
pub(crate) const BINS: usize = 201;

const SAMPLE_RATE_HZ: f64 = 16_000.0;
const TRANSFORM: f64 = 400.0;

/// The filters, one row of [`BINS`] a band.
pub(crate) fn filters() -> Vec<f32> {
    let top = mel_from_hz(SAMPLE_RATE_HZ / 2.0);
    let step = top / (MELS + 1) as f64;
    let edges: Vec<f64> =
        (0..MELS + 2).map(|i| hz_from_mel(if i > MELS { top } else { i as f64 * step })).collect();
    let mut filters = Vec::with_capacity(MELS * BINS);
    for band in edges.windows(3) {
        let (low, middle, high) = (band[0], band[1], band[2]);
        let area = 2.0 / (high - low);
        for bin in 0..BINS {
            let hz = bin as f64 * (SAMPLE_RATE_HZ / TRANSFORM);
            let rising = (hz - low) / (middle - low);
            let falling = (high - hz) / (high - middle);
            // Rounded before and after scaling, as the original's single-precision table was.
            let weight = rising.min(falling).max(0.0) as f32;
            filters.push((f64::from(weight) * area) as f32);
        }
    }
    filters
}

// Slaney's scale: linear up to 1 kHz (three mels every 200 Hz), logarithmic above (27 mels a factor of 6.4).
const HZ_PER_MEL: f64 = 200.0 / 3.0;
const BREAK_HZ: f64 = 1_000.0;
const BREAK_MEL: f64 = BREAK_HZ / HZ_PER_MEL;

fn log_step() -> f64 {
    6.4_f64.ln() / 27.0
}

fn mel_from_hz(hz: f64) -> f64 {
    if hz < BREAK_HZ { hz / HZ_PER_MEL } else { BREAK_MEL + (hz / BREAK_HZ).ln() / log_step() }
}

fn hz_from_mel(mel: f64) -> f64 {
    if mel < BREAK_MEL { mel * HZ_PER_MEL } else { BREAK_HZ * (log_step() * (mel - BREAK_MEL)).exp() }
}

#[cfg(test)]
mod tests {
    use earmark_models::Sha256;

    use super::*;

    #[test]
    fn the_filters_are_the_table_that_the_models_were_trained_with() {
        let mut filters = filters();
        // The original's very first weight is minus zero, which is the same number.
        assert_eq!(filters[0], 0.0);
        filters[0] = -0.0;
        let bytes: Vec<u8> = filters.iter().flat_map(|value| value.to_le_bytes()).collect();
        // The content of mel_80.npy in openai-whisper 20250625, less its header.
        let original = "4f2701b1d287d74a0dc9871026e9519d98cb76426615f2539b0d151a0ae4ec2e";
        assert_eq!(Sha256::of(&bytes), original);
    }
}
