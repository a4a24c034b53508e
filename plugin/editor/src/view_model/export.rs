//! The export page: what is written, and where.

use crate::facts::{ExportFormat, ExportParts, Facts, Preview};
use crate::view_state::{ExportJob, Extent, Stretch, ViewState};
use earmark_timeline::snapshot::Snapshot;

/// The export page.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportPage {
    /// The format.
    pub format: ExportFormat,
    /// Which part of the timeline is exported.
    pub extent: Extent,
    /// Which parts there are, with why some cannot be had.
    pub extents: [(Extent, Option<&'static str>); 4],
    /// What of it is exported.
    pub parts: ExportParts,
    /// What it will be; `None` until the shell has told.
    pub preview: Option<Preview>,
    /// What is carried out.
    pub job: ExportJob,
}

impl ExportPage {
    pub(crate) fn new(snapshot: &Snapshot, state: &ViewState, facts: &Facts, shown: Stretch) -> Option<Self> {
        let exporting = state.export.as_ref()?;
        let format = facts.formats.get(exporting.format)?.clone();
        let range = |extent: Extent| extent.range(snapshot, state, facts, shown);
        // What is not there any more is as if it had not been chosen.
        let extent = if range(exporting.extent).is_ok() { exporting.extent } else { Extent::All };
        let job = ExportJob {
            format: exporting.format,
            range: range(extent).unwrap_or_default(),
            parts: exporting.parts,
        };
        let extents = Extent::EACH.map(|extent| (extent, range(extent).err()));
        let (parts, preview) = (exporting.parts, facts.preview.clone());
        Some(Self { format, extent, extents, parts, preview, job })
    }
}
