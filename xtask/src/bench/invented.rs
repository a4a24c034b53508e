//! How many words come where nobody speaks.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::section::Section;
use super::tools::Tools;

/// The set of recordings without speech, which `sounds.py` makes.
pub(crate) const SET: &str = "sounds";
/// So much of what came is told, in letters.
const SHOWN: usize = 160;

/// What came of one recording.
#[derive(Deserialize)]
struct Heard {
    id: String,
    seconds: f64,
    text: String,
    words: Vec<serde::de::IgnoredAny>,
    dropped: Vec<(String, String)>,
    model_cpu: f64,
}

/// The table of what was `heard` into a file.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn table(tools: &Tools, model: &str, heard: &Path) -> Result<Section> {
    let text = fs::read_to_string(heard).with_context(|| heard.display().to_string())?;
    let sounds: Vec<Heard> = text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let per_minute = |sound: &Heard| sound.words.len() as f64 * 60.0 / sound.seconds;
    let row = |sound: &Heard| {
        vec![
            sound.id.clone(),
            format!("{:.0}", sound.seconds / 60.0),
            format!("{:.1}", per_minute(sound)),
            sound.dropped.len().to_string(),
            format!("{:.3}", sound.model_cpu / sound.seconds),
            shown(&sound.text),
        ]
    };
    let mut notes = vec!["The language is left to the model. Looped sounds come at three levels.".to_owned()];
    if !tools.has_corpus() {
        notes.push("Without a corpus there is no applause, no drums, no music and no song.".to_owned());
    }
    let header = ["sound", "minutes", "words a minute", "utterances dropped", "CPU models", "what came"];
    Ok(Section {
        model: model.to_owned(),
        title: "Words where nobody speaks".to_owned(),
        header: header.map(str::to_owned).to_vec(),
        rows: sounds.iter().map(row).collect(),
        notes,
        figures: sounds
            .iter()
            .map(|sound| (format!("words a minute, {}", sound.id), per_minute(sound)))
            .collect::<BTreeMap<_, _>>(),
        ..Section::default()
    })
}

/// The beginning of a text, for a table's cell.
fn shown(text: &str) -> String {
    let text = text.replace('|', "/");
    if text.chars().count() <= SHOWN { text } else { text.chars().take(SHOWN).chain(['…']).collect() }
}
