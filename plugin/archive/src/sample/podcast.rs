//! Long notebooks, for this crate's tests and for its benchmark.

use earmark_timeline::clock::RunId;
use earmark_timeline::course::{LoudnessSpan, RoleSpan};
use earmark_timeline::notebook::{Notebook, Parts};
use earmark_timeline::sound::Role;
use earmark_timeline::tag::{ClassSpan, SoundClass};
use earmark_timeline::units::{FramePos, ProjectTime, SampleRate, time_from_frames};
use earmark_timeline::utterance::{ItemId, Origin, Utterance, Word};
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
        let utterance = utterance(parts.utterances.len() as u64 + 1, words);
        parts.spans.push(ClassSpan {
            start: utterance.start,
            end: utterance.end,
            class: SoundClass::Speech,
            probability: random.unit() as f32,
        });
        parts.utterances.push(utterance);
    }
    let at = |second: u32| ProjectTime::from_seconds(f64::from(second));
    // Most of speech lies within 12 LU of what is loudest.
    parts.loudness.extend((0..(hours * 3_600.0) as u32).map(|count| {
        let lufs = -14 - (random.below(7) + random.below(7)) as i8;
        LoudnessSpan { start: at(count), end: at(count + 1), lufs }
    }));
    // Every tenth stretch of four seconds sounds like something else.
    parts.roles.extend((0..(hours * 900.0) as u32).map(|count| {
        let role =
            if random.below(10) == 0 { Role::ALL[random.below(Role::ALL.len())] } else { Role::Speech };
        let (start, end) = (at(4 * count), at(4 * count + 4));
        RoleSpan { start, end, role, probability: random.unit() as f32 }
    }));
    Notebook::from_parts(parts)
}

/// The same after every hour of it was heard before, otherwise each time in one word of ten: as many words again
/// in earlier passes.
pub(crate) fn heard_before(notebook: &Notebook) -> Notebook {
    const HOUR: i64 = 3_600 * ProjectTime::TICKS_PER_SECOND;
    let mut random = Random(29);
    let mut versions: Vec<Version> = Vec::new();
    // Names that nothing else has.
    let mut id = (1 << 20..).map(ItemId);
    for said in notebook.utterances() {
        let words = said.words.iter().map(|word| {
            let other = random.below(10) == 0;
            let text = if other { format!("{}er", word.text) } else { word.text.clone() };
            Word { text, confidence: 1.0 - random.unit().powi(4) as f32, ..*word }
        });
        let words = words.collect();
        let hour = said.start.ticks() / HOUR;
        if versions.last().is_none_or(|version| version.start.ticks() / HOUR != hour) {
            let (id, utterances) = (id.next().expect("endless"), Vec::new());
            versions.push(Version { id, start: said.start, end: said.end, utterances, by: None });
        }
        let version = versions.last_mut().expect("one was pushed");
        version.end = said.end;
        version.utterances.push(Utterance { id: id.next().expect("endless"), words, ..said.clone() });
    }
    Notebook::from_parts(Parts {
        settings: notebook.settings().clone(),
        utterances: notebook.utterances().to_vec(),
        spans: notebook.spans().to_vec(),
        roles: notebook.roles().to_vec(),
        loudness: notebook.loudness().to_vec(),
        versions,
        ..Parts::default()
    })
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
        run: Some(RunId(0)),
    }
}
