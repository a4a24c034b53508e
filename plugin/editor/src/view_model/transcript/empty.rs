//! What stands in the transcript's place while it is empty.

use crate::facts::Facts;
use crate::theme::Role;
use crate::view_model::banner::Offer;
use crate::view_model::words::words_from_length;
use earmark_timeline::snapshot::{Activity, Health, Snapshot};
use earmark_timeline::transport::Listen;

/// What stands in place of the rows while there are none: what is so, and what to do next.
#[derive(Debug, Clone, PartialEq)]
pub struct Empty {
    /// What is so.
    pub title: String,
    /// What to do next.
    pub hint: String,
    /// The title's colour.
    pub role: Role,
    /// What one click does about it.
    pub offer: Option<Offer>,
}

impl Empty {
    /// What to say while there is nothing to show.
    pub fn new(snapshot: &Snapshot, facts: &Facts) -> Self {
        let notebook = &snapshot.notebook;
        let status = &snapshot.status;
        let say = |title: &str, hint: &str, role| Self {
            title: title.to_owned(),
            hint: hint.to_owned(),
            role,
            offer: None,
        };
        if !notebook.utterances().is_empty() || !notebook.marks().is_empty() {
            return say("Nothing to show", "There are rows that the filter hides.", Role::TextDim);
        }
        if facts.bypassed {
            return say(
                "Bypassed",
                "Switch the plugin on again in the host to have it listen.",
                Role::TextDim,
            );
        }
        if facts.listen == Listen::Off {
            return say("Off", "Set “Listen” to “While playing” in the plugin's parameters.", Role::TextDim);
        }
        match &status.transcriber {
            Health::Unavailable(why) => {
                let hint = format!("{why}\nAudio passes unchanged meanwhile.");
                let offer = Some(Offer::try_again());
                return Self { offer, ..say("No model found", &hint, Role::Problem) };
            }
            Health::Loading => return say("Loading the model", "Words follow in a moment.", Role::TextDim),
            Health::Idle | Health::Ready => {}
        }
        if snapshot.usage.audio.0 > 0.0 && (facts.wants_audio() || status.activity == Activity::Listening) {
            let heard = words_from_length(snapshot.usage.audio);
            let hint = format!("{heard} heard. Words appear here as they are said.");
            return say("No speech so far", &hint, Role::TextDim);
        }
        let hint = match facts.listen {
            Listen::WhileRecording => "Press record in your DAW. Words appear here as they are said.",
            Listen::Always => "Send audio through this track. Words appear here as they are said.",
            _ => "Press play in your DAW. Words appear here as they are said.",
        };
        let empty = say("Nothing heard yet", hint, Role::TextDim);
        // What one file does to the window, the line at the bottom tells.
        if facts.file.is_some() { empty } else { Self { offer: Some(Offer::analyse_file(facts)), ..empty } }
    }
}
