//! A mark: a place on the timeline with a name.

use crate::units::ProjectTime;
use crate::utterance::{ItemId, Origin};

/// A named point or stretch of the timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Its name in the notebook.
    pub id: ItemId,
    /// Where it is, or starts.
    pub start: ProjectTime,
    /// Where it ends; equal to `start` for a point.
    pub end: ProjectTime,
    /// What it says.
    pub label: String,
    /// Who set it.
    pub origin: Origin,
}
