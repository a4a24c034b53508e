//! Version 2 of the saved state. Released: it is read for ever and never changed.
//!
//! It kept each utterance by itself, and all times in ticks. Words were columns already, each start counted from
//! the end of the word before (the first from where the whole starts) and each end as a length.

use super::{StateError, v3};
use serde::Deserialize;
pub(super) use v3::{DropReason, Mark, Origin, Settings, Span};

#[derive(Deserialize)]
pub(super) struct Document {
    pub(super) settings: Settings,
    pub(super) utterances: Vec<Utterance>,
    pub(super) spans: Vec<Span>,
    pub(super) marks: Vec<Mark>,
    pub(super) dropped: Vec<Dropped>,
    /// Starts and ends.
    pub(super) missed: Vec<(i64, i64)>,
    /// Oldest first.
    pub(super) versions: Vec<Version>,
    /// By time.
    pub(super) tempo: Vec<v3::Bars>,
}

#[derive(Deserialize)]
pub(super) struct Utterance {
    pub(super) id: u64,
    pub(super) start: i64,
    pub(super) end: i64,
    pub(super) words: Words,
    #[serde(default)]
    pub(super) language: Option<String>,
    pub(super) model: String,
    pub(super) origin: Origin,
}

/// Words as columns of one length.
#[derive(Default, Deserialize)]
pub(super) struct Words {
    /// A line each.
    pub(super) text: String,
    pub(super) gaps: Vec<i64>,
    pub(super) lengths: Vec<i64>,
    pub(super) thousandths: Vec<u16>,
}

#[derive(Deserialize)]
pub(super) struct Dropped {
    pub(super) start: i64,
    pub(super) end: i64,
    pub(super) words: Words,
    #[serde(default)]
    pub(super) language: Option<String>,
    pub(super) model: String,
    pub(super) reason: DropReason,
}

#[derive(Deserialize)]
pub(super) struct Version {
    id: u64,
    start: i64,
    end: i64,
    utterances: Vec<Utterance>,
}

/// This version's document out of its JSON.
pub(super) fn read(json: &[u8]) -> Result<Document, StateError> {
    serde_json::from_slice(json).map_err(StateError::damaged)
}

impl Document {
    /// The next version's document.
    pub(super) fn step(self) -> Result<v3::Document, StateError> {
        let dropped = self.dropped.into_iter().map(|dropped| {
            Ok(v3::Dropped {
                words: dropped.words.spoken(dropped.start)?.collect(),
                start: dropped.start,
                end: dropped.end,
                language: dropped.language,
                model: dropped.model,
                reason: dropped.reason,
            })
        });
        let versions = self.versions.into_iter().map(|Version { id, start, end, utterances }| {
            Ok(v3::Version { id, start, end, speech: speech(&utterances)? })
        });
        Ok(v3::Document {
            settings: self.settings,
            speech: speech(&self.utterances)?,
            spans: self.spans,
            marks: self.marks,
            dropped: dropped.collect::<Result<_, _>>()?,
            missed: self.missed,
            versions: versions.collect::<Result<_, _>>()?,
            tempo: self.tempo,
            reading: None,
            roles: Vec::new(),
            loudness: Vec::new(),
        })
    }
}

impl Words {
    /// The texts of words as one string.
    pub(super) fn joined(texts: impl IntoIterator<Item = impl AsRef<str>>) -> String {
        let mut joined = String::new();
        texts.into_iter().for_each(|text| v3::push_line(&mut joined, text.as_ref()));
        joined
    }

    /// The words after a start.
    fn spoken(&self, from: i64) -> Result<impl Iterator<Item = v3::Spoken<'_>>, StateError> {
        let count = self.gaps.len();
        if [self.text.lines().count(), self.lengths.len(), self.thousandths.len()] != [count; 3] {
            return Err(StateError::damaged("words do not match their times"));
        }
        let mut clock = from;
        let times = self.gaps.iter().zip(&self.lengths);
        let columns = self.text.lines().zip(times).zip(&self.thousandths);
        Ok(columns.map(move |((text, (gap, length)), thousandths)| {
            let start = clock.wrapping_add(*gap);
            clock = start.wrapping_add(*length);
            v3::Spoken { text, start, end: clock, thousandths: *thousandths }
        }))
    }
}

fn speech(utterances: &[Utterance]) -> Result<v3::Speech, StateError> {
    let mut speech = v3::Speech::default();
    for Utterance { id, start, end, words, language, model, origin } in utterances {
        if words.gaps.is_empty() {
            return Err(StateError::damaged("an utterance has no words"));
        }
        let (language, origin) = (language.as_deref(), *origin);
        let said = v3::Said { id: *id, start: *start, end: *end, language, model, origin };
        speech.push(&said, words.spoken(*start)?);
    }
    Ok(speech)
}
