//! What the editor shows that does not come from the snapshot.

use earmark_timeline::transport::{ChannelChoice, Listen, Transport};
use earmark_timeline::units::ProjectTime;
use std::sync::Arc;

/// Plain data about the host, the parameters and the build, filled by the shell for every frame.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// The host bypasses the plugin.
    pub bypassed: bool,
    /// When Earmark listens.
    pub listen: Listen,
    /// Which channels it listens to.
    pub channel: ChannelChoice,
    /// The playhead moves.
    pub playing: bool,
    /// The project records.
    pub recording: bool,
    /// Where the playhead is; `None` if the host does not say.
    pub playhead: Option<ProjectTime>,
    /// The track's name, if the host says.
    pub track: Option<String>,
    /// What the transcribing model is called, for a person.
    pub model: String,
    /// What can be exported, in the order of the menu.
    pub formats: Arc<[ExportFormat]>,
    /// The models that can transcribe.
    pub models: Arc<[ModelCard]>,
    /// The file that is being analysed.
    pub file: Option<FileWork>,
}

/// A file that is being analysed.
#[derive(Debug, Clone, PartialEq)]
pub struct FileWork {
    /// The file's name.
    pub name: String,
    /// Where it starts on the timeline.
    pub at: ProjectTime,
    /// How much of it is done, from 0 to 1, if the file says how long it is.
    pub done: Option<f32>,
    /// Whether it is done, and goes in as soon as nothing is played at its place.
    pub waits: bool,
}

/// A model as its chooser shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelCard {
    /// The name that settings use.
    pub name: String,
    /// The name for a person.
    pub title: String,
    /// ISO 639-1 codes of the languages that it knows.
    pub languages: Vec<String>,
    /// What is known about it, in paragraphs.
    pub text: String,
}

/// A format as the export menu shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFormat {
    /// Its name, such as "SRT subtitles".
    pub name: String,
    /// One line on which programs read it.
    pub purpose: String,
}

impl Facts {
    /// Whether the transport's state is one that is listened to.
    pub fn wants_audio(&self) -> bool {
        self.listen.wants(&Transport {
            playing: self.playing,
            recording: self.recording,
            ..Transport::default()
        })
    }
}
