//! A mark: a place on the timeline with a name.

use crate::clock::RunId;
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
    /// The colour a person gave it; `None` for that of its kind.
    pub colour: Option<Colour>,
    /// The run it was heard in, within the session that heard it; `None` once reloaded, and if a person set it.
    pub run: Option<RunId>,
}

/// A colour as red, green and blue, 8 bits each, in sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Colour(pub [u8; 3]);
