//! The class lane: stretches of one class that never overlap.

use super::Notebook;
use crate::tag::{ClassSpan, SoundClass};
use crate::units::ProjectTime;
use std::ops::Range;

impl Notebook {
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

    /// Takes exactly this stretch out of the lane; says whether it was there.
    pub(crate) fn take_span(&mut self, span: &ClassSpan) -> bool {
        let at = self.spans.iter().position(|other| other == span);
        at.map(|at| self.spans.remove(at)).is_some()
    }

    /// Puts a stretch back where the lane is empty; says whether it is.
    pub(crate) fn insert_span(&mut self, span: ClassSpan) -> bool {
        let at = self.spans.partition_point(|other| other.end <= span.start);
        let is_free = self.spans.get(at).is_none_or(|next| next.start >= span.end);
        if is_free {
            self.spans.insert(at, span);
        }
        is_free
    }

    /// How much of what was heard each of [`SoundClass::ALL`] fills, from 0 to 1; `None` if nothing was.
    pub fn class_shares(&self) -> Option<[f64; SoundClass::ALL.len()]> {
        self.class_shares_within(&(ProjectTime::from_ticks(i64::MIN)..ProjectTime::from_ticks(i64::MAX)))
    }

    /// The same of what was heard in a stretch.
    pub fn class_shares_within(&self, stretch: &Range<ProjectTime>) -> Option<[f64; SoundClass::ALL.len()]> {
        let first = self.spans.partition_point(|span| span.end <= stretch.start);
        let last = self.spans.partition_point(|span| span.start < stretch.end).max(first);
        let mut lengths = [ProjectTime::ZERO; SoundClass::ALL.len()];
        for span in &self.spans[first..last] {
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
        let first = self.spans.partition_point(|span| span.start < time.minus(reach));
        let last = self.spans.partition_point(|span| span.start <= time.plus(reach)).max(first);
        let sounds = self.spans[first..last].iter().filter(|span| span.class != SoundClass::Silence);
        sounds.map(|span| span.start).min_by_key(|start| start.minus(time).ticks().abs())
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
