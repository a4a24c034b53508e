//! Sound that is hard to keep, and the question whether it was kept.

use crate::host::{Audio, Processor};

/// Noise with everything in it that can be lost: full scale and beyond, denormals, both zeros. The same
/// each time.
pub fn noise(channels: u32, frames: usize) -> Vec<Vec<f32>> {
    let mut random = Random::default();
    let mut sample = || match random.below(64) {
        0 => 0.0,
        1 => -0.0,
        2 => f32::from_bits(random.below(0x0080_0000)),
        3 => 3.0,
        _ => random.below(1 << 24) as f32 / (1 << 23) as f32 - 1.0,
    };
    (0..channels).map(|_| (0..frames).map(|_| sample()).collect()).collect()
}

/// [`noise`] with numbers among it that are none: infinities, the greatest numbers, and NaNs quiet and
/// signalling, of both signs, with payloads.
pub fn wild_noise(channels: u32, frames: usize) -> Vec<Vec<f32>> {
    const WILD: [u32; 8] = [
        f32::INFINITY.to_bits(),
        f32::NEG_INFINITY.to_bits(),
        f32::MAX.to_bits(),
        f32::MIN.to_bits(),
        0x7FC0_0000,
        0xFFC0_1234,
        0x7F80_0001,
        0xFF80_4321,
    ];
    let mut sound = noise(channels, frames);
    let mut random = Random::default();
    for sample in sound.iter_mut().flatten() {
        if random.below(16) == 0 {
            *sample = f32::from_bits(WILD[random.below(WILD.len() as u32) as usize]);
        }
    }
    sound
}

/// The samples as they are stored, so that a NaN equals itself and the zeros differ.
pub fn bits(channels: &[Vec<f32>]) -> Vec<Vec<u32>> {
    channels.iter().map(|channel| channel.iter().map(|sample| sample.to_bits()).collect()).collect()
}

/// Plays `channels` in blocks of `block` frames and compares what comes out bit for bit.
///
/// # Panics
///
/// Panics when something else comes out, or the plugin fails.
pub fn assert_passes<P: Processor>(audio: &mut Audio<P>, channels: &[Vec<f32>], block: u32) {
    let out = audio.play(channels, block, |_| {}).expect("the plugin processes");
    assert!(bits(&out) == bits(channels), "blocks of {block}, {:?}", audio.setup());
}

/// Marsaglia's xorshift: the tests need the same numbers each time, not good ones.
#[derive(Debug, Clone)]
pub struct Random(u32);

impl Default for Random {
    fn default() -> Self {
        Self(0x2545_F491)
    }
}

impl Random {
    /// The numbers of a seed; zero, which has none, counts as another one.
    pub fn from_seed(seed: u32) -> Self {
        if seed == 0 { Self::default() } else { Self(seed) }
    }

    /// The next number below `end`.
    ///
    /// # Panics
    ///
    /// Panics if `end` is 0.
    pub fn below(&mut self, end: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 % end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wild_noise_holds_every_kind_of_number() {
        let all = wild_noise(2, 20_000).concat();
        let check = |name: &str, is_kind: fn(&f32) -> bool| assert!(all.iter().any(is_kind), "no {name}");
        check("quiet NaN", |sample| sample.is_nan() && sample.to_bits() & 0x0040_0000 != 0);
        check("signalling NaN", |sample| sample.is_nan() && sample.to_bits() & 0x0040_0000 == 0);
        check("infinity", |sample| sample.is_infinite());
        check("denormal", |sample| sample.is_subnormal());
        check("minus zero", |sample| sample.to_bits() == 0x8000_0000);
        check("beyond full scale", |sample| sample.is_finite() && sample.abs() > 1.0);
    }
}
