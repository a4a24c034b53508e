//! What the mouse does on the timeline: the wheel zooms, a drag scrolls, a click chooses.

use super::Parts;
use crate::action::Action;
use crate::theme::size;
use crate::view_model::ViewModel;
use crate::view_model::timeline::spoken_loudness;
use crate::view_state::ViewState;
use crate::views::Rows;
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::ItemId;
use egui::{CursorIcon, Pos2, Response, Ui};

pub(super) fn act(
    ui: &Ui,
    response: &Response,
    parts: &Parts,
    model: &ViewModel,
    state: &mut ViewState,
    rows: &mut Rows,
    actions: &mut Vec<Action>,
) {
    let timeline = &model.timeline;
    let width = f64::from(state.width);
    if response.dragged() {
        let seconds = -f64::from(response.drag_delta().x) / width * timeline.shown.length;
        if seconds != 0.0 {
            state.scroll(timeline.shown, seconds);
        }
        ui.set_cursor_icon(CursorIcon::Grabbing);
    }
    let Some(pointer) = response.hover_pos() else { return };
    let x = pointer.x - parts.wave.left();
    let (wheel, pinch) = ui.input(|input| (input.smooth_scroll_delta(), input.zoom_delta()));
    let doublings = f64::from(wheel.y) / size::ZOOM_DOUBLING;
    let factor = doublings.exp2() * f64::from(pinch);
    if factor != 1.0 {
        state.zoom(timeline.shown, factor, (f64::from(x) / width).clamp(0.0, 1.0));
    } else if wheel.x != 0.0 {
        state.scroll(timeline.shown, -f64::from(wheel.x) / width * timeline.shown.length);
    }

    let hit = timeline.at(x, size::FLAG);
    if response.clicked() {
        choose(hit, model, state, rows, actions);
    }
    if let Some(text) = heard_at(pointer, x, parts, model, timeline.shown.time_from_x(x, state.width)) {
        response.show_tooltip_text(text);
    } else if let Some(gap) = timeline.missed.iter().find(|gap| gap.holds(x)) {
        response.show_tooltip_text(gap.spoken.as_str());
    } else if let Some(index) = hit.and_then(|id| model.transcript.position(id.into())) {
        response.show_tooltip_text(model.transcript.row(index).line());
    } else if let Some(gap) = timeline.waiting.iter().find(|gap| gap.holds(x)) {
        response.show_tooltip_text(gap.spoken.as_str());
    }
}

/// What was heard where the pointer is, if that is on a lane of what was heard.
fn heard_at(pointer: Pos2, x: f32, parts: &Parts, model: &ViewModel, time: ProjectTime) -> Option<String> {
    let (timeline, measure) = (&model.timeline, model.transcript.measure());
    let notebook = model.transcript.notebook();
    if parts.classes.contains(pointer) {
        let lane = timeline.classes.iter().find(|lane| lane.holds(x))?;
        Some(lane.spoken(measure, notebook.tempo()))
    } else if parts.roles.contains(pointer) {
        let lane = timeline.roles.iter().flatten().find(|lane| lane.holds(x))?;
        Some(lane.spoken(measure, notebook.tempo()))
    } else if parts.loudness.contains(pointer) {
        spoken_loudness(notebook, time, measure)
    } else {
        None
    }
}

/// A click on nothing chooses nothing.
fn choose(
    hit: Option<ItemId>,
    model: &ViewModel,
    state: &mut ViewState,
    rows: &mut Rows,
    actions: &mut Vec<Action>,
) {
    state.select(hit.map(Into::into));
    let Some(id) = hit else { return };
    rows.reveal(id.into());
    if model.timeline.utterances.iter().any(|block| block.id == id) {
        actions.push(Action::SelectUtterance { id });
    }
}
