//! Version 1 of the saved state. Released: it is read for ever and never changed.
//!
//! It knew no earlier passes, no bars and no colours, kept of what was dropped the text alone, and of the
//! settings the model and the language.

use super::{StateError, v2};
use serde::Deserialize;

#[derive(Deserialize)]
struct Document {
    settings: Settings,
    utterances: Vec<Utterance>,
    spans: Vec<v2::Span>,
    marks: Vec<Mark>,
    dropped: Vec<Dropped>,
    /// Starts and ends.
    missed: Vec<(i64, i64)>,
}

#[derive(Deserialize)]
struct Settings {
    model: String,
    language: Option<String>,
}

#[derive(Deserialize)]
struct Utterance {
    id: u64,
    start: i64,
    end: i64,
    words: Vec<String>,
    gaps: Vec<i64>,
    lengths: Vec<i64>,
    thousandths: Vec<u16>,
    #[serde(default)]
    language: Option<String>,
    model: String,
    origin: v2::Origin,
}

#[derive(Deserialize)]
struct Mark {
    id: u64,
    start: i64,
    end: i64,
    label: String,
    origin: v2::Origin,
}

#[derive(Deserialize)]
struct Dropped {
    start: i64,
    end: i64,
    text: String,
    reason: v2::DropReason,
}

/// The next version's document out of this version's JSON.
pub(super) fn read(json: &[u8]) -> Result<v2::Document, StateError> {
    let document: Document = serde_json::from_slice(json).map_err(StateError::damaged)?;
    Ok(v2::Document {
        settings: v2::Settings {
            model: document.settings.model,
            language: document.settings.language,
            ..v2::Settings::default()
        },
        utterances: document.utterances.into_iter().map(Into::into).collect(),
        spans: document.spans,
        marks: document.marks.into_iter().map(Into::into).collect(),
        dropped: document.dropped.into_iter().map(Into::into).collect(),
        missed: document.missed,
        versions: Vec::new(),
        tempo: Vec::new(),
    })
}

impl From<Utterance> for v2::Utterance {
    fn from(old: Utterance) -> Self {
        let Utterance { id, start, end, words, gaps, lengths, thousandths, language, model, origin } = old;
        let words = v2::Words { text: v2::Words::joined(words), gaps, lengths, thousandths };
        Self { id, start, end, words, language, model, origin }
    }
}

impl From<Mark> for v2::Mark {
    fn from(old: Mark) -> Self {
        let Mark { id, start, end, label, origin } = old;
        Self { id, start, end, label, origin, colour: None }
    }
}

impl From<Dropped> for v2::Dropped {
    fn from(old: Dropped) -> Self {
        let Dropped { start, end, text, reason } = old;
        // The text comes back as one piece, in whose parts nobody believes.
        let words = if text.is_empty() {
            v2::Words::default()
        } else {
            let length = end.max(start).wrapping_sub(start);
            v2::Words {
                text: v2::Words::joined([text]),
                gaps: vec![0],
                lengths: vec![length],
                thousandths: vec![0],
            }
        };
        Self { start, end, words, language: None, model: String::new(), reason }
    }
}
