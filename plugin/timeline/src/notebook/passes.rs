//! A passage heard again: machines take the place of machines, and of nobody else.

use super::Notebook;
use crate::clock::RunId;
use crate::edit::Recording;
use crate::mark::Mark;
use crate::units::ProjectTime;
use crate::utterance::{Dropped, Utterance, Word};
use crate::version::Version;
use std::ops::Range;

/// How many words former passes may hold together: those of four hours of talk at 165 words a minute. The
/// oldest pass goes first.
const MOST_PAST_WORDS: usize = 40_000;

impl Notebook {
    /// Adds what a machine heard in its place, without the words that fall into what a person made or
    /// chose: there the person's stand. What is left may be two pieces, or nothing.
    pub fn settle(&mut self, utterance: Utterance) {
        for piece in self.beside_the_persons(utterance) {
            self.insert_utterance(piece);
        }
    }

    /// Takes out what machines made in `heard` during any run but `run`: the passage was heard again. The
    /// words are kept as a [`Version`], one for each run that replaces. An utterance belongs to the passage
    /// that holds its middle, until [`Notebook::divide`].
    pub fn supersede(&mut self, heard: &Range<ProjectTime>, run: RunId) {
        let gone = |utterance: &mut Utterance| is_superseded(utterance, heard, run);
        let past: Vec<_> = self.utterances.extract_if(.., gone).collect();
        self.dropped.retain(|dropped| !was_elsewhere(dropped.run, dropped.start, dropped.end, heard, run));
        self.marks.retain(|mark| !is_remarked(mark, heard, run));
        self.hear_missed(heard);
        self.keep_past(past, heard, run);
    }

    /// Writes what was heard of a recording in its place, as if it had been played there.
    pub(crate) fn take_in(&mut self, recording: &Recording) {
        let Recording { place, run, notebook } = recording;
        // Nothing is said twice where the recording begins or ends in the middle of something.
        let reaches_in = |old: &mut Utterance| {
            let overlaps = |new: &Utterance| old.start < new.end && new.start < old.end;
            old.origin.yields() && notebook.utterances().iter().any(overlaps)
        };
        let past = self.utterances.extract_if(.., reaches_in).collect();
        self.keep_past(past, place, *run);
        self.supersede(place, *run);
        for utterance in notebook.utterances() {
            let id = self.fresh_id();
            self.settle(Utterance { id, run: Some(*run), ..utterance.clone() });
        }
        for dropped in notebook.dropped() {
            self.drop_speech(Dropped { run: Some(*run), ..dropped.clone() });
        }
        for mark in notebook.marks() {
            let id = self.fresh_id();
            self.insert_mark(Mark { id, run: Some(*run), ..mark.clone() });
        }
        for span in notebook.spans() {
            self.hear(*span);
        }
        // Where it is not sure what plays there is no stretch to write over the old one.
        self.hear_role(place.clone(), None);
        for span in notebook.roles() {
            self.hear_role(span.start..span.end, Some((span.role, span.probability)));
        }
        for span in notebook.loudness() {
            self.hear_loudness(*span);
        }
    }

    /// Whether [`Notebook::supersede`] would take anything out.
    pub fn holds_superseded(&self, heard: &Range<ProjectTime>, run: RunId) -> bool {
        self.utterances.iter().any(|utterance| is_superseded(utterance, heard, run))
            || self.dropped.iter().any(|old| was_elsewhere(old.run, old.start, old.end, heard, run))
            || self.marks.iter().any(|mark| is_remarked(mark, heard, run))
            || self.missed.iter().any(|missed| missed.start < heard.end && heard.start < missed.end)
    }

    /// Divides what lies across a border of `heard`, now that `run` is over and has heard no more: words within, by
    /// their middle, are the former pass's, and words beside it stay.
    pub fn divide(&mut self, heard: &Range<ProjectTime>, run: RunId) {
        let across = self.utterances.extract_if(.., |utterance| is_across(utterance, heard, run));
        let mut across: Vec<_> = across.collect();
        let reaches_out = |utterance: &mut Utterance| reaches_out(utterance, heard);
        for version in self.versions.iter_mut().filter(|version| version.by == Some(run)) {
            across.extend(version.utterances.extract_if(.., reaches_out));
        }
        let mut past = Vec::new();
        for utterance in across {
            let is_within = |word: &Word| heard.contains(&word.middle());
            for words in utterance.words.split(is_within) {
                let beside = utterance.piece(self.fresh_id(), words);
                beside.into_iter().for_each(|beside| self.settle(beside));
            }
            let within: Vec<_> = utterance.words.iter().filter(|word| is_within(word)).cloned().collect();
            past.extend(utterance.piece(utterance.id, &within));
        }
        self.keep_past(past, heard, run);
        self.versions.retain(|version| !version.utterances.is_empty());
    }

    /// Whether [`Notebook::divide`] would divide anything.
    pub fn holds_divided(&self, heard: &Range<ProjectTime>, run: RunId) -> bool {
        let mut past = self.versions.iter().filter(|version| version.by == Some(run));
        self.utterances.iter().any(|utterance| is_across(utterance, heard, run))
            || past.any(|version| version.utterances.iter().any(|utterance| reaches_out(utterance, heard)))
    }

    /// Forgets the version that `run`, which is over, took the place of, if the same is said now or in
    /// another version: a loop leaves one version for each different thing that was heard.
    pub fn forget_repeated_version(&mut self, run: RunId) {
        let Some(at) = self.versions.iter().position(|version| version.by == Some(run)) else { return };
        let text = self.versions[at].text();
        let place = self.versions[at].start..self.versions[at].end;
        // Persons' words are in no version.
        let now = self.utterances.iter().filter(|utterance| utterance.origin.yields());
        let now = now.filter(|utterance| place.contains(&utterance.middle()));
        let said_now = text == Version::text_of(now);
        let said_before = self.versions[..at].iter().any(|other| other.text() == text);
        if said_now || said_before {
            self.versions.remove(at);
        }
    }

    fn keep_past(&mut self, past: Vec<Utterance>, heard: &Range<ProjectTime>, run: RunId) {
        if past.is_empty() {
            return;
        }
        let at = self.versions.iter().position(|version| version.by == Some(run));
        let at = at.unwrap_or_else(|| {
            let id = self.fresh_id();
            let fresh =
                Version { id, start: heard.start, end: heard.end, utterances: Vec::new(), by: Some(run) };
            self.versions.push(fresh);
            self.versions.len() - 1
        });
        let version = &mut self.versions[at];
        version.start = version.start.min(heard.start);
        version.end = version.end.max(heard.end);
        version.utterances.extend(past);
        version.utterances.sort_by_key(|utterance| (utterance.start, utterance.id));
        while self.versions.len() > 1
            && self.versions.iter().map(Version::words).sum::<usize>() > MOST_PAST_WORDS
        {
            self.versions.remove(0);
        }
    }

    /// Takes a stretch out of what was missed: it was heard now.
    fn hear_missed(&mut self, heard: &Range<ProjectTime>) {
        let rest = |missed: &Range<ProjectTime>| {
            [missed.start..missed.end.min(heard.start), missed.start.max(heard.end)..missed.end]
        };
        self.missed = self.missed.iter().flat_map(rest).filter(|range| range.start < range.end).collect();
    }

    /// What is left of a machine's utterance beside what persons made or chose.
    pub(crate) fn beside_the_persons(&mut self, utterance: Utterance) -> Vec<Utterance> {
        let near = |other: &&Utterance| {
            !other.origin.yields() && other.start < utterance.end && utterance.start < other.end
        };
        let taken: Vec<_> = self.utterances.iter().filter(near).map(|other| other.start..other.end).collect();
        if taken.is_empty() {
            return vec![utterance];
        }
        let is_taken = |word: &Word| taken.iter().any(|place| place.contains(&word.middle()));
        let (mut pieces, mut id) = (Vec::new(), Some(utterance.id));
        for words in utterance.words.split(is_taken).filter(|words| !words.is_empty()) {
            let id = id.take().unwrap_or_else(|| self.fresh_id());
            pieces.extend(utterance.piece(id, words));
        }
        pieces
    }
}

fn is_superseded(utterance: &Utterance, heard: &Range<ProjectTime>, run: RunId) -> bool {
    utterance.origin.yields() && was_elsewhere(utterance.run, utterance.start, utterance.end, heard, run)
}

/// Whether a machine's utterance of another run has words in `heard`, although it belongs elsewhere.
fn is_across(utterance: &Utterance, heard: &Range<ProjectTime>, run: RunId) -> bool {
    utterance.origin.yields()
        && utterance.run != Some(run)
        && utterance.words.iter().any(|word| heard.contains(&word.middle()))
}

/// Whether a former pass's utterance has words that were not heard again.
fn reaches_out(utterance: &Utterance, heard: &Range<ProjectTime>) -> bool {
    utterance.words.iter().any(|word| !heard.contains(&word.middle()))
}

fn is_remarked(mark: &Mark, heard: &Range<ProjectTime>, run: RunId) -> bool {
    mark.origin.yields() && was_elsewhere(mark.run, mark.start, mark.end, heard, run)
}

/// Whether a stretch of another run has its middle in what `run` heard.
fn was_elsewhere(
    of: Option<RunId>,
    start: ProjectTime,
    end: ProjectTime,
    heard: &Range<ProjectTime>,
    run: RunId,
) -> bool {
    of != Some(run) && heard.contains(&start.middle(end))
}
