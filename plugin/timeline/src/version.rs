//! What a passage said before it was heard again.

use crate::clock::RunId;
use crate::units::ProjectTime;
use crate::utterance::{ItemId, Utterance};

/// What machines made of a passage in an earlier pass, kept so that it can be brought back.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// Its name in the notebook; versions are kept in the order of their names.
    pub id: ItemId,
    /// Where the passage starts that was heard again.
    pub start: ProjectTime,
    /// Where it ends.
    pub end: ProjectTime,
    /// What was said there, by start; never empty.
    pub utterances: Vec<Utterance>,
    /// The run that took its place, within the session that heard it; `None` once reloaded, and where a
    /// person brought another version back.
    pub by: Option<RunId>,
}

impl Version {
    /// The words as one line of text.
    pub fn text(&self) -> String {
        Self::text_of(&self.utterances)
    }

    /// How many words it holds.
    pub fn words(&self) -> usize {
        self.utterances.iter().map(|utterance| utterance.words.len()).sum()
    }

    pub(crate) fn text_of<'a>(utterances: impl IntoIterator<Item = &'a Utterance>) -> String {
        utterances.into_iter().map(Utterance::text).collect::<Vec<_>>().join(" ")
    }
}
