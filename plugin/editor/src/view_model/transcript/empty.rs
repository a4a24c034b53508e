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
        let next = match (status.activity, facts.listen) {
            (Activity::Listening, _) => "",
            (_, Listen::WhileRecording) => "Press record in your DAW. ",
            (_, Listen::Always) => "Send audio through this track. ",
            _ => "Press play in your DAW. ",
        };
        let (title, heard) = if snapshot.usage.audio.0 > 0.0 {
            ("No speech so far", format!("{} heard. ", words_from_length(snapshot.usage.audio)))
        } else {
            ("Nothing heard yet", String::new())
        };
        let hint = format!("{heard}{next}Words appear here as they are said.");
        let empty = say(title, &hint, Role::TextDim);
        if status.activity == Activity::Listening {
            return empty;
        }
        // What one file does to the window, the line at the bottom tells.
        if facts.file.is_some() { empty } else { Self { offer: Some(Offer::analyse_file(facts)), ..empty } }
    }
}
