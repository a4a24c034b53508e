//! What a person is writing.

use earmark_timeline::edit::Edit;
use earmark_timeline::utterance::ItemId;

/// A text that is being written in a row's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What it is about.
    pub id: ItemId,
    /// Whether that is a mark; an utterance otherwise.
    pub is_mark: bool,
    /// What it said before.
    pub before: String,
    /// What it says now.
    pub text: String,
    /// Whether the field has been given the keyboard.
    pub begun: bool,
}

impl Draft {
    /// Corrects an utterance.
    pub fn of_utterance(id: ItemId, text: String) -> Self {
        Self { id, is_mark: false, before: text.clone(), text, begun: false }
    }

    /// Renames a mark.
    pub fn of_mark(id: ItemId, text: String) -> Self {
        Self { id, is_mark: true, before: text.clone(), text, begun: false }
    }

    /// The edit that carries it out; `None` if nothing was changed.
    pub fn edit(&self) -> Option<Edit> {
        let text = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text == self.before {
            return None;
        }
        Some(match self.is_mark {
            true => Edit::RenameMark { mark: self.id, label: text },
            false => Edit::Correct { utterance: self.id, text },
        })
    }
}
