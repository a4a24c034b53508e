//! Sentences across the window.

use super::within;
use crate::theme::{self, Role, size};
use crate::view_model::banner::Banner;
use crate::view_state::ViewState;
use egui::{Align, Button, Label, Layout, Pos2, Rect, ScrollArea, Sense, Ui, Vec2};

/// Shows the banners at the top of `rect`, at most `most` points of them at a time, and returns what is
/// left of it.
pub(super) fn show(ui: &mut Ui, rect: Rect, banners: &[Banner], state: &mut ViewState, most: f32) -> Rect {
    if banners.is_empty() {
        return rect;
    }
    let area = rect.with_max_y(rect.top() + most);
    let shown = within(ui, area, "banners", Layout::top_down(Align::Min), |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical().auto_shrink([false, true]).max_height(most).show(ui, |ui| {
            for banner in banners {
                show_one(ui, banner, state);
            }
        });
    });
    rect.with_min_y(shown.response.rect.bottom())
}

fn show_one(ui: &mut Ui, banner: &Banner, state: &mut ViewState) {
    // Laid out before it is placed, for its lines decide its height.
    let width = ui.available_width();
    let room = width - size::EDGE * 2.0 - size::ROW_BUTTON;
    let text = ui.painter().layout(banner.text.clone(), theme::body(), Role::Text.color(), room);
    let height = (text.size().y + size::GAP).max(size::BUTTON_HEIGHT).ceil();
    let (rect, _) = ui.allocate_exact_size(Vec2::new(width, height), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, Role::Button.color());
    ui.painter().hline(rect.x_range(), rect.bottom(), Role::Line.hairline());
    let edge = rect.with_max_x(rect.left() + size::GAP * 0.5);
    ui.painter().rect_filled(edge, 0.0, banner.role.color());
    let place = Rect::from_min_size(
        Pos2::new(rect.left() + size::EDGE, rect.center().y - text.size().y * 0.5),
        text.size(),
    );
    ui.place(place, Label::new(text));
    if let Some(index) = banner.notice {
        let close = Button::new("×").frame(false);
        let corner = rect.with_min_x(rect.right() - size::ROW_BUTTON);
        if ui.place(corner, close).accessible_name("Dismiss").on_hover_text("Dismiss").clicked() {
            state.notices.remove(index);
        }
    }
}
