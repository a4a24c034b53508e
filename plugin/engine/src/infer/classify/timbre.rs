//! How alike two seconds sound, by the names that YAMNet has for them and by the balance of their spectra.

use super::yamnet::{CLASSES, MEL_BINS};

/// What is added to a score before its logarithm: with less, names that are hardly heard would count.
const SCORE_FLOOR: f32 = 0.01;

/// What a second sounds like, however loud.
#[derive(Debug, Clone, PartialEq)]
pub struct Timbre {
    /// How much each name is heard, as logarithms above the floor, together of length 1.
    names: Vec<f32>,
    /// The mean of each band's logarithm, in the mean zero.
    bands: Vec<f32>,
}

impl Timbre {
    /// The timbre of a patch, by its scores and the logarithms of its bands, frame after frame.
    pub(crate) fn new(scores: &[f32; CLASSES], log_mel: &[f32]) -> Self {
        let mut names: Vec<f32> = scores.iter().map(|score| (score / SCORE_FLOOR).ln_1p()).collect();
        let length = names.iter().map(|name| name * name).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        names.iter_mut().for_each(|name| *name /= length);
        let (frames, _) = log_mel.as_chunks::<MEL_BINS>();
        let mut bands = vec![0.0; MEL_BINS];
        for frame in frames {
            bands.iter_mut().zip(frame).for_each(|(band, level)| *band += level / frames.len() as f32);
        }
        let mean = bands.iter().sum::<f32>() / MEL_BINS as f32;
        bands.iter_mut().for_each(|band| *band -= mean);
        Self { names, bands }
    }

    /// From 0 to 1, which is the same: half by the angle between the names, half by how far the bands are apart. Names
    /// alone found half as many of the sections of metal, bands alone a sixth.
    pub(crate) fn likeness(&self, other: &Self) -> f32 {
        let names: f32 = self.names.iter().zip(&other.names).map(|(one, other)| one * other).sum();
        let apart: f32 = self.bands.iter().zip(&other.bands).map(|(one, other)| (one - other).powi(2)).sum();
        f32::midpoint(names, (-apart / MEL_BINS as f32).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The timbre of a name that is heard alone, with so many nepers more in the upper half of the bands.
    fn timbre(name: usize, loud: f32, bright: f32) -> Timbre {
        let mut scores = [0.0; CLASSES];
        scores[name] = 0.8;
        let frame: Vec<f32> =
            (0..MEL_BINS).map(|band| loud + if band < MEL_BINS / 2 { 0.0 } else { bright }).collect();
        Timbre::new(&scores, &frame.repeat(3))
    }

    #[test]
    fn the_same_is_alike_however_loud_and_another_name_or_balance_is_less_so() {
        let check = |other: Timbre, expected: f32| {
            let likeness = timbre(7, -2.0, 0.0).likeness(&other);
            assert!((likeness - expected).abs() < 1e-3, "{likeness} instead of {expected}");
        };
        check(timbre(7, -2.0, 0.0), 1.0);
        check(timbre(7, -5.0, 0.0), 1.0);
        check(timbre(8, -2.0, 0.0), 0.5);
        // Half of the bands are a neper above the mean, half of them one below.
        check(timbre(7, -2.0, 2.0), 0.5 + 0.5 * (-1.0_f32).exp());
        check(timbre(8, -2.0, 20.0), 0.0);
    }
}
