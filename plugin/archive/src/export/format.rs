//! The file formats, and what a person must know to choose one.

use super::options::{Include, Speech};

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
    /// Show notes in Markdown.
    Markdown,
    /// A table of everything that has a time.
    Csv,
    /// The transcript of the Podcasting 2.0 namespace.
    PodcastTranscript,
    /// The chapters of the Podcasting 2.0 namespace.
    PodcastChapters,
    /// Chapters for a video's description.
    YouTube,
    /// REAPER's table of markers and regions.
    Reaper,
    /// An Audacity label track.
    Audacity,
    /// Adobe Audition's table of markers.
    Audition,
    /// iZotope RX's list of markers.
    Rx,
    /// A DAWproject that holds markers alone.
    DawProject,
    /// A Standard MIDI file with markers.
    Midi,
    /// DaVinci Resolve's list of timeline markers.
    Edl,
    /// A copy of a WAV file with cue points.
    Wav,
}

/// What a format cannot be written without.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Needs {
    /// The video's frame rate: [`Options::frame_rate`](super::Options::frame_rate).
    pub frame_rate: bool,
    /// The project's tempo: [`Options::tempo`](super::Options::tempo).
    pub tempo: bool,
    /// The recording that is copied: [`Options::recording`](super::Options::recording).
    pub recording: bool,
}

impl Format {
    /// Every format, in the order of menus and manuals. The first of those with one extension is the one
    /// that a file's name alone asks for.
    pub const ALL: [Format; 17] = [
        Self::Txt,
        Self::Json,
        Self::Srt,
        Self::Vtt,
        Self::Markdown,
        Self::Csv,
        Self::PodcastTranscript,
        Self::PodcastChapters,
        Self::YouTube,
        Self::Reaper,
        Self::Audacity,
        Self::Audition,
        Self::Rx,
        Self::DawProject,
        Self::Midi,
        Self::Edl,
        Self::Wav,
    ];

    /// The format's name on a command line, lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Txt => "txt",
            Self::Json => "json",
            Self::Srt => "srt",
            Self::Vtt => "vtt",
            Self::Markdown => "markdown",
            Self::Csv => "csv",
            Self::PodcastTranscript => "podcast-transcript",
            Self::PodcastChapters => "podcast-chapters",
            Self::YouTube => "youtube",
            Self::Reaper => "reaper",
            Self::Audacity => "audacity",
            Self::Audition => "audition",
            Self::Rx => "rx",
            Self::DawProject => "dawproject",
            Self::Midi => "midi",
            Self::Edl => "edl",
            Self::Wav => "wav",
        }
    }

    /// The format of that [`Format::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The format that a file with this [`Format::extension`] asks for, whatever its case.
    pub fn from_extension(extension: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.extension().eq_ignore_ascii_case(extension))
    }

    /// How its files end, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Txt | Self::YouTube | Self::Audacity | Self::Rx => "txt",
            Self::Json | Self::PodcastTranscript | Self::PodcastChapters => "json",
            Self::Csv | Self::Reaper | Self::Audition => "csv",
            Self::Srt => "srt",
            Self::Vtt => "vtt",
            Self::Markdown => "md",
            Self::DawProject => "dawproject",
            Self::Midi => "mid",
            Self::Edl => "edl",
            Self::Wav => "wav",
        }
    }

    /// What it is and which programs read it, in one line.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Txt => "plain text without times: any text editor or word processor",
            Self::Json => "everything, with word times, confidences and models: scripts and other tools",
            Self::Srt => "SubRip captions: video editors, YouTube, VLC, podcast hosts",
            Self::Vtt => "WebVTT captions: web players, podcast apps, learning platforms",
            Self::Markdown => "show notes with times, marks and the transcript: blogs, wikis, podcast hosts",
            Self::Csv => "a table of all that has a time: Excel, LibreOffice, Numbers, scripts",
            Self::PodcastTranscript => "Podcasting 2.0 transcript: podcast apps and hosts",
            Self::PodcastChapters => "Podcasting 2.0 chapters from the marks: podcast apps and hosts",
            Self::YouTube => "chapters from the marks: the description of a video on YouTube",
            Self::Reaper => "markers and regions: REAPER, Region/Marker Manager, import",
            Self::Audacity => "a label track: Audacity, Import Labels; Tenacity",
            Self::Audition => "markers: Adobe Audition, Markers panel, import",
            Self::Rx => "markers: iZotope RX, Markers and Regions, import",
            Self::DawProject => "markers in a project of their own: Bitwig Studio, Studio One, Cubase 14",
            Self::Midi => "markers by tempo: Pro Tools, Logic, Cubase, Studio One, Ardour",
            Self::Edl => "timeline markers: DaVinci Resolve, Timelines, Import, Timeline Markers from EDL",
            Self::Wav => "a copy of a WAV with cue points: WaveLab, Sound Forge, REAPER, Audition, ocenaudio",
        }
    }

    /// What it cannot be written without.
    pub const fn needs(self) -> Needs {
        Needs {
            frame_rate: matches!(self, Self::Edl),
            tempo: matches!(self, Self::Midi),
            recording: matches!(self, Self::Wav),
        }
    }

    /// Whether its files are text that a terminal can show.
    pub const fn is_text(self) -> bool {
        !matches!(self, Self::DawProject | Self::Midi | Self::Wav)
    }

    /// Whether its files have a place for who speaks; in others a name stands before the words.
    pub const fn has_speakers(self) -> bool {
        matches!(self, Self::Json | Self::Vtt | Self::Csv | Self::PodcastTranscript)
    }

    /// What it shows unless told otherwise.
    pub const fn usual(self) -> Include {
        const SPOKEN: Include = Include { marks: false, ..Include::SPOKEN_AND_MARKED };
        match self {
            Self::Json => Include::EVERYTHING,
            Self::Txt | Self::Srt | Self::Vtt | Self::PodcastTranscript => SPOKEN,
            Self::PodcastChapters | Self::YouTube => {
                Include { speech: Speech::Nothing, ..Include::SPOKEN_AND_MARKED }
            }
            Self::Csv => Include { classes: true, ..Include::SPOKEN_AND_MARKED },
            _ => Include::SPOKEN_AND_MARKED,
        }
    }
}
