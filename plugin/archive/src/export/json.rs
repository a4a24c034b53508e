//! JSON: everything that the notebook holds, for scripts.
//!
//! Version 1. Times are seconds since the chosen origin (usually the project's start), negative before it,
//! rounded to milliseconds; probabilities run from 0 to 1 and are rounded to thousandths. Lists are in time order. A reader
//! should ignore fields that it does not know; a change that it could not ignore raises `version`.
//!
//! | field | what it holds |
//! |---|---|
//! | `format` | always `"earmark"` |
//! | `version` | `1` |
//! | `source` | what was listened to, such as a file's name, or `null` |
//! | `settings` | as chosen: `model` (a card's name), `language` (ISO 639-1, or `null`: detected), `translate` and `verbatim` (yes or no), `glossary` (a list of terms), `speaker` where one was named (empty: nobody is), `rules[]` where some are set otherwise than usual: `rule` (`first_sound`, `silence`, `clipping`, `drop_out`, `applause`, `laughter`), `is_on`, `threshold` (dB below full scale, seconds, samples, milliseconds, per cent, per cent) |

//! | `utterances[]` | `id`, `start`, `end`, `text`, `language` or `null`, `model` (the card's name of what wrote it), `origin`, `confidence` (mean of its words), `speaker` where one is known, `words[]` unless left out |
//! | `utterances[].words[]` | `text`, `start`, `end`, `confidence` |
//! | `classes[]` | `start`, `end`, `class` (`speech`, `singing`, `music`, `other`, `silence`), `probability` |
//! | `marks[]` | `id`, `start`, `end` (equal to `start` for a point), `label`, `origin`, `colour` (RRGGBB) where one was given |
//! | `dropped[]` | `start`, `end`, `text` (what the model wrote), `reason` (`too_short`, `no_speech`, `non_speech`, `repetition`, `too_fast`, `failed`) |
//! | `made` | where it is known how the transcript was made: `date` or `null`, `machine` and `hand` (how many utterances each wrote or corrected), `models[]` with `name` and `sha256` (or `null`), and `cost` or `null`: `audio`, `cpu` and `models[]` (`name`, `cpu`) in seconds, `joules`, `energy` (`measured` or `estimate`); and `recording` or `null`, the file that was heard: `bytes`, `modified` (seconds since 1970) and `audio_sha256` (of its samples as decoded, interleaved 32-bit floats, least significant byte first) |
//! | `sound` | where the recording, or in a session what was played from `start` to `end`, was measured as a whole: `loudness` with `integrated` and `short_term` (the highest) in LUFS, `range` in LU, `true_peak` in dBTP, `clips` (how many), `dc` (a share of full scale), `noise_floor` in dBFS, `correlation` (of left and right, -1 to 1), numbers or `null`; `tempo` or `null`: `bpm`, `other_bpm` (half or twice of it, whichever is likelier), `confidence`, `first_beat` in seconds; `key` or `null`: `scale` and `runner_up` (such as `F# minor`), `confidence`, `tuning_cents` (above 440 Hz); `stem` or `null`: `role` (such as `bass`, `null`: not sure), `likely[]` (`role`, `probability`), `tags[]` (AudioSet's `name`, `score`) |
//! | `missed[]` | `start`, `end` of what was played and never heard; play it again to have it analysed |
//!
//! `origin` is `machine`, `chosen` for what a person preferred of what machines made, or `hand` for what a
//! person made or corrected. `id`s are unique in the file.

use super::options::{Include, Options, Speech as Spoken};
use earmark_timeline::mark::Colour;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::rule::Setting;
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::{DropReason, Origin, Utterance};
use serde::Serialize;

pub(super) mod layout;
mod made;
mod sound;

const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    version: u32,
    source: Option<&'a str>,
    settings: Settings<'a>,
    utterances: Vec<Speech<'a>>,
    classes: Vec<Class>,
    marks: Vec<Mark<'a>>,
    dropped: Vec<Dropped>,
    missed: Vec<Missed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    made: Option<made::Made<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sound: Option<sound::Sound>,
}

#[derive(Serialize)]
struct Settings<'a> {
    model: &'a str,
    language: Option<&'a str>,
    translate: bool,
    verbatim: bool,
    glossary: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    speaker: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rules: Vec<Set>,
}

#[derive(Serialize)]
struct Set {
    rule: &'static str,
    is_on: bool,
    threshold: u16,
}

#[derive(Serialize)]
struct Speech<'a> {
    id: u64,
    start: f64,
    end: f64,
    text: String,
    language: Option<&'a str>,
    model: &'a str,
    origin: &'static str,
    confidence: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    speaker: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<Vec<Word<'a>>>,
}

#[derive(Serialize)]
struct Word<'a> {
    text: &'a str,
    start: f64,
    end: f64,
    confidence: f64,
}

#[derive(Serialize)]
struct Class {
    start: f64,
    end: f64,
    class: &'static str,
    probability: f64,
}

#[derive(Serialize)]
struct Mark<'a> {
    id: u64,
    start: f64,
    end: f64,
    label: &'a str,
    origin: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    colour: Option<String>,
}

#[derive(Serialize)]
struct Dropped {
    start: f64,
    end: f64,
    text: String,
    reason: &'static str,
}

#[derive(Serialize)]
struct Missed {
    start: f64,
    end: f64,
}

pub(super) fn write(notebook: &Notebook, options: &Options, include: Include) -> String {
    let settings = notebook.settings();
    layout::write(&Document {
        format: "earmark",
        version: VERSION,
        source: options.source.as_deref(),
        settings: Settings {
            model: &settings.model,
            language: settings.language.as_deref(),
            translate: settings.translate,
            verbatim: settings.verbatim,
            glossary: &settings.glossary,
            speaker: settings.speaker.as_deref(),
            rules: settings
                .rules
                .unusual()
                .map(|(rule, Setting { is_on, threshold })| Set { rule: rule.name(), is_on, threshold })
                .collect(),
        },
        utterances: notebook
            .utterances()
            .iter()
            .map(|utterance| Speech::new(utterance, options, include.speech == Spoken::Words))
            .collect(),
        classes: notebook
            .spans()
            .iter()
            .map(|span| Class {
                start: seconds(span.start),
                end: seconds(span.end),
                class: span.class.name(),
                probability: probability(span.probability),
            })
            .collect(),
        marks: notebook
            .marks()
            .iter()
            .map(|mark| Mark {
                id: mark.id.0,
                start: seconds(mark.start),
                end: seconds(mark.end),
                label: &mark.label,
                origin: origin(mark.origin),
                colour: mark.colour.map(|Colour([r, g, b])| format!("{r:02X}{g:02X}{b:02X}")),
            })
            .collect(),
        dropped: notebook
            .dropped()
            .iter()
            .map(|dropped| Dropped {
                start: seconds(dropped.start),
                end: seconds(dropped.end),
                text: dropped.text(),
                reason: reason(dropped.reason),
            })
            .collect(),
        missed: notebook
            .missed()
            .iter()
            .map(|range| Missed { start: seconds(range.start), end: seconds(range.end) })
            .collect(),
        made: options.made.as_ref().map(|making| made::Made::new(notebook, making)),
        sound: options.sound.as_ref().map(Into::into).or(notebook.reading().map(Into::into)),
    })
}

impl<'a> Speech<'a> {
    fn new(utterance: &'a Utterance, options: &'a Options, with_words: bool) -> Self {
        let words = utterance.words.iter().map(|word| Word {
            text: &word.text,
            start: seconds(word.start),
            end: seconds(word.end),
            confidence: probability(word.confidence),
        });
        Self {
            id: utterance.id.0,
            start: seconds(utterance.start),
            end: seconds(utterance.end),
            text: utterance.text(),
            language: utterance.language.as_deref(),
            model: &utterance.model,
            origin: origin(utterance.origin),
            confidence: probability(utterance.confidence()),
            speaker: options.speakers.of(utterance).map(AsRef::as_ref),
            words: with_words.then(|| words.collect()),
        }
    }
}

pub(super) fn seconds(time: ProjectTime) -> f64 {
    time.milliseconds() as f64 / 1_000.0
}

/// To thousandths, as the saved state keeps them; what is no number counts as zero.
fn probability(value: f32) -> f64 {
    f64::from((value.clamp(0.0, 1.0) * 1_000.0).round() as u16) / 1_000.0
}

pub(super) const fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Machine => "machine",
        Origin::Chosen => "chosen",
        Origin::Hand => "hand",
    }
}

const fn reason(reason: DropReason) -> &'static str {
    match reason {
        DropReason::TooShort => "too_short",
        DropReason::NoSpeech => "no_speech",
        DropReason::NonSpeech => "non_speech",
        DropReason::Repetition => "repetition",
        DropReason::TooFast => "too_fast",
        DropReason::Failed => "failed",
    }
}
