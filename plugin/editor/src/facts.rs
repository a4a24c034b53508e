//! What the editor shows that does not come from the snapshot.

use earmark_timeline::transport::{ChannelChoice, Listen};
use earmark_timeline::units::ProjectTime;
use std::ops::Range;
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
    /// Where the host's loop is; `None` if there is none or the host does not say.
    pub cycle: Option<Range<ProjectTime>>,
    /// What the export that is being chosen will be, while it is.
    pub preview: Option<Preview>,
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
    /// What it usually shows.
    pub parts: ExportParts,
}

/// What an export shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExportParts {
    /// What was said.
    pub speech: bool,
    /// Each word by itself.
    pub words: bool,
    /// The marks.
    pub marks: bool,
    /// The classes of sound.
    pub classes: bool,
}

/// What an export will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Its first lines; an error says that it cannot be read, and why.
    pub text: Result<String, String>,
    /// The file that it goes to, unless that is there already.
    pub file: String,
}
