//! One row: what it says and what it is.

use super::{Certainty, Piece, RowId, RowKind};
use crate::theme::Role;
use crate::view_model::units::Measure;
use earmark_timeline::filler::is_filler;
use earmark_timeline::mark::{Colour, Mark};
use earmark_timeline::notebook::Notebook;
use earmark_timeline::script::{has_space_between, join};
use earmark_timeline::snapshot::Unsettled;
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::{DropReason, Dropped, Origin, Utterance, Word};
use earmark_timeline::version::Version;
use std::ops::Range;

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What it shows.
    pub id: RowId,
    /// What kind of thing that is.
    pub kind: RowKind,
    /// Where it is on the timeline.
    pub at: ProjectTime,
    /// Where it ends.
    pub until: ProjectTime,
    /// Where it is, in the unit that places are told in.
    pub clock: String,
    /// Its text, cut where the certainty changes.
    pub pieces: Vec<Piece>,
    /// Where its words begin, in letters, and their index in the utterance; hesitations may be hidden.
    pub words: Vec<(usize, usize)>,
    /// The colour that a person gave it.
    pub colour: Option<Colour>,
}

/// A letter for who made something, for colour alone would not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sign {
    /// The letter.
    pub letter: &'static str,
    /// Its colour.
    pub role: Role,
    /// What it means.
    pub meaning: &'static str,
}

impl Row {
    /// The row's text without its time.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    /// The row as a line: its time, two spaces, its text; what was not said in square brackets.
    pub fn line(&self) -> String {
        format!("{}  {}", self.clock, self.untimed_line())
    }

    /// The same without its time.
    pub fn untimed_line(&self) -> String {
        match self.kind {
            RowKind::Speech(_) | RowKind::Unsettled => self.text(),
            RowKind::Mark(_) | RowKind::Dropped(_) | RowKind::Past => format!("[{}]", self.text()),
        }
    }

    /// The word at a letter of the row's text, as an index into [`Row::words`].
    pub fn word_at(&self, letter: usize) -> Option<usize> {
        self.words.partition_point(|(start, _)| *start <= letter).checked_sub(1)
    }
}

impl Row {
    /// Where a word stands in the row's text, in letters; `word` is an index into [`Row::words`].
    pub fn place_of_word(&self, word: usize) -> Option<Range<usize>> {
        let start = self.words.get(word)?.0;
        let end = self.words.get(word + 1).map_or_else(|| self.text().chars().count(), |(next, _)| *next);
        Some(start..end)
    }
}

impl RowKind {
    /// Who made it, or that it is not there.
    pub const fn sign(self) -> Sign {
        let (letter, role, meaning) = match self {
            Self::Speech(Origin::Machine) => ("m", Role::TextFaint, "As the model heard it"),
            Self::Speech(Origin::Chosen) => {
                ("c", Role::Accent, "As the model heard it, and chosen by hand: a new pass leaves it alone")
            }
            Self::Speech(Origin::Hand) => ("h", Role::Live, "Corrected by hand: a new pass leaves it alone"),
            Self::Mark(Origin::Machine) => ("m", Role::TextFaint, "A mark that a model set"),
            Self::Mark(Origin::Chosen) => ("c", Role::Accent, "A mark that a model set, chosen by hand"),
            Self::Mark(Origin::Hand) => ("h", Role::Live, "A mark set by hand"),
            Self::Dropped(_) => ("x", Role::Warning, "Dropped: not in the transcript and not exported"),
            Self::Unsettled => ("~", Role::TextFaint, "Being said: it may still turn out otherwise"),
            Self::Past => ("p", Role::TextFaint, "Only an earlier pass says something here"),
        };
        Sign { letter, role, meaning }
    }
}

/// Why something was dropped, in words.
const fn words_from_reason(reason: DropReason) -> &'static str {
    match reason {
        DropReason::TooShort => "too short to hold a word",
        DropReason::NoSpeech => "the model thinks that nobody spoke",
        DropReason::NonSpeech => "a sound and no words",
        DropReason::Repetition => "the same words over and over",
        DropReason::TooFast => "more words than a mouth can say in that time",
        DropReason::Failed => "the model failed on it",
    }
}

/// Whether a transcript shows a word.
pub(super) fn is_shown(word: &Word, language: Option<&str>, verbatim: bool) -> bool {
    verbatim || !is_filler(&word.text, language)
}

/// How sure the model is of the word that it is least sure of; what a person corrected is sure.
pub(super) fn least_certainty(utterance: &Utterance) -> Certainty {
    let least = utterance.words.iter().map(|word| word.confidence).fold(1.0, f32::min);
    if utterance.origin == Origin::Hand { Certainty::Sure } else { Certainty::from_confidence(least) }
}

/// With `plain`, all words look alike.
pub(super) fn from_utterance(
    utterance: &Utterance,
    notebook: &Notebook,
    measure: Measure,
    plain: bool,
) -> Row {
    let certainty = |word: &Word| match utterance.origin {
        Origin::Machine | Origin::Chosen if !plain => Certainty::from_confidence(word.confidence),
        _ => Certainty::Sure,
    };
    let verbatim = notebook.settings().verbatim;
    let (mut pieces, mut words): (Vec<Piece>, Vec<_>) = (Vec::new(), Vec::new());
    let (mut letters, mut before) = (0, "");
    for (index, word) in utterance.words.iter().enumerate() {
        if !is_shown(word, utterance.language.as_deref(), verbatim) {
            continue;
        }
        let certainty = certainty(word);
        let space = if has_space_between(before, &word.text) { " " } else { "" };
        letters += space.len();
        words.push((letters, index));
        letters += word.text.chars().count();
        before = &word.text;
        match pieces.last_mut() {
            Some(piece) if piece.certainty == certainty => {
                piece.text.push_str(space);
                piece.text.push_str(&word.text);
                continue;
            }
            // The space between two pieces is never underlined.
            Some(piece) if piece.certainty != Certainty::Doubtful => {
                piece.text.push_str(space);
                pieces.push(Piece { text: word.text.clone(), certainty });
            }
            _ => pieces.push(Piece { text: format!("{space}{}", word.text), certainty }),
        }
    }
    Row {
        id: utterance.id.into(),
        kind: RowKind::Speech(utterance.origin),
        at: utterance.start,
        until: utterance.end,
        clock: measure.place(utterance.start, notebook.tempo()),
        pieces,
        words,
        colour: None,
    }
}

pub(super) fn from_mark(mark: &Mark, notebook: &Notebook, measure: Measure) -> Row {
    Row {
        colour: mark.colour,
        ..plain(
            mark.id.into(),
            RowKind::Mark(mark.origin),
            [mark.start, mark.end],
            mark.label.clone(),
            notebook,
            measure,
        )
    }
}

pub(super) fn from_dropped(dropped: &Dropped, notebook: &Notebook, measure: Measure) -> Row {
    let reason = words_from_reason(dropped.reason);
    let text = match dropped.text() {
        text if text.is_empty() => format!("Dropped: {reason}"),
        text => format!("Dropped, {reason}: {text}"),
    };
    let kind = RowKind::Dropped(dropped.reason);
    plain(RowId::Dropped(dropped.start), kind, [dropped.start, dropped.end], text, notebook, measure)
}

pub(super) fn from_version(version: &Version, notebook: &Notebook, measure: Measure) -> Row {
    let text = "Nothing was said here in the newest pass".to_owned();
    plain(RowId::Past(version.id), RowKind::Past, [version.start, version.end], text, notebook, measure)
}

pub(super) fn from_unsettled(unsettled: Option<&Unsettled>, notebook: &Notebook, measure: Measure) -> Row {
    let (at, words, agreed) = unsettled.map_or((ProjectTime::ZERO, &[][..], 0), |it| {
        (it.start, &it.words[..], it.agreed.min(it.words.len()))
    });
    let (agreed, tentative) = words.split_at(agreed);
    let join = |words: &[String]| join(words.iter().map(String::as_str));
    let (mut agreed, tentative) = (join(agreed), join(tentative));
    if has_space_between(&agreed, &tentative) {
        agreed.push(' ');
    }
    let pieces = [(agreed, Certainty::Sure), (tentative, Certainty::Unsure)];
    let pieces = pieces.into_iter().filter(|(text, _)| !text.is_empty());
    let pieces = pieces.map(|(text, certainty)| Piece { text, certainty }).collect();
    let row = plain(RowId::Unsettled, RowKind::Unsettled, [at, at], String::new(), notebook, measure);
    Row { pieces, ..row }
}

fn plain(
    id: RowId,
    kind: RowKind,
    [at, until]: [ProjectTime; 2],
    text: String,
    notebook: &Notebook,
    measure: Measure,
) -> Row {
    let clock = measure.place(at, notebook.tempo());
    let pieces = vec![Piece { text, certainty: Certainty::Sure }];
    Row { id, kind, at, until, clock, pieces, words: Vec::new(), colour: None }
}
