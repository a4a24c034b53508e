//! How a transcript was made and what it cost, as JSON says it.

use crate::export::label::{by_hand, models};
use crate::export::options::{Cost, Making, Recording};
use earmark_timeline::notebook::Notebook;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Made<'a> {
    date: Option<&'a str>,
    machine: usize,
    hand: usize,
    models: Vec<Model<'a>>,
    cost: Option<Spent<'a>>,
    recording: Option<Heard<'a>>,
}

#[derive(Serialize)]
struct Model<'a> {
    name: String,
    sha256: Option<&'a str>,
}

#[derive(Serialize)]
struct Spent<'a> {
    audio: f64,
    cpu: f64,
    models: Vec<ModelSpent<'a>>,
    joules: f64,
    energy: &'static str,
}

#[derive(Serialize)]
struct ModelSpent<'a> {
    name: &'a str,
    cpu: f64,
}

#[derive(Serialize)]
struct Heard<'a> {
    bytes: u64,
    modified: f64,
    audio_sha256: &'a str,
}

impl<'a> Made<'a> {
    pub(super) fn new(notebook: &Notebook, making: &'a Making) -> Self {
        let hand = by_hand(notebook);
        let model = |name: String| Model { sha256: making.sha256.get(&name).map(String::as_str), name };
        Self {
            date: making.date.as_deref(),
            machine: notebook.utterances().len() - hand,
            hand,
            models: models(notebook).into_iter().map(model).collect(),
            cost: making.cost.as_ref().map(Spent::new),
            recording: making.recording.as_ref().map(Heard::new),
        }
    }
}

impl<'a> Spent<'a> {
    fn new(cost: &'a Cost) -> Self {
        let models = cost.models_ms.iter();
        Self {
            audio: thousandth(cost.audio_ms),
            cpu: thousandth(cost.cpu_ms),
            models: models.map(|(name, cpu_ms)| ModelSpent { name, cpu: thousandth(*cpu_ms) }).collect(),
            joules: thousandth(cost.millijoules),
            energy: if cost.measured { "measured" } else { "estimate" },
        }
    }
}

impl<'a> Heard<'a> {
    fn new(recording: &'a Recording) -> Self {
        let Recording { bytes, modified_ms, audio_sha256 } = recording;
        Self { bytes: *bytes, modified: thousandth(*modified_ms), audio_sha256 }
    }
}

fn thousandth(count: u64) -> f64 {
    count as f64 / 1_000.0
}
