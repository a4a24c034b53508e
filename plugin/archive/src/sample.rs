//! Notebooks for this crate's tests.

use earmark_timeline::clock::RunId;
use earmark_timeline::mark::{Colour, Mark};
use earmark_timeline::meter::{TempoMap, TempoPoint};
use earmark_timeline::notebook::{Notebook, Parts};
use earmark_timeline::settings::Settings;
use earmark_timeline::tag::{ClassSpan, SoundClass};
use earmark_timeline::units::{FramePos, ProjectTime, SampleRate, time_from_frames};
use earmark_timeline::utterance::{DropReason, Dropped, ItemId, Origin, Utterance, Word};
use earmark_timeline::version::Version;
use std::sync::Arc;

/// A small generator with a seed (SplitMix64, Steele et al. 2014), so that a failure can be repeated.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

pub(crate) fn at(seconds: f64) -> ProjectTime {
    ProjectTime::from_seconds(seconds)
}

pub(crate) fn word(text: &str, start: f64, end: f64) -> Word {
    Word { text: text.to_owned(), start: at(start), end: at(end), confidence: 0.9 }
}

pub(crate) fn utterance(id: u64, words: Vec<Word>) -> Utterance {
    Utterance {
        id: ItemId(id),
        start: words.first().expect("a word").start,
        end: words.last().expect("a word").end,
        words,
        language: Some(Arc::from("en")),
        model: Arc::from("whisper-tiny.en"),
        origin: Origin::Machine,
        run: None,
    }
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
        marks: notebook.marks().to_vec(),
        dropped: notebook.dropped().to_vec(),
        missed: notebook.missed().to_vec(),
        versions: notebook.versions().to_vec(),
        tempo: notebook.tempo().clone(),
    }
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
        marks: vec![
            Mark {
                id: ItemId(3),
                start: at(2.0),
                end: at(2.0),
                label: "Take 2, good".into(),
                origin: Origin::Hand,
                colour: None,
            },
            Mark {
                id: ItemId(6),
                start: at(14.0),
                end: at(20.5),
                label: "music".into(),
                origin: Origin::Machine,
                colour: Some(Colour([255, 136, 0])),
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
    })
}

/// Talk without end: 150 words a minute in utterances of about eight, out of 4,000 made-up words used as
/// often as words of a language are (Zipf), with times as fine as a model's sample.
pub(crate) fn podcast(hours: f64) -> Notebook {
    const SYLLABLES: [&str; 20] = [
        "an", "ber", "co", "del", "e", "fin", "gro", "hi", "ing", "ka", "la", "mer", "no", "per", "qui",
        "re", "sto", "ti", "un", "ver",
    ];
    const WORDS: f64 = 4_000.0;
    let mut random = Random(17);
    let vocabulary: Vec<String> = (0..WORDS as usize)
        .map(|rank| (0..=rank.checked_ilog10().unwrap_or(0)).map(|_| SYLLABLES[random.below(20)]).collect())
        .collect();
    let mut parts = Parts::default();
    let mut sample = 0_i64;
    let time = |sample| time_from_frames(FramePos(sample), SampleRate::MODEL);
    while sample < (hours * 3_600.0 * 16_000.0) as i64 {
        let words: Vec<Word> = (0..3 + random.below(11))
            .map(|_| {
                let start = sample + random.below(1_600) as i64;
                sample = start + 1_600 + random.below(6_400) as i64;
                let text = vocabulary[WORDS.powf(random.unit()) as usize - 1].clone();
                let confidence = 1.0 - random.unit().powi(4) as f32;
                Word { text, start: time(start), end: time(sample), confidence }
            })
            .collect();
        sample += 3_000 + random.below(16_000) as i64;
        let mut utterance = utterance(parts.utterances.len() as u64 + 1, words);
        utterance.run = Some(RunId(0));
        parts.spans.push(ClassSpan {
            start: utterance.start,
            end: utterance.end,
            class: SoundClass::Speech,
            probability: random.unit() as f32,
        });
        parts.utterances.push(utterance);
    }
    Notebook::from_parts(parts)
}
