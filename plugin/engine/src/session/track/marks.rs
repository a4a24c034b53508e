//! What rules find, on its way into the notebook.

use super::Track;
use crate::hear::Found;
use crate::infer::classify::CrowdScores;
use crate::session::annotate::times;
use earmark_timeline::clock::Run;
use earmark_timeline::notebook::Finding;
use earmark_timeline::units::FramePos;

/// Samples of a run's 16 kHz stream in a millisecond.
const MS_SAMPLES: u64 = 16;

impl Track {
    /// Marks what rules found in a run.
    pub(super) fn mark(&mut self, run: &Run, found: Vec<Found>) {
        for (rule, place) in found {
            let place = times(run, &(place.start * MS_SAMPLES..place.end * MS_SAMPLES));
            let since = run.time_from_model(FramePos(0));
            let finding = Finding { rule, place, run: run.id, since };
            // Asked first, because writing copies a notebook that somebody looks at.
            if self.state.notebook.has_room_for(&finding) {
                self.write(|notebook| notebook.set_mark(&finding));
            }
        }
    }

    /// Takes in what was heard of a crowd from a sample of a run on.
    pub(super) fn hear_crowd(&mut self, run: &Run, start: u64, scores: &[CrowdScores]) {
        let rules = &self.state.notebook.settings().rules;
        let found = self.readings.crowds.entry(run.id).or_default().hear(start, scores, rules);
        self.mark(run, found);
    }

    /// Takes note that nothing more is heard in a run.
    pub(super) fn end_crowd(&mut self, run: &Run) {
        let Some(crowd) = self.readings.crowds.remove(&run.id) else { return };
        let found = crowd.end(&self.state.notebook.settings().rules);
        self.mark(run, found);
    }
}

#[cfg(test)]
#[path = "marks_tests.rs"]
mod tests;
