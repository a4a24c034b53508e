//! The header: what this is, what it is doing, and what one can do.

use super::file::FilePlace;
use super::reading::ReadingLine;
use super::units::{Measure, Unit, UnitChoice};
use super::words::words_from_length;
use crate::facts::{ExportFormat, Facts};
use crate::theme::Role;
use earmark_timeline::snapshot::{Activity, Health, Relief, Snapshot};
use earmark_timeline::transport::Listen;
use earmark_timeline::units::{ProjectTime, Seconds};
use std::sync::Arc;

/// How much may wait for its words before it is worth saying: an utterance in the making is not a delay.
const BEHIND_FROM: Seconds = Seconds(1.5);

/// What relief for a busy engine means to who reads along.
const LATE: &str = "; words appear once they settle";

/// The header.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// The product's name.
    pub product: &'static str,
    /// The track's name, the speaker's and the model's, in that order, as far as known.
    pub about: String,
    /// What it is doing.
    pub doing: String,
    /// The colour of that.
    pub role: Role,
    /// Whether it is at work, which a filled dot says, or at rest, which a ring says.
    pub at_work: bool,
    /// What was played last sounds like as a whole, as far as that was measured.
    pub reading: Option<ReadingLine>,
    /// How much of a backlog or a file is worked off, from 0 to 1, while there is one worth telling.
    pub progress: Option<f32>,
    /// Whether there is anything to copy or to export.
    pub can_export: bool,
    /// The export menu.
    pub formats: Arc<[ExportFormat]>,
    /// Where a mark would be set; `None` while no place is known.
    pub mark_at: Option<ProjectTime>,
    /// Where the playhead is; empty if the host does not say.
    pub playhead: String,
    /// What places are told in.
    pub unit: Unit,
    /// What they can be told in.
    pub units: [UnitChoice; 3],
    /// What undo takes back.
    pub undo: Option<&'static str>,
    /// What redo does again.
    pub redo: Option<&'static str>,
    /// How many passages were dropped.
    pub dropped: usize,
    /// Where a file may be put to be analysed.
    pub file_places: Vec<FilePlace>,
    /// Whether one is being analysed.
    pub has_file: bool,
}

impl Header {
    pub(crate) fn new(snapshot: &Snapshot, facts: &Facts, measure: Measure) -> Self {
        let (doing, role, at_work) = doing(snapshot, facts);
        let speaker =
            snapshot.notebook.settings().speaker.iter().filter(|name| Some(*name) != facts.track.as_ref());
        let about = facts.track.iter().chain(speaker).chain([&facts.model]);
        let about: Vec<&str> = about.map(String::as_str).filter(|s| !s.is_empty()).collect();
        Self {
            product: "Earmark",
            about: about.join("  ·  "),
            doing,
            role,
            at_work,
            reading: ReadingLine::new(snapshot, measure),
            progress: progress(snapshot, facts),
            can_export: !snapshot.notebook.is_empty(),
            formats: Arc::clone(&facts.formats),
            mark_at: facts.playhead.or(snapshot.status.heard_until),
            playhead: facts
                .playhead
                .map_or_else(String::new, |at| measure.place(at, snapshot.notebook.tempo())),
            unit: measure.unit(),
            units: Unit::choices(snapshot),
            undo: snapshot.status.undo,
            redo: snapshot.status.redo,
            dropped: snapshot.notebook.dropped().len(),
            file_places: FilePlace::all(facts, measure, snapshot.notebook.tempo()),
            has_file: facts.file.is_some(),
        }
    }
}

/// How much of what waited is worked off, once nothing is added to it; or else of a file.
fn progress(snapshot: &Snapshot, facts: &Facts) -> Option<f32> {
    let (left, all) = (snapshot.status.behind.0, snapshot.status.behind_at_most.0);
    let waits = left >= BEHIND_FROM.0 && snapshot.status.activity != Activity::Listening;
    let file = facts.file.as_ref().and_then(|file| file.done);
    waits.then(|| (1.0 - left / all.max(left)) as f32).or(file)
}

/// What it is doing, in the order of what a person has to know first.
fn doing(snapshot: &Snapshot, facts: &Facts) -> (String, Role, bool) {
    let status = &snapshot.status;
    let rest = |text: &str| (text.to_owned(), Role::TextDim, false);
    if facts.bypassed {
        return rest("Bypassed");
    }
    if facts.listen == Listen::Off {
        return rest("Off");
    }
    match &status.transcriber {
        Health::Unavailable(_) => return ("Model missing: no words".to_owned(), Role::Problem, false),
        Health::Loading => return ("Loading the model".to_owned(), Role::Warning, true),
        Health::Idle | Health::Ready => {}
    }
    if status.activity == Activity::Stopped {
        return ("Stopped after faults".to_owned(), Role::Problem, false);
    }
    if status.behind >= BEHIND_FROM {
        let whole = |seconds: f64| words_from_length(Seconds(seconds.round()));
        let behind = whole(status.behind.0);
        // While nothing comes in, as after a bounce, it only gets less.
        let doing = if status.activity == Activity::Listening {
            let late = if status.engine.relief == Relief::None { "" } else { LATE };
            format!("Behind by {behind}{late}")
        } else {
            format!(
                "Working it off: {behind} of {} left",
                whole(status.behind_at_most.0.max(status.behind.0))
            )
        };
        return (doing, Role::Warning, true);
    }
    match status.activity {
        Activity::Waiting | Activity::Stopped => rest(match facts.listen {
            Listen::WhileRecording => "Waiting: press record",
            // The host has stopped asking for audio without a word: many do when their transport stops.
            _ if facts.playing => "No audio: press play",
            Listen::Always => "Waiting for audio",
            _ => "Stopped: press play",
        }),
        // Another track is behind, and this one helps it.
        Activity::Listening if status.engine.relief != Relief::None => {
            (format!("Listening{LATE}"), Role::Live, true)
        }
        Activity::Listening => ("Listening".to_owned(), Role::Live, true),
    }
}
