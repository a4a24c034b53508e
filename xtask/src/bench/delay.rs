//! How soon words are shown and settled in real time.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::section::Section;

/// The set of phrases that are played, which `clips.py` chooses.
pub(crate) const SET: &str = "phrases";

/// What the measuring program tells; delays are a median and a 95th percentile in seconds.
#[derive(Deserialize)]
struct Delays {
    seconds: f64,
    phrases: usize,
    unheard: usize,
    utterances: usize,
    words: usize,
    by_detector: (f64, f64),
    by_level: (f64, f64),
    shown: (f64, f64),
    others: Option<f64>,
}

/// The table of what was measured into a file.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn table(model: &str, measured: &Path) -> Result<Section> {
    let text = fs::read(measured).with_context(|| measured.display().to_string())?;
    let delays: Delays = serde_json::from_slice(&text).context("the measuring program told no delays")?;
    let row = |name: &str, (median, p95): (f64, f64)| {
        vec![name.to_owned(), format!("{median:.2}"), format!("{p95:.2}")]
    };
    let mut note = format!(
        "{} phrases with 0.8 s after each, {:.0} s in real time: {} utterances, {} words; {} phrases were not heard.",
        delays.phrases, delays.seconds, delays.utterances, delays.words, delays.unheard
    );
    if let Some(others) = delays.others {
        note.push_str(&format!(
            " Everything else on the machine used {:.1} cores meanwhile.",
            others.max(0.0)
        ));
    }
    Ok(Section {
        model: model.to_owned(),
        title: "Delays".to_owned(),
        header: ["from … to …", "median s", "p95 s"].map(str::to_owned).to_vec(),
        rows: vec![
            row("last voiced sample by the detector … settled words", delays.by_detector),
            row("last loud sample of the phrase … settled words", delays.by_level),
            row("a word's end … shown, settled or not", delays.shown),
        ],
        notes: vec![note],
        figures: BTreeMap::from([
            ("end of phrase to settled words, median s".to_owned(), delays.by_detector.0),
            ("word's end to shown, median s".to_owned(), delays.shown.0),
        ]),
        ..Section::default()
    })
}
