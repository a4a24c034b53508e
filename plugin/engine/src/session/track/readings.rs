//! What a run sounds like as a whole: told while it plays, kept once all of it was heard.

use super::Track;
use super::sounding::Sounding;
use super::tickets::Matter;
use crate::session::annotate::times;
use crate::session::ear::Ear;
use earmark_timeline::clock::{Run, RunId};
use earmark_timeline::course::LoudnessSpan;
use earmark_timeline::sound::{Reading, Sound};
use std::collections::BTreeMap;
use std::ops::Range;

/// A reading is told again after so much of the run, in its 16 kHz samples: 2 s.
const EVERY: u64 = 2 * 16_000;

/// A run shorter than this says nothing of how fast, how loud or in which key it is: 4 s.
const LEAST: u64 = 4 * 16_000;

/// What is known of runs that are not settled.
#[derive(Default)]
pub(super) struct Readings {
    pub(super) sounding: BTreeMap<RunId, Sounding>,
    /// Runs that were looked through, with how long they are.
    ended: Vec<(Run, u64, Sound)>,
}

impl Readings {
    /// Takes note that a run was looked through.
    pub(super) fn end(&mut self, ear: &Ear) {
        self.ended.push((*ear.run(), ear.heard(), ear.measured()));
    }
}

impl Track {
    /// Shows what the run that is looked through sounds like so far, if it is time to after these samples.
    pub(super) fn tell_reading(&mut self, looked_through: Range<u64>) {
        let due = looked_through.start / EVERY < looked_through.end / EVERY;
        let Some(current) = self.closed.front().or(self.open.as_ref()).filter(|_| due) else { return };
        let (run, sound) = (*current.ear.run(), current.ear.measured());
        self.show_reading(&run, looked_through.end, sound);
    }

    /// Writes down how loud a part of a run is.
    pub(super) fn write_loudness(&mut self, run: &Run, part: &Range<u64>) {
        let Some(ear) = self.ear_of(run) else { return };
        let spans = ear.loudness(part).map(|(place, lufs)| {
            let Range { start, end } = times(run, &place);
            LoudnessSpan { start, end, lufs }
        });
        let spans: Vec<_> = spans.collect();
        self.write(|notebook| spans.into_iter().for_each(|span| notebook.hear_loudness(span)));
    }

    /// Keeps what runs sounded like of which nothing is at a model any more.
    pub(super) fn settle_readings(&mut self) {
        let is_heard = |run: &Run| {
            let mut tickets = self.tickets.values().filter(|ticket| ticket.run.id == run.id);
            !tickets.any(|ticket| matches!(ticket.matter, Matter::Sound(_)))
        };
        // Classes need not wait for the run's last words.
        let ended = self.readings.ended.iter().map(|(run, ..)| *run);
        let heard: Vec<_> = ended.filter(is_heard).collect();
        heard.iter().for_each(|run| self.end_sound(run));
        let waits = |run: &Run| self.tickets.values().any(|ticket| ticket.run.id == run.id);
        let settled: Vec<_> = self.readings.ended.extract_if(.., |(run, ..)| !waits(run)).collect();
        for (run, end, sound) in settled {
            let reading = self.show_reading(&run, end, sound);
            self.readings.sounding.remove(&run.id);
            if let Some(reading) = reading.filter(|reading| self.state.notebook.wants(reading)) {
                self.write(|notebook| notebook.measure(reading));
            }
        }
    }

    /// Shows a reading of the first `end` samples of a run, unless there is too little in them.
    fn show_reading(&mut self, run: &Run, end: u64, mut sound: Sound) -> Option<Reading> {
        if end < LEAST || sound.loudness.integrated_lufs.is_none() {
            return None;
        }
        let place = times(run, &(0..end));
        if let Some(tempo) = &mut sound.tempo {
            tempo.first_beat = place.start.plus(tempo.first_beat);
        }
        let shares = self.state.notebook.class_shares_within(&place);
        let sounding = self.readings.sounding.get(&run.id);
        let stem = sounding.zip(shares).and_then(|(sounding, shares)| sounding.stem(&shares));
        let reading = Reading { start: place.start, end: place.end, sound: sound.played_by(stem) };
        self.state.reading = Some(reading.clone());
        self.changed = true;
        Some(reading)
    }
}

#[cfg(test)]
#[path = "readings_tests.rs"]
mod tests;
