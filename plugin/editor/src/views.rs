//! The views: they paint what the view-model decided and turn clicks into actions.

mod banners;
mod dropping;
mod export;
pub(crate) mod fault;
mod header;
mod keys;
mod paint;
mod settings;
mod status;
mod timeline;
mod transcript;

pub use dropping::DroppedPath;
pub(crate) use transcript::Rows;

use crate::action::Action;
use crate::theme::{Role, size};
use crate::view_model::ViewModel;
use crate::view_state::ViewState;
use egui::{Layout, Rect, Ui, UiBuilder};

/// Paints a frame over the whole of `ui`. Every part gets a rectangle that is known before it is painted,
/// so that the first frame is as right as the second and nothing pushes anything out of the window.
pub(crate) fn show(
    ui: &mut Ui,
    model: &ViewModel,
    state: &mut ViewState,
    rows: &mut Rows,
    actions: &mut Vec<Action>,
) {
    keys::act(ui, model, state, rows, actions);
    dropping::act(ui, &model.header, state, actions);
    let window = ui.max_rect();
    ui.painter().rect_filled(window, 0.0, Role::Background.color());

    let (bar, rest) = window.split_top_bottom_at_y(window.top() + size::HEADER + size::DOING);
    header::show(ui, bar, model, state, actions);
    let (rest, bottom) = rest.split_top_bottom_at_y(rest.bottom() - size::STATUS);
    status::show(ui, bottom, &model.status, actions);

    let most = window.height() * size::BANNERS_PART;
    let rest = banners::show(ui, rest, &model.banners, most, model.timeline.shown, state, actions);
    if let Some(page) = &model.settings {
        return settings::show(ui, rest, page, state, actions);
    }
    if let Some(page) = &model.export {
        return export::show(ui, rest, page, &model.header.formats, state, actions);
    }
    settings::commit_written(model.transcript.notebook().settings(), state, actions);
    let height = (window.height() * size::TIMELINE_PART).clamp(size::TIMELINE_LEAST, size::TIMELINE_MOST);
    let (above, below) = rest.split_top_bottom_at_y(rest.top() + height);
    timeline::show(ui, above, model, state, rows, actions);
    let below = below.with_min_y(below.top() + size::GAP * 0.5);
    transcript::show(ui, below, model, state, rows, actions);
}

/// Adds widgets within `rect` and nowhere else.
fn within<R>(
    ui: &mut Ui,
    rect: Rect,
    name: &'static str,
    layout: Layout,
    add: impl FnOnce(&mut Ui) -> R,
) -> egui::InnerResponse<R> {
    ui.scope_builder(UiBuilder::new().id_salt(name).max_rect(rect).layout(layout), |ui| {
        ui.shrink_clip_rect(rect);
        add(ui)
    })
}
