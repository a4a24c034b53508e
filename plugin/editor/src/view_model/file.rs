//! Analysing a file: where it may go, and how far it is.

use super::units::Measure;
use crate::facts::{Facts, FileWork};
use earmark_timeline::meter::TempoMap;
use earmark_timeline::units::ProjectTime;

/// What happens to a file, for the menu.
pub(crate) const FILE_HINT: &str =
    "WAV, AIFF, FLAC, MP3, OGG or M4A. What is heard of it is one step, which undo takes back.";

/// A place that a file may be put at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePlace {
    /// What the menu says.
    pub name: String,
    /// Where the file starts.
    pub at: ProjectTime,
}

impl FilePlace {
    /// Where a file may be put, the likelier place first.
    pub(crate) fn all(facts: &Facts, measure: Measure, tempo: &TempoMap) -> Vec<Self> {
        let start = Self { name: "Analyse a file from the start on".to_owned(), at: ProjectTime::ZERO };
        let playhead = facts.playhead.filter(|playhead| *playhead != ProjectTime::ZERO);
        let playhead = playhead.map(|at| Self {
            name: format!("Analyse a file from the playhead, {} on", measure.place(at, tempo)),
            at,
        });
        playhead.into_iter().chain([start]).collect()
    }
}

/// What a file is at, and where it goes.
pub(crate) fn told(work: &FileWork, measure: Measure, tempo: &TempoMap) -> String {
    let (name, place) = (&work.name, measure.place(work.at, tempo));
    match work.done {
        _ if work.waits => format!("{name} goes in at {place} as soon as playing there has ended"),
        Some(done) => format!("Analysing {name} from {place} on: {:.0} %", done * 100.0),
        None => format!("Analysing {name} from {place} on"),
    }
}
