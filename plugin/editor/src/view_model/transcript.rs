//! The transcript: what was said and what was marked, in time order.

use super::words::{clock_from_time, words_from_length};
use crate::facts::Facts;
use crate::theme::Role;
use earmark_timeline::mark::Mark;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::snapshot::{Activity, Health, Snapshot};
use earmark_timeline::transport::Listen;
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::{ItemId, Origin, Utterance, Word};
use std::sync::Arc;

/// A word below this confidence is drawn fainter. Whisper's word probabilities lie above it for words
/// that a listener also finds clear; a default to start from, not a measurement.
const UNSURE_BELOW: f32 = 0.6;
/// A word below this confidence is underlined as well: listen before you trust it.
const DOUBTFUL_BELOW: f32 = 0.35;

/// The rows of one notebook. Making it goes through the notebook once; a row's text is put together only
/// when it is asked for, so that a frame costs what it shows.
#[derive(Debug, Clone)]
pub struct Transcript {
    notebook: Arc<Notebook>,
    keys: Vec<Key>,
    letters: Vec<u32>,
}

/// Where a row's content is in the notebook.
#[derive(Debug, Clone, Copy)]
enum Key {
    Utterance(usize),
    Mark(usize),
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What it shows.
    pub id: ItemId,
    /// What kind of thing that is.
    pub kind: RowKind,
    /// Where it is on the timeline.
    pub at: ProjectTime,
    /// That place as "m:ss.t".
    pub clock: String,
    /// Its text, cut where the certainty changes.
    pub pieces: Vec<Piece>,
}

/// What kind of thing a row shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// What was said, and who wrote it down.
    Speech(Origin),
    /// A mark.
    Mark,
}

/// A run of words of one certainty.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// The words, with the space to the neighbouring piece at one end.
    pub text: String,
    /// How sure the model is of them.
    pub certainty: Certainty,
}

/// How sure a model is of a word, as coarsely as an eye can tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// Drawn plainly.
    Sure,
    /// Drawn fainter.
    Unsure,
    /// Drawn fainter and underlined.
    Doubtful,
}

/// What stands in place of the rows while there are none: what is so, and what to do next.
#[derive(Debug, Clone, PartialEq)]
pub struct Empty {
    /// What is so.
    pub title: String,
    /// What to do next.
    pub hint: String,
    /// The title's colour.
    pub role: Role,
}

impl Transcript {
    /// Puts the rows of a notebook in order.
    pub fn new(notebook: &Arc<Notebook>) -> Self {
        let (utterances, marks) = (notebook.utterances(), notebook.marks());
        let mut keys = Vec::with_capacity(utterances.len() + marks.len());
        let (mut said, mut marked) = (0, 0);
        while said < utterances.len() || marked < marks.len() {
            let mark_first = match (utterances.get(said), marks.get(marked)) {
                (Some(utterance), Some(mark)) => mark.start <= utterance.start,
                (utterance, _) => utterance.is_none(),
            };
            if mark_first {
                keys.push(Key::Mark(marked));
                marked += 1;
            } else {
                keys.push(Key::Utterance(said));
                said += 1;
            }
        }
        let letters = keys
            .iter()
            .map(|key| match *key {
                Key::Utterance(index) => utterances[index].words.iter().map(|w| w.text.len() + 1).sum(),
                Key::Mark(index) => marks[index].label.len(),
            })
            .map(|letters: usize| letters as u32)
            .collect();
        Self { notebook: Arc::clone(notebook), keys, letters }
    }

    /// Whether this shows that very notebook. A published notebook never changes, so the same place in
    /// memory, which this keeps alive, is the same content.
    pub fn is_of(&self, notebook: &Arc<Notebook>) -> bool {
        Arc::ptr_eq(&self.notebook, notebook)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// How many bytes of text each row has, to guess its height before it is laid out.
    pub fn letters(&self) -> &[u32] {
        &self.letters
    }

    /// What a row shows.
    ///
    /// # Panics
    /// If there is no row of that index.
    pub fn id(&self, index: usize) -> ItemId {
        match self.keys[index] {
            Key::Utterance(at) => self.notebook.utterances()[at].id,
            Key::Mark(at) => self.notebook.marks()[at].id,
        }
    }

    /// A row.
    ///
    /// # Panics
    /// If there is no row of that index.
    pub fn row(&self, index: usize) -> Row {
        match self.keys[index] {
            Key::Utterance(at) => row_from_utterance(&self.notebook.utterances()[at]),
            Key::Mark(at) => row_from_mark(&self.notebook.marks()[at]),
        }
    }

    /// The index of the row that shows `id`. Goes through all rows: for what the pointer is on, not for every row.
    pub fn position(&self, id: ItemId) -> Option<usize> {
        (0..self.len()).find(|index| self.id(*index) == id)
    }

    /// All rows as text, a line each, for the clipboard. Goes through all rows.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for index in 0..self.len() {
            text.push_str(&self.row(index).line());
            text.push('\n');
        }
        text
    }
}

impl Row {
    /// The row's text without its time.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    /// The row as a line: its time, two spaces, its text; a mark's text in square brackets.
    pub fn line(&self) -> String {
        match self.kind {
            RowKind::Speech(_) => format!("{}  {}", self.clock, self.text()),
            RowKind::Mark => format!("{}  [{}]", self.clock, self.text()),
        }
    }
}

impl Certainty {
    /// How sure a confidence from 0 to 1 is.
    pub fn from_confidence(confidence: f32) -> Self {
        if confidence < DOUBTFUL_BELOW {
            Self::Doubtful
        } else if confidence < UNSURE_BELOW {
            Self::Unsure
        } else {
            Self::Sure
        }
    }
}

impl Empty {
    /// What to say while there is nothing to show; `None` once there is.
    pub fn new(snapshot: &Snapshot, facts: &Facts) -> Option<Self> {
        let notebook = &snapshot.notebook;
        if !notebook.utterances().is_empty() || !notebook.marks().is_empty() {
            return None;
        }
        let status = &snapshot.status;
        let say = |title: &str, hint: &str, role| {
            Some(Self { title: title.to_owned(), hint: hint.to_owned(), role })
        };
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
                return say(
                    "No model found",
                    &format!("{why}\nAudio passes unchanged meanwhile."),
                    Role::Problem,
                );
            }
            Health::Loading => return say("Loading the model", "Words follow in a moment.", Role::TextDim),
            Health::Idle | Health::Ready => {}
        }
        if snapshot.usage.audio.0 > 0.0 && (facts.wants_audio() || status.activity == Activity::Listening) {
            let heard = words_from_length(snapshot.usage.audio);
            let hint = format!("{heard} heard. Words appear here when a sentence has ended.");
            return say("No speech so far", &hint, Role::TextDim);
        }
        let hint = match facts.listen {
            Listen::WhileRecording => {
                "Press record in your DAW. Words appear here when a sentence has ended."
            }
            Listen::Always => "Send audio through this track. Words appear here when a sentence has ended.",
            _ => "Press play in your DAW. Words appear here when a sentence has ended.",
        };
        say("Nothing heard yet", hint, Role::TextDim)
    }
}

fn row_from_utterance(utterance: &Utterance) -> Row {
    let certainty = |word: &Word| match utterance.origin {
        Origin::Machine | Origin::Chosen => Certainty::from_confidence(word.confidence),
        Origin::Hand => Certainty::Sure,
    };
    let mut pieces: Vec<Piece> = Vec::new();
    for word in &utterance.words {
        let certainty = certainty(word);
        let mut text = String::new();
        match pieces.last_mut() {
            Some(piece) if piece.certainty == certainty => {
                piece.text.push(' ');
                piece.text.push_str(&word.text);
                continue;
            }
            // The space between two pieces is never underlined.
            Some(piece) if piece.certainty != Certainty::Doubtful => piece.text.push(' '),
            Some(_) => text.push(' '),
            None => {}
        }
        text.push_str(&word.text);
        pieces.push(Piece { text, certainty });
    }
    Row {
        id: utterance.id,
        kind: RowKind::Speech(utterance.origin),
        at: utterance.start,
        clock: clock_from_time(utterance.start, 1),
        pieces,
    }
}

fn row_from_mark(mark: &Mark) -> Row {
    Row {
        id: mark.id,
        kind: RowKind::Mark,
        at: mark.start,
        clock: clock_from_time(mark.start, 1),
        pieces: vec![Piece { text: mark.label.clone(), certainty: Certainty::Sure }],
    }
}
