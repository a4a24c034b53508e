//! What was said, what was dropped, and what was said before.

use super::{DropReason, Origin};
use crate::state::StateError;
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::{self, ItemId};
use earmark_timeline::version;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

#[derive(Serialize, Deserialize)]
pub(in crate::state) struct Utterance {
    pub(in crate::state) id: u64,
    pub(in crate::state) start: i64,
    pub(in crate::state) end: i64,
    pub(in crate::state) words: Words,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::state) language: Option<String>,
    pub(in crate::state) model: String,
    pub(in crate::state) origin: Origin,
}

/// Words as columns of one length.
#[derive(Default, Serialize, Deserialize)]
pub(in crate::state) struct Words {
    /// A line each.
    pub(in crate::state) text: String,
    pub(in crate::state) gaps: Vec<i64>,
    pub(in crate::state) lengths: Vec<i64>,
    pub(in crate::state) thousandths: Vec<u16>,
}

#[derive(Serialize, Deserialize)]
pub(in crate::state) struct Dropped {
    pub(in crate::state) start: i64,
    pub(in crate::state) end: i64,
    pub(in crate::state) words: Words,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::state) language: Option<String>,
    pub(in crate::state) model: String,
    pub(in crate::state) reason: DropReason,
}

#[derive(Serialize, Deserialize)]
pub(in crate::state) struct Version {
    pub(in crate::state) id: u64,
    start: i64,
    end: i64,
    pub(in crate::state) utterances: Vec<Utterance>,
}

/// Names that were read; equal ones share memory.
#[derive(Default)]
pub(super) struct Names(BTreeSet<Arc<str>>);

impl Names {
    fn shared(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.0.get(name) {
            return Arc::clone(known);
        }
        let name: Arc<str> = name.into();
        self.0.insert(Arc::clone(&name));
        name
    }
}

/// Utterances in the order in which a notebook comes back, so that writing it again gives the same bytes.
pub(super) fn utterances(utterances: &[utterance::Utterance]) -> Vec<Utterance> {
    // Reading refuses an utterance without words, and there is nothing in one to keep.
    let spoken = utterances.iter().filter(|utterance| !utterance.words.is_empty());
    let mut utterances: Vec<_> = spoken.map(Utterance::from).collect();
    utterances.sort_by_key(|utterance| (utterance.start, utterance.id));
    utterances
}

impl From<&utterance::Utterance> for Utterance {
    fn from(utterance: &utterance::Utterance) -> Self {
        Self {
            id: utterance.id.0,
            start: utterance.start.ticks(),
            end: utterance.end.ticks(),
            words: Words::new(utterance.start, &utterance.words),
            language: utterance.language.as_deref().map(str::to_owned),
            model: utterance.model.as_ref().to_owned(),
            origin: utterance.origin.into(),
        }
    }
}

impl Utterance {
    pub(super) fn revive(self, names: &mut Names) -> Result<utterance::Utterance, StateError> {
        let words = self.words.revive(self.start)?;
        if words.is_empty() {
            return Err(StateError::damaged("an utterance has no words"));
        }
        Ok(utterance::Utterance {
            id: ItemId(self.id),
            start: ProjectTime::from_ticks(self.start),
            end: ProjectTime::from_ticks(self.end),
            words,
            language: self.language.map(|name| names.shared(&name)),
            model: names.shared(&self.model),
            origin: self.origin.into(),
            run: None,
        })
    }
}

impl Words {
    /// The texts of words as one string.
    pub(in crate::state) fn joined(texts: impl IntoIterator<Item = impl AsRef<str>>) -> String {
        let mut joined = String::new();
        for text in texts {
            // A line break within a word would make two of it.
            for (index, line) in text.as_ref().split('\n').enumerate() {
                joined.push_str(if index > 0 { " " } else { "" });
                joined.push_str(line);
            }
            joined.push('\n');
        }
        joined
    }

    fn new(from: ProjectTime, words: &[utterance::Word]) -> Self {
        // Reading refuses a word that ends before it starts; the vocabulary forbids it, so does writing.
        let times: Vec<_> =
            words.iter().map(|word| (word.start.ticks(), word.end.max(word.start).ticks())).collect();
        let before = std::iter::once(from.ticks()).chain(times.iter().map(|(_, end)| *end));
        Self {
            text: Self::joined(words.iter().map(|word| &word.text)),
            // Wrapping there and back is exact for every pair of times.
            gaps: times.iter().zip(before).map(|((start, _), before)| start.wrapping_sub(before)).collect(),
            lengths: times.iter().map(|(start, end)| end.wrapping_sub(*start)).collect(),
            thousandths: words.iter().map(|word| thousandths(word.confidence)).collect(),
        }
    }

    fn revive(self, from: i64) -> Result<Vec<utterance::Word>, StateError> {
        let count = self.gaps.len();
        if [self.text.lines().count(), self.lengths.len(), self.thousandths.len()] != [count; 3] {
            return Err(StateError::damaged("words do not match their times"));
        }
        let mut clock = from;
        let mut words = Vec::with_capacity(count);
        let times = self.gaps.into_iter().zip(self.lengths);
        for ((text, (gap, length)), sure) in self.text.lines().zip(times).zip(self.thousandths) {
            let start = clock.wrapping_add(gap);
            clock = start.wrapping_add(length);
            if clock < start {
                return Err(StateError::damaged("a word ends before it starts"));
            }
            words.push(utterance::Word {
                text: text.to_owned(),
                start: ProjectTime::from_ticks(start),
                end: ProjectTime::from_ticks(clock),
                confidence: from_thousandths(sure),
            });
        }
        Ok(words)
    }
}

impl From<&utterance::Dropped> for Dropped {
    fn from(dropped: &utterance::Dropped) -> Self {
        Self {
            start: dropped.start.ticks(),
            end: dropped.end.ticks(),
            words: Words::new(dropped.start, &dropped.words),
            language: dropped.language.as_deref().map(str::to_owned),
            model: dropped.model.as_ref().to_owned(),
            reason: dropped.reason.into(),
        }
    }
}

impl Dropped {
    pub(super) fn revive(self, names: &mut Names) -> Result<utterance::Dropped, StateError> {
        Ok(utterance::Dropped {
            start: ProjectTime::from_ticks(self.start),
            end: ProjectTime::from_ticks(self.end),
            words: self.words.revive(self.start)?,
            language: self.language.map(|name| names.shared(&name)),
            model: names.shared(&self.model),
            reason: self.reason.into(),
            run: None,
        })
    }
}

impl From<&version::Version> for Version {
    fn from(version: &version::Version) -> Self {
        Self {
            id: version.id.0,
            start: version.start.ticks(),
            end: version.end.ticks(),
            utterances: utterances(&version.utterances),
        }
    }
}

impl Version {
    pub(super) fn revive(self, names: &mut Names) -> Result<version::Version, StateError> {
        let utterances = self.utterances.into_iter().map(|item| item.revive(names));
        Ok(version::Version {
            id: ItemId(self.id),
            start: ProjectTime::from_ticks(self.start),
            end: ProjectTime::from_ticks(self.end),
            utterances: utterances.collect::<Result<_, _>>()?,
            by: None,
        })
    }
}

/// A probability in thousandths; what is no number counts as zero.
pub(super) fn thousandths(probability: f32) -> u16 {
    (probability.clamp(0.0, 1.0) * 1_000.0).round() as u16
}

pub(super) fn from_thousandths(thousandths: u16) -> f32 {
    (f32::from(thousandths) / 1_000.0).min(1.0)
}
