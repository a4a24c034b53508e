//! The export page, in the place of timeline and transcript.

use super::{header, paint, within};
use crate::action::Action;
use crate::facts::ExportFormat;
use crate::theme::{self, Role, size};
use crate::view_model::export::ExportPage;
use crate::view_state::ViewState;
use egui::{Align, Button, Label, Layout, Rect, RichText, ScrollArea, Ui, Vec2};

pub(super) fn show(
    ui: &mut Ui,
    rect: Rect,
    page: &ExportPage,
    formats: &[ExportFormat],
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let inner = rect.shrink2(Vec2::new(size::EDGE, size::GAP));
    let (choices, deeds) = inner.split_top_bottom_at_y(inner.bottom() - size::BUTTON_HEIGHT);
    within(
        ui,
        choices.with_max_y(choices.bottom() - size::GAP),
        "export",
        Layout::top_down(Align::Min),
        |ui| {
            row(ui, "Format", |ui| format_menu(ui, page, formats, state));
            row(ui, "Range", |ui| extents(ui, page, state));
            row(ui, "With", |ui| parts(ui, page, state));
            preview(ui, page);
        },
    );
    within(ui, deeds, "deeds", Layout::right_to_left(Align::Center), |ui| {
        buttons(ui, page, state, actions);
    });
}

/// A line of the page with its name before it.
fn row(ui: &mut Ui, name: &str, add: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        let column = Vec2::new(size::LABEL, size::BUTTON_HEIGHT);
        ui.allocate_ui_with_layout(column, Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_size(column);
            ui.label(RichText::new(name).color(Role::TextDim.color()));
        });
        add(ui);
    });
}

fn format_menu(ui: &mut Ui, page: &ExportPage, formats: &[ExportFormat], state: &mut ViewState) {
    let button = paint::menu_button(ui, &page.format.name, Role::Text);
    paint::menu(&button).width(size::MENU_WIDTH).show(|ui| header::format_entries(ui, formats, state));
    let purpose = RichText::new(&page.format.purpose).font(theme::small()).color(Role::TextDim.color());
    ui.add(Label::new(purpose).truncate()).on_hover_text(&page.format.purpose);
}

fn extents(ui: &mut Ui, page: &ExportPage, state: &mut ViewState) {
    for (extent, why_not) in page.extents {
        let entry = paint::choice(extent == page.extent, extent.name()).frame_when_inactive(true);
        let entry = ui.add_enabled(why_not.is_none(), entry);
        if entry.on_disabled_hover_text(why_not.unwrap_or_default()).clicked()
            && let Some(export) = &mut state.export
        {
            export.extent = extent;
        }
    }
}

fn parts(ui: &mut Ui, page: &ExportPage, state: &mut ViewState) {
    let Some(export) = &mut state.export else { return };
    let parts = &mut export.parts;
    let has_speech = page.parts.speech;
    let each = [
        ("Speech", &mut parts.speech, true),
        ("Each word", &mut parts.words, has_speech),
        ("Marks", &mut parts.marks, true),
        ("Classes of sound", &mut parts.classes, true),
    ];
    for (name, chosen, possible) in each {
        let entry = paint::choice(*chosen && possible, name).frame_when_inactive(true);
        if ui.add_enabled(possible, entry).clicked() {
            *chosen = !*chosen;
        }
    }
}

/// The first lines of what will be written.
fn preview(ui: &mut Ui, page: &ExportPage) {
    let rect = ui.available_rect_before_wrap();
    ui.painter().rect_filled(rect, 0.0, Role::Well.color());
    let Some(preview) = &page.preview else { return };
    let (text, role) = match &preview.text {
        Ok(text) if text.trim().is_empty() => ("There is nothing of this kind here", Role::TextDim),
        Ok(text) => (text.as_str(), Role::Text),
        Err(reason) => (reason.as_str(), Role::TextDim),
    };
    within(ui, rect.shrink(size::GAP), "preview", Layout::top_down(Align::Min), |ui| {
        ScrollArea::both().auto_shrink(false).show(ui, |ui| {
            ui.add(Label::new(RichText::new(text).font(theme::figures()).color(role.color())).extend());
        });
    });
}

/// From right to left, so that the main button keeps its place at the edge.
fn buttons(ui: &mut Ui, page: &ExportPage, state: &mut ViewState, actions: &mut Vec<Action>) {
    let job = || page.job.clone();
    if header::main_button(ui, |ui| ui.button("Save")).clicked() {
        actions.push(Action::Export(job()));
    }
    if ui.button("Save as…").clicked() {
        actions.push(Action::ExportAs(job()));
    }
    let readable = page.preview.as_ref().is_some_and(|preview| preview.text.is_ok());
    let copy = ui.add_enabled(readable, Button::new("Copy text"));
    if copy.on_disabled_hover_text("This format is not text").clicked() {
        actions.push(Action::CopyExport(job()));
    }
    if ui.button("Close").clicked() {
        state.export = None;
    }
    if let Some(preview) = &page.preview {
        let file = RichText::new(&preview.file).font(theme::small()).color(Role::TextDim.color());
        let hover = "Save puts it there, under a number if there is such a file already";
        ui.add(Label::new(file).truncate()).on_hover_text(hover);
    }
}
