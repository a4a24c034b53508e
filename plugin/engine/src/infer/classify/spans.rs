//! From probabilities and levels to classes and spans; pure, no model here.
//!
//! The likeliest course of classes is looked for in which a change costs something (Viterbi's), block by block of
//! [`BLOCK`] with [`REACH`] around: a block's classes depend on nothing further away, so that they are the same
//! however the stream was cut, and a block always begins at a multiple of its length.

use super::CELL_SAMPLES;
use super::fuse::KINDS;
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

/// Below this level, in dB of full scale (RMS over a cell), a cell is quiet; room tone lies above it.
pub const SILENCE_DBFS: f32 = -60.0;

/// Quiet must last this many cells to be silence: the gap before a plosive takes up to 0.2 s.
pub const MIN_SILENCE: usize = 30;

/// A pause shorter than this many cells belongs to the sound beside it: breath and commas last up to 0.8 s.
pub const BRIDGE: usize = 80;

/// Cells that are decided on together: 2 s.
pub const BLOCK: usize = 200;

/// How many cells to either side of its block a cell's class may depend on; a pause that is bridged lies within, and so
/// does what a change is paid for with.
pub const REACH: usize = 200;

const _: () = assert!(REACH > BRIDGE && BRIDGE > MIN_SILENCE);

/// What a change of class costs, in natural logarithms of probability a cell: two seconds in which the other class is
/// e times as likely. Chosen, as [`BETWEEN_VOICES`] is, with the timelines in sight that it is measured on.
const CHANGE: f32 = 200.0;

/// A voice seldom goes over from speech to singing or back: that costs so many times as much.
const BETWEEN_VOICES: f32 = 2.0;

/// No cell rules a class out: what it says of a probability below this says nothing more.
const PROBABILITY_FLOOR: f32 = 0.001;

/// The kinds in the order of their probabilities.
const SOUNDS: [SoundClass; KINDS] =
    [SoundClass::Speech, SoundClass::Singing, SoundClass::Music, SoundClass::Other];

/// The level of each cell: RMS in dB of full scale, -120 and up. A last cell that is not whole counts as
/// filled up with zeros.
pub fn levels_dbfs(samples: &[f32]) -> Vec<f32> {
    samples.chunks(CELL_SAMPLES).map(|cell| level_dbfs(cell, CELL_SAMPLES)).collect()
}

/// Whether there is nothing to be heard in these samples as a whole.
pub(crate) fn is_silent(samples: &[f32]) -> bool {
    is_quiet(level_dbfs(samples, samples.len().max(1)))
}

/// The class of each cell of `keep`, from the probability of each kind and from the level in dB of full scale in its
/// cells and those around; as many are given of both. `keep` begins where a block does.
pub fn frame_classes(probabilities: &[[f32; KINDS]], levels: &[f32], keep: Range<usize>) -> Vec<FrameClass> {
    let mut classes = Vec::with_capacity(keep.len());
    for start in keep.clone().step_by(BLOCK) {
        let block = start..(start + BLOCK).min(keep.end);
        let seen = start.saturating_sub(REACH)..(start + BLOCK + REACH).min(levels.len());
        let mut found = likeliest(&probabilities[seen.clone()], &levels[seen.clone()]);
        mute(&mut found, &levels[seen.clone()]);
        bridge_pauses(&mut found);
        classes.extend(block.map(|cell| {
            let class = found[cell - seen.start];
            FrameClass { class, probability: probability_of(class, &probabilities[cell]) }
        }));
    }
    classes
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
    levels.iter().all(|level| is_quiet(*level))
}

fn level_dbfs(samples: &[f32], count: usize) -> f32 {
    let power = samples.iter().map(|sample| sample * sample).sum::<f32>() / count as f32;
    10.0 * power.max(1e-12).log10()
}

fn is_quiet(level: f32) -> bool {
    level < SILENCE_DBFS
}

/// The likeliest course of kinds, each change at its cost; quiet cells say nothing.
fn likeliest(probabilities: &[[f32; KINDS]], levels: &[f32]) -> Vec<SoundClass> {
    let mut sums = [0.0_f32; KINDS];
    // For each cell and kind, the kind before it.
    let mut came_from = Vec::with_capacity(probabilities.len());
    for (probabilities, level) in probabilities.iter().zip(levels) {
        let before: [(usize, f32); KINDS] = std::array::from_fn(|kind| likeliest_before(&sums, kind));
        came_from.push(before.map(|(kind, _)| kind));
        for ((sum, probability), (_, before)) in sums.iter_mut().zip(probabilities).zip(before) {
            let said = if is_quiet(*level) { 0.0 } else { (probability + PROBABILITY_FLOOR).ln() };
            *sum = before + said;
        }
    }
    let mut kind = best_of(&sums);
    let mut classes = vec![SoundClass::Silence; came_from.len()];
    for (class, came_from) in classes.iter_mut().zip(&came_from).rev() {
        *class = SOUNDS[kind];
        kind = came_from[kind];
    }
    classes
}

/// The kind that is likeliest to come before `kind`, and the sum that comes with it; `kind` itself if no other is
/// likelier.
fn likeliest_before(sums: &[f32; KINDS], kind: usize) -> (usize, f32) {
    let coming = |from: usize| sums[from] - change(SOUNDS[from], SOUNDS[kind]);
    (0..KINDS).fold((kind, sums[kind]), |best, from| {
        if from != kind && coming(from) > best.1 { (from, coming(from)) } else { best }
    })
}

/// What it costs that one sound follows another.
fn change(from: SoundClass, to: SoundClass) -> f32 {
    if is_voice(from) && is_voice(to) { BETWEEN_VOICES * CHANGE } else { CHANGE }
}

fn is_voice(class: SoundClass) -> bool {
    matches!(class, SoundClass::Speech | SoundClass::Singing)
}

fn best_of(sums: &[f32; KINDS]) -> usize {
    (1..KINDS).fold(0, |best, kind| if sums[kind] > sums[best] { kind } else { best })
}

/// Makes silence of quiet runs that are long enough, or that the list's end cuts off.
fn mute(classes: &mut [SoundClass], levels: &[f32]) {
    let mut start = 0;
    for run in levels.chunk_by(|a, b| is_quiet(*a) == is_quiet(*b)) {
        let end = start + run.len();
        let cut_off = start == 0 || end == levels.len();
        if is_quiet(run[0]) && (cut_off || run.len() >= MIN_SILENCE) {
            classes[start..end].fill(SoundClass::Silence);
        }
        start = end;
    }
}

fn probability_of(class: SoundClass, probabilities: &[f32; KINDS]) -> f32 {
    SOUNDS.iter().position(|sound| *sound == class).map_or(1.0, |kind| probabilities[kind])
}

/// Gives pauses (silence, other sounds) shorter than [`BRIDGE`] to what is beside them: to a voice rather than to
/// music, and rather to what was before, which dies away in them.
fn bridge_pauses(classes: &mut [SoundClass]) {
    let is_pause = |class: SoundClass| matches!(class, SoundClass::Other | SoundClass::Silence);
    let mut last: Option<usize> = None;
    for at in 0..classes.len() {
        if is_pause(classes[at]) {
            continue;
        }
        if let Some(before) = last
            && at - before - 1 < BRIDGE
        {
            let (left, right) = (classes[before], classes[at]);
            let class = if is_voice(right) && !is_voice(left) { right } else { left };
            classes[before + 1..at].fill(class);
        }
        last = Some(at);
    }
}

#[cfg(test)]
#[path = "spans_tests.rs"]
mod tests;
