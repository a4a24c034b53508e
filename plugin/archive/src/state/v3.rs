//! Version 3 of the saved state.
//!
//! Times are ticks of [`ProjectTime`], but for those of words and utterances: they are kept in samples at the models'
//! rate, where machines' times lie, and exactly also where they do not. What is said is kept as columns over all
//! utterances, each word's start counted from the end of the word before and each end as a length: small numbers
//! that repeat, which is what is written, packed and read fast. Texts are one string, a line each.

mod bars;
mod course;
mod reading;
mod speech;
mod twins;
mod words;

use super::StateError;
pub(super) use bars::Bars;
use course::{Level, Part};
use earmark_timeline::mark;
use earmark_timeline::meter::TempoMap;
use earmark_timeline::notebook::{Notebook, Parts};
use earmark_timeline::rule::{Rule, Setting};
use earmark_timeline::settings;
use earmark_timeline::tag;
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::ItemId;
use reading::Reading;
use serde::{Deserialize, Serialize};
pub(super) use speech::{Dropped, Said, Speech, Version};
pub(super) use twins::{DropReason, Origin, SoundClass};
pub(super) use words::{Spoken, push_line};
use words::{from_thousandths, thousandths};

/// The largest name of an item, so that counting on from it never overflows and every reader of JSON
/// keeps it exactly (RFC 8259, section 6).
const ID_LIMIT: u64 = 1 << 53;

#[derive(Serialize, Deserialize)]
pub(super) struct Document {
    pub(super) settings: Settings,
    pub(super) speech: Speech,
    pub(super) spans: Vec<Span>,
    pub(super) marks: Vec<Mark>,
    pub(super) dropped: Vec<Dropped>,
    /// Starts and ends.
    pub(super) missed: Vec<(i64, i64)>,
    /// Oldest first.
    pub(super) versions: Vec<Version>,
    /// By time.
    pub(super) tempo: Vec<Bars>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reading: Option<Reading>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) roles: Vec<Part>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) loudness: Vec<Level>,
}

#[derive(Default, Serialize, Deserialize)]
pub(super) struct Settings {
    pub(super) model: String,
    pub(super) language: Option<String>,
    pub(super) translate: bool,
    pub(super) verbatim: bool,
    pub(super) glossary: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) speaker: Option<String>,
    /// Those that are set otherwise than usual: name, whether it is on, threshold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) rules: Vec<(String, bool, u16)>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Span {
    pub(super) start: i64,
    pub(super) end: i64,
    pub(super) class: SoundClass,
    pub(super) thousandths: u16,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Mark {
    pub(super) id: u64,
    pub(super) start: i64,
    pub(super) end: i64,
    pub(super) label: String,
    pub(super) origin: Origin,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) colour: Option<[u8; 3]>,
}

/// A notebook as this version's JSON.
pub(super) fn write(notebook: &Notebook) -> Vec<u8> {
    // Text and integers only: there is nothing in a document that could fail to be JSON.
    serde_json::to_vec(&Document::from(notebook)).unwrap_or_default()
}

/// This version's document out of its JSON.
pub(super) fn read(json: &[u8]) -> Result<Document, StateError> {
    serde_json::from_slice(json).map_err(StateError::damaged)
}

impl From<&Notebook> for Document {
    fn from(notebook: &Notebook) -> Self {
        let mut marks: Vec<_> = notebook.marks().iter().map(Mark::from).collect();
        // The order in which a notebook comes back, so that writing it again gives the same bytes.
        marks.sort_by_key(|mark| (mark.start, mark.id));
        Self {
            settings: notebook.settings().into(),
            speech: notebook.utterances().into(),
            spans: notebook.spans().iter().map(Span::from).collect(),
            marks,
            dropped: notebook.dropped().iter().map(Dropped::from).collect(),
            missed: notebook.missed().iter().map(|range| (range.start.ticks(), range.end.ticks())).collect(),
            versions: notebook.versions().iter().map(Version::from).collect(),
            tempo: notebook.tempo().points().iter().map(Bars::from).collect(),
            reading: notebook.reading().map(Reading::from),
            roles: notebook.roles().iter().map(Part::from).collect(),
            loudness: Level::of(notebook.loudness()),
        }
    }
}

impl Document {
    /// Checks what the vocabulary promises, and makes a notebook of it.
    pub(super) fn revive(self) -> Result<Notebook, StateError> {
        let time = ProjectTime::from_ticks;
        let dropped = self.dropped.into_iter().map(Dropped::revive);
        let versions = self.versions.into_iter().map(Version::revive);
        let parts = Parts {
            settings: self.settings.into(),
            utterances: self.speech.revive()?,
            spans: self.spans.into_iter().map(Into::into).collect(),
            marks: self.marks.into_iter().map(Into::into).collect(),
            dropped: dropped.collect::<Result<_, _>>()?,
            missed: self.missed.into_iter().map(|(start, end)| time(start)..time(end)).collect(),
            versions: versions.collect::<Result<_, _>>()?,
            tempo: TempoMap::from_points(self.tempo.into_iter().map(Bars::revive).collect::<Result<_, _>>()?),
            reading: self.reading.map(Into::into),
            roles: self.roles.into_iter().filter_map(Part::revive).collect(),
            loudness: self.loudness.into_iter().flat_map(Level::revive).collect(),
        };
        let past = parts.versions.iter().flat_map(|version| &version.utterances);
        let ids = parts.utterances.iter().chain(past).map(|item| item.id);
        let ids = ids.chain(parts.marks.iter().map(|item| item.id));
        if ids.chain(parts.versions.iter().map(|item| item.id)).any(|id| id.0 > ID_LIMIT) {
            return Err(StateError::damaged("the name of an item is out of range"));
        }
        Ok(Notebook::from_parts(parts))
    }
}

impl From<&settings::Settings> for Settings {
    fn from(settings: &settings::Settings) -> Self {
        let settings::Settings { model, language, translate, verbatim, glossary, speaker, rules } =
            settings.clone();
        let rules = rules.unusual().map(|(rule, set)| (rule.name().to_owned(), set.is_on, set.threshold));
        Self { model, language, translate, verbatim, glossary, speaker, rules: rules.collect() }
    }
}

impl From<Settings> for settings::Settings {
    fn from(settings: Settings) -> Self {
        let Settings { model, language, translate, verbatim, glossary, speaker, rules } = settings;
        // What this version has no name for it does not mark.
        let known = |(name, is_on, threshold): (String, _, _)| {
            Some((Rule::from_name(&name)?, Setting { is_on, threshold }))
        };
        let rules = rules.into_iter().filter_map(known).collect();
        Self { model, language, translate, verbatim, glossary, speaker, rules }
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
            colour: mark.colour.map(|colour| colour.0),
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
            colour: mark.colour.map(mark::Colour),
            run: None,
        }
    }
}
