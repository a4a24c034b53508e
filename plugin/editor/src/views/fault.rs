//! What is shown in place of a window that panicked: as little as possible, for anything may be broken.

use super::within;
use crate::theme::{self, Role, size};
use egui::{Align, Button, Label, Layout, RichText, ScrollArea, Ui, Vec2};

/// Shows the `fault`, and forgets it if the person wants the window again.
pub(crate) fn show(ui: &mut Ui, fault: &mut Option<String>) {
    let Some(report) = fault.clone() else { return };
    let window = ui.max_rect();
    ui.painter().rect_filled(window, 0.0, Role::Background.color());
    let inner = window.shrink2(Vec2::splat(size::EDGE * 2.0));
    within(ui, inner, "fault", Layout::top_down(Align::Min), |ui| {
        let title = RichText::new("Earmark's window met a fault").font(theme::title());
        ui.label(title.color(Role::Problem.color()));
        ui.label("Audio and analysis go on, and nothing that was heard is lost.");
        ui.horizontal(|ui| {
            if ui.button("Copy the report").clicked() {
                ui.ctx().copy_text(report.clone());
            }
            if ui.add(Button::new("Show the window again")).clicked() {
                *fault = None;
                ui.ctx().request_repaint();
            }
        });
        ScrollArea::vertical().show(ui, |ui| {
            let report = RichText::new(&report).font(theme::figures()).color(Role::TextDim.color());
            ui.add(Label::new(report).wrap());
        });
    });
}
