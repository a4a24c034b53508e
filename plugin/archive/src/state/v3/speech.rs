//! What was said, what was dropped, and what was said before.

use super::words::{Spoken, Times, Words};
use super::{DropReason, Origin};
use crate::state::StateError;
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::{self, ItemId};
use earmark_timeline::version;
use serde::{Deserialize, Serialize};
use std::iter::repeat_n;
use std::sync::Arc;

/// Utterances as columns of one length; their words follow each other as if one had said them all.
#[derive(Default, Serialize, Deserialize)]
pub(in crate::state) struct Speech {
    /// Each name less the one before.
    ids: Vec<i64>,
    /// From where each starts to its first word.
    leads: Times,
    /// From the last word to where each ends.
    tails: Times,
    /// How many words each has; never 0.
    counts: Vec<usize>,
    words: Words,
    made: Vec<Made>,
    /// The name that was pushed last.
    #[serde(skip)]
    last_id: u64,
}

/// What so many utterances in a row have in common.
#[derive(Serialize, Deserialize)]
struct Made {
    count: usize,
    model: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    origin: Origin,
}

/// An utterance but for its words, in ticks.
pub(in crate::state) struct Said<'a> {
    pub(in crate::state) id: u64,
    pub(in crate::state) start: i64,
    pub(in crate::state) end: i64,
    pub(in crate::state) language: Option<&'a str>,
    pub(in crate::state) model: &'a str,
    pub(in crate::state) origin: Origin,
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
    pub(in crate::state) start: i64,
    pub(in crate::state) end: i64,
    pub(in crate::state) speech: Speech,
}

impl Speech {
    /// Adds an utterance after those that are there. Without words there is nothing in one to keep.
    pub(in crate::state) fn push<'a>(&mut self, said: &Said<'_>, words: impl Iterator<Item = Spoken<'a>>) {
        let (mut count, mut start, mut end) = (0, 0, 0);
        for word in words {
            start = if count == 0 { word.start } else { start };
            (count, end) = (count + 1, word.end);
            self.words.push(word);
        }
        if count == 0 {
            return;
        }
        self.ids.push(said.id.wrapping_sub(self.last_id).cast_signed());
        self.last_id = said.id;
        self.leads.push(start.wrapping_sub(said.start));
        self.tails.push(said.end.wrapping_sub(end));
        self.counts.push(count);
        match self.made.last_mut() {
            Some(made) if made.is_of(said) => made.count += 1,
            _ => self.made.push(Made {
                count: 1,
                model: said.model.to_owned(),
                language: said.language.map(str::to_owned),
                origin: said.origin,
            }),
        }
    }

    pub(super) fn revive(self) -> Result<Vec<utterance::Utterance>, StateError> {
        let Self { ids, leads, tails, counts, words, made, .. } = self;
        let (leads, tails, words) = (leads.ticks()?, tails.ticks()?, words.revive()?);
        let sum = |counts: &mut dyn Iterator<Item = usize>| counts.fold(0, usize::saturating_add);
        let makers = sum(&mut made.iter().map(|made| made.count));
        if [leads.len(), tails.len(), counts.len(), makers] != [ids.len(); 4]
            || sum(&mut counts.iter().copied()) != words.len()
        {
            return Err(StateError::damaged("utterances do not match their words"));
        }
        let made = made.into_iter().flat_map(|Made { count, model, language, origin }| {
            repeat_n((Arc::<str>::from(model), language.map(Arc::<str>::from), origin), count)
        });
        let (mut id, mut words) = (0_u64, words.into_iter());
        let columns = ids.into_iter().zip(leads).zip(tails).zip(counts).zip(made);
        let utterances = columns.map(|((((step, lead), tail), count), (model, language, origin))| {
            let words: Vec<_> = words.by_ref().take(count).collect();
            let (Some(first), Some(last)) = (words.first(), words.last()) else {
                return Err(StateError::damaged("an utterance has no words"));
            };
            id = id.wrapping_add_signed(step);
            Ok(utterance::Utterance {
                id: ItemId(id),
                start: ProjectTime::from_ticks(first.start.ticks().wrapping_sub(lead)),
                end: ProjectTime::from_ticks(last.end.ticks().wrapping_add(tail)),
                words,
                language,
                model,
                origin: origin.into(),
                run: None,
            })
        });
        utterances.collect()
    }
}

impl Made {
    fn is_of(&self, said: &Said<'_>) -> bool {
        (self.model.as_str(), self.language.as_deref(), self.origin)
            == (said.model, said.language, said.origin)
    }
}

impl From<&[utterance::Utterance]> for Speech {
    fn from(utterances: &[utterance::Utterance]) -> Self {
        // The order in which a notebook comes back, so that writing it again gives the same bytes.
        let mut sorted: Vec<_> = utterances.iter().collect();
        sorted.sort_by_key(|utterance| (utterance.start, utterance.id));
        let mut speech = Self::default();
        for utterance in sorted {
            let said = Said {
                id: utterance.id.0,
                start: utterance.start.ticks(),
                end: utterance.end.ticks(),
                language: utterance.language.as_deref(),
                model: &utterance.model,
                origin: utterance.origin.into(),
            };
            speech.push(&said, utterance.words.iter().map(Spoken::from));
        }
        speech
    }
}

impl From<&utterance::Dropped> for Dropped {
    fn from(dropped: &utterance::Dropped) -> Self {
        Self {
            start: dropped.start.ticks(),
            end: dropped.end.ticks(),
            words: dropped.words.iter().map(Spoken::from).collect(),
            language: dropped.language.as_deref().map(str::to_owned),
            model: dropped.model.as_ref().to_owned(),
            reason: dropped.reason.into(),
        }
    }
}

impl Dropped {
    pub(super) fn revive(self) -> Result<utterance::Dropped, StateError> {
        Ok(utterance::Dropped {
            start: ProjectTime::from_ticks(self.start),
            end: ProjectTime::from_ticks(self.end),
            words: self.words.revive()?,
            language: self.language.map(Arc::from),
            model: self.model.into(),
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
            speech: version.utterances.as_slice().into(),
        }
    }
}

impl Version {
    pub(super) fn revive(self) -> Result<version::Version, StateError> {
        Ok(version::Version {
            id: ItemId(self.id),
            start: ProjectTime::from_ticks(self.start),
            end: ProjectTime::from_ticks(self.end),
            utterances: self.speech.revive()?,
            by: None,
        })
    }
}
