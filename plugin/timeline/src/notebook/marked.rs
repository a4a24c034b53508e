//! What rules mark: seldom, and never beside what a person says of the same place.

use super::Notebook;
use crate::clock::RunId;
use crate::mark::Mark;
use crate::rule::Rule;
use crate::units::ProjectTime;
use crate::utterance::Origin;
use std::ops::Range;

/// A rule marks once in this time: more often nobody would look at its marks, and an hour of faults would bury all others.
pub const APART: ProjectTime = ProjectTime::from_ticks(10 * ProjectTime::TICKS_PER_SECOND);

/// A person's mark this near says what is there: no rule tells a place more closely than to a second at worst.
const BESIDE: ProjectTime = ProjectTime::from_ticks(ProjectTime::TICKS_PER_SECOND);

/// Something that a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule.
    pub rule: Rule,
    /// Where; empty for a point.
    pub place: Range<ProjectTime>,
    /// The run it was found in.
    pub run: RunId,
    /// Where that run begins: what earlier ones marked after this goes as the run settles.
    pub since: ProjectTime,
}

impl Notebook {
    /// Marks what a rule found, if [`Notebook::has_room_for`] it. Of first sounds the earliest stays alone.
    pub fn set_mark(&mut self, finding: &Finding) {
        if !self.has_room_for(finding) {
            return;
        }
        let Finding { rule, place: Range { start, end }, run, .. } = finding.clone();
        if rule == Rule::FirstSound {
            self.marks.retain(|mark| !(mark.origin.yields() && rule.is_of(mark)));
        }
        let (id, label) = (self.fresh_id(), rule.label().to_owned());
        let (origin, colour, run) = (Origin::Machine, None, Some(run));
        self.insert_mark(Mark { id, start, end, label, origin, colour, run });
    }

    /// Whether [`Notebook::set_mark`] would set a mark: the rule set none near it, and no person any beside it.
    pub fn has_room_for(&self, finding: &Finding) -> bool {
        let Finding { rule, place: Range { start: at, .. }, run, since } = finding;
        let stays = |mark: &Mark| !mark.origin.yields() || mark.run == Some(*run) || mark.start < *since;
        let is_first = *rule == Rule::FirstSound;
        let before = if is_first { &self.marks[..] } else { self.marks_near(*at, APART) };
        let before = before.iter().filter(|mark| !is_first || mark.start <= *at);
        let is_beside = self.marks_near(*at, BESIDE).iter().any(|mark| !mark.origin.yields());
        !is_beside && !before.into_iter().any(|mark| rule.is_of(mark) && stays(mark))
    }

    /// Whether another pass has left a machine's `mark` again.
    pub(crate) fn is_marked_again(&self, mark: &Mark) -> bool {
        let again =
            |other: &Mark| other.origin.yields() && other.run != mark.run && other.label == mark.label;
        mark.origin.yields() && self.marks_near(mark.start, APART).iter().any(again)
    }

    /// Marks that start less than so much before or after a time.
    fn marks_near(&self, at: ProjectTime, reach: ProjectTime) -> &[Mark] {
        let first = self.marks.partition_point(|mark| mark.start <= at.minus(reach));
        let last = self.marks.partition_point(|mark| mark.start < at.plus(reach)).max(first);
        &self.marks[first..last]
    }
}

#[cfg(test)]
#[path = "marked_tests.rs"]
mod tests;
