//! Sentences across the window.

use super::within;
use crate::theme::{Role, size};
use crate::view_model::banner::Banner;
use crate::view_state::ViewState;
use egui::{Align, Button, Label, Layout, Rect, RichText, ScrollArea, Ui};

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
    let margin = egui::Margin::symmetric(size::EDGE as i8, (size::GAP * 0.5) as i8);
    let frame = egui::Frame::new().fill(Role::Button.color()).inner_margin(margin).show(ui, |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if let Some(index) = banner.notice {
                let close = Button::new("×").frame(false);
                if ui.add(close).accessible_name("Dismiss").on_hover_text("Dismiss").clicked() {
                    state.notices.remove(index);
                }
            }
            ui.with_layout(Layout::left_to_right(Align::Center).with_main_wrap(false), |ui| {
                ui.add(Label::new(RichText::new(&banner.text).color(Role::Text.color())).wrap());
            });
        });
    });
    let edge = frame.response.rect.with_max_x(frame.response.rect.left() + size::GAP * 0.5);
    ui.painter().rect_filled(edge, 0.0, banner.role.color());
}
