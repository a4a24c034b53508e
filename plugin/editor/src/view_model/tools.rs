//! What one can do to a row, and the earlier passes over its place.

use super::transcript::{Row, RowId, RowKind, Transcript};
use super::words::counted;
use crate::view_state::Draft;
use earmark_timeline::edit::Edit;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::{ItemId, Utterance};
use earmark_timeline::version::Version;

/// How far a nudge moves: about a syllable.
const NUDGE: ProjectTime = ProjectTime::from_ticks(ProjectTime::TICKS_PER_SECOND / 10);
/// How many letters of an earlier pass its entry shows.
const FIRST_LETTERS: usize = 80;

/// Something that can be done to a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Tool {
    /// What it is called.
    pub name: String,
    /// What it does.
    pub does: Does,
    /// Why it cannot be done now, if it cannot.
    pub why_not: Option<&'static str>,
    /// Whether one may want to do it again at once, so that the menu stays.
    pub stays: bool,
}

/// What a tool does.
#[derive(Debug, Clone, PartialEq)]
pub enum Does {
    /// Changes the notebook.
    Ask(Edit),
    /// Lets the person write in the row's place.
    Write(Draft),
}

/// An earlier pass over a row's place.
#[derive(Debug, Clone, PartialEq)]
pub struct Pass {
    /// The version's name in the notebook.
    pub id: ItemId,
    /// From where to where it was heard.
    pub place: String,
    /// What was said then; its beginning.
    pub text: String,
}

/// How many passes lie below a row, as its chip says it; `None` where there is none.
pub(crate) fn chip(row: &Row, notebook: &Notebook) -> Option<String> {
    let count = passes_below(row, notebook).count();
    (count > 0).then(|| counted(count, "earlier pass", "earlier passes"))
}

/// The earlier passes below a row, the newest first.
pub(crate) fn passes(row: &Row, transcript: &Transcript) -> Vec<Pass> {
    let (notebook, measure) = (transcript.notebook(), transcript.measure());
    let place = |time| measure.place(time, notebook.tempo());
    let pass = |version: &Version| {
        // What was said at this very row tells more than how the pass began.
        let here = |said: &&Utterance| said.start < row.until && row.at < said.end;
        let text = version.utterances.iter().find(here).or(version.utterances.first()).map(Utterance::text);
        Pass {
            id: version.id,
            place: format!("{} to {}", place(version.start), place(version.end)),
            text: shortened(&text.unwrap_or_default()),
        }
    };
    let mut passes: Vec<_> = passes_below(row, notebook).map(pass).collect();
    passes.reverse();
    passes
}

/// What can be done to a row, in the order of its menu. `word` is the chosen word, as an index into
/// [`Row::words`].
pub(crate) fn tools(
    row: &Row,
    notebook: &Notebook,
    playhead: Option<ProjectTime>,
    word: Option<usize>,
) -> Vec<Tool> {
    match (row.kind, row.id) {
        (RowKind::Speech(_), RowId::Item(id)) => {
            let Some(at) = notebook.utterances().iter().position(|said| said.id == id) else {
                return Vec::new();
            };
            speech_tools(row, &notebook.utterances()[at..], playhead, word)
        }
        (RowKind::Mark(_), RowId::Item(id)) => mark_tools(row, id, playhead),
        (RowKind::Dropped(_), _) => {
            let dropped = notebook.dropped().iter().find(|dropped| dropped.start == row.at);
            let empty = dropped.is_none_or(|dropped| dropped.words.is_empty());
            let restore = Edit::Restore { start: row.at, end: row.until };
            vec![ask("Restore", restore).unless(empty, "The model wrote no words for it")]
        }
        _ => Vec::new(),
    }
}

fn speech_tools(
    row: &Row,
    said: &[Utterance],
    playhead: Option<ProjectTime>,
    word: Option<usize>,
) -> Vec<Tool> {
    let Some(utterance) = said.first() else { return Vec::new() };
    let (id, start, end) = (utterance.id, utterance.start, utterance.end);
    let chosen = word.and_then(|word| Some(row.words.get(word)?.1)).filter(|word| *word > 0);
    let split = match chosen {
        Some(word) => format!("Split before “{}”", utterance.words[word].text),
        None => "Split".to_owned(),
    };
    let retime = |start, end| Edit::Retime { utterance: id, start, end };
    let at = playhead.unwrap_or(start);
    let moved = |length: ProjectTime| retime(start.plus(length), end.plus(length));
    vec![
        write("Correct", Draft::of_utterance(id, utterance.text())),
        ask(split, Edit::Split { utterance: id, word: chosen.unwrap_or(0) })
            .unless(chosen.is_none(), "Click the word that the second part begins with"),
        ask("Merge with next", Edit::Merge(id)).unless(said.len() < 2, "Nothing follows"),
        ask("Start at playhead", retime(at, end))
            .unless(playhead.is_none_or(|at| at >= end), "The playhead is not before its end"),
        ask("End at playhead", retime(start, at))
            .unless(playhead.is_none_or(|at| at <= start), "The playhead is not after its start"),
        ask("0.1 s earlier", moved(ProjectTime::ZERO.minus(NUDGE))).again(),
        ask("0.1 s later", moved(NUDGE)).again(),
        ask("Delete", Edit::Delete(id)),
    ]
}

fn mark_tools(row: &Row, mark: ItemId, playhead: Option<ProjectTime>) -> Vec<Tool> {
    let start = playhead.unwrap_or(row.at);
    let end = start.plus(row.until.minus(row.at));
    vec![
        write("Rename", Draft::of_mark(mark, row.text())),
        ask("Move to playhead", Edit::MoveMark { mark, start, end })
            .unless(playhead.is_none(), "The host has not told where the playhead is"),
        ask("Remove", Edit::RemoveMark(mark)),
    ]
}

fn write(name: &str, draft: Draft) -> Tool {
    Tool { name: name.to_owned(), does: Does::Write(draft), why_not: None, stays: false }
}

fn ask(name: impl Into<String>, edit: Edit) -> Tool {
    Tool { name: name.into(), does: Does::Ask(edit), why_not: None, stays: false }
}

impl Tool {
    fn unless(self, not: bool, why_not: &'static str) -> Self {
        Self { why_not: not.then_some(why_not), ..self }
    }

    fn again(self) -> Self {
        Self { stays: true, ..self }
    }
}

fn passes_below<'a>(row: &Row, notebook: &'a Notebook) -> impl Iterator<Item = &'a Version> + use<'a> {
    let (start, end) = (row.at, row.until);
    let has_passes = matches!(row.kind, RowKind::Speech(_) | RowKind::Past);
    let versions = notebook.versions().iter();
    versions.filter(move |version| has_passes && version.start < end && start < version.end)
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(FIRST_LETTERS) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text.to_owned(),
    }
}
