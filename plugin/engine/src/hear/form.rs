//! Whether a recording is a one-shot or a loop, by its level over time, its length and its tempo.

use crate::infer::classify::{CELL_SAMPLES, RATE_HZ};
use earmark_timeline::sound::{Form, Tempo};
use std::collections::VecDeque;

/// Levels are those of 50 ms, a hundred times a second: a bass of 40 Hz has no onsets within its wave.
const SMOOTHED: usize = 5;

/// No one-shot is longer than 15 s.
const LONGEST: usize = 1_500;

/// What never rises above this is silence: -60 dB of full scale.
const SILENT_DB: f32 = -60.0;

/// Once a sound is this near to its highest level, what it rises by more, above what it fell to, is another onset, but
/// where it has died away to so much below the highest.
const ONSET_DB: f32 = 8.0;
const DIED_DB: f32 = 40.0;

/// It ends as a one-shot does if its last fifth of a second is this much below the highest level, and as a loop does if
/// that and the first tenth are not.
const FADED_DB: f32 = 18.0;
const LAST: usize = 20;
const FIRST: usize = 10;

/// A one-shot is near its highest level for no more than a share of the time in which it is heard; a melody that is
/// bound together stays there until it ends. In a corpus melodies are there for 0.89 of it and more, what is struck for
/// 0.76 at most.
const NEAR_DB: f32 = 10.0;
const HEARD_DB: f32 = 30.0;
const NEAR_SHARE: f32 = 0.8;

/// A loop's bars; with a tempo of half or twice what somebody counts they are such a number too.
const BARS: [f64; 6] = [0.5, 1.0, 2.0, 4.0, 8.0, 16.0];

/// How exactly they fill it, as a share: three times what the tempo may be off. One length in 23 fits by chance.
const FITS: f64 = 0.015;

/// From this confidence on there is a tempo.
const PACED: f32 = 0.5;

/// Follows mono audio at 16 kHz; what comes out does not depend on how it was cut.
pub(super) struct Course {
    samples: u64,
    /// The squares of the cell that is not full yet, and the means of the newest full ones.
    squares: f32,
    powers: VecDeque<f32>,
    /// Levels in dB of full scale: all of them up to [`LONGEST`], and the newest.
    levels: Vec<f32>,
    last: VecDeque<f32>,
    highest: f32,
}

impl Course {
    pub(super) fn new() -> Self {
        Self {
            samples: 0,
            squares: 0.0,
            powers: VecDeque::with_capacity(SMOOTHED + 1),
            levels: Vec::new(),
            last: VecDeque::with_capacity(LAST + 1),
            highest: f32::MIN,
        }
    }

    pub(super) fn push(&mut self, samples_16k: &[f32]) {
        for sample in samples_16k {
            self.squares += sample * sample;
            self.samples += 1;
            if self.samples.is_multiple_of(CELL_SAMPLES as u64) {
                let power = std::mem::take(&mut self.squares) / CELL_SAMPLES as f32;
                self.note(power);
            }
        }
    }

    fn note(&mut self, power: f32) {
        keep(&mut self.powers, power, SMOOTHED);
        let mean = self.powers.iter().sum::<f32>() / SMOOTHED as f32;
        let level = 10.0 * mean.max(f32::MIN_POSITIVE).log10();
        self.highest = self.highest.max(level);
        keep(&mut self.last, level, LAST);
        // One more than a one-shot has tells that it is longer.
        if self.levels.len() <= LONGEST {
            self.levels.push(level);
        }
    }

    /// Which of both it is so far; mostly neither.
    pub(super) fn form(&self, tempo: Option<&Tempo>) -> Option<Form> {
        if self.highest < SILENT_DB {
            return None;
        }
        if self.is_one_shot() {
            return Some(Form::OneShot);
        }
        let tempo = tempo.filter(|tempo| tempo.confidence >= PACED)?;
        self.is_loop(f64::from(tempo.bpm)).then_some(Form::Loop)
    }

    fn is_loop(&self, bpm: f64) -> bool {
        let bars = self.samples as f64 / RATE_HZ as f64 * bpm / 240.0;
        let sounds = |level: &f32| *level > self.highest - FADED_DB;
        BARS.iter().any(|whole| (bars / whole - 1.0).abs() <= FITS)
            && self.levels.iter().take(FIRST).any(sounds)
            && self.last.iter().any(sounds)
    }

    fn is_one_shot(&self) -> bool {
        let fades = self.last.iter().all(|level| *level <= self.highest - FADED_DB);
        let begun = self.levels.iter().position(|level| *level >= self.highest - ONSET_DB);
        let (true, Some(begun)) = (fades && self.levels.len() <= LONGEST, begun) else { return false };
        let above =
            |below: f32| self.levels.iter().filter(|level| **level >= self.highest - below).count() as f32;
        let dies_away = above(NEAR_DB) <= NEAR_SHARE * above(HEARD_DB);
        let mut lowest = f32::MAX;
        dies_away
            && self.levels[begun..].iter().all(|level| {
                lowest = lowest.min(*level);
                *level - lowest <= ONSET_DB || *level < self.highest - DIED_DB
            })
    }
}

/// Keeps the newest of so many.
fn keep(newest: &mut VecDeque<f32>, value: f32, count: usize) {
    newest.push_back(value);
    if newest.len() > count {
        newest.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use earmark_timeline::units::ProjectTime;
    use std::f64::consts::TAU;

    /// Struck tones at these seconds, each dying away to a tenth in so many, in a recording of a length.
    fn struck(at: &[f64], tenth: f64, length: f64) -> Vec<f32> {
        let sample = |n: u64| {
            let now = n as f64 / RATE_HZ as f64;
            let tones = at.iter().filter(|start| now >= **start);
            let tone = |start: &f64| {
                let since = now - start;
                0.3 * 10f64.powf(-since / tenth) * (TAU * 220.0 * since).sin()
            };
            tones.map(tone).sum::<f64>() as f32
        };
        (0..(length * RATE_HZ as f64) as u64).map(sample).collect()
    }

    #[track_caller]
    fn check(samples: &[f32], bpm: Option<f32>, expected: Option<Form>) {
        let first_beat = ProjectTime::ZERO;
        let tempo = bpm.map(|bpm| Tempo { bpm, other_bpm: 2.0 * bpm, confidence: 0.9, first_beat });
        for part in [samples.len().max(1), 1_000, 7] {
            let mut course = Course::new();
            samples.chunks(part).for_each(|part| course.push(part));
            assert_eq!(course.form(tempo.as_ref()), expected, "in parts of {part}");
        }
    }

    #[test]
    fn what_is_struck_once_and_dies_away_is_a_one_shot() {
        check(&struck(&[0.0], 0.5, 1.5), None, Some(Form::OneShot));
        check(&struck(&[3.0], 2.0, 12.0), None, Some(Form::OneShot));
        // Whatever recurs in its wave.
        check(&struck(&[0.0], 0.5, 1.5), Some(120.0), Some(Form::OneShot));
        // Cut off, struck again, too long, held to its end, nothing at all.
        check(&struck(&[0.0], 2.0, 1.5), None, None);
        check(&struck(&[0.0, 0.6], 0.5, 2.5), None, None);
        check(&struck(&[0.0], 5.0, 20.0), None, None);
        let held = struck(&[0.0], 1_000.0, 3.0);
        check(&[held, vec![0.0; RATE_HZ]].concat(), None, None);
        check(&struck(&[], 0.5, 2.0), None, None);
        check(&[], None, None);
    }

    #[test]
    fn whole_bars_that_sound_at_both_ends_are_a_loop() {
        let beats: Vec<f64> = (0..16).map(|beat| 0.5 * f64::from(beat)).collect();
        check(&struck(&beats, 0.5, 8.0), Some(120.0), Some(Form::Loop));
        check(&struck(&beats, 0.5, 8.0), Some(240.5), Some(Form::Loop));
        // No pace, another one, a rest at the end or the beginning.
        check(&struck(&beats, 0.5, 8.0), None, None);
        check(&struck(&beats, 0.5, 8.0), Some(131.0), None);
        check(&struck(&beats[..14], 0.5, 8.0), Some(120.0), None);
        check(&struck(&beats[1..], 0.5, 8.0), Some(120.0), None);
    }
}
