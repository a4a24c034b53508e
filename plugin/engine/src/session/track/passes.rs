//! A passage heard again: the new pass takes the old one's place as it settles.

use super::Track;
use super::tickets::Matter;
use crate::session::annotate::times;
use crate::session::ear::Ear;
use earmark_timeline::clock::Run;
use earmark_timeline::units::ProjectTime;
use std::ops::Range;

/// What waits for less than this long is being listened to, and not behind: 2 s of 16 kHz samples, about
/// what a phrase takes to end and to be decoded.
const LEAST_BEHIND: u64 = 2 * 16_000;

/// How far a run has replaced what was there before.
#[derive(Clone, Copy)]
pub(super) struct Pass {
    pub(super) run: Run,
    pub(super) settled: u64,
    /// Where it ended, once it has.
    pub(super) end: Option<u64>,
}

impl Track {
    /// What was taken in and is not worked off.
    pub(super) fn backlog(&self) -> Vec<Range<ProjectTime>> {
        let stretch = |pass: &Pass| {
            let until = pass.end.or(self.ear_of(&pass.run).map(Ear::heard))?;
            (pass.settled + LEAST_BEHIND < until).then(|| times(&pass.run, &(pass.settled..until)))
        };
        self.passes.iter().filter_map(stretch).collect()
    }

    /// All that a run has come by so far.
    pub(super) fn stretch_of(&self, pass: &Pass) -> Range<ProjectTime> {
        let until = pass.end.or(self.ear_of(&pass.run).map(Ear::heard));
        times(&pass.run, &(0..until.unwrap_or(pass.settled)))
    }

    pub(super) fn ear_of(&self, run: &Run) -> Option<&Ear> {
        let ears = self.closed.iter().chain(&self.open).map(|open| &open.ear);
        ears.into_iter().find(|ear| ear.run().id == run.id)
    }

    /// Takes out what earlier passes left where a run has settled what it heard.
    pub(super) fn supersede(&mut self) {
        for index in 0..self.passes.len() {
            let Pass { run, settled, end } = self.passes[index];
            let waiting = self.tickets.values().filter(|ticket| ticket.run.id == run.id);
            let first_open = waiting.filter_map(|ticket| match &ticket.matter {
                Matter::Speech(segment) => Some(segment.speech.start),
                _ => None,
            });
            let decided = end.or(self.ear_of(&run).map(Ear::decided)).unwrap_or(settled);
            let until = first_open.min().unwrap_or(decided).min(decided).max(settled);
            let again = times(&run, &(settled..until));
            // Asked first, because writing copies a notebook that somebody looks at.
            if self.state.notebook.holds_superseded(&again, run.id) {
                self.write(|notebook| notebook.supersede(&again, run.id));
            }
            self.passes[index].settled = until;
        }
        let over = |pass: &mut Pass| pass.end.is_some_and(|end| pass.settled >= end);
        for pass in self.passes.extract_if(.., over).collect::<Vec<_>>() {
            let heard = self.stretch_of(&pass);
            if self.state.notebook.holds_divided(&heard, pass.run.id) {
                self.write(|notebook| notebook.divide(&heard, pass.run.id));
            }
            if self.state.notebook.versions().iter().any(|version| version.by == Some(pass.run.id)) {
                self.write(|notebook| notebook.forget_repeated_version(pass.run.id));
            }
        }
    }
}
