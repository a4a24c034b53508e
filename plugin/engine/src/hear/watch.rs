//! What rules find in the samples themselves: first sounds, silence, clipping and drop-outs.
//!
//! Samples become frames of a millisecond, on the run's own grid; everything else looks at frames alone. So what is found
//! does not depend on how the audio was cut.

mod frame;

use earmark_timeline::rule::{Rule, Rules};
use earmark_timeline::units::SampleRate;
use frame::{Frame, Framer};
use std::ops::Range;

/// Sound lasts for this many frames at least; a click does not end a silence.
const SOUND: u32 = 10;

/// Frames below the level in between do not end it: a wave passes zero a hundred times a second at least, at 50 Hz.
const BETWEEN: u64 = 20;

/// What never rises above this is silent, as a peak: room tone of -60 dB of full scale, below which classes tell silence,
/// has peaks 10 dB above that.
const SILENT_DBFS: f32 = -50.0;

/// Frames that tell how loud it is before a gap.
const BEFORE: usize = 10;

/// A gap with edges lower than a tenth of the sound before it is one that somebody faded out or in, or that a gate shut.
const EDGE: f32 = 0.1;

/// The same of edges lower than two and a half steps of 8 bits: old recordings fall to zero wherever they are soft. One of
/// 377 recordings was marked wrongly then, and 84 of 100 planted gaps were found.
const LEAST_EDGE: f32 = 2.5 / 128.0;

/// What is missing for longer is a pause that somebody cut, and no fault of a buffer, a cable or a disk: 1 s.
const LONGEST_MS: u64 = 1_000;

/// Watches one run.
pub(crate) struct Watch {
    framer: Framer,
    /// How many frames there were.
    at: u64,
    first: Sound,
    is_first_found: bool,
    any: Sound,
    /// Where the newest sound ended.
    sound_until: Option<u64>,
    /// The highest magnitudes of the newest frames that were not all zeros.
    before: [f32; BEFORE],
}

/// What a rule found, and in which milliseconds of the run.
pub(crate) type Found = (Rule, Range<u64>);

impl Watch {
    /// Begins to watch a run.
    pub(crate) fn new(rate: SampleRate) -> Self {
        Self {
            framer: Framer::new(rate),
            at: 0,
            first: Sound::default(),
            is_first_found: false,
            any: Sound::default(),
            sound_until: None,
            before: [0.0; BEFORE],
        }
    }

    /// Takes the run's next samples and adds what the rules find.
    pub(crate) fn push(&mut self, samples: &[f32], rules: &Rules, found: &mut Vec<Found>) {
        for sample in samples {
            if let Some(frame) = self.framer.push(*sample) {
                self.look(&frame, rules, found);
            }
        }
    }

    fn look(&mut self, frame: &Frame, rules: &Rules, found: &mut Vec<Found>) {
        let at = self.at;
        self.at += 1;
        if let Some(threshold) = rules.threshold(Rule::FirstSound)
            && let Some(start) = self.first.push(at, frame.peak >= level(-f32::from(threshold)))
            && !std::mem::replace(&mut self.is_first_found, true)
        {
            found.push((Rule::FirstSound, start..start));
        }
        let since = self.any.push(at, frame.peak >= level(SILENT_DBFS));
        if let (Some(start), Some(until), Some(least)) =
            (since, self.sound_until, rules.threshold(Rule::Silence))
            && start - until >= u64::from(least) * 1_000
        {
            found.push((Rule::Silence, until..start));
        }
        self.sound_until = self.any.until().or(self.sound_until);
        if rules.threshold(Rule::Clipping).is_some_and(|least| frame.most_full >= u32::from(least)) {
            found.push((Rule::Clipping, at..at));
        }
        if let Some(gap) = &frame.gap {
            let before = self.before.iter().copied().fold(0.0, f32::max);
            let is_cut = gap.before.min(gap.after) >= LEAST_EDGE.max(EDGE * before);
            let least = rules.threshold(Rule::DropOut);
            let lasts = |least: u16| (u64::from(least)..=LONGEST_MS).contains(&(gap.lasts_us / 1_000));
            if is_cut && least.is_some_and(lasts) {
                found.push((Rule::DropOut, at.saturating_sub(gap.lasts_us / 1_000)..at));
            }
        }
        if frame.peak > 0.0 {
            self.before.rotate_left(1);
            self.before[BEFORE - 1] = frame.peak;
        }
    }
}

/// Tells sound from clicks.
#[derive(Default)]
struct Sound {
    start: u64,
    /// The newest loud frame.
    last: u64,
    /// Loud frames so far.
    count: u32,
}

impl Sound {
    /// Takes the next frame; where sound began, once it is sure to be one.
    fn push(&mut self, at: u64, is_loud: bool) -> Option<u64> {
        if at - self.last > BETWEEN {
            self.count = 0;
        }
        if !is_loud {
            return None;
        }
        if self.count == 0 {
            self.start = at;
        }
        (self.last, self.count) = (at, self.count.saturating_add(1));
        (self.count == SOUND).then_some(self.start)
    }

    /// Where the sound that goes on has come to.
    fn until(&self) -> Option<u64> {
        (self.count >= SOUND).then_some(self.last + 1)
    }
}

/// The magnitude of a level in dB of full scale.
fn level(dbfs: f32) -> f32 {
    10f32.powf(dbfs / 20.0)
}

#[cfg(test)]
#[path = "watch_tests.rs"]
mod tests;
