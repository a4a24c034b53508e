//! The status line: what was heard and what it cost.

use super::words::words_from_length;
use crate::facts::Facts;
use crate::theme::Role;
use earmark_timeline::clock::ClockSource;
use earmark_timeline::snapshot::{Health, Snapshot};

/// How much audio makes a meaningful mean cost, in seconds.
const COST_FROM: f64 = 5.0;

/// The line at the bottom.
#[derive(Debug, Clone, PartialEq)]
pub struct StatusLine {
    /// How much was heard and what it cost.
    pub heard: String,
    /// How the classifier is, and its colour.
    pub classifier: (String, Role),
    /// Whose clock the times come from, and the tempo.
    pub clock: String,
}

impl StatusLine {
    pub(crate) fn new(snapshot: &Snapshot, facts: &Facts) -> Self {
        let usage = &snapshot.usage;
        let mut heard = format!("Heard {}", words_from_length(usage.audio));
        if usage.audio.0 >= COST_FROM {
            let cost = usage.inference_cpu.0 / (usage.audio.0 / 60.0);
            heard.push_str(&format!("  ·  {cost:.1} CPU s/min"));
        }
        let dropped = snapshot.notebook.dropped().len();
        if dropped > 0 {
            heard.push_str(&format!("  ·  {dropped} without words"));
        }
        let classifier = match &snapshot.status.classifier {
            Health::Idle => ("Classifier idle".to_owned(), Role::TextFaint),
            Health::Loading => ("Classifier loading".to_owned(), Role::TextDim),
            Health::Ready => ("Classifier ready".to_owned(), Role::TextDim),
            Health::Unavailable(why) => (format!("Classifier unavailable: {why}"), Role::Warning),
        };
        let mut clock = match snapshot.status.clock {
            ClockSource::Host => "Host time",
            ClockSource::Capture => "Own time: the host tells none",
        }
        .to_owned();
        let points = snapshot.notebook.tempo().points();
        let at = facts.playhead.map_or(0, |playhead| points.partition_point(|point| point.time <= playhead));
        if let Some(point) = points.get(at.saturating_sub(1)) {
            clock.push_str(&format!("  ·  {:.1} BPM", point.tempo_bpm));
        }
        Self { heard, classifier, clock }
    }
}
