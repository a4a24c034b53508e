//! Whether words are where Earmark says, against a forced alignment by a tool that is not ours.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::section::Section;
use super::tools::{Tools, output_of};

/// What `word_times.py` tells.
#[derive(Deserialize)]
struct Errors {
    clips: usize,
    words: usize,
    starts: Spread,
    inner: Spread,
    ends: Spread,
}

/// How far off, in seconds.
#[derive(Deserialize)]
struct Spread {
    median: f64,
    p95: f64,
    /// How much later than the alignment, in the median.
    late: f64,
}

/// The table of the words of the single utterances, which were `heard` into a file.
///
/// # Errors
/// When the alignment fails.
pub(crate) fn table(tools: &Tools, model: &str, heard: &Path) -> Result<Section> {
    let mut script = tools.script("word_times.py");
    script.arg("--clips").arg(tools.clips("utterances")).arg("--heard").arg(heard);
    let errors: Errors =
        serde_json::from_slice(&output_of(&mut script)?).context("word_times.py printed no figures")?;
    let row = |name: &str, spread: &Spread| {
        let milliseconds = |seconds: f64| format!("{:.0}", seconds * 1000.0);
        vec![
            name.to_owned(),
            milliseconds(spread.median),
            milliseconds(spread.p95),
            format!("{:+.0}", spread.late * 1000.0),
        ]
    };
    Ok(Section {
        model: model.to_owned(),
        title: "Times of words".to_owned(),
        header: ["", "median error ms", "p95 ms", "late by ms (median)"].map(str::to_owned).to_vec(),
        rows: vec![
            row("starts", &errors.starts),
            row("starts but an utterance's first", &errors.inner),
            row("ends", &errors.ends),
        ],
        notes: vec![format!(
            "{} words of {} single utterances, those that were heard right, against the forced alignment of \
             pocketsphinx 5.1.1 (its own English model); utterances with words that its dictionary lacks are \
             left out.",
            errors.words, errors.clips
        )],
        figures: BTreeMap::from([
            ("word start error, median s".to_owned(), errors.starts.median),
            ("word start error, p95 s".to_owned(), errors.starts.p95),
        ]),
        ..Section::default()
    })
}
