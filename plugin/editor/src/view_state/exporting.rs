//! What is chosen on the export page.

use super::{Stretch, ViewState};
use crate::facts::{ExportParts, Facts};
use crate::view_model::transcript::RowId;
use earmark_timeline::snapshot::Snapshot;
use earmark_timeline::units::ProjectTime;
use std::ops::Range;

/// An export in the making.
#[derive(Debug, Clone, PartialEq)]
pub struct Exporting {
    /// The format's place in [`Facts::formats`].
    pub format: usize,
    /// Which part of the timeline is exported.
    pub extent: Extent,
    /// What of it.
    pub parts: ExportParts,
}

/// Which part of the timeline is exported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    #[default]
    All,
    /// The chosen row.
    Row,
    /// What the timeline shows.
    View,
    /// The host's loop.
    Loop,
}

/// An export as a shell carries it out.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportJob {
    /// The format's place in [`Facts::formats`].
    pub format: usize,
    /// From where to where; `None` is everything.
    pub range: Option<Range<ProjectTime>>,
    /// What of it.
    pub parts: ExportParts,
}

impl Extent {
    /// All of them, in the order of the page.
    pub const EACH: [Self; 4] = [Self::All, Self::Row, Self::View, Self::Loop];

    /// Its name on the page.
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Row => "Chosen row",
            Self::View => "Visible part",
            Self::Loop => "Host's loop",
        }
    }

    /// From where to where it reaches now, with `None` for everything; or why it cannot be had.
    pub(crate) fn range(
        self,
        snapshot: &Snapshot,
        state: &ViewState,
        facts: &Facts,
        shown: Stretch,
    ) -> Result<Option<Range<ProjectTime>>, &'static str> {
        match self {
            Self::All => Ok(None),
            Self::Row => chosen(snapshot, state).map(Some).ok_or("Choose an utterance or a stretch first"),
            Self::View => {
                let [start, end] = [shown.start, shown.end()].map(ProjectTime::from_seconds);
                Ok(Some(start..end))
            }
            Self::Loop => {
                facts.cycle.clone().map(Some).ok_or("The host does not loop, or does not tell where")
            }
        }
    }
}

/// Where the chosen row lies, if it lasts.
fn chosen(snapshot: &Snapshot, state: &ViewState) -> Option<Range<ProjectTime>> {
    let Some(RowId::Item(id)) = state.selected else { return None };
    let said = snapshot.notebook.utterances().iter().find(|said| said.id == id);
    let marked = snapshot.notebook.marks().iter().find(|mark| mark.id == id);
    let range = said.map(|said| said.start..said.end).or(marked.map(|mark| mark.start..mark.end))?;
    (range.start < range.end).then_some(range)
}
