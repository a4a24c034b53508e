//! What was measured of a recording or of what was played, as JSON says it.

use earmark_timeline::sound;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Sound {
    loudness: Loudness,
    tempo: Option<Tempo>,
    key: Option<Key>,
    form: Option<&'static str>,
    drive: Option<&'static str>,
    stem: Option<Stem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<f64>,
}

#[derive(Serialize)]
struct Loudness {
    integrated: Option<f64>,
    short_term: Option<f64>,
    range: Option<f64>,
    true_peak: Option<f64>,
    clips: u64,
    dc: f64,
    noise_floor: Option<f64>,
    correlation: Option<f64>,
}

#[derive(Serialize)]
struct Tempo {
    bpm: f64,
    other_bpm: f64,
    confidence: f64,
    first_beat: f64,
}

#[derive(Serialize)]
struct Key {
    scale: String,
    runner_up: String,
    confidence: f64,
    tuning_cents: f64,
}

#[derive(Serialize)]
struct Stem {
    role: Option<&'static str>,
    likely: Vec<Likely>,
    tags: Vec<Tag>,
}

#[derive(Serialize)]
struct Likely {
    role: &'static str,
    probability: f64,
}

#[derive(Serialize)]
struct Tag {
    name: String,
    score: f64,
}

impl From<&sound::Sound> for Sound {
    fn from(sound: &sound::Sound) -> Self {
        let loudness = &sound.loudness;
        Self {
            loudness: Loudness {
                integrated: loudness.integrated_lufs.map(hundredths),
                short_term: loudness.short_term_lufs.map(hundredths),
                range: loudness.range_lu.map(hundredths),
                true_peak: loudness.true_peak_dbtp.map(hundredths),
                clips: loudness.clips,
                dc: rounded(loudness.dc, 1e6),
                noise_floor: loudness.noise_floor_dbfs.map(hundredths),
                correlation: loudness.correlation.map(hundredths),
            },
            tempo: sound.tempo.map(|tempo| Tempo {
                bpm: hundredths(tempo.bpm),
                other_bpm: hundredths(tempo.other_bpm),
                confidence: hundredths(tempo.confidence),
                first_beat: super::seconds(tempo.first_beat),
            }),
            key: sound.key.map(|key| Key {
                scale: key.scale.to_string(),
                runner_up: key.runner_up.to_string(),
                confidence: hundredths(key.confidence),
                tuning_cents: hundredths(key.tuning_cents),
            }),
            form: sound.form.map(sound::Form::name),
            drive: sound.drive.map(sound::Drive::name),
            stem: sound.stem.as_ref().map(Into::into),
            start: None,
            end: None,
        }
    }
}

impl From<&sound::Reading> for Sound {
    fn from(reading: &sound::Reading) -> Self {
        let [start, end] = [reading.start, reading.end].map(super::seconds).map(Some);
        Self { start, end, ..Self::from(&reading.sound) }
    }
}

impl From<&sound::Stem> for Stem {
    fn from(stem: &sound::Stem) -> Self {
        let likely = stem.likely.iter().map(|(role, probability)| Likely {
            role: role.name(),
            probability: super::probability(*probability),
        });
        let tags =
            stem.tags.iter().map(|tag| Tag { name: tag.name.clone(), score: super::probability(tag.score) });
        Self { role: stem.role.map(sound::Role::name), likely: likely.collect(), tags: tags.collect() }
    }
}

fn hundredths(value: f32) -> f64 {
    rounded(value, 100.0)
}

fn rounded(value: f32, parts: f64) -> f64 {
    (f64::from(value) * parts).round() / parts
}
