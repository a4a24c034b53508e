//! What a person changes in a notebook, and how it is taken back.
//!
//! An [`Edit`] says what is wanted. [`Notebook::edit`] turns it into an exchange of whole items, carries it
//! out and returns the exchange that takes it back, which [`History`] keeps. So undo needs no code of its
//! own, and what machines write meanwhile is left alone.

mod apply;
mod difference;
mod history;
mod retell;

pub use history::{History, MOST_STEPS};

use crate::clock::RunId;
use crate::course::{LoudnessSpan, RoleSpan};
use crate::mark::{Colour, Mark};
use crate::notebook::Notebook;
use crate::tag::ClassSpan;
use crate::units::ProjectTime;
use crate::utterance::{Dropped, ItemId, Utterance};
use crate::version::Version;
use std::ops::Range;
use std::sync::Arc;

/// What a person can do to a notebook.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Say that an utterance reads `text`. Words that stay keep their times; new ones share the place of
    /// those that they replace.
    Correct {
        /// Which utterance.
        utterance: ItemId,
        /// All of its words.
        text: String,
    },
    /// Make two utterances of one.
    Split {
        /// Which utterance.
        utterance: ItemId,
        /// The index of the second one's first word; not 0.
        word: usize,
    },
    /// Make one utterance of this one and the next.
    Merge(ItemId),
    /// Move an utterance's borders; its words are stretched with them.
    Retime {
        /// Which utterance.
        utterance: ItemId,
        /// Where it starts.
        start: ProjectTime,
        /// Where it ends, after its start.
        end: ProjectTime,
    },
    /// Take an utterance out.
    Delete(ItemId),
    /// Set a mark.
    AddMark {
        /// Where.
        at: ProjectTime,
        /// What it says; empty for a numbered one.
        label: String,
    },
    /// Say what a mark says.
    RenameMark {
        /// Which mark.
        mark: ItemId,
        /// What it says.
        label: String,
    },
    /// Move a mark, or make it a stretch.
    MoveMark {
        /// Which mark.
        mark: ItemId,
        /// Where it is, or starts.
        start: ProjectTime,
        /// Where it ends; not before its start.
        end: ProjectTime,
    },
    /// Give a mark a colour, or the one of its kind again.
    ColourMark {
        /// Which mark.
        mark: ItemId,
        /// Which colour.
        colour: Option<Colour>,
    },
    /// Take a mark out.
    RemoveMark(ItemId),
    /// Take over as said what was dropped at this place.
    Restore {
        /// Where the dropped stretch starts.
        start: ProjectTime,
        /// Where it ends.
        end: ProjectTime,
    },
    /// Bring an earlier pass back in place of what machines made there later, which becomes a version.
    BringBack(ItemId),
    /// Take over what was heard of a recording, in place of what machines heard at its place, which becomes a
    /// version.
    TakeIn(Arc<Recording>),
}

/// What was heard of a recording that a person had analysed.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// Where it lies on the timeline, all of it.
    pub place: Range<ProjectTime>,
    /// The run that it counts as; no other has this name.
    pub run: RunId,
    /// What was heard; its times are the timeline's.
    pub notebook: Arc<Notebook>,
}

impl Edit {
    /// What it does, for a menu: "Undo …".
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Correct { .. } => "correction",
            Self::Split { .. } => "split",
            Self::Merge(_) => "merge",
            Self::Retime { .. } => "retiming",
            Self::Delete(_) => "deletion",
            Self::AddMark { .. } => "new mark",
            Self::RenameMark { .. } => "mark's name",
            Self::MoveMark { .. } => "mark's place",
            Self::ColourMark { .. } => "mark's colour",
            Self::RemoveMark(_) => "mark's removal",
            Self::Restore { .. } => "restored passage",
            Self::BringBack(_) => "earlier pass",
            Self::TakeIn(_) => "analysed file",
        }
    }
}

/// Why an edit changed nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditError {
    /// What it was about is not there any more: a new pass took its place.
    Gone,
    /// It would leave an utterance without words; deleting it is another edit.
    NoWords,
    /// It would end before it starts, or split before the first or after the last word.
    BadPlace,
    /// There is nothing to merge with.
    NothingNext,
}

impl std::fmt::Display for EditError {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str(match self {
            Self::Gone => "this is not there any more: the passage was heard again meanwhile",
            Self::NoWords => "an utterance needs words; delete it instead",
            Self::BadPlace => "there is nothing at that place",
            Self::NothingNext => "no utterance follows that this one could be merged with",
        })
    }
}

impl std::error::Error for EditError {}

/// An exchange of whole items: some go, some come. Swapped, it takes itself back.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Change {
    /// What goes.
    pub(crate) out: Items,
    /// What comes.
    pub(crate) into: Items,
}

/// Items of a notebook, by kind.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Items {
    pub(crate) utterances: Vec<Utterance>,
    pub(crate) marks: Vec<Mark>,
    pub(crate) dropped: Vec<Dropped>,
    pub(crate) versions: Vec<Version>,
    pub(crate) spans: Vec<ClassSpan>,
    pub(crate) roles: Vec<RoleSpan>,
    pub(crate) loudness: Vec<LoudnessSpan>,
    pub(crate) missed: Vec<Range<ProjectTime>>,
}

#[cfg(test)]
mod tests;
