//! Lanes: stretches that never overlap, of classes of sound, of what plays and of how loud it is.

use super::Notebook;
use crate::course::{LoudnessSpan, RoleSpan};
use crate::sound::Role;
use crate::tag::{ClassSpan, SoundClass};
use crate::units::ProjectTime;
use std::ops::{Deref, Range};

/// A stretch of a lane.
pub(crate) trait Stretch: Copy + PartialEq {
    /// Where it starts and ends.
    fn place(&self) -> Range<ProjectTime>;
    /// What it says, of another place.
    fn at(self, place: Range<ProjectTime>) -> Self;
    /// Both as one if they say the same; `next` starts where this ends.
    fn joined(self, next: Self) -> Option<Self>;
}

/// Stretches by start, none over another.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Lane<S>(Vec<S>);

/// The lanes of a notebook.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Lanes {
    pub(crate) classes: Lane<ClassSpan>,
    pub(crate) roles: Lane<RoleSpan>,
    pub(crate) loudness: Lane<LoudnessSpan>,
}

impl<S> Default for Lane<S> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<S> Deref for Lane<S> {
    type Target = [S];

    fn deref(&self) -> &[S] {
        &self.0
    }
}

impl<S: Stretch> Lane<S> {
    /// Writes stretches in any order; later ones win where they overlap.
    pub(super) fn of(mut stretches: Vec<S>) -> Self {
        stretches.sort_by_key(|stretch| stretch.place().start);
        let mut lane = Self::default();
        stretches.into_iter().for_each(|stretch| lane.write(stretch));
        lane
    }

    /// Writes a stretch over whatever was there; neighbours that touch it and say the same become one with it.
    pub(super) fn write(&mut self, stretch: S) {
        let place = stretch.place();
        if place.end <= place.start {
            return;
        }
        self.clear(&place);
        let at = self.0.partition_point(|other| other.place().start < place.start);
        self.0.insert(at, stretch);
        self.join(at);
        if at > 0 {
            self.join(at - 1);
        }
    }

    /// Takes out what lies in `range`.
    pub(super) fn clear(&mut self, range: &Range<ProjectTime>) {
        let first = self.0.partition_point(|stretch| stretch.place().end <= range.start);
        let last = self.0.partition_point(|stretch| stretch.place().start < range.end).max(first);
        let head = self.0[first..last].first().filter(|stretch| stretch.place().start < range.start);
        let tail = self.0[first..last].last().filter(|stretch| stretch.place().end > range.end);
        let head = head.map(|stretch| stretch.at(stretch.place().start..range.start));
        let tail = tail.map(|stretch| stretch.at(range.end..stretch.place().end));
        self.0.splice(first..last, head.into_iter().chain(tail));
    }

    /// Takes exactly this stretch out; says whether it was there.
    pub(crate) fn take(&mut self, stretch: &S) -> bool {
        let start = stretch.place().start;
        let at = self.0.partition_point(|other| other.place().start < start);
        let is_there = self.0.get(at) == Some(stretch);
        if is_there {
            self.0.remove(at);
        }
        is_there
    }

    /// Puts a stretch back where the lane is empty; says whether it is.
    pub(crate) fn insert(&mut self, stretch: S) -> bool {
        let place = stretch.place();
        let at = self.0.partition_point(|other| other.place().end <= place.start);
        let is_free = self.0.get(at).is_none_or(|next| next.place().start >= place.end);
        if is_free {
            self.0.insert(at, stretch);
        }
        is_free
    }

    /// Makes one of the stretches `at` and `at + 1` if they touch and agree.
    fn join(&mut self, at: usize) {
        let (Some(left), Some(right)) = (self.0.get(at), self.0.get(at + 1)) else { return };
        if left.place().end == right.place().start
            && let Some(both) = left.joined(*right)
        {
            self.0.splice(at..=at + 1, [both]);
        }
    }
}

impl Stretch for ClassSpan {
    fn place(&self) -> Range<ProjectTime> {
        self.start..self.end
    }

    fn at(self, Range { start, end }: Range<ProjectTime>) -> Self {
        Self { start, end, ..self }
    }

    fn joined(self, next: Self) -> Option<Self> {
        let probability = mean([(self.place(), self.probability), (next.place(), next.probability)]);
        (self.class == next.class).then_some(Self { end: next.end, probability, ..self })
    }
}

impl Stretch for RoleSpan {
    fn place(&self) -> Range<ProjectTime> {
        self.start..self.end
    }

    fn at(self, Range { start, end }: Range<ProjectTime>) -> Self {
        Self { start, end, ..self }
    }

    fn joined(self, next: Self) -> Option<Self> {
        let probability = mean([(self.place(), self.probability), (next.place(), next.probability)]);
        (self.role == next.role).then_some(Self { end: next.end, probability, ..self })
    }
}

impl Stretch for LoudnessSpan {
    fn place(&self) -> Range<ProjectTime> {
        self.start..self.end
    }

    fn at(self, Range { start, end }: Range<ProjectTime>) -> Self {
        Self { start, end, ..self }
    }

    /// Equal seconds stay apart: as many numbers of one length are smaller than stretches of many lengths.
    fn joined(self, _next: Self) -> Option<Self> {
        None
    }
}

/// The mean of two probabilities, weighed by how long each counts.
fn mean(parts: [(Range<ProjectTime>, f32); 2]) -> f32 {
    let [(a, left), (b, right)] =
        parts.map(|(place, probability)| (place.end.minus(place.start).seconds(), f64::from(probability)));
    ((left * a + right * b) / (a + b)) as f32
}

impl Notebook {
    /// Writes a stretch of the class lane, over whatever was there; neighbours of the same class that
    /// touch it become one with it, their probabilities weighed by length.
    pub fn hear(&mut self, span: ClassSpan) {
        self.lanes.classes.write(span);
    }

    /// Writes what plays in a stretch and how probable that is, or that it is not sure, in the same way.
    pub fn hear_role(&mut self, place: Range<ProjectTime>, heard: Option<(Role, f32)>) {
        match heard {
            Some((role, probability)) => {
                self.lanes.roles.write(RoleSpan { start: place.start, end: place.end, role, probability });
            }
            None => self.lanes.roles.clear(&place),
        }
    }

    /// Writes how loud a stretch is, over whatever was there.
    pub fn hear_loudness(&mut self, span: LoudnessSpan) {
        self.lanes.loudness.write(span);
    }

    /// What was heard, by start, without overlaps.
    pub fn spans(&self) -> &[ClassSpan] {
        &self.lanes.classes
    }

    /// What plays, by start, without overlaps; a stretch is left out where that is not sure.
    pub fn roles(&self) -> &[RoleSpan] {
        &self.lanes.roles
    }

    /// How loud it is, by start, without overlaps.
    pub fn loudness(&self) -> &[LoudnessSpan] {
        &self.lanes.loudness
    }

    /// How much of what was heard each of [`SoundClass::ALL`] fills, from 0 to 1; `None` if nothing was.
    pub fn class_shares(&self) -> Option<[f64; SoundClass::ALL.len()]> {
        self.class_shares_within(&(ProjectTime::from_ticks(i64::MIN)..ProjectTime::from_ticks(i64::MAX)))
    }

    /// The same of what was heard in a stretch.
    pub fn class_shares_within(&self, stretch: &Range<ProjectTime>) -> Option<[f64; SoundClass::ALL.len()]> {
        let spans = self.spans();
        let first = spans.partition_point(|span| span.end <= stretch.start);
        let last = spans.partition_point(|span| span.start < stretch.end).max(first);
        let mut lengths = [ProjectTime::ZERO; SoundClass::ALL.len()];
        for span in &spans[first..last] {
            let inside = span.end.min(stretch.end).minus(span.start.max(stretch.start));
            let length = &mut lengths[span.class as usize];
            *length = length.plus(inside);
        }
        let lengths = lengths.map(ProjectTime::seconds);
        let all: f64 = lengths.iter().sum();
        (all > 0.0).then(|| lengths.map(|length| length / all))
    }

    /// Where a class that is not silence begins nearest to `time`, if one does within `reach` of it.
    pub fn sound_begins_near(&self, time: ProjectTime, reach: ProjectTime) -> Option<ProjectTime> {
        let spans = self.spans();
        let first = spans.partition_point(|span| span.start < time.minus(reach));
        let last = spans.partition_point(|span| span.start <= time.plus(reach)).max(first);
        let sounds = spans[first..last].iter().filter(|span| span.class != SoundClass::Silence);
        sounds.map(|span| span.start).min_by_key(|start| start.minus(time).ticks().abs())
    }
}
