//! The course of classes over a stream that is heard part by part.
//!
//! The models see each part once; what they say is kept as long as a cell's class may depend on it. What comes out does
//! not depend on the parts that the stream came in, as long as each begins with a [`STRETCH`].

use super::fuse::{self, AROUND, Figures, PATCH_REACH, PATCH_STEP};
use super::spans::{self, BLOCK, FrameClass, REACH};
use super::{Part, Second};
use std::ops::Range;

/// Cells that are told of together: 4 s.
pub const STRETCH: usize = 2 * BLOCK;

/// Cells after a stretch that its classes depend on: what the course looks at, and the middle of the second after it.
const AHEAD: usize = REACH + if AROUND > PATCH_REACH { AROUND } else { PATCH_REACH };

/// The same before it, a whole number of seconds.
const BEHIND: usize = (REACH + AROUND).next_multiple_of(PATCH_STEP);

// A second's middle is at most so far from a cell that is looked at; seconds and stretches begin together.
const _: () = assert!(BEHIND - REACH > PATCH_REACH && STRETCH.is_multiple_of(PATCH_STEP));

/// A stretch whose classes are decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretch {
    /// Its cells, counted from the stream's first: [`STRETCH`] of them, or at the end fewer.
    pub cells: Range<usize>,
    /// The class of each.
    pub classes: Vec<FrameClass>,
    /// What YAMNet hears in each of its seconds.
    pub seconds: Vec<Second>,
}

/// A stream's classes as far as they are told.
#[derive(Debug)]
pub struct Course {
    /// The cell that what is kept begins with.
    first: usize,
    /// Up to where classes were told.
    told: usize,
    kept: Part,
}

impl Course {
    /// Before anything is heard of a stream, or of its rest behind a hole; `cell` is where it begins, a multiple of
    /// [`STRETCH`].
    pub fn beginning_at(cell: usize) -> Self {
        Self { first: cell, told: cell, kept: Part::default() }
    }

    /// Takes the next part and tells the stretches that it decides.
    pub fn hear(&mut self, part: Part) -> Vec<Stretch> {
        self.kept.probabilities.extend(part.probabilities);
        self.kept.levels.extend(part.levels);
        self.kept.seconds.extend(part.seconds);
        let decided = self.known().saturating_sub(AHEAD).max(self.told);
        self.tell(self.told + (decided - self.told) / STRETCH * STRETCH)
    }

    /// Tells what is left at the stream's end.
    pub fn end(mut self) -> Vec<Stretch> {
        self.tell(self.known())
    }

    /// Up to where the models were heard.
    fn known(&self) -> usize {
        self.first + self.kept.levels.len()
    }

    fn tell(&mut self, until: usize) -> Vec<Stretch> {
        if until == self.told {
            return Vec::new();
        }
        let seen = self.told.saturating_sub(self.first + REACH)
            ..(until - self.first + REACH).min(self.kept.levels.len());
        let figures = fuse::figures(&self.kept, seen.clone());
        let probabilities: Vec<_> = figures.iter().map(fuse::probabilities).collect();
        let keep = self.told - self.first - seen.start..until - self.first - seen.start;
        let classes = spans::frame_classes(&probabilities, &self.kept.levels[seen], keep);
        let seconds = &self.kept.seconds[(self.told - self.first) / PATCH_STEP..];
        let stretches = classes.chunks(STRETCH).zip(seconds.chunks(STRETCH / PATCH_STEP));
        let start = self.told;
        let stretches =
            stretches.zip((start..).step_by(STRETCH)).map(|((classes, seconds), start)| Stretch {
                cells: start..start + classes.len(),
                classes: classes.to_vec(),
                seconds: seconds.to_vec(),
            });
        let stretches = stretches.collect();
        self.told = until;
        self.forget();
        stretches
    }

    /// Drops what nothing depends on any more.
    fn forget(&mut self) {
        let spare = self.told.saturating_sub(self.first + BEHIND) / PATCH_STEP;
        self.kept.seconds.drain(..spare);
        self.kept.levels.drain(..spare * PATCH_STEP);
        self.kept.probabilities.drain(..spare * PATCH_STEP);
        self.first += spare * PATCH_STEP;
    }
}

/// The class of each cell of a stream that was heard as one part.
pub fn classes(part: Part) -> Vec<FrameClass> {
    let mut course = Course::beginning_at(0);
    let mut stretches = course.hear(part);
    stretches.extend(course.end());
    stretches.into_iter().flat_map(|stretch| stretch.classes).collect()
}

/// What each cell's kind is told by in a stream that was heard as one part.
pub fn figures(part: &Part) -> Vec<Figures> {
    fuse::figures(part, 0..part.levels.len())
}

#[cfg(test)]
#[path = "course_tests.rs"]
mod tests;
