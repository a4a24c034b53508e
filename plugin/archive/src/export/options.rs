//! What a person may choose for an export.

use super::frame_rate::FrameRate;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::sound::Sound;
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::{ItemId, Utterance};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

/// What an export says beyond the notebook, what it shows, and how.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Options {
    /// What was listened to, such as a file's or a track's name; formats without room leave it out.
    pub source: Option<String>,
    /// Who speaks.
    pub speakers: Speakers,
    /// The stretch of the project that is exported; `None` is all of it.
    pub range: Option<Range<ProjectTime>>,
    /// Which moment of the project the file calls zero.
    pub origin: TimeOrigin,
    /// What is shown; `None` is what the format is usually for ([`Format::usual`](super::Format::usual)).
    pub include: Option<Include>,
    /// How long the lines of captions may be.
    pub captions: CaptionWidth,
    /// The frame rate of the timeline that an EDL is for.
    pub frame_rate: FrameRate,
    /// The timecode at which that timeline starts, in whole seconds of timecode.
    pub start_timecode: StartTimecode,
    /// The tempo at which a MIDI file counts; `None` is what the host told, or 120 if it told none.
    pub tempo: Option<Tempo>,
    /// The WAV file that is copied for a WAV with cue points; its first sample is at time zero.
    pub recording: Option<PathBuf>,
    /// How it was made, as far as that is known and to be said.
    pub made: Option<Making>,
    /// What was measured of the recording as a whole, as far as it was.
    pub sound: Option<Sound>,
}

/// How a transcript was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Making {
    /// The day, as ISO 8601 writes it.
    pub date: Option<String>,
    /// The SHA-256 of models' files, by the names of their cards.
    pub sha256: BTreeMap<String, String>,
    /// What it cost.
    pub cost: Option<Cost>,
    /// The file that was heard.
    pub recording: Option<Recording>,
}

/// A file that was heard, to tell later whether it still holds the same audio.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recording {
    /// Its size.
    pub bytes: u64,
    /// When it was written last, in milliseconds since 1970.
    pub modified_ms: u64,
    /// The SHA-256 of its samples as decoded: interleaved 32-bit floats, least significant byte first. Tags that
    /// other programs write leave it as it is.
    pub audio_sha256: String,
}

/// What a transcript cost.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cost {
    /// Audio that was heard, in milliseconds.
    pub audio_ms: u64,
    /// CPU time of everything, in milliseconds.
    pub cpu_ms: u64,
    /// CPU time of each model, in milliseconds, by the name of its card.
    pub models_ms: BTreeMap<String, u64>,
    /// Energy in millijoules.
    pub millijoules: u64,
    /// Whether the processor measured the energy; otherwise it is an estimate.
    pub measured: bool,
}

/// Who speaks in which utterance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Speakers {
    /// Who is named for an utterance.
    pub named: BTreeMap<ItemId, Arc<str>>,
    /// Who speaks in all others, as into a microphone of their own.
    pub otherwise: Option<Arc<str>>,
}

impl Speakers {
    /// The speaker of an utterance, if known.
    pub fn of(&self, utterance: &Utterance) -> Option<&Arc<str>> {
        self.named.get(&utterance.id).or(self.otherwise.as_ref())
    }
}

/// Which moment of the project a file calls zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TimeOrigin {
    /// The project's start.
    #[default]
    ProjectStart,
    /// The start of the first thing that is exported.
    First,
    /// This time of the project, such as where a bounce begins.
    At(ProjectTime),
}

/// What of the speech is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speech {
    /// None of it.
    Nothing,
    /// Whole utterances.
    Utterances,
    /// Each word with its times.
    Words,
}

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Include {
    /// What was said.
    pub speech: Speech,
    /// The classes of sound.
    pub classes: bool,
    /// The marks.
    pub marks: bool,
    /// What sounded like speech and left no words, and what was never heard (JSON alone has room for it).
    pub left_out: bool,
    /// What machines made.
    pub machine: bool,
    /// What people made or corrected.
    pub hand: bool,
}

impl Include {
    /// All there is.
    pub const EVERYTHING: Include = Include {
        speech: Speech::Words,
        classes: true,
        marks: true,
        left_out: true,
        machine: true,
        hand: true,
    };
    /// The utterances and the marks, whoever made them.
    pub const SPOKEN_AND_MARKED: Include =
        Include { speech: Speech::Utterances, classes: false, left_out: false, ..Self::EVERYTHING };
}

/// The longest line of a caption.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CaptionWidth {
    /// 32 characters: podcast apps (Apple's and Podcasting 2.0's advice for SRT) and telephones.
    Narrow,
    /// 42 characters: Netflix, "English Timed Text Style Guide", I.5.
    #[default]
    Wide,
}

impl CaptionWidth {
    /// The longest line in characters.
    pub const fn chars(self) -> usize {
        match self {
            Self::Narrow => 32,
            Self::Wide => 42,
        }
    }
}

/// A timecode in whole seconds, below a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartTimecode(u32);

impl StartTimecode {
    /// Takes seconds of timecode; `None` from 24 hours on, where timecode starts again.
    pub const fn new(seconds: u32) -> Option<Self> {
        if seconds < 86_400 { Some(Self(seconds)) } else { None }
    }

    /// Seconds of timecode.
    pub const fn seconds(self) -> u32 {
        self.0
    }
}

impl Default for StartTimecode {
    /// One hour, at which a new timeline in DaVinci Resolve starts.
    fn default() -> Self {
        Self(3_600)
    }
}

/// A tempo as MIDI files keep it: whole microseconds a quarter note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tempo(u32);

impl Tempo {
    /// Takes quarter notes a minute; `None` unless from 4 to 1,000, which MIDI's 24 bits can hold.
    pub fn from_bpm(bpm: f64) -> Option<Self> {
        (4.0..=1_000.0).contains(&bpm).then(|| Self((60_000_000.0 / bpm).round() as u32))
    }

    /// The tempo in force at time zero of a notebook, or the first that its host told.
    pub(super) fn at_zero(notebook: &Notebook) -> Option<Self> {
        let points = notebook.tempo().points();
        let before = points.iter().rev().find(|point| point.time <= ProjectTime::ZERO);
        before.or(points.first()).and_then(|point| Self::from_bpm(point.tempo_bpm))
    }

    /// Microseconds a quarter note.
    pub const fn quarter_us(self) -> u32 {
        self.0
    }
}

impl Default for Tempo {
    /// 120 quarter notes a minute, which a MIDI file without a tempo has (Standard MIDI Files 1.0).
    fn default() -> Self {
        Self(500_000)
    }
}
