//! The doors out: a notebook as a file that other programs read. One module a format.

mod caption;
mod file;
mod json;
mod srt;
mod txt;
mod vtt;

pub use file::{Existing, SaveError, save};

use earmark_timeline::notebook::Notebook;

/// A file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Plain text, one utterance a line.
    Txt,
    /// Everything that the notebook holds.
    Json,
    /// SubRip captions.
    Srt,
    /// WebVTT captions.
    Vtt,
}

impl Format {
    /// Every format, in the order of menus and manuals.
    pub const ALL: [Format; 4] = [Self::Txt, Self::Json, Self::Srt, Self::Vtt];

    /// The format's name on a command line, lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Txt => "txt",
            Self::Json => "json",
            Self::Srt => "srt",
            Self::Vtt => "vtt",
        }
    }

    /// The format of that [`Format::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// How its files end, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Txt => "txt",
            Self::Json => "json",
            Self::Srt => "srt",
            Self::Vtt => "vtt",
        }
    }

    /// What it is and which programs read it, in one line.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Txt => "plain text without times: any text editor or word processor",
            Self::Json => "everything, with word times, confidences and models: scripts and other tools",
            Self::Srt => "SubRip captions: video editors, YouTube, VLC, podcast hosts",
            Self::Vtt => "WebVTT captions: web players, podcast apps, learning platforms",
        }
    }
}

/// What an export says beyond the notebook, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// What was listened to, such as a file's or a track's name; formats without room leave it out.
    pub source: Option<String>,
}

/// Writes a notebook in a format, as UTF-8 without a byte order mark, lines ended by `\n`.
///
/// Times are the project's, rounded to milliseconds. Captions begin no earlier than the project and
/// never overlap; JSON tells what a machine made from what a person made.
pub fn write(notebook: &Notebook, format: Format, options: &Options) -> String {
    match format {
        Format::Txt => txt::write(notebook),
        Format::Json => json::write(notebook, options),
        Format::Srt => srt::write(notebook),
        Format::Vtt => vtt::write(notebook),
    }
}

/// A label on one line: white space of any kind becomes one space, control characters go.
fn one_line(text: &str) -> String {
    let words =
        text.split_whitespace().map(|word| word.chars().filter(|c| !c.is_control()).collect::<String>());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
