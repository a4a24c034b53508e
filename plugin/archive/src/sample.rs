//! Notebooks for this crate's tests.

mod podcast;

pub(crate) use podcast::{Random, heard_before, podcast};

use earmark_timeline::course::{LoudnessSpan, RoleSpan};
use earmark_timeline::mark::{Colour, Mark};
use earmark_timeline::meter::{TempoMap, TempoPoint};
use earmark_timeline::notebook::{Notebook, Parts};
use earmark_timeline::rule::{Rule, Rules, Setting};
use earmark_timeline::settings::Settings;
use earmark_timeline::sound::{Drive, Form, Key, Loudness, Reading, Role, Scale, Sound, Stem, Tag, Tempo};
use earmark_timeline::tag::{ClassSpan, SoundClass};
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::{DropReason, Dropped, ItemId, Origin, Utterance, Word};
use earmark_timeline::version::Version;

pub(crate) fn at(seconds: f64) -> ProjectTime {
    ProjectTime::from_seconds(seconds)
}

pub(crate) fn word(text: &str, start: f64, end: f64) -> Word {
    Word { text: text.to_owned(), start: at(start), end: at(end), confidence: 0.9 }
}

pub(crate) fn utterance(id: u64, words: Vec<Word>) -> Utterance {
    Utterance { run: None, ..podcast::utterance(id, words) }
}

/// Evenly timed words from a line of text.
pub(crate) fn said(id: u64, start: f64, end: f64, text: &str) -> Utterance {
    let count = text.split(' ').count() as f64;
    let time = |index: usize| start + (end - start) * index as f64 / count;
    utterance(id, text.split(' ').enumerate().map(|(i, t)| word(t, time(i), time(i + 1))).collect())
}

pub(crate) fn notebook_of(utterances: Vec<Utterance>) -> Notebook {
    Notebook::from_parts(Parts { utterances, ..Parts::default() })
}

/// What a notebook is made of.
pub(crate) fn parts_of(notebook: &Notebook) -> Parts {
    Parts {
        settings: notebook.settings().clone(),
        utterances: notebook.utterances().to_vec(),
        spans: notebook.spans().to_vec(),
        roles: notebook.roles().to_vec(),
        loudness: notebook.loudness().to_vec(),
        marks: notebook.marks().to_vec(),
        dropped: notebook.dropped().to_vec(),
        missed: notebook.missed().to_vec(),
        versions: notebook.versions().to_vec(),
        tempo: notebook.tempo().clone(),
        reading: notebook.reading().cloned(),
    }
}

/// A measure of everything.
pub(crate) fn sound() -> Sound {
    Sound {
        loudness: Loudness {
            integrated_lufs: Some(-16.25),
            short_term_lufs: Some(-12.5),
            range_lu: Some(4.75),
            true_peak_dbtp: Some(-0.5),
            clips: 3,
            dc: -0.25,
            noise_floor_dbfs: Some(-61.5),
            correlation: None,
        },
        tempo: Some(Tempo { bpm: 120.5, other_bpm: 60.25, confidence: 0.75, first_beat: at(0.25) }),
        key: Some(Key {
            scale: Scale::new(6, true),
            runner_up: Scale::new(9, false),
            confidence: 0.5,
            tuning_cents: -12.5,
        }),
        form: Some(Form::Loop),
        drive: Some(Drive::Clean),
        stem: Some(Stem {
            role: Some(Role::Mix),
            likely: vec![(Role::Mix, 0.5), (Role::Synth, 0.25)],
            tags: vec![Tag { name: "Violin, fiddle".to_owned(), score: 0.125 }],
        }),
    }
}

/// How loud a second is, so many after a start.
pub(crate) fn loud(start: f64, second: i32, lufs: i8) -> LoudnessSpan {
    let start = start + f64::from(second);
    LoudnessSpan { start: at(start), end: at(start + 1.0), lufs }
}

/// One of everything, with what makes formats stumble.
pub(crate) fn small() -> Notebook {
    let mut corrected = said(4, 12.0, 14.0, "Fish & <chips> --> \"twice\".");
    corrected.origin = Origin::Hand;
    corrected.language = None;
    let span =
        |start, end, class, probability| ClassSpan { start: at(start), end: at(end), class, probability };
    Notebook::from_parts(Parts {
        settings: Settings {
            model: "whisper-base".to_owned(),
            language: Some("de".to_owned()),
            translate: true,
            verbatim: true,
            glossary: vec!["Dashwood".to_owned(), "Łódź".to_owned()],
            speaker: None,
            rules: Rules::default().with(Rule::Silence, Setting { is_on: true, threshold: 30 }),
        },
        utterances: vec![
            said(1, -1.5, 0.25, "Before bar one."),
            said(
                2,
                1.0,
                11.0,
                "It was the best of times, it was the worst of times, it was the age of wisdom, \
                 it was the age of foolishness, it was the epoch of belief.",
            ),
            corrected,
            said(5, 3_723.5, 3_725.0, "Straße, naïve 東京."),
        ],
        spans: vec![
            span(-1.5, 14.0, SoundClass::Speech, 0.987),
            span(14.0, 20.5, SoundClass::Music, 0.75),
            span(20.5, 21.0, SoundClass::Silence, 1.0),
        ],
        roles: vec![RoleSpan { start: at(14.5), end: at(18.5), role: Role::Guitar, probability: 0.75 }],
        loudness: [-23, -70, 4]
            .into_iter()
            .zip(0..)
            .map(|(lufs, second)| loud(14.25, second, lufs))
            .collect(),
        marks: vec![
            Mark {
                id: ItemId(3),
                start: at(2.0),
                end: at(2.0),
                label: "Take 2, good".into(),
                origin: Origin::Hand,
                colour: None,
                run: None,
            },
            Mark {
                id: ItemId(6),
                start: at(14.0),
                end: at(20.5),
                label: "music".into(),
                origin: Origin::Machine,
                colour: Some(Colour([255, 136, 0])),
                run: None,
            },
        ],
        dropped: vec![Dropped {
            start: at(15.0),
            end: at(16.0),
            words: vec![Word { text: "[MUSIC]".to_owned(), start: at(15.0), end: at(16.0), confidence: 0.0 }],
            language: None,
            model: "".into(),
            reason: DropReason::NonSpeech,
            run: None,
        }],
        missed: vec![at(30.0)..at(31.25)],
        versions: vec![Version {
            id: ItemId(9),
            start: at(11.0),
            end: at(15.0),
            utterances: vec![said(8, 12.0, 14.0, "Fission ships twice.")],
            by: None,
        }],
        tempo: TempoMap::from_points(vec![TempoPoint {
            time: at(0.1),
            beats: 0.1 + 0.2,
            tempo_bpm: 97.3,
            bar_start_beats: 0.0,
            bar: 0,
            signature: (7, 8),
        }]),
        reading: Some(Reading { start: at(-1.5), end: at(20.5), sound: sound() }),
    })
}
