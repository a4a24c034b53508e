//! How a transcript was made and what it cost, as our JSON says it.

use crate::export::{Cost, Making, Recording};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Made {
    #[serde(default)]
    date: Option<String>,
    #[serde(default)]
    models: Vec<Model>,
    #[serde(default)]
    cost: Option<Spent>,
    #[serde(default)]
    recording: Option<Heard>,
}

#[derive(Deserialize)]
struct Model {
    name: String,
    #[serde(default)]
    sha256: Option<String>,
}

#[derive(Deserialize)]
struct Spent {
    audio: f64,
    cpu: f64,
    models: Vec<ModelSpent>,
    joules: f64,
    energy: String,
}

#[derive(Deserialize)]
struct ModelSpent {
    name: String,
    cpu: f64,
}

#[derive(Deserialize)]
struct Heard {
    bytes: u64,
    modified: f64,
    audio_sha256: String,
}

impl From<Made> for Making {
    fn from(made: Made) -> Self {
        let hash = |model: Model| Some((model.name, model.sha256?));
        Self {
            date: made.date,
            sha256: made.models.into_iter().filter_map(hash).collect(),
            cost: made.cost.map(Cost::from),
            recording: made.recording.map(Recording::from),
        }
    }
}

impl From<Spent> for Cost {
    fn from(spent: Spent) -> Self {
        let models = spent.models.into_iter();
        Self {
            audio_ms: thousandths(spent.audio),
            cpu_ms: thousandths(spent.cpu),
            models_ms: models.map(|model| (model.name, thousandths(model.cpu))).collect(),
            millijoules: thousandths(spent.joules),
            measured: spent.energy == "measured",
        }
    }
}

impl From<Heard> for Recording {
    fn from(heard: Heard) -> Self {
        let Heard { bytes, modified, audio_sha256 } = heard;
        Self { bytes, modified_ms: thousandths(modified), audio_sha256 }
    }
}

/// `as` saturates and turns what is no number into zero.
fn thousandths(count: f64) -> u64 {
    (count * 1_000.0).round() as u64
}
