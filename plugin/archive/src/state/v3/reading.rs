//! What was measured of what was played.

use super::words::{from_thousandths, thousandths};
use earmark_timeline::sound;
use earmark_timeline::units::ProjectTime;
use serde::{Deserialize, Serialize};

/// Levels, tempi and cents are in hundredths, an offset in millionths.
#[derive(Serialize, Deserialize)]
pub(in crate::state) struct Reading {
    start: i64,
    end: i64,
    loudness: Loudness,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tempo: Option<Tempo>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<Key>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    form: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    drive: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stem: Option<Stem>,
}

#[derive(Serialize, Deserialize)]
struct Loudness {
    integrated: Option<i32>,
    short_term: Option<i32>,
    range: Option<i32>,
    true_peak: Option<i32>,
    clips: u64,
    dc: i32,
    noise_floor: Option<i32>,
    correlation: Option<i32>,
}

#[derive(Serialize, Deserialize)]
struct Tempo {
    bpm: i32,
    other_bpm: i32,
    thousandths: u16,
    first_beat: i64,
}

/// Scales by their names.
#[derive(Serialize, Deserialize)]
struct Key {
    scale: String,
    runner_up: String,
    thousandths: u16,
    tuning: i32,
}

/// Roles by their names, each with its probability.
#[derive(Serialize, Deserialize)]
struct Stem {
    role: Option<String>,
    likely: Vec<(String, u16)>,
    tags: Vec<(String, u16)>,
}

impl From<&sound::Reading> for Reading {
    fn from(reading: &sound::Reading) -> Self {
        let sound::Sound { loudness, tempo, key, form, drive, stem } = &reading.sound;
        Self {
            start: reading.start.ticks(),
            end: reading.end.ticks(),
            loudness: Loudness {
                integrated: loudness.integrated_lufs.map(hundredths),
                short_term: loudness.short_term_lufs.map(hundredths),
                range: loudness.range_lu.map(hundredths),
                true_peak: loudness.true_peak_dbtp.map(hundredths),
                clips: loudness.clips,
                dc: (loudness.dc * 1e6).round() as i32,
                noise_floor: loudness.noise_floor_dbfs.map(hundredths),
                correlation: loudness.correlation.map(hundredths),
            },
            tempo: tempo.map(|tempo| Tempo {
                bpm: hundredths(tempo.bpm),
                other_bpm: hundredths(tempo.other_bpm),
                thousandths: thousandths(tempo.confidence),
                first_beat: tempo.first_beat.ticks(),
            }),
            key: key.map(|key| Key {
                scale: key.scale.to_string(),
                runner_up: key.runner_up.to_string(),
                thousandths: thousandths(key.confidence),
                tuning: hundredths(key.tuning_cents),
            }),
            form: form.map(|form| form.name().to_owned()),
            drive: drive.map(|drive| drive.name().to_owned()),
            stem: stem.as_ref().map(|stem| Stem {
                role: stem.role.map(|role| role.name().to_owned()),
                likely: stem
                    .likely
                    .iter()
                    .map(|(role, p)| (role.name().to_owned(), thousandths(*p)))
                    .collect(),
                tags: stem.tags.iter().map(|tag| (tag.name.clone(), thousandths(tag.score))).collect(),
            }),
        }
    }
}

impl From<Reading> for sound::Reading {
    fn from(reading: Reading) -> Self {
        let Reading { start, end, loudness, tempo, key, form, drive, stem } = reading;
        let sound = sound::Sound {
            loudness: sound::Loudness {
                integrated_lufs: loudness.integrated.map(from_hundredths),
                short_term_lufs: loudness.short_term.map(from_hundredths),
                range_lu: loudness.range.map(from_hundredths),
                true_peak_dbtp: loudness.true_peak.map(from_hundredths),
                clips: loudness.clips,
                dc: (f64::from(loudness.dc) / 1e6) as f32,
                noise_floor_dbfs: loudness.noise_floor.map(from_hundredths),
                correlation: loudness.correlation.map(from_hundredths),
            },
            tempo: tempo.map(|tempo| sound::Tempo {
                bpm: from_hundredths(tempo.bpm),
                other_bpm: from_hundredths(tempo.other_bpm),
                confidence: from_thousandths(tempo.thousandths),
                first_beat: ProjectTime::from_ticks(tempo.first_beat),
            }),
            // What this version has no name for it does not tell.
            key: key.and_then(|key| {
                Some(sound::Key {
                    scale: sound::Scale::from_name(&key.scale)?,
                    runner_up: sound::Scale::from_name(&key.runner_up)?,
                    confidence: from_thousandths(key.thousandths),
                    tuning_cents: from_hundredths(key.tuning),
                })
            }),
            form: form.as_deref().and_then(sound::Form::from_name),
            drive: drive.as_deref().and_then(sound::Drive::from_name),
            stem: stem.map(Stem::revive),
        };
        Self { start: ProjectTime::from_ticks(start), end: ProjectTime::from_ticks(end), sound }
    }
}

impl Stem {
    fn revive(self) -> sound::Stem {
        let role = sound::Role::from_name;
        let likely = self.likely.iter().filter_map(|(name, p)| Some((role(name)?, from_thousandths(*p))));
        let tags = self.tags.into_iter().map(|(name, p)| sound::Tag { name, score: from_thousandths(p) });
        sound::Stem {
            role: self.role.as_deref().and_then(role),
            likely: likely.collect(),
            tags: tags.collect(),
        }
    }
}

/// `as` saturates and turns what is no number into zero.
fn hundredths(value: f32) -> i32 {
    (f64::from(value) * 100.0).round() as i32
}

fn from_hundredths(count: i32) -> f32 {
    (f64::from(count) / 100.0) as f32
}
