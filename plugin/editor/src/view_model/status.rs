//! The status line: what was heard and what it cost.

use super::file;
use super::units::Measure;
use super::words::{counted, words_from_length};
use crate::facts::Facts;
use crate::theme::Role;
use earmark_timeline::clock::ClockSource;
use earmark_timeline::snapshot::{Health, Snapshot, Status, Usage};
use earmark_timeline::units::{ProjectTime, Seconds};

/// How much audio makes a meaningful mean cost, in seconds.
pub(super) const COST_FROM: f64 = 5.0;

/// The line at the bottom.
#[derive(Debug, Clone, PartialEq)]
pub struct StatusLine {
    /// How much was heard and what it cost.
    pub heard: String,
    /// What it cost in detail, a line each, for who looks closer.
    pub details: String,
    /// How the classifier is, and its colour; nothing while it is as it should be.
    pub classifier: Option<(String, Role)>,
    /// How far a file is that is being analysed, in place of what was heard.
    pub file: Option<String>,
    /// Whose clock the times come from, and the tempo.
    pub clock: String,
}

impl StatusLine {
    pub(crate) fn new(snapshot: &Snapshot, facts: &Facts, measure: Measure) -> Self {
        let (usage, status) = (&snapshot.usage, &snapshot.status);
        let mut heard = vec![match usage.audio.0 {
            0.0 => "Nothing heard since this was opened".to_owned(),
            _ => format!("Heard {}", words_from_length(usage.audio)),
        }];
        if usage.audio.0 >= COST_FROM {
            heard.extend(cost(usage));
        }
        let dropped = snapshot.notebook.dropped().len();
        if dropped > 0 {
            heard.push(format!("{dropped} without words"));
        }
        let classifier = match &status.classifier {
            Health::Idle | Health::Ready => None,
            Health::Loading => Some(("Classifier loading".to_owned(), Role::TextDim)),
            Health::Unavailable(why) => Some((format!("Classifier unavailable: {why}"), Role::Warning)),
        };
        let mut clock = match status.clock {
            ClockSource::Host => "Host time",
            ClockSource::Capture => "Own time: the host tells none",
        }
        .to_owned();
        let start = ProjectTime::from_ticks(i64::MIN);
        if let Some(bpm) = snapshot.notebook.tempo().tempo_at(facts.playhead.unwrap_or(start)) {
            clock.push_str(&format!("  ·  {bpm:.1} BPM"));
        }
        let file = facts.file.as_ref().map(|work| file::told(work, measure, snapshot.notebook.tempo()));
        Self { heard: heard.join("  ·  "), details: details(usage, status, facts), classifier, file, clock }
    }
}

/// What a minute of audio has cost so far, in CPU time and in energy.
fn cost(usage: &Usage) -> [String; 2] {
    let minutes = usage.audio.0 / 60.0;
    let cpu = usage.inference_cpu.0 + usage.listening_cpu.0;
    let estimate = if usage.measured { "" } else { " (estimate)" };
    [format!("{:.1} CPU s/min", cpu / minutes), format!("{:.0} J/min{estimate}", usage.joules / minutes)]
}

fn details(usage: &Usage, status: &Status, facts: &Facts) -> String {
    let (models, listening) =
        (words_from_length(usage.inference_cpu), words_from_length(usage.listening_cpu));
    let mut lines =
        vec![format!("CPU time of this session: {models} for the models, {listening} for listening")];
    lines.extend(usage.models.iter().map(|usage| {
        let card = facts.models.iter().find(|card| *card.name == *usage.model);
        let title = card.map_or(&*usage.model, |card| &card.title);
        format!(
            "{title}: {} in {}",
            words_from_length(usage.cpu),
            counted(usage.runs as usize, "run", "runs")
        )
    }));
    let watts = status.engine.power.watts_a_core;
    let source = match usage.measured {
        true => "as the processor measured it".to_owned(),
        false => format!("an estimate from {watts:.1} W a busy core"),
    };
    lines.push(format!("Energy: {:.0} J, {source}", usage.joules));
    if let (1.., Some(rate)) = (status.lost.0, status.rate) {
        let lost = words_from_length(Seconds(status.lost.0 as f64 / f64::from(rate.hz())));
        lines.push(format!("Lost since the session began, because the computer was too busy: {lost}"));
    }
    lines.join("\n")
}
