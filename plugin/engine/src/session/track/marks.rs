//! What rules find, on its way into the notebook.

use super::Track;
use crate::hear::Found;
use crate::session::annotate::times;
use earmark_timeline::clock::Run;
use earmark_timeline::notebook::Finding;
use earmark_timeline::rule::Rule;
use earmark_timeline::units::{FramePos, ProjectTime};

/// Samples of a run's 16 kHz stream in a millisecond.
const MS_SAMPLES: u64 = 16;

/// A section is found to a second.
const SNAP: ProjectTime = ProjectTime::from_ticks(ProjectTime::TICKS_PER_SECOND);

impl Track {
    /// Marks what rules found in a run.
    pub(super) fn mark(&mut self, run: &Run, found: Vec<Found>) {
        for (rule, place) in found {
            let mut place = times(run, &(place.start * MS_SAMPLES..place.end * MS_SAMPLES));
            if rule == Rule::Section {
                let start = self.border_near(place.start);
                place = start..start;
            }
            let since = run.time_from_model(FramePos(0));
            let finding = Finding { rule, place, run: run.id, since };
            // Asked first, because writing copies a notebook that somebody looks at.
            if self.state.notebook.has_room_for(&finding) {
                self.write(|notebook| notebook.set_mark(&finding));
            }
        }
    }

    /// Where a section begins that was found at a time: with the bar, if the host told of bars, or else where another
    /// class of sound begins.
    fn border_near(&self, found: ProjectTime) -> ProjectTime {
        let notebook = &self.state.notebook;
        let bar = notebook.tempo().bar_near(found, SNAP);
        bar.or_else(|| notebook.sound_begins_near(found, SNAP)).unwrap_or(found)
    }
}

#[cfg(test)]
#[path = "marks_tests.rs"]
mod tests;
