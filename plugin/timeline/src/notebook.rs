//! The notebook: everything a session has learned, in time order.

use crate::clock::RunId;
use crate::mark::Mark;
use crate::settings::Settings;
use crate::tag::ClassSpan;
use crate::units::ProjectTime;
use crate::utterance::{Dropped, ItemId, Origin, Utterance};
use std::ops::Range;

/// What was said, what was heard and what was marked; every list is in time order, spans do not overlap.
///
/// Machines write through [`Notebook::settle`], [`Notebook::hear`] and [`Notebook::supersede`], none of
/// which touches what a person made.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Notebook {
    settings: Settings,
    utterances: Vec<Utterance>,
    spans: Vec<ClassSpan>,
    marks: Vec<Mark>,
    dropped: Vec<Dropped>,
    missed: Vec<Range<ProjectTime>>,
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
    /// The marks, in any order.
    pub marks: Vec<Mark>,
    /// What was dropped, in any order.
    pub dropped: Vec<Dropped>,
    /// What was played and never heard, in any order.
    pub missed: Vec<Range<ProjectTime>>,
}

impl Notebook {
    /// Builds a notebook from its lists, putting them in order. Later spans win where spans overlap.
    pub fn from_parts(parts: Parts) -> Self {
        let Parts { settings, mut utterances, mut spans, mut marks, mut dropped, missed } = parts;
        utterances.sort_by_key(|utterance| (utterance.start, utterance.id));
        marks.sort_by_key(|mark| (mark.start, mark.id));
        dropped.sort_by_key(|dropped| dropped.start);
        spans.sort_by_key(|span| span.start);
        let ids = utterances.iter().map(|utterance| utterance.id).chain(marks.iter().map(|mark| mark.id));
        let last_id = ids.map(|id| id.0).max().unwrap_or(0);
        let mut notebook = Self { settings, utterances, marks, dropped, last_id, ..Self::default() };
        for span in spans {
            notebook.hear(span);
        }
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

    /// What was heard, by start, without overlaps.
    pub fn spans(&self) -> &[ClassSpan] {
        &self.spans
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

    /// Whether nothing was heard or marked yet.
    pub fn is_empty(&self) -> bool {
        self.utterances.is_empty()
            && self.spans.is_empty()
            && self.marks.is_empty()
            && self.dropped.is_empty()
    }

    /// A name that no piece of this notebook has.
    pub fn fresh_id(&mut self) -> ItemId {
        self.last_id += 1;
        ItemId(self.last_id)
    }

    /// Adds a settled utterance in its place.
    pub fn settle(&mut self, utterance: Utterance) {
        self.last_id = self.last_id.max(utterance.id.0);
        let at = self.utterances.partition_point(|other| other.start <= utterance.start);
        self.utterances.insert(at, utterance);
    }

    /// Adds a stretch that left no words in its place.
    pub fn drop_speech(&mut self, dropped: Dropped) {
        let at = self.dropped.partition_point(|other| other.start <= dropped.start);
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

    /// Takes a stretch out of what was missed: it was heard now.
    fn hear_missed(&mut self, heard: &Range<ProjectTime>) {
        let rest = |missed: &Range<ProjectTime>| {
            [missed.start..missed.end.min(heard.start), missed.start.max(heard.end)..missed.end]
        };
        self.missed = self.missed.iter().flat_map(rest).filter(|range| range.start < range.end).collect();
    }

    /// Writes a stretch of the class lane, over whatever was there; neighbours of the same class that
    /// touch it become one with it, their probabilities weighed by length.
    pub fn hear(&mut self, span: ClassSpan) {
        if span.end <= span.start {
            return;
        }
        self.clear_spans(span.start..span.end);
        let at = self.spans.partition_point(|other| other.start < span.start);
        self.spans.insert(at, span);
        self.join_spans(at);
        if at > 0 {
            self.join_spans(at - 1);
        }
    }

    /// Takes out what machines made in `heard` during any run but `run`: the passage was heard again.
    /// An utterance belongs to the passage that holds its middle.
    pub fn supersede(&mut self, heard: &Range<ProjectTime>, run: RunId) {
        self.utterances.retain(|utterance| !is_superseded(utterance, heard, run));
        self.dropped.retain(|dropped| !was_elsewhere(dropped.run, dropped.start, dropped.end, heard, run));
        self.hear_missed(heard);
    }

    /// Whether [`Notebook::supersede`] would take anything out.
    pub fn holds_superseded(&self, heard: &Range<ProjectTime>, run: RunId) -> bool {
        self.utterances.iter().any(|utterance| is_superseded(utterance, heard, run))
            || self.dropped.iter().any(|old| was_elsewhere(old.run, old.start, old.end, heard, run))
            || self.missed.iter().any(|missed| missed.start < heard.end && heard.start < missed.end)
    }

    /// Adds a mark in its place.
    pub fn add_mark(&mut self, mark: Mark) {
        self.last_id = self.last_id.max(mark.id.0);
        let at = self.marks.partition_point(|other| other.start <= mark.start);
        self.marks.insert(at, mark);
    }

    /// Removes a mark and returns it; `None` if there is none of that name.
    pub fn remove_mark(&mut self, id: ItemId) -> Option<Mark> {
        let at = self.marks.iter().position(|mark| mark.id == id)?;
        Some(self.marks.remove(at))
    }

    fn clear_spans(&mut self, range: Range<ProjectTime>) {
        let first = self.spans.partition_point(|span| span.end <= range.start);
        let last = self.spans.partition_point(|span| span.start < range.end).max(first);
        let head = self.spans[first..last].first().filter(|span| span.start < range.start).copied();
        let tail = self.spans[first..last].last().filter(|span| span.end > range.end).copied();
        let head = head.map(|span| ClassSpan { end: range.start, ..span });
        let tail = tail.map(|span| ClassSpan { start: range.end, ..span });
        self.spans.splice(first..last, head.into_iter().chain(tail));
    }

    /// Makes one of the spans `at` and `at + 1` if they touch and agree.
    fn join_spans(&mut self, at: usize) {
        let (Some(left), Some(right)) = (self.spans.get(at), self.spans.get(at + 1)) else { return };
        if left.end != right.start || left.class != right.class {
            return;
        }
        let length = |span: &ClassSpan| span.end.minus(span.start).seconds();
        let (a, b) = (length(left), length(right));
        let probability = (f64::from(left.probability) * a + f64::from(right.probability) * b) / (a + b);
        let joined = ClassSpan { end: right.end, probability: probability as f32, ..*left };
        self.spans.splice(at..=at + 1, [joined]);
    }
}

fn is_superseded(utterance: &Utterance, heard: &Range<ProjectTime>, run: RunId) -> bool {
    utterance.origin == Origin::Machine
        && was_elsewhere(utterance.run, utterance.start, utterance.end, heard, run)
}

/// Whether a stretch of another run has its middle in what `run` heard.
fn was_elsewhere(
    of: Option<RunId>,
    start: ProjectTime,
    end: ProjectTime,
    heard: &Range<ProjectTime>,
    run: RunId,
) -> bool {
    let middle = ProjectTime::from_ticks(start.ticks().midpoint(end.ticks()));
    of != Some(run) && heard.contains(&middle)
}

#[cfg(test)]
#[path = "notebook_tests.rs"]
mod tests;
