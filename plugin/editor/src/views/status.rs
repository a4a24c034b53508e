//! The status line.

use super::within;
use crate::action::Action;
use crate::theme::{self, Role, size};
use crate::view_model::status::StatusLine;
use egui::{Align, Button, Label, Layout, Rect, RichText, Ui, Vec2};

pub(super) fn show(ui: &mut Ui, rect: Rect, status: &StatusLine, actions: &mut Vec<Action>) {
    ui.painter().rect_filled(rect, 0.0, Role::Bar.color());
    ui.painter().hline(rect.x_range(), rect.top(), Role::Line.hairline());
    let inner = rect.shrink2(Vec2::new(size::EDGE, 0.0));
    let text = |text: &str, role: Role| {
        Label::new(RichText::new(text).font(theme::small()).color(role.color())).truncate()
    };
    let right = within(ui, inner, "clock", Layout::right_to_left(Align::Center), |ui| {
        ui.add(text(&status.clock, Role::TextFaint));
    });
    let left = inner.with_max_x(right.response.rect.left() - size::EDGE);
    within(ui, left, "cost", Layout::left_to_right(Align::Center), |ui| {
        if let Some(file) = &status.file {
            if ui.add(Button::new("Cancel").small()).on_hover_text("Give the file up").clicked() {
                actions.push(Action::GiveUpFile);
            }
            ui.add(text(file, Role::Text)).on_hover_text(file);
            return;
        }
        ui.add(text(&status.heard, Role::TextDim)).on_hover_text(&status.details);
        if let Some((classifier, role)) = &status.classifier {
            ui.add_space(size::GAP);
            ui.add(text(classifier, *role)).on_hover_text(classifier);
        }
    });
}
