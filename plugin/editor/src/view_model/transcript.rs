//! The transcript: what was said and what was marked, in time order; at its end what is being said.

mod empty;

pub use empty::Empty;

use super::words::clock_from_time;
use earmark_timeline::mark::Mark;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::snapshot::{Snapshot, Unsettled};
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
    unsettled: Option<Unsettled>,
    keys: Vec<Key>,
    letters: Vec<u32>,
}

/// Where a row's content is in the notebook.
#[derive(Debug, Clone, Copy)]
enum Key {
    Utterance(usize),
    Mark(usize),
    Unsettled,
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
    /// What is being said: agreed words are [`Certainty::Sure`], tentative ones [`Certainty::Unsure`].
    Unsettled,
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

impl Transcript {
    /// Stands for the row of what is being said; no notebook comes to name a piece so.
    pub const UNSETTLED: ItemId = ItemId(u64::MAX);

    /// Puts the rows of a snapshot in order.
    pub fn new(snapshot: &Snapshot) -> Self {
        let (notebook, unsettled) = (&snapshot.notebook, &snapshot.unsettled);
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
        keys.extend(unsettled.as_ref().map(|_| Key::Unsettled));
        let letters = keys
            .iter()
            .map(|key| match *key {
                Key::Utterance(index) => utterances[index].words.iter().map(|w| w.text.len() + 1).sum(),
                Key::Mark(index) => marks[index].label.len(),
                Key::Unsettled => unsettled.iter().flat_map(|it| &it.words).map(|w| w.len() + 1).sum(),
            })
            .map(|letters: usize| letters as u32)
            .collect();
        Self { notebook: Arc::clone(notebook), unsettled: unsettled.clone(), keys, letters }
    }

    /// Whether this shows what that snapshot says. A published notebook never changes, so the same place
    /// in memory, which this keeps alive, is the same content.
    pub fn is_of(&self, snapshot: &Snapshot) -> bool {
        Arc::ptr_eq(&self.notebook, &snapshot.notebook) && self.unsettled == snapshot.unsettled
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is no row that stays.
    pub fn is_empty(&self) -> bool {
        self.keys.iter().all(|key| matches!(key, Key::Unsettled))
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
            Key::Unsettled => Self::UNSETTLED,
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
            Key::Unsettled => self.unsettled_row(),
        }
    }

    /// The index of the row that shows `id`. Goes through all rows: for what the pointer is on, not for every row.
    pub fn position(&self, id: ItemId) -> Option<usize> {
        (0..self.len()).find(|index| self.id(*index) == id)
    }

    /// All rows that stay as text, a line each, for the clipboard. Goes through all rows.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for index in (0..self.len()).filter(|index| self.id(*index) != Self::UNSETTLED) {
            text.push_str(&self.row(index).line());
            text.push('\n');
        }
        text
    }

    fn unsettled_row(&self) -> Row {
        let (at, words, agreed) = match &self.unsettled {
            Some(it) => (it.start, &it.words[..], it.agreed.min(it.words.len())),
            None => (ProjectTime::ZERO, &[][..], 0),
        };
        let space = if agreed > 0 { " " } else { "" };
        let agreed_text = format!("{}{space}", words[..agreed].join(" "));
        let pieces = [(agreed_text, Certainty::Sure), (words[agreed..].join(" "), Certainty::Unsure)];
        let piece = |(text, certainty): (String, Certainty)| Piece { text, certainty };
        let pieces = pieces.map(piece).into_iter().filter(|piece| !piece.text.is_empty()).collect();
        Row { id: Self::UNSETTLED, kind: RowKind::Unsettled, at, clock: clock_from_time(at, 1), pieces }
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
            RowKind::Speech(_) | RowKind::Unsettled => format!("{}  {}", self.clock, self.text()),
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
