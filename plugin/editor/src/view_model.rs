//! What a frame says, in which order and in which colour roles; nothing here paints.

pub(crate) mod banner;
pub(crate) mod header;
pub(crate) mod status;
pub(crate) mod timeline;
pub(crate) mod transcript;
pub(crate) mod words;

use crate::facts::Facts;
use crate::view_state::ViewState;
use banner::Banner;
use earmark_timeline::snapshot::Snapshot;
use header::Header;
use status::StatusLine;
use std::sync::Arc;
use timeline::Timeline;
use transcript::{Empty, Transcript};

/// Everything that a frame shows.
#[derive(Debug, Clone)]
pub struct ViewModel {
    /// What it is, what it is doing, and the buttons.
    pub header: Header,
    /// What a person should know, the gravest first.
    pub banners: Vec<Banner>,
    /// The visible stretch of the timeline.
    pub timeline: Timeline,
    /// The rows of the transcript.
    pub transcript: Arc<Transcript>,
    /// What stands in the transcript's place while it is empty.
    pub empty: Option<Empty>,
    /// The line at the bottom.
    pub status: StatusLine,
}

impl ViewModel {
    /// Decides a frame. Pass the `transcript` of the last frame to have it kept while it says the same;
    /// only a change is a reason to go through the whole notebook.
    pub fn new(
        snapshot: &Snapshot,
        state: &ViewState,
        facts: &Facts,
        transcript: Option<&Arc<Transcript>>,
    ) -> Self {
        let transcript = transcript
            .filter(|transcript| transcript.is_of(snapshot))
            .map_or_else(|| Arc::new(Transcript::new(snapshot)), Arc::clone);
        Self {
            header: Header::new(snapshot, facts),
            banners: banner::banners(snapshot, state, facts),
            timeline: Timeline::new(snapshot, state, facts),
            status: StatusLine::new(snapshot, facts),
            empty: Empty::new(snapshot, facts),
            transcript,
        }
    }
}
