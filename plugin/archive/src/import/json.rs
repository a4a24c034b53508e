//! Our own JSON, of which every field that it has is checked. Fields from later versions are left alone.

mod made;
mod sound;

use super::{Gathered, ImportError, Imported, LONGEST_TEXT, MOST_ITEMS, check_times, spread, text};
use earmark_timeline::mark;
use earmark_timeline::rule::{self, Rule};
use earmark_timeline::settings;
use earmark_timeline::sound::Reading;
use earmark_timeline::tag::{ClassSpan, SoundClass};
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::{self, DropReason, ItemId};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The largest name of an item, as in the saved state: every reader of JSON keeps it exactly.
const ID_LIMIT: u64 = 1 << 53;
const REMEDY: &str = "export the file from Earmark again";

#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    source: Option<String>,
    settings: Settings,
    utterances: Vec<Utterance>,
    #[serde(default)]
    classes: Vec<Class>,
    #[serde(default)]
    marks: Vec<Mark>,
    #[serde(default)]
    dropped: Vec<Dropped>,
    #[serde(default)]
    missed: Vec<Stretch>,
    #[serde(default)]
    made: Option<made::Made>,
    #[serde(default)]
    sound: Option<sound::Sound>,
}

/// What a file must say before the rest is looked at.
#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    format: Option<String>,
    #[serde(default)]
    version: Option<u32>,
}

#[derive(Deserialize)]
struct Settings {
    model: String,
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    translate: bool,
    #[serde(default)]
    verbatim: bool,
    #[serde(default)]
    glossary: Vec<String>,
    #[serde(default)]
    speaker: Option<String>,
    #[serde(default)]
    rules: Vec<Set>,
}

#[derive(Deserialize)]
struct Set {
    rule: String,
    is_on: bool,
    threshold: u16,
}

#[derive(Deserialize)]
struct Utterance {
    id: u64,
    start: f64,
    end: f64,
    text: String,
    #[serde(default)]
    language: Option<String>,
    model: String,
    origin: Origin,
    #[serde(default)]
    confidence: f32,
    #[serde(default)]
    speaker: Option<String>,
    #[serde(default)]
    words: Vec<Word>,
}

#[derive(Deserialize)]
struct Word {
    text: String,
    start: f64,
    end: f64,
    confidence: f32,
}

#[derive(Deserialize)]
struct Class {
    start: f64,
    end: f64,
    class: String,
    probability: f32,
}

#[derive(Deserialize)]
struct Mark {
    id: u64,
    start: f64,
    end: f64,
    label: String,
    origin: Origin,
    #[serde(default)]
    colour: Option<String>,
}

#[derive(Deserialize)]
struct Dropped {
    start: f64,
    end: f64,
    text: String,
    reason: Reason,
}

#[derive(Deserialize)]
struct Stretch {
    start: f64,
    end: f64,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Origin {
    Machine,
    Chosen,
    Hand,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reason {
    TooShort,
    NoSpeech,
    NonSpeech,
    Repetition,
    TooFast,
    Failed,
}

pub(super) fn read(text: &str) -> Result<Imported, ImportError> {
    let broken = |error: serde_json::Error| {
        let line = Some(error.line()).filter(|line| *line > 0);
        ImportError { line, problem: format!("this is not what Earmark writes ({error})"), remedy: REMEDY }
    };
    let head: Head = serde_json::from_str(text).map_err(broken)?;
    match (head.format.as_deref(), head.version) {
        (Some("earmark"), Some(1)) => {}
        (Some("earmark"), Some(2..)) => {
            return Err(ImportError::whole("a newer Earmark wrote this", "update this one"));
        }
        _ => return Err(ImportError::whole("this JSON is not Earmark's", "choose an export of Earmark")),
    }
    let document: Document = serde_json::from_str(text).map_err(broken)?;
    take(document)
}

fn take(document: Document) -> Result<Imported, ImportError> {
    let words: usize = document.utterances.iter().map(|utterance| utterance.words.len()).sum();
    let lists = [document.utterances.len(), document.marks.len(), document.classes.len()];
    let others = [document.dropped.len(), document.missed.len(), words / 20];
    if lists.into_iter().chain(others).any(|count| count > MOST_ITEMS) {
        let problem = format!("there are more than {MOST_ITEMS} entries in one list");
        return Err(ImportError::whole(problem, "export a shorter range"));
    }
    let mut ids = Ids::default();
    let mut gathered = Gathered::default();
    let parts = &mut gathered.parts;
    let Settings { model, language, translate, verbatim, glossary, speaker, rules } = document.settings;
    let known = |Set { rule, is_on, threshold }: Set| {
        Some((Rule::from_name(&rule)?, rule::Setting { is_on, threshold }))
    };
    let rules = rules.into_iter().filter_map(known).collect();
    parts.settings = settings::Settings { model, language, translate, verbatim, glossary, speaker, rules };
    for utterance in document.utterances {
        let id = ids.take(utterance.id)?;
        if let Some(speaker) = &utterance.speaker {
            gathered.speakers.named.insert(id, Arc::from(speaker.as_str()));
        }
        if let Some(utterance) = spoken(id, utterance)? {
            parts.utterances.push(utterance);
        }
    }
    for mark in document.marks {
        let (start, end) = times(mark.start, mark.end)?;
        let (id, label) = (ids.take(mark.id)?, bounded(mark.label)?);
        let colour = mark.colour.as_deref().and_then(text::colour);
        let origin = mark.origin.into();
        parts.marks.push(mark::Mark { id, start, end, label, origin, colour, run: None });
    }
    for class in document.classes {
        let (start, end) = times(class.start, class.end)?;
        // A class that this version does not know is another sound to it.
        let named = SoundClass::ALL.into_iter().find(|known| known.name() == class.class);
        let (class, probability) = (named.unwrap_or(SoundClass::Other), share(class.probability));
        parts.spans.push(ClassSpan { start, end, class, probability });
    }
    for dropped in document.dropped {
        let (start, end) = times(dropped.start, dropped.end)?;
        let mut words = spread(&bounded(dropped.text)?, start, end);
        words.truncate(utterance::Dropped::MOST_WORDS);
        let reason = dropped.reason.into();
        let (language, model) = (None, Arc::from(""));
        parts.dropped.push(utterance::Dropped { start, end, words, language, model, reason, run: None });
    }
    for missed in document.missed {
        let (start, end) = times(missed.start, missed.end)?;
        parts.missed.push(start..end);
    }
    let made = document.made.map(Into::into);
    let mut sound = None;
    if let Some(measured) = document.sound {
        match measured.start.zip(measured.end) {
            Some(place) => {
                let (start, end) = times(place.0, place.1)?;
                gathered.parts.reading = Some(Reading { start, end, sound: measured.into() });
            }
            None => sound = Some(measured.into()),
        }
    }
    Ok(Imported { source: document.source, made, sound, ..gathered.finish() })
}

/// An utterance; without words of its own it gets those of its text, and without any it is none.
fn spoken(id: ItemId, said: Utterance) -> Result<Option<utterance::Utterance>, ImportError> {
    let (start, end) = times(said.start, said.end)?;
    let mut words = Vec::with_capacity(said.words.len());
    for word in said.words {
        let (start, end) = times(word.start, word.end)?;
        let (text, confidence) = (bounded(word.text)?, share(word.confidence));
        words.push(utterance::Word { text, start, end, confidence });
    }
    if words.is_empty() {
        words = spread(&bounded(said.text)?, start, end);
        words.iter_mut().for_each(|word| word.confidence = share(said.confidence));
    }
    words.sort_by_key(|word| word.start);
    Ok((!words.is_empty()).then(|| utterance::Utterance {
        id,
        start,
        end,
        words,
        language: said.language.map(Arc::from),
        model: Arc::from(said.model),
        origin: said.origin.into(),
        run: None,
    }))
}

#[derive(Default)]
struct Ids(BTreeSet<u64>);

impl Ids {
    fn take(&mut self, id: u64) -> Result<ItemId, ImportError> {
        if id > ID_LIMIT || !self.0.insert(id) {
            let problem = format!("two entries have the id {id}, or it is too large");
            return Err(ImportError::whole(problem, REMEDY));
        }
        Ok(ItemId(id))
    }
}

fn times(start: f64, end: f64) -> Result<(ProjectTime, ProjectTime), ImportError> {
    let (start, end) = (ProjectTime::from_seconds(start), ProjectTime::from_seconds(end));
    // The line is lost by now; the time is what a person can look for.
    check_times(0, start, end).map_err(|error| ImportError {
        line: None,
        problem: format!("at {} s {}", start.seconds(), error.problem),
        remedy: error.remedy,
    })?;
    Ok((start, end))
}

fn bounded(text: String) -> Result<String, ImportError> {
    if text.len() > LONGEST_TEXT {
        return Err(ImportError::whole("a text is too long", "shorten it below 20,000 letters"));
    }
    Ok(text)
}

fn share(value: f32) -> f32 {
    if value.is_nan() { 0.0 } else { value.clamp(0.0, 1.0) }
}

impl From<Origin> for utterance::Origin {
    fn from(origin: Origin) -> Self {
        match origin {
            Origin::Machine => Self::Machine,
            Origin::Chosen => Self::Chosen,
            Origin::Hand => Self::Hand,
        }
    }
}

impl From<Reason> for DropReason {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::TooShort => Self::TooShort,
            Reason::NoSpeech => Self::NoSpeech,
            Reason::NonSpeech => Self::NonSpeech,
            Reason::Repetition => Self::Repetition,
            Reason::TooFast => Self::TooFast,
            Reason::Failed => Self::Failed,
        }
    }
}
