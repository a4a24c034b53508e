//! What was measured of a recording or of what was played, as our JSON says it.

use earmark_timeline::sound;
use earmark_timeline::units::ProjectTime;
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Sound {
    loudness: Loudness,
    #[serde(default)]
    tempo: Option<Tempo>,
    #[serde(default)]
    key: Option<Key>,
    #[serde(default)]
    form: Option<String>,
    #[serde(default)]
    drive: Option<String>,
    #[serde(default)]
    stem: Option<Stem>,
    #[serde(default)]
    pub(super) start: Option<f64>,
    #[serde(default)]
    pub(super) end: Option<f64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Loudness {
    integrated: Option<f32>,
    short_term: Option<f32>,
    range: Option<f32>,
    true_peak: Option<f32>,
    clips: u64,
    dc: f32,
    noise_floor: Option<f32>,
    correlation: Option<f32>,
}

#[derive(Deserialize)]
struct Tempo {
    bpm: f32,
    other_bpm: f32,
    confidence: f32,
    first_beat: f64,
}

#[derive(Deserialize)]
struct Key {
    scale: String,
    runner_up: String,
    confidence: f32,
    tuning_cents: f32,
}

#[derive(Deserialize)]
struct Stem {
    role: Option<String>,
    likely: Vec<Likely>,
    tags: Vec<Tag>,
}

#[derive(Deserialize)]
struct Likely {
    role: String,
    probability: f32,
}

#[derive(Deserialize)]
struct Tag {
    name: String,
    score: f32,
}

impl From<Sound> for sound::Sound {
    fn from(sound: Sound) -> Self {
        let Sound { loudness, tempo, key, form, drive, stem, .. } = sound;
        Self {
            loudness: sound::Loudness {
                integrated_lufs: loudness.integrated,
                short_term_lufs: loudness.short_term,
                range_lu: loudness.range,
                true_peak_dbtp: loudness.true_peak,
                clips: loudness.clips,
                dc: loudness.dc,
                noise_floor_dbfs: loudness.noise_floor,
                correlation: loudness.correlation,
            },
            tempo: tempo.map(|tempo| sound::Tempo {
                bpm: tempo.bpm,
                other_bpm: tempo.other_bpm,
                confidence: tempo.confidence,
                first_beat: ProjectTime::from_seconds(tempo.first_beat),
            }),
            // A scale that this version does not know is none to it.
            key: key.and_then(|key| {
                let named = sound::Scale::from_name;
                Some(sound::Key {
                    scale: named(&key.scale)?,
                    runner_up: named(&key.runner_up)?,
                    confidence: key.confidence,
                    tuning_cents: key.tuning_cents,
                })
            }),
            form: form.as_deref().and_then(sound::Form::from_name),
            drive: drive.as_deref().and_then(sound::Drive::from_name),
            stem: stem.map(Into::into),
        }
    }
}

impl From<Stem> for sound::Stem {
    fn from(stem: Stem) -> Self {
        // A role that this version does not know is none to it.
        let named = sound::Role::from_name;
        let likely = stem.likely.iter().filter_map(|one| Some((named(&one.role)?, one.probability)));
        let tags = stem.tags.into_iter().map(|tag| sound::Tag { name: tag.name, score: tag.score });
        Self { role: stem.role.as_deref().and_then(named), likely: likely.collect(), tags: tags.collect() }
    }
}
