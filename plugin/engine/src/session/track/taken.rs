//! What was heard of recordings, on its way into the notebook.

use super::Track;
use crate::session::{Stage, Taken};
use earmark_timeline::clock::RunId;
use earmark_timeline::edit::{Edit, Recording};
use earmark_timeline::overview::Overview;
use earmark_timeline::units::ProjectTime;
use std::ops::Range;
use std::sync::Arc;

/// Recordings that wait for their turn, and the waveforms of those that had it.
#[derive(Default)]
pub(super) struct Recordings {
    waiting: Vec<Taken>,
    waves: Vec<(RunId, Overview)>,
    /// The waveform of what was played.
    pub(super) played: Overview,
}

impl Recordings {
    pub(super) fn push(&mut self, taken: Taken) {
        self.waiting.push(taken);
    }

    /// Forgets what could be taken back; `shown` is all that there is from now on.
    pub(super) fn keep(&mut self, shown: &Overview) {
        self.waves.clear();
        self.played = shown.clone();
    }
}

impl Track {
    /// Puts recordings into the notebook, as one step each, unless something is being played at their place: what
    /// is said there would settle among their words.
    pub(super) fn put_in_recordings(&mut self) {
        for taken in std::mem::take(&mut self.recordings.waiting) {
            if !taken.is_wanted(self.state.restored) {
                self.changed = true;
            } else if self.passes_over(&taken.place) {
                taken.reach(Stage::Waiting);
                self.recordings.push(taken);
            } else {
                self.put_in(taken);
            }
        }
    }

    fn put_in(&mut self, taken: Taken) {
        let run = RunId(self.runs);
        self.runs += 1;
        let (place, notebook) = (taken.place.clone(), Arc::clone(&taken.notebook));
        let words = notebook.utterances().iter().map(|utterance| utterance.words.len()).sum();
        self.edit(&Edit::TakeIn(Arc::new(Recording { place, run, notebook })));
        self.recordings.waves.push((run, taken.overview.clone()));
        self.redraw();
        self.state.usage.add(&taken.usage);
        taken.reach(Stage::Done(words));
    }

    /// Carries out what a person wants changed.
    pub(super) fn edit(&mut self, edit: &Edit) {
        // What was taken back cannot be done again after it.
        let gone: Vec<_> = self.history.taken_back().collect();
        let mut done = Ok(());
        self.change(|history, notebook| {
            done = history.edit(notebook, edit);
            done.is_ok()
        });
        if done.is_ok() {
            self.recordings.waves.retain(|(run, _)| !gone.contains(run));
        }
        self.state.status.notice = done.err().map(|error| error.to_string());
    }

    /// Shows the waveforms of what was played and of the recordings that were not taken back.
    pub(super) fn redraw(&mut self) {
        if self.recordings.waves.is_empty() {
            return;
        }
        let gone: Vec<_> = self.history.taken_back().collect();
        let mut overview = self.recordings.played.clone();
        for (_, wave) in self.recordings.waves.iter().filter(|(run, _)| !gone.contains(run)) {
            overview.absorb(wave);
        }
        self.state.overview = overview;
        self.changed = true;
    }

    /// Whether a run whose passage is not all settled has come by `place`.
    fn passes_over(&self, place: &Range<ProjectTime>) -> bool {
        let stretches = self.passes.iter().map(|pass| self.stretch_of(pass));
        stretches.into_iter().any(|stretch| stretch.start < place.end && place.start < stretch.end)
    }
}

#[cfg(test)]
#[path = "taken_tests.rs"]
mod tests;
