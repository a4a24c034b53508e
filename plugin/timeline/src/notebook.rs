//! The notebook: everything a session has learned, in time order.

pub(crate) mod lane;
mod marked;
mod passes;

pub use marked::{APART, Finding};

use crate::course::{LoudnessSpan, RoleSpan};
use crate::mark::Mark;
use crate::meter::TempoMap;
use crate::settings::Settings;
use crate::sound::Reading;
use crate::tag::ClassSpan;
use crate::units::ProjectTime;
use crate::utterance::{Dropped, ItemId, Utterance};
use crate::version::Version;
use lane::{Lane, Lanes};
use std::ops::Range;

/// What was said, what was heard and what was marked; every list is in time order, spans do not overlap.
///
/// Machines write through [`Notebook::settle`], [`Notebook::hear`] and its likes, [`Notebook::set_mark`] and
/// [`Notebook::supersede`], none of which touches what a person made or chose; persons write through [`Notebook::edit`](crate::edit).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Notebook {
    settings: Settings,
    utterances: Vec<Utterance>,
    pub(crate) lanes: Lanes,
    marks: Vec<Mark>,
    dropped: Vec<Dropped>,
    missed: Vec<Range<ProjectTime>>,
    versions: Vec<Version>,
    tempo: TempoMap,
    reading: Option<Reading>,
    last_id: u64,
}

/// The lists of a notebook, for the archive to write down and to bring back.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parts {
    /// The settings.
    pub settings: Settings,
    /// The utterances, in any order.
    pub utterances: Vec<Utterance>,
    /// The class spans, in any order.
    pub spans: Vec<ClassSpan>,
    /// What plays, in any order.
    pub roles: Vec<RoleSpan>,
    /// How loud it is, in any order.
    pub loudness: Vec<LoudnessSpan>,
    /// The marks, in any order.
    pub marks: Vec<Mark>,
    /// What was dropped, in any order.
    pub dropped: Vec<Dropped>,
    /// What was played and never heard, in any order.
    pub missed: Vec<Range<ProjectTime>>,
    /// What later passes took the place of, oldest first.
    pub versions: Vec<Version>,
    /// Where the host's bars lie.
    pub tempo: TempoMap,
    /// What was measured of what was played.
    pub reading: Option<Reading>,
}

impl Notebook {
    /// Builds a notebook from its lists, putting them in order. Later spans win where spans overlap.
    pub fn from_parts(parts: Parts) -> Self {
        let Parts {
            settings,
            mut utterances,
            spans,
            roles,
            loudness,
            mut marks,
            mut dropped,
            missed,
            versions,
            tempo,
            reading,
        } = parts;
        utterances.sort_by_key(|utterance| (utterance.start, utterance.id));
        marks.sort_by_key(|mark| (mark.start, mark.id));
        dropped.sort_by_key(|dropped| (dropped.start, dropped.end));
        let past = versions.iter().flat_map(|version| &version.utterances);
        let ids = utterances.iter().chain(past).map(|utterance| utterance.id);
        let ids =
            ids.chain(marks.iter().map(|mark| mark.id)).chain(versions.iter().map(|version| version.id));
        let last_id = ids.map(|id| id.0).max().unwrap_or(0);
        let lanes = Lanes { classes: Lane::of(spans), roles: Lane::of(roles), loudness: Lane::of(loudness) };
        let mut notebook = Self {
            settings,
            utterances,
            lanes,
            marks,
            dropped,
            versions,
            tempo,
            reading,
            last_id,
            ..Self::default()
        };
        for range in missed {
            notebook.miss(range);
        }
        notebook
    }

    /// The session's settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Replaces the session's settings.
    pub fn set_settings(&mut self, settings: Settings) {
        self.settings = settings;
    }

    /// What was said, by start.
    pub fn utterances(&self) -> &[Utterance] {
        &self.utterances
    }

    /// The marks, by start.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// What sounded like speech and left no words, by start.
    pub fn dropped(&self) -> &[Dropped] {
        &self.dropped
    }

    /// What was played and never heard, because the listener could not keep up; by start, apart from each other.
    pub fn missed(&self) -> &[Range<ProjectTime>] {
        &self.missed
    }

    /// What later passes took the place of, oldest first.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// Where the host's bars lie, as far as it told.
    pub const fn tempo(&self) -> &TempoMap {
        &self.tempo
    }

    /// The same, to write down what the host tells.
    pub const fn tempo_mut(&mut self) -> &mut TempoMap {
        &mut self.tempo
    }

    /// What was measured of what was played.
    pub const fn reading(&self) -> Option<&Reading> {
        self.reading.as_ref()
    }

    /// Whether [`Notebook::measure`] would keep it.
    pub fn wants(&self, reading: &Reading) -> bool {
        self.reading.as_ref().is_none_or(|kept| kept != reading && reading.is_worth(kept))
    }

    /// Keeps what was measured of a passage in place of what is kept, unless that is of one more than twice as long.
    pub fn measure(&mut self, reading: Reading) {
        if self.wants(&reading) {
            self.reading = Some(reading);
        }
    }

    /// Whether nothing was heard or marked yet.
    pub fn is_empty(&self) -> bool {
        self.utterances.is_empty()
            && self.spans().is_empty()
            && self.marks.is_empty()
            && self.dropped.is_empty()
    }

    /// A name that no piece of this notebook has.
    pub fn fresh_id(&mut self) -> ItemId {
        self.last_id += 1;
        ItemId(self.last_id)
    }

    /// Has this notebook give no name that `other` has given.
    pub(crate) fn reserve_ids(&mut self, other: &Self) {
        self.last_id = self.last_id.max(other.last_id);
    }

    /// Adds a stretch that left no words in its place, which is the same whenever it comes.
    pub fn drop_speech(&mut self, dropped: Dropped) {
        let place = (dropped.start, dropped.end);
        let at = self.dropped.partition_point(|other| (other.start, other.end) <= place);
        self.dropped.insert(at, dropped);
    }

    /// Notes that a stretch was played and never heard; stretches that touch become one.
    pub fn miss(&mut self, mut range: Range<ProjectTime>) {
        if range.end <= range.start {
            return;
        }
        let first = self.missed.partition_point(|other| other.end < range.start);
        let last = self.missed.partition_point(|other| other.start <= range.end).max(first);
        if let (Some(near), Some(far)) = (self.missed[first..last].first(), self.missed[first..last].last()) {
            range = range.start.min(near.start)..range.end.max(far.end);
        }
        self.missed.splice(first..last, [range]);
    }

    /// Puts an utterance in its place, whatever is there.
    pub(crate) fn insert_utterance(&mut self, utterance: Utterance) {
        self.last_id = self.last_id.max(utterance.id.0);
        let place = (utterance.start, utterance.id);
        let at = self.utterances.partition_point(|other| (other.start, other.id) <= place);
        self.utterances.insert(at, utterance);
    }

    /// Puts a mark in its place.
    pub(crate) fn insert_mark(&mut self, mark: Mark) {
        self.last_id = self.last_id.max(mark.id.0);
        let at = self.marks.partition_point(|other| (other.start, other.id) <= (mark.start, mark.id));
        self.marks.insert(at, mark);
    }

    /// Puts a version back in the order of their names, which is that of time.
    pub(crate) fn insert_version(&mut self, version: Version) {
        self.last_id = self.last_id.max(version.id.0);
        let at = self.versions.partition_point(|other| other.id <= version.id);
        self.versions.insert(at, version);
    }

    /// Takes an utterance out; `None` if there is none of that name.
    pub(crate) fn take_utterance(&mut self, id: ItemId) -> Option<Utterance> {
        let at = self.utterances.iter().position(|other| other.id == id)?;
        Some(self.utterances.remove(at))
    }

    /// Takes a mark out; `None` if there is none of that name.
    pub(crate) fn take_mark(&mut self, id: ItemId) -> Option<Mark> {
        let at = self.marks.iter().position(|other| other.id == id)?;
        Some(self.marks.remove(at))
    }

    /// Takes a version out; `None` if there is none of that name.
    pub(crate) fn take_version(&mut self, id: ItemId) -> Option<Version> {
        let at = self.versions.iter().position(|other| other.id == id)?;
        Some(self.versions.remove(at))
    }

    /// Takes exactly this stretch out of what was missed; says whether it was there.
    pub(crate) fn take_missed(&mut self, range: &Range<ProjectTime>) -> bool {
        let at = self.missed.iter().position(|other| other == range);
        at.map(|at| self.missed.remove(at)).is_some()
    }

    /// Takes out what was dropped at exactly that place; `None` if nothing was.
    pub(crate) fn take_dropped(&mut self, place: &Range<ProjectTime>) -> Option<Dropped> {
        let at =
            self.dropped.iter().position(|other| other.start == place.start && other.end == place.end)?;
        Some(self.dropped.remove(at))
    }
}

#[cfg(test)]
#[path = "notebook_tests.rs"]
mod tests;
