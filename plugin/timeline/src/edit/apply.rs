//! From what is wanted to an exchange of items.

use super::retell::retell;
use super::{Change, Edit, EditError, Items};
use crate::mark::Mark;
use crate::notebook::Notebook;
use crate::units::ProjectTime;
use crate::utterance::{ItemId, Origin, Utterance, Word};
use crate::version::Version;
use std::sync::Arc;

/// The longest text that a correction may have, in bytes: more than anybody says in half a minute, and
/// what bounds the work of aligning it.
const LONGEST_CORRECTION: usize = 8 << 10;

impl Notebook {
    /// Carries `edit` out and returns what takes it back, for [`Notebook::exchange`].
    ///
    /// # Errors
    /// [`EditError`] if the edit does not apply; then nothing changed.
    pub fn edit(&mut self, edit: &Edit) -> Result<Change, EditError> {
        let change = self.change_for(edit)?;
        Ok(self.exchange(change))
    }

    /// Carries an exchange out and returns what takes it back. What is to go and is not there any more is
    /// passed over; what a machine said or marked is not put where another pass left the same by now.
    pub fn exchange(&mut self, change: Change) -> Change {
        let Change { out, into } = change;
        let mut done = Change::default();
        // What goes out of the book comes back in when it is undone.
        let back = &mut done.into;
        back.utterances.extend(out.utterances.iter().filter_map(|item| self.take_utterance(item.id)));
        back.marks.extend(out.marks.iter().filter_map(|item| self.take_mark(item.id)));
        back.dropped.extend(out.dropped.iter().filter_map(|item| self.take_dropped(&(item.start..item.end))));
        back.versions.extend(out.versions.iter().filter_map(|item| self.take_version(item.id)));
        let lanes = &mut self.lanes;
        back.spans.extend(out.spans.into_iter().filter(|span| lanes.classes.take(span)));
        back.roles.extend(out.roles.into_iter().filter(|span| lanes.roles.take(span)));
        back.loudness.extend(out.loudness.into_iter().filter(|span| lanes.loudness.take(span)));
        back.missed.extend(out.missed.into_iter().filter(|range| self.take_missed(range)));
        let fits = |utterance: &Utterance| !utterance.origin.yields() || !self.is_said(utterance);
        let utterances: Vec<_> = into.utterances.into_iter().filter(fits).collect();
        for utterance in utterances {
            done.out.utterances.push(utterance.clone());
            self.insert_utterance(utterance);
        }
        let marks: Vec<_> = into.marks.into_iter().filter(|mark| !self.is_marked_again(mark)).collect();
        for mark in marks {
            done.out.marks.push(mark.clone());
            self.insert_mark(mark);
        }
        for dropped in into.dropped {
            done.out.dropped.push(dropped.clone());
            self.drop_speech(dropped);
        }
        for version in into.versions {
            done.out.versions.push(version.clone());
            self.insert_version(version);
        }
        let (gone, lanes) = (&mut done.out, &mut self.lanes);
        gone.spans.extend(into.spans.into_iter().filter(|span| lanes.classes.insert(*span)));
        gone.roles.extend(into.roles.into_iter().filter(|span| lanes.roles.insert(*span)));
        gone.loudness.extend(into.loudness.into_iter().filter(|span| lanes.loudness.insert(*span)));
        for range in into.missed {
            done.out.missed.push(range.clone());
            self.miss(range);
        }
        done
    }

    fn change_for(&mut self, edit: &Edit) -> Result<Change, EditError> {
        match edit {
            Edit::Correct { utterance, text } => {
                let old = self.utterance(*utterance)?;
                if text.len() > LONGEST_CORRECTION {
                    return Err(EditError::BadPlace);
                }
                let words = retell(&old.words, text, old.start..old.end);
                if words.is_empty() {
                    return Err(EditError::NoWords);
                }
                Ok(exchange_of(vec![old.clone()], vec![by_hand(&old, old.id, words)]))
            }
            Edit::Split { utterance, word } => {
                let old = self.utterance(*utterance)?;
                let (head, tail) = old.words.split_at_checked(*word).ok_or(EditError::BadPlace)?;
                let (Some(last), Some(first)) = (head.last(), tail.first()) else {
                    return Err(EditError::BadPlace);
                };
                let mut left = by_hand(&old, old.id, head.to_vec());
                let mut right = by_hand(&old, self.fresh_id(), tail.to_vec());
                (left.end, right.start) = (last.end.max(old.start), first.start.max(last.end).min(old.end));
                Ok(exchange_of(vec![old], vec![left, right]))
            }
            Edit::Merge(id) => {
                let at = self.utterances().iter().position(|other| other.id == *id).ok_or(EditError::Gone)?;
                let [left, right, ..] = &self.utterances()[at..] else { return Err(EditError::NothingNext) };
                let words = [&left.words[..], &right.words[..]].concat();
                let both = Utterance { end: left.end.max(right.end), ..by_hand(left, left.id, words) };
                Ok(exchange_of(vec![left.clone(), right.clone()], vec![both]))
            }
            Edit::Retime { utterance, start, end } => {
                let old = self.utterance(*utterance)?;
                if start >= end {
                    return Err(EditError::BadPlace);
                }
                let words = stretched(&old, *start, *end);
                let new = Utterance { start: *start, end: *end, ..by_hand(&old, old.id, words) };
                Ok(exchange_of(vec![old], vec![new]))
            }
            Edit::Delete(id) => Ok(exchange_of(vec![self.utterance(*id)?], Vec::new())),
            Edit::AddMark { at, label } => {
                let number = self.marks().len() + 1;
                let label = if label.is_empty() { format!("Mark {number}") } else { label.clone() };
                let id = self.fresh_id();
                let mark =
                    Mark { id, start: *at, end: *at, label, origin: Origin::Hand, colour: None, run: None };
                Ok(Change { into: Items { marks: vec![mark], ..Items::default() }, ..Change::default() })
            }
            Edit::RenameMark { mark, label } => self.remark(*mark, |mark| mark.label.clone_from(label)),
            Edit::MoveMark { start, end, .. } if start > end => Err(EditError::BadPlace),
            Edit::MoveMark { mark, start, end } => {
                self.remark(*mark, |mark| (mark.start, mark.end) = (*start, *end))
            }
            Edit::ColourMark { mark, colour } => self.remark(*mark, |mark| mark.colour = *colour),
            Edit::RemoveMark(id) => {
                let mark = self.mark(*id)?;
                Ok(Change { out: Items { marks: vec![mark], ..Items::default() }, ..Change::default() })
            }
            Edit::Restore { start, end } => self.restore(*start, *end),
            Edit::BringBack(id) => self.bring_back(*id),
            Edit::TakeIn(recording) => {
                let mut after = self.clone();
                after.take_in(recording);
                let change = Change::between(self, &after);
                // The names that it gave stay given.
                self.reserve_ids(&after);
                Ok(change)
            }
        }
    }

    fn remark(&self, id: ItemId, how: impl FnOnce(&mut Mark)) -> Result<Change, EditError> {
        let old = self.mark(id)?;
        let mut new = old.clone();
        how(&mut new);
        new.origin = Origin::Hand;
        let of = |mark| Items { marks: vec![mark], ..Items::default() };
        Ok(Change { out: of(old), into: of(new) })
    }

    fn restore(&mut self, start: ProjectTime, end: ProjectTime) -> Result<Change, EditError> {
        let found = self.dropped().iter().find(|dropped| dropped.start == start && dropped.end == end);
        let dropped = found.ok_or(EditError::Gone)?.clone();
        if dropped.words.is_empty() {
            return Err(EditError::NoWords);
        }
        let utterance = Utterance {
            id: self.fresh_id(),
            start,
            end,
            words: dropped.words.clone(),
            language: dropped.language.clone(),
            model: Arc::clone(&dropped.model),
            origin: Origin::Chosen,
            run: dropped.run,
        };
        let mut change = exchange_of(Vec::new(), vec![utterance]);
        change.out.dropped.push(dropped);
        Ok(change)
    }

    fn bring_back(&mut self, id: ItemId) -> Result<Change, EditError> {
        let version = self.versions().iter().find(|version| version.id == id).ok_or(EditError::Gone)?.clone();
        let place = version.start..version.end;
        // What was chosen gives way to what is chosen now; what a person wrote stays.
        let gives_way =
            |utterance: &&Utterance| utterance.origin != Origin::Hand && place.contains(&utterance.middle());
        let present: Vec<_> = self.utterances().iter().filter(gives_way).cloned().collect();
        let gone: Vec<_> = present.iter().filter_map(|utterance| self.take_utterance(utterance.id)).collect();
        let mut past = Vec::new();
        for utterance in version.utterances.clone() {
            past.extend(self.beside_the_persons(Utterance { origin: Origin::Chosen, ..utterance }));
        }
        // The exchange takes them out itself, and remembers it.
        for utterance in gone {
            self.insert_utterance(utterance);
        }
        let mut change = exchange_of(present.clone(), past);
        change.out.versions.push(version);
        if !present.is_empty() {
            let id = self.fresh_id();
            let utterances =
                present.into_iter().map(|old| Utterance { origin: Origin::Machine, ..old }).collect();
            change.into.versions.push(Version {
                id,
                start: place.start,
                end: place.end,
                utterances,
                by: None,
            });
        }
        Ok(change)
    }

    /// Whether a machine's words stand where `utterance` would.
    fn is_said(&self, utterance: &Utterance) -> bool {
        let overlaps = |other: &Utterance| other.start < utterance.end && utterance.start < other.end;
        self.utterances().iter().any(|other| other.origin.yields() && overlaps(other))
    }

    fn utterance(&self, id: ItemId) -> Result<Utterance, EditError> {
        self.utterances().iter().find(|other| other.id == id).cloned().ok_or(EditError::Gone)
    }

    fn mark(&self, id: ItemId) -> Result<Mark, EditError> {
        self.marks().iter().find(|other| other.id == id).cloned().ok_or(EditError::Gone)
    }
}

/// What a person made of an utterance.
fn by_hand(old: &Utterance, id: ItemId, words: Vec<Word>) -> Utterance {
    Utterance { id, words, origin: Origin::Hand, ..old.clone() }
}

fn exchange_of(out: Vec<Utterance>, into: Vec<Utterance>) -> Change {
    let of = |utterances| Items { utterances, ..Items::default() };
    Change { out: of(out), into: of(into) }
}

/// The words of `old` moved with its borders.
fn stretched(old: &Utterance, start: ProjectTime, end: ProjectTime) -> Vec<Word> {
    let from = i128::from(old.end.minus(old.start).ticks().max(1));
    let to = i128::from(end.minus(start).ticks());
    let place = |time: ProjectTime| {
        let ticks = i128::from(time.minus(old.start).ticks()) * to / from;
        start.plus(ProjectTime::from_ticks(ticks as i64))
    };
    let moved = |word: &Word| Word { start: place(word.start), end: place(word.end), ..word.clone() };
    old.words.iter().map(moved).collect()
}
