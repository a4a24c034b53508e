//! Where the rows are. A row's height is guessed from its letters until it comes near the view and is laid
//! out; what is in view never moves because of it.

use crate::theme::size;
use crate::view_model::transcript::{Row, RowId, Transcript};
use egui::Rangef;
use std::ops::Range;
use std::sync::Arc;

/// The rows' heights and the place one has scrolled to.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    of: Option<Arc<Transcript>>,
    width: f32,
    view: f32,
    offset: f32,
    wanted: Option<RowId>,
    heights: Vec<f32>,
    measured: Vec<bool>,
    /// Each row's top, and the end of the last row.
    tops: Vec<f32>,
}

impl Rows {
    /// Scrolls to a row with the next frame, if it is out of view.
    pub(crate) fn reveal(&mut self, id: RowId) {
        self.wanted = Some(id);
    }

    /// Makes the rows right for this frame and returns where to scroll to, if not where one is. The whole
    /// list is gone through only if it or the width changed.
    pub(super) fn prepare(
        &mut self,
        transcript: &Arc<Transcript>,
        width: f32,
        view: f32,
        measure: impl Fn(&Row) -> f32,
    ) -> Option<f32> {
        let before = self.offset;
        self.view = view;
        let same = self.of.as_ref().is_some_and(|of| Arc::ptr_eq(of, transcript)) && self.width == width;
        if !same {
            self.rebuild(transcript, width);
        }
        if let Some(index) = self.wanted.take().and_then(|id| transcript.position(id)) {
            self.measure_near(transcript, index..index + 1, &measure);
            let (top, bottom) = (self.tops[index], self.tops[index + 1]);
            if top < self.offset || bottom > self.offset + view {
                self.offset = top - (view - self.heights[index]) * 0.5;
            }
        }
        self.clamp();
        self.measure_view(transcript, &measure);
        (self.offset != before || !same).then_some(self.offset)
    }

    /// Notes where one has scrolled to; answers whether rows came near that were not laid out yet.
    pub(super) fn scrolled_to(&mut self, offset: f32) -> bool {
        self.offset = offset;
        self.range(Rangef::new(offset, offset + self.view)).any(|index| !self.measured[index])
    }

    /// The height of all rows.
    pub(super) fn total(&self) -> f32 {
        self.tops.last().copied().unwrap_or(0.0)
    }

    /// A row's top, from the first row's.
    pub(super) fn top(&self, index: usize) -> f32 {
        self.tops[index]
    }

    /// A row's height.
    pub(super) fn height(&self, index: usize) -> f32 {
        self.heights[index]
    }

    /// The rows that lie at least partly between two heights.
    pub(super) fn range(&self, y: Rangef) -> Range<usize> {
        let first = self.tops.partition_point(|top| *top <= y.min).saturating_sub(1);
        let last = self.tops.partition_point(|top| *top < y.max).min(self.heights.len());
        first.min(last)..last
    }

    /// Guesses all heights anew and keeps the first row in view where it is, or the end in view if it was.
    fn rebuild(&mut self, transcript: &Arc<Transcript>, width: f32) {
        let at_end = self.of.is_some() && self.offset + self.view >= self.total() - size::HAIRLINE;
        let first = self.range(Rangef::new(self.offset, self.offset + self.view)).start;
        let anchor = self.of.as_ref().filter(|of| first < of.len()).map(|of| of.id(first));
        let into = self.offset - self.tops.get(first).copied().unwrap_or(0.0);

        let letters_a_line = (width / size::LETTER).max(1.0);
        let lines = |letters: usize| (letters as f32 / letters_a_line).ceil().max(1.0);
        let line = size::TEXT * size::LINE;
        self.heights = transcript.letters().map(|n| lines(n) * line + 2.0 * size::ROW_PADDING).collect();
        self.measured = vec![false; self.heights.len()];
        self.stack();
        self.of = Some(Arc::clone(transcript));
        self.width = width;

        let anchor = anchor.and_then(|id| transcript.position(id));
        self.offset = match anchor {
            _ if at_end => self.total(),
            Some(index) => self.tops[index] + into,
            None => self.offset,
        };
    }

    /// Lays out what is in view and near it, until nothing in view is a guess.
    fn measure_view(&mut self, transcript: &Transcript, measure: &impl Fn(&Row) -> f32) {
        loop {
            let at_end = self.offset + self.view >= self.total() - size::HAIRLINE;
            let near =
                Rangef::new(self.offset - size::MEASURE_AHEAD, self.offset + self.view + size::MEASURE_AHEAD);
            let range = self.range(near);
            if !self.measure_near(transcript, range, measure) {
                return;
            }
            if at_end {
                self.offset = self.total();
            }
            self.clamp();
        }
    }

    /// Lays out the rows of `range` that are guesses; a row above the view moves the offset by what it
    /// differs. Answers whether there was any.
    fn measure_near(
        &mut self,
        transcript: &Transcript,
        range: Range<usize>,
        measure: &impl Fn(&Row) -> f32,
    ) -> bool {
        let first = self.range(Rangef::new(self.offset, self.offset + self.view)).start;
        let mut any = false;
        for index in range {
            if std::mem::replace(&mut self.measured[index], true) {
                continue;
            }
            any = true;
            let height = (measure(&transcript.row(index)) + 2.0 * size::ROW_PADDING).ceil();
            if index < first {
                self.offset += height - self.heights[index];
            }
            self.heights[index] = height;
        }
        if any {
            self.stack();
        }
        any
    }

    fn stack(&mut self) {
        let mut top = 0.0;
        self.tops.clear();
        self.tops.push(top);
        self.tops.extend(self.heights.iter().map(|height| {
            top += height;
            top
        }));
    }

    fn clamp(&mut self) {
        self.offset = self.offset.min(self.total() - self.view).max(0.0);
    }
}
