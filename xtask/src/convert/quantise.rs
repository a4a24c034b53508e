//! ggml's block quantisation.

use half::f16;

/// Values that share one scale.
pub(crate) const BLOCK: usize = 32;
/// Bytes of a q8_0 block: a half-float scale and one signed byte a value.
pub(crate) const Q8_0_BYTES: usize = 34;

/// Quantises rows to q8_0 as `quantize_row_q8_0_ref` in ggml's `ggml-quants.c` does.
///
/// # Panics
/// When the values do not fill whole blocks.
pub(crate) fn q8_0(values: &[f32]) -> Vec<u8> {
    assert!(values.len().is_multiple_of(BLOCK), "{} values do not fill blocks of {BLOCK}", values.len());
    let mut out = Vec::with_capacity(values.len() / BLOCK * Q8_0_BYTES);
    for block in values.chunks_exact(BLOCK) {
        let largest = block.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
        let scale = largest / 127.0;
        // The inverse is taken from the full scale, before it is rounded to half precision.
        let inverse = if scale == 0.0 { 0.0 } else { 1.0 / scale };
        out.extend(f16::from_f32(scale).to_le_bytes());
        // `round` goes half away from zero, as C's `roundf` does.
        out.extend(block.iter().map(|value| ((value * inverse).round() as i8).to_le_bytes()[0]));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn restored(bytes: &[u8]) -> Vec<f32> {
        bytes
            .chunks_exact(Q8_0_BYTES)
            .flat_map(|block| {
                let scale = f16::from_le_bytes([block[0], block[1]]).to_f32();
                block[2..].iter().map(move |byte| f32::from(i8::from_le_bytes([*byte])) * scale)
            })
            .collect()
    }

    #[test]
    fn values_come_back_within_half_a_step() {
        let values: Vec<f32> = (0..BLOCK * 4).map(|i| ((i * 37 % 101) as f32 - 50.0) * 0.013).collect();
        for (block, back) in values.chunks(BLOCK).zip(restored(&q8_0(&values)).chunks(BLOCK)) {
            let largest = block.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
            // Half a step of the scale, and what rounding the scale to 11 bits adds at the far end.
            let tolerance = largest / 127.0 * 0.5 + largest / 2048.0;
            for (value, back) in block.iter().zip(back) {
                assert!((value - back).abs() <= tolerance, "{value} came back as {back}");
            }
        }
    }

    #[test]
    fn a_block_of_zeros_stays_zero() {
        assert_eq!(q8_0(&[0.0; BLOCK]), [0; Q8_0_BYTES]);
    }

    #[test]
    fn the_largest_value_takes_the_whole_range() {
        let mut values = [0.0; BLOCK];
        (values[3], values[9]) = (-2.54, 1.27);
        let bytes = q8_0(&values);
        assert_eq!((bytes[2 + 3], bytes[2 + 9]), ((-127_i8).to_le_bytes()[0], 64));
    }
}
