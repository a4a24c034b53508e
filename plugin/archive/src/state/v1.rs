//! Version 1 of the saved state. Released: it is read for ever and never changed.
//!
//! All times are ticks of [`ProjectTime`]. The words of an utterance are kept as columns of one length,
//! each start counted from the end of the word before (the first from the utterance's start) and each
//! end as a length: small numbers that repeat, which is what compresses.

use super::StateError;
use earmark_timeline::mark;
use earmark_timeline::notebook::{Notebook, Parts};
use earmark_timeline::settings;
use earmark_timeline::tag;
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::{self, ItemId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The largest name of an item, so that counting on from it never overflows and every reader of JSON
/// keeps it exactly (RFC 8259, section 6).
const ID_LIMIT: u64 = 1 << 53;

#[derive(Serialize, Deserialize)]
struct Document {
    settings: Settings,
    utterances: Vec<Utterance>,
    spans: Vec<Span>,
    marks: Vec<Mark>,
    dropped: Vec<Dropped>,
    /// Starts and ends.
    missed: Vec<(i64, i64)>,
}

#[derive(Serialize, Deserialize)]
struct Settings {
    model: String,
    language: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Utterance {
    id: u64,
    start: i64,
    end: i64,
    words: Vec<String>,
    gaps: Vec<i64>,
    lengths: Vec<i64>,
    thousandths: Vec<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    model: String,
    origin: Origin,
}

#[derive(Serialize, Deserialize)]
struct Span {
    start: i64,
    end: i64,
    class: SoundClass,
    thousandths: u16,
}

#[derive(Serialize, Deserialize)]
struct Mark {
    id: u64,
    start: i64,
    end: i64,
    label: String,
    origin: Origin,
}

#[derive(Serialize, Deserialize)]
struct Dropped {
    start: i64,
    end: i64,
    text: String,
    reason: DropReason,
}

/// An enum of the vocabulary and its twin in this format, one to one.
macro_rules! twin {
    ($twin:ident of $original:path { $($variant:ident),* }) => {
        #[derive(Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum $twin { $($variant),* }

        impl From<$original> for $twin {
            fn from(value: $original) -> Self {
                use $original as Original;
                match value { $(Original::$variant => Self::$variant),* }
            }
        }

        impl From<$twin> for $original {
            fn from(value: $twin) -> Self {
                match value { $($twin::$variant => Self::$variant),* }
            }
        }
    };
}

twin!(Origin of utterance::Origin { Machine, Chosen, Hand });
twin!(SoundClass of tag::SoundClass { Speech, Singing, Music, Other, Silence });
twin!(DropReason of utterance::DropReason { TooShort, NoSpeech, NonSpeech, Repetition, TooFast, Failed });

/// A notebook as this version's JSON.
pub(super) fn write(notebook: &Notebook) -> Vec<u8> {
    // Text and integers only: there is nothing in a document that could fail to be JSON.
    serde_json::to_vec(&Document::from(notebook)).unwrap_or_default()
}

/// A notebook out of this version's JSON.
pub(super) fn read(json: &[u8]) -> Result<Notebook, StateError> {
    let document: Document = serde_json::from_slice(json).map_err(StateError::damaged)?;
    document.try_into()
}

impl From<&Notebook> for Document {
    fn from(notebook: &Notebook) -> Self {
        // Reading refuses an utterance without words, and there is nothing in one to keep.
        let spoken = notebook.utterances().iter().filter(|utterance| !utterance.words.is_empty());
        let mut utterances: Vec<_> = spoken.map(Utterance::from).collect();
        let mut marks: Vec<_> = notebook.marks().iter().map(Mark::from).collect();
        // The order in which a notebook comes back, so that writing it again gives the same bytes.
        utterances.sort_by_key(|utterance| (utterance.start, utterance.id));
        marks.sort_by_key(|mark| (mark.start, mark.id));
        Self {
            settings: notebook.settings().into(),
            utterances,
            spans: notebook.spans().iter().map(Span::from).collect(),
            marks,
            dropped: notebook.dropped().iter().map(Dropped::from).collect(),
            missed: notebook.missed().iter().map(|range| (range.start.ticks(), range.end.ticks())).collect(),
        }
    }
}

impl TryFrom<Document> for Notebook {
    type Error = StateError;

    fn try_from(document: Document) -> Result<Self, StateError> {
        let ids = document.utterances.iter().map(|item| item.id);
        if ids.chain(document.marks.iter().map(|item| item.id)).any(|id| id > ID_LIMIT) {
            return Err(StateError::damaged("the name of an item is out of range"));
        }
        let mut names = BTreeSet::new();
        let utterances = document.utterances.into_iter().map(|item| item.revive(&mut names));
        Ok(Self::from_parts(Parts {
            settings: document.settings.into(),
            utterances: utterances.collect::<Result<_, _>>()?,
            spans: document.spans.into_iter().map(Into::into).collect(),
            marks: document.marks.into_iter().map(Into::into).collect(),
            dropped: document.dropped.into_iter().map(Into::into).collect(),
            missed: document
                .missed
                .into_iter()
                .map(|(start, end)| ProjectTime::from_ticks(start)..ProjectTime::from_ticks(end))
                .collect(),
            ..Parts::default()
        }))
    }
}

impl From<&settings::Settings> for Settings {
    fn from(settings: &settings::Settings) -> Self {
        Self { model: settings.model.clone(), language: settings.language.clone() }
    }
}

impl From<Settings> for settings::Settings {
    fn from(settings: Settings) -> Self {
        // This version knew no more than these two.
        let (model, language) = (settings.model, settings.language);
        Self { model, language, ..settings::Settings::default() }
    }
}

impl From<&utterance::Utterance> for Utterance {
    fn from(utterance: &utterance::Utterance) -> Self {
        let words = &utterance.words;
        // Reading refuses a word that ends before it starts; the vocabulary forbids it, so does writing.
        let times: Vec<_> =
            words.iter().map(|word| (word.start.ticks(), word.end.max(word.start).ticks())).collect();
        let before = std::iter::once(utterance.start.ticks()).chain(times.iter().map(|(_, end)| *end));
        Self {
            id: utterance.id.0,
            start: utterance.start.ticks(),
            end: utterance.end.ticks(),
            words: words.iter().map(|word| word.text.clone()).collect(),
            // Wrapping there and back is exact for every pair of times.
            gaps: times.iter().zip(before).map(|((start, _), before)| start.wrapping_sub(before)).collect(),
            lengths: times.iter().map(|(start, end)| end.wrapping_sub(*start)).collect(),
            thousandths: words.iter().map(|word| thousandths(word.confidence)).collect(),
            language: utterance.language.as_deref().map(str::to_owned),
            model: utterance.model.as_ref().to_owned(),
            origin: utterance.origin.into(),
        }
    }
}

impl Utterance {
    /// Checks what the vocabulary promises of an utterance and makes it one; equal names share memory.
    fn revive(self, names: &mut BTreeSet<Arc<str>>) -> Result<utterance::Utterance, StateError> {
        let count = self.words.len();
        if [self.gaps.len(), self.lengths.len(), self.thousandths.len()] != [count; 3] || count == 0 {
            return Err(StateError::damaged("the words of an utterance do not match their times"));
        }
        let mut clock = self.start;
        let mut words = Vec::with_capacity(count);
        let times = self.gaps.into_iter().zip(self.lengths);
        for ((text, (gap, length)), sure) in self.words.into_iter().zip(times).zip(self.thousandths) {
            let start = clock.wrapping_add(gap);
            clock = start.wrapping_add(length);
            if clock < start {
                return Err(StateError::damaged("a word ends before it starts"));
            }
            words.push(utterance::Word {
                text,
                start: ProjectTime::from_ticks(start),
                end: ProjectTime::from_ticks(clock),
                confidence: from_thousandths(sure),
            });
        }
        Ok(utterance::Utterance {
            id: ItemId(self.id),
            start: ProjectTime::from_ticks(self.start),
            end: ProjectTime::from_ticks(self.end),
            words,
            language: self.language.map(|name| shared(names, &name)),
            model: shared(names, &self.model),
            origin: self.origin.into(),
            run: None,
        })
    }
}

impl From<&tag::ClassSpan> for Span {
    fn from(span: &tag::ClassSpan) -> Self {
        Self {
            start: span.start.ticks(),
            end: span.end.ticks(),
            class: span.class.into(),
            thousandths: thousandths(span.probability),
        }
    }
}

impl From<Span> for tag::ClassSpan {
    fn from(span: Span) -> Self {
        Self {
            start: ProjectTime::from_ticks(span.start),
            end: ProjectTime::from_ticks(span.end),
            class: span.class.into(),
            probability: from_thousandths(span.thousandths),
        }
    }
}

impl From<&mark::Mark> for Mark {
    fn from(mark: &mark::Mark) -> Self {
        Self {
            id: mark.id.0,
            start: mark.start.ticks(),
            end: mark.end.ticks(),
            label: mark.label.clone(),
            origin: mark.origin.into(),
        }
    }
}

impl From<Mark> for mark::Mark {
    fn from(mark: Mark) -> Self {
        Self {
            id: ItemId(mark.id),
            start: ProjectTime::from_ticks(mark.start),
            end: ProjectTime::from_ticks(mark.end),
            label: mark.label,
            origin: mark.origin.into(),
            colour: None,
        }
    }
}

impl From<&utterance::Dropped> for Dropped {
    fn from(dropped: &utterance::Dropped) -> Self {
        Self {
            start: dropped.start.ticks(),
            end: dropped.end.ticks(),
            text: dropped.text(),
            reason: dropped.reason.into(),
        }
    }
}

impl From<Dropped> for utterance::Dropped {
    fn from(dropped: Dropped) -> Self {
        let (start, end) = (ProjectTime::from_ticks(dropped.start), ProjectTime::from_ticks(dropped.end));
        // This version kept the text alone: it comes back as one piece, in whose parts nobody believes.
        let words = match dropped.text {
            text if text.is_empty() => Vec::new(),
            text => vec![utterance::Word { text, start, end: end.max(start), confidence: 0.0 }],
        };
        Self {
            start,
            end,
            words,
            language: None,
            model: Arc::from(""),
            reason: dropped.reason.into(),
            run: None,
        }
    }
}

/// A probability in thousandths; what is no number counts as zero.
fn thousandths(probability: f32) -> u16 {
    (probability.clamp(0.0, 1.0) * 1_000.0).round() as u16
}

fn from_thousandths(thousandths: u16) -> f32 {
    (f32::from(thousandths) / 1_000.0).min(1.0)
}

fn shared(names: &mut BTreeSet<Arc<str>>, name: &str) -> Arc<str> {
    if let Some(known) = names.get(name) {
        return Arc::clone(known);
    }
    let name: Arc<str> = name.into();
    names.insert(Arc::clone(&name));
    name
}
