//! The one thing that leaves the listener: everything there is to show, save or export, at one moment.

use crate::clock::ClockSource;
use crate::notebook::Notebook;
use crate::overview::Overview;
use crate::units::{Frames, ProjectTime, SampleRate, Seconds};
use std::ops::Range;
use std::sync::Arc;

/// A session at one moment. Immutable; a newer one replaces it as a whole.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Grows whenever anything in it changed.
    pub revision: u64,
    /// Grows whenever the notebook changed: what the host should save.
    pub notebook_revision: u64,
    /// How many restored notebooks have been taken over.
    pub restored: u64,
    /// How many connections to a host or file have ended and been worked off to the last word.
    pub finished: u64,
    /// What the session is doing.
    pub status: Status,
    /// What it has learned.
    pub notebook: Arc<Notebook>,
    /// What was taken in and is not worked off: a state that is saved now lacks the words of it.
    pub backlog: Vec<Range<ProjectTime>>,
    /// What is being said and may still turn out otherwise. Never part of the notebook.
    pub unsettled: Option<Unsettled>,
    /// The waveform of what it heard.
    pub overview: Overview,
    /// What it cost.
    pub usage: Usage,
}

/// What somebody is saying, as far as it was made out; once it settles, an utterance stands in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsettled {
    /// Where the speech starts.
    pub start: ProjectTime,
    /// The words with their punctuation; never empty.
    pub words: Vec<String>,
    /// How many of them, from the first on, two decodings in a row agreed on; the rest is tentative.
    pub agreed: usize,
}

/// What a session is doing, for a person to read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Status {
    /// Whether it listens, and if not, why not.
    pub activity: Activity,
    /// Whose clock the newest times come from.
    pub clock: ClockSource,
    /// Where the newest sample heard lies on the timeline.
    pub heard_until: Option<ProjectTime>,
    /// Whether the host's playhead moves.
    pub playing: bool,
    /// Where the host's playhead is, listened to or not; `None` while the host does not say.
    pub playhead: Option<ProjectTime>,
    /// How much audio that was heard still waits for its words.
    pub behind: Seconds,
    /// The most that waited since the session last kept up: how much of it is worked off is progress.
    pub behind_at_most: Seconds,
    /// How many pieces of audio wait for a model or are at one.
    pub pending: usize,
    /// Frames that never reached the listener because the ring was full.
    pub lost: Frames,
    /// How the transcriber is.
    pub transcriber: Health,
    /// How the classifier is.
    pub classifier: Health,
    /// The host's sample rate, as far as it told.
    pub rate: Option<SampleRate>,
    /// The edit that undo would take back.
    pub undo: Option<&'static str>,
    /// The edit that redo would do again.
    pub redo: Option<&'static str>,
    /// Something a person should know, such as why a saved state could not be read.
    pub notice: Option<String>,
}

/// Whether a session listens, and if not, why not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Activity {
    /// No audio has come since the session began or the host stopped processing.
    #[default]
    Waiting,
    /// Audio is coming in.
    Listening,
}

/// How a model is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Health {
    /// Not needed so far, so not loaded.
    #[default]
    Idle,
    /// Being read and checked.
    Loading,
    /// At work.
    Ready,
    /// It cannot work; the sentence names the file and the remedy.
    Unavailable(String),
}

/// What a session has cost so far.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Usage {
    /// Audio heard.
    pub audio: Seconds,
    /// CPU time of the models' work for this session.
    pub inference_cpu: Seconds,
    /// How many times a model ran.
    pub inferences: u64,
}
