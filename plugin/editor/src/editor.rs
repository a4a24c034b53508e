//! One window's editor: the state between frames and the frame itself.

use crate::action::Action;
use crate::facts::Facts;
use crate::theme::{self, size};
use crate::view_model::export::ExportPage;
use crate::view_model::transcript::Transcript;
use crate::view_model::{ViewModel, banner, timeline};
use crate::view_state::{Draft, ExportJob, ViewState};
use crate::views::{self, Rows};
use earmark_timeline::snapshot::Snapshot;
use std::sync::Arc;

/// One open window. Lives on the GUI thread.
#[derive(Debug, Default)]
pub struct EditorView {
    state: ViewState,
    transcript: Option<Arc<Transcript>>,
    rows: Rows,
}

impl EditorView {
    /// The window's size when it opens for the first time, in points.
    pub const SIZE: [f32; 2] = size::WINDOW;
    /// The smallest size at which nothing important is cut off, in points.
    pub const LEAST_SIZE: [f32; 2] = size::WINDOW_LEAST;

    /// A window that begins where another one ended; what that one had to say is over.
    pub fn with_state(state: ViewState) -> Self {
        let draft = state.draft.map(|draft| Draft { begun: false, ..draft });
        Self { state: ViewState { notices: Vec::new(), now: 0.0, draft, ..state }, ..Self::default() }
    }

    /// What the window remembers, to be told news and errors through, or to be kept for the next window.
    pub fn state_mut(&mut self) -> &mut ViewState {
        &mut self.state
    }

    /// The export that is being chosen, to be shown as [`Facts::preview`].
    pub fn export_job(&self, snapshot: &Snapshot, facts: &Facts) -> Option<ExportJob> {
        let shown = timeline::shown(snapshot, &self.state, facts);
        ExportPage::new(snapshot, &self.state, facts, shown).map(|page| page.job)
    }

    /// Paints a frame over the whole of `ui` and adds what the person asked for to `actions`.
    pub fn ui(&mut self, ui: &mut egui::Ui, snapshot: &Snapshot, facts: &Facts, actions: &mut Vec<Action>) {
        theme::apply(ui, self.state.look);
        let zoom = theme::zoom(self.state.text_percent, ui.max_rect().size() * ui.ctx().zoom_factor());
        ui.ctx().set_zoom_factor(zoom);
        let before = self.state.clone();
        self.state.now = ui.input(|input| input.time);
        self.state.width = (ui.max_rect().width() - 2.0 * size::EDGE).floor().max(1.0);
        if let Some(left) = self.state.expire() {
            ui.ctx().request_repaint_after_secs(left as f32);
        }
        if !self.state.dismissed.is_empty() {
            // What is no longer so may become so again, and is worth saying then.
            let standing = banner::standing(snapshot, &self.state, facts);
            self.state.dismissed.retain(|text| standing.iter().any(|banner| banner.text == *text));
        }
        let shown = timeline::shown(snapshot, &self.state, facts);
        self.state.turn_page(shown, facts.playhead.filter(|_| facts.playing));

        let model = ViewModel::new(snapshot, &self.state, facts, self.transcript.as_ref());
        let page = self.state.visible;
        views::show(ui, &model, &mut self.state, &mut self.rows, actions);
        // Who zooms away from the playhead wants to look there and not to be brought back.
        let moved = self.state.visible != page;
        if moved && facts.playhead.is_some_and(|playhead| !self.state.visible.holds(playhead)) {
            self.state.follow = false;
        }

        self.transcript = Some(model.transcript);
        // The frame was decided before the click in it was known; another one shows what the click did.
        let same_clock = ViewState { now: self.state.now, ..before };
        if same_clock != self.state {
            ui.ctx().request_repaint();
        }
    }
}
