//! What a frame says, in which order and in which colour roles; nothing here paints.

pub(crate) mod banner;
pub(crate) mod export;
pub(crate) mod file;
pub(crate) mod header;
pub(crate) mod reading;
pub(crate) mod settings;
pub(crate) mod status;
pub(crate) mod timeline;
pub(crate) mod tools;
pub(crate) mod transcript;
pub(crate) mod units;
pub(crate) mod words;

use crate::facts::Facts;
use crate::view_state::ViewState;
use banner::Banner;
use earmark_timeline::snapshot::Snapshot;
use earmark_timeline::units::ProjectTime;
use export::ExportPage;
use header::Header;
use settings::SettingsPage;
use status::StatusLine;
use std::ops::Range;
use std::sync::Arc;
use timeline::Timeline;
use transcript::{Empty, Lens, Transcript};
use units::Measure;

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
    /// Which of them are chosen.
    pub chosen: Range<usize>,
    /// What stands in the transcript's place while it is empty.
    pub empty: Option<Empty>,
    /// The settings, while they are open.
    pub settings: Option<SettingsPage>,
    /// The export page, while it is open.
    pub export: Option<ExportPage>,
    /// The line at the bottom.
    pub status: StatusLine,
    /// Where the playhead is; `None` if the host does not say.
    pub playhead: Option<ProjectTime>,
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
        let measure = Measure::new(state.unit, snapshot);
        let find = state.find.clone().unwrap_or_default();
        let lens = Lens { measure, dropped: state.dropped, plain: state.plain, find };
        let transcript = transcript
            .filter(|transcript| transcript.is_of(snapshot, &lens))
            .map_or_else(|| Arc::new(Transcript::new(snapshot, lens)), Arc::clone);
        // What is being said is a row as well.
        let has_no_row = transcript.letters().next().is_none();
        // Goes through all rows, so only while any is chosen.
        let chosen =
            state.selected.map_or(0..0, |from| transcript.between(from, state.until.unwrap_or(from)));
        let timeline = Timeline::new(snapshot, state, facts, measure);
        Self {
            header: Header::new(snapshot, facts, measure),
            banners: banner::banners(snapshot, state, facts),
            export: ExportPage::new(snapshot, state, facts, timeline.shown),
            timeline,
            status: StatusLine::new(snapshot, facts, measure),
            empty: has_no_row.then(|| Empty::new(snapshot, facts)),
            settings: state.settings.then(|| SettingsPage::new(snapshot, facts)),
            playhead: facts.playhead,
            chosen,
            transcript,
        }
    }
}
