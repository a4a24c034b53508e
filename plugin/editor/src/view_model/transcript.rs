//! The transcript: what was said and what was marked, in time order; at its end what is being said.

mod empty;
mod filter;
mod hits;
mod row;

pub use empty::Empty;
pub use row::{Row, Sign};

use super::units::Measure;
use crate::view_state::{Find, Show};
use earmark_timeline::notebook::Notebook;
use earmark_timeline::snapshot::{Snapshot, Unsettled};
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::{DropReason, ItemId, Origin, Utterance};
use earmark_timeline::version::Version;
use filter::Filter;
use std::ops::Range;
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
    lens: Lens,
    lines: Vec<Line>,
    /// The rows that hold what is searched for.
    hits: Vec<usize>,
}

/// What of a notebook is shown, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lens {
    /// What places are told in.
    pub measure: Measure,
    /// Whether what was dropped is shown as well.
    pub dropped: bool,
    /// Whether all words look alike, however sure the model is of them.
    pub plain: bool,
    /// What is searched for, and which rows are shown.
    pub find: Find,
}

/// A row, before it is put together.
#[derive(Debug, Clone, Copy)]
struct Line {
    start: ProjectTime,
    key: Key,
    /// How many bytes of text it has.
    letters: usize,
}

/// Where a row's content is in the notebook.
#[derive(Debug, Clone, Copy)]
enum Key {
    Mark(usize),
    Utterance(usize),
    Dropped(usize),
    Past(usize),
    Unsettled,
}

/// Names a row for as long as what it shows is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowId {
    /// An utterance or a mark.
    Item(ItemId),
    /// What was dropped there.
    Dropped(ProjectTime),
    /// A version where nothing is said now.
    Past(ItemId),
    /// What is being said.
    Unsettled,
}

/// What kind of thing a row shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// What was said, and who wrote it down.
    Speech(Origin),
    /// A mark, and who set it.
    Mark(Origin),
    /// What was dropped, and why.
    Dropped(DropReason),
    /// Nothing now, but an earlier pass heard something.
    Past,
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
    /// Puts the rows of a snapshot in order.
    pub fn new(snapshot: &Snapshot, lens: Lens) -> Self {
        let notebook = &snapshot.notebook;
        let show = lens.find.show;
        let filter = Filter { show, notebook };
        let unsettled = snapshot.unsettled.clone().filter(|_| show.leaves_unsettled());
        let verbatim = notebook.settings().verbatim;
        let is_shown = |said: &Utterance| {
            filter.leaves_speech(said)
                && said.words.iter().any(|word| row::is_shown(word, said.language.as_deref(), verbatim))
        };
        let line = |start, key, letters| Line { start, key, letters };
        let spoken = |said: &Utterance| said.words.iter().map(|word| word.text.len() + 1).sum();
        let said = notebook.utterances().iter().enumerate().filter(|(_, said)| is_shown(said));
        let said = said.map(|(at, said)| line(said.start, Key::Utterance(at), spoken(said)));
        let marks = notebook.marks().iter().enumerate().filter(|(_, mark)| filter.leaves_mark(mark));
        let marks = marks.map(|(at, mark)| line(mark.start, Key::Mark(at), mark.label.len()));
        let dropped = notebook.dropped().iter().enumerate().filter(|_| lens.dropped);
        let dropped = dropped.filter(|(_, dropped)| filter.leaves_place(dropped.start));
        let dropped =
            dropped.map(|(at, dropped)| line(dropped.start, Key::Dropped(at), dropped.text().len()));
        let past = notebook
            .versions()
            .iter()
            .enumerate()
            .filter(|_| show == Show::All)
            .filter(|(_, version)| is_only_past(notebook, version));
        let past = past.map(|(at, version)| line(version.start, Key::Past(at), 0));
        let most = notebook.marks().len() + notebook.utterances().len();
        let mut lines = Vec::with_capacity(most);
        lines.extend(marks);
        lines.extend(said);
        lines.extend(dropped);
        lines.extend(past);
        // Stable, so a mark stays before what is said at the same place.
        lines.sort_by_key(|line| line.start);
        let being_said = |it: &Unsettled| it.words.iter().map(|word| word.len() + 1).sum();
        lines.extend(unsettled.as_ref().map(|it| line(it.start, Key::Unsettled, being_said(it))));
        let mut transcript =
            Self { notebook: Arc::clone(notebook), unsettled, lens, lines, hits: Vec::new() };
        transcript.hits = transcript.find();
        transcript
    }

    /// Whether this shows what that snapshot says in that way. A published notebook never changes, so the
    /// same place in memory, which this keeps alive, is the same content.
    pub fn is_of(&self, snapshot: &Snapshot, lens: &Lens) -> bool {
        let same = Arc::ptr_eq(&self.notebook, &snapshot.notebook) && self.lens == *lens;
        same && (self.unsettled == snapshot.unsettled || !lens.find.show.leaves_unsettled())
    }

    /// The notebook whose rows these are.
    pub fn notebook(&self) -> &Notebook {
        &self.notebook
    }

    /// What places are told in.
    pub const fn measure(&self) -> Measure {
        self.lens.measure
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is no row that stays.
    pub fn is_empty(&self) -> bool {
        self.lines.iter().all(|line| matches!(line.key, Key::Unsettled))
    }

    /// How many bytes of text each row has, to guess its height before it is laid out.
    pub fn letters(&self) -> impl Iterator<Item = usize> {
        self.lines.iter().map(|line| line.letters)
    }

    /// What a row shows.
    ///
    /// # Panics
    /// If there is no row of that index.
    pub fn id(&self, index: usize) -> RowId {
        match self.lines[index].key {
            Key::Utterance(at) => self.notebook.utterances()[at].id.into(),
            Key::Mark(at) => self.notebook.marks()[at].id.into(),
            Key::Dropped(at) => RowId::Dropped(self.notebook.dropped()[at].start),
            Key::Past(at) => RowId::Past(self.notebook.versions()[at].id),
            Key::Unsettled => RowId::Unsettled,
        }
    }

    /// A row.
    ///
    /// # Panics
    /// If there is no row of that index.
    pub fn row(&self, index: usize) -> Row {
        let (notebook, measure) = (&*self.notebook, self.lens.measure);
        match self.lines[index].key {
            Key::Utterance(at) => {
                row::from_utterance(&notebook.utterances()[at], notebook, measure, self.lens.plain)
            }
            Key::Mark(at) => row::from_mark(&notebook.marks()[at], notebook, measure),
            Key::Dropped(at) => row::from_dropped(&notebook.dropped()[at], notebook, measure),
            Key::Past(at) => row::from_version(&notebook.versions()[at], notebook, measure),
            Key::Unsettled => row::from_unsettled(self.unsettled.as_ref(), notebook, measure),
        }
    }

    /// The index of the row that shows `id`. Goes through all rows: for what the pointer is on, not for every row.
    pub fn position(&self, id: RowId) -> Option<usize> {
        (0..self.len()).find(|index| self.id(*index) == id)
    }

    /// Rows as text, a line each, for the clipboard, with their times or without; what was dropped, is past or is
    /// being said stays out.
    pub fn text(&self, rows: Range<usize>, timed: bool) -> String {
        let mut text = String::new();
        for index in rows.start..rows.end.min(self.len()) {
            if matches!(self.lines[index].key, Key::Utterance(_) | Key::Mark(_)) {
                let row = self.row(index);
                text.push_str(&if timed { row.line() } else { row.untimed_line() });
                text.push('\n');
            }
        }
        text
    }

    /// The rows from one that was chosen to another, whichever comes first; empty if either is gone.
    pub fn between(&self, from: RowId, to: RowId) -> Range<usize> {
        let ends = self.position(from).zip(self.position(to));
        ends.map_or(0..0, |(from, to)| from.min(to)..from.max(to) + 1)
    }
}

impl From<ItemId> for RowId {
    fn from(id: ItemId) -> Self {
        Self::Item(id)
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

/// Whether nothing is said now where an earlier pass heard something.
fn is_only_past(notebook: &Notebook, version: &Version) -> bool {
    let before = notebook.utterances().partition_point(|said| said.start < version.end);
    !notebook.utterances()[..before].iter().rev().any(|said| version.start < said.end)
}
