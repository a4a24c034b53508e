//! The header: name, buttons, what it is doing, and the timeline's buttons.

use super::{paint, within};
use crate::action::Action;
use crate::facts::ExportFormat;
use crate::theme::{self, Look, Role, size};
use crate::view_model::ViewModel;
use crate::view_model::file::{FILE_HINT, FilePlace};
use crate::view_model::header::Header;
use crate::view_state::{Exporting, Extent, Find, Framing, ViewState};
use earmark_timeline::edit::Edit;
use egui::text::LayoutJob;
use egui::{Align, Button, Label, Layout, Rect, Response, RichText, ScrollArea, Ui, Vec2};

pub(super) fn show(
    ui: &mut Ui,
    rect: Rect,
    model: &ViewModel,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    ui.painter().rect_filled(rect, 0.0, Role::Bar.color());
    ui.painter().hline(rect.x_range(), rect.bottom(), Role::Line.hairline());
    if let Some(progress) = model.header.progress {
        let right = rect.left() + rect.width() * progress;
        let line = rect.with_min_y(rect.bottom() - size::PROGRESS).with_max_x(right);
        ui.painter().rect_filled(line, 0.0, model.header.role.color());
    }
    let (top, bottom) =
        rect.shrink2(Vec2::new(size::EDGE, 0.0)).split_top_bottom_at_y(rect.top() + size::HEADER);

    let buttons = within(ui, top, "buttons", Layout::right_to_left(Align::Center), |ui| {
        buttons(ui, model, state, actions);
    });
    let left = top.with_max_x(buttons.response.rect.left() - size::EDGE);
    within(ui, left, "name", Layout::left_to_right(Align::Center), |ui| name(ui, &model.header));

    let bottom = bottom.with_max_y(bottom.top() + size::BUTTON_HEIGHT);
    let view = within(ui, bottom, "view", Layout::right_to_left(Align::Center), |ui| {
        view_buttons(ui, model, state);
    });
    let left = bottom.with_max_x(view.response.rect.left() - size::EDGE);
    within(ui, left, "doing", Layout::left_to_right(Align::Center), |ui| doing(ui, &model.header));
}

fn name(ui: &mut Ui, header: &Header) {
    ui.label(RichText::new(header.product).font(theme::title()));
    ui.add_space(size::GAP);
    let place = ui.painter().layout_no_wrap(header.playhead.clone(), theme::figures(), Role::Text.color());
    // Half a place would be a wrong one.
    if !header.playhead.is_empty() && place.size().x <= ui.available_width() {
        ui.label(place).on_hover_text("Where the playhead is");
    }
    // A few letters of a name are none.
    if ui.available_width() >= size::ABOUT {
        let about = RichText::new(&header.about).font(theme::small()).color(Role::TextDim.color());
        ui.add(Label::new(about).truncate());
    }
}

fn doing(ui: &mut Ui, header: &Header) {
    let (dot, _) = ui.allocate_exact_size(Vec2::splat(size::DOT * 2.0), egui::Sense::hover());
    let color = header.role.color();
    if header.at_work {
        ui.painter().circle_filled(dot.center(), size::DOT, color);
    } else {
        ui.painter().circle_stroke(dot.center(), size::DOT - size::HAIRLINE, header.role.hairline());
    }
    ui.add(Label::new(RichText::new(&header.doing).color(color)).truncate());
    // A few letters of it would be a riddle.
    if let Some(reading) = header.reading.as_ref().filter(|_| ui.available_width() >= size::ABOUT) {
        ui.add_space(size::GAP);
        let text = RichText::new(&reading.text).font(theme::small()).color(Role::TextDim.color());
        ui.add(Label::new(text).truncate()).on_hover_text(&reading.details);
    }
}

/// From right to left, so that the main button keeps its place at the edge.
fn buttons(ui: &mut Ui, model: &ViewModel, state: &mut ViewState, actions: &mut Vec<Action>) {
    let header = &model.header;
    let nothing = "There is nothing here yet";
    let export = ui
        .add_enabled_ui(header.can_export && !header.formats.is_empty(), |ui| {
            main_button(ui, |ui| paint::menu_button(ui, "Export", Role::OnAccent))
        })
        .inner
        .on_disabled_hover_text(nothing);
    paint::menu(&export).width(size::MENU_WIDTH).show(|ui| {
        format_entries(ui, &header.formats, state);
    });

    copy_menu(ui, model, nothing, actions);

    let mark = ui.add_enabled(header.mark_at.is_some(), Button::new("Add mark"));
    let mark = mark
        .on_hover_text("Set a mark at the playhead")
        .on_disabled_hover_text("The host has not told where the playhead is");
    if let (true, Some(at)) = (mark.clicked(), header.mark_at) {
        actions.push(Action::Edit(Edit::AddMark { at, label: String::new() }));
    }
    history_buttons(ui, header, actions);
    file_menu(ui, header, actions);
}

/// All that is shown or the chosen rows, with times or without.
fn copy_menu(ui: &mut Ui, model: &ViewModel, nothing: &str, actions: &mut Vec<Action>) {
    let transcript = &model.transcript;
    let button = ui
        .add_enabled_ui(!transcript.is_empty(), |ui| paint::menu_button(ui, "Copy", Role::Text))
        .inner
        .on_hover_text("Copy what is shown as text")
        .on_disabled_hover_text(nothing);
    paint::menu(&button).show(|ui| {
        let all = [("With times", true), ("Without times", false)];
        let chosen = [("Chosen rows with times", true), ("Chosen rows without times", false)];
        let chosen = chosen.map(|(name, timed)| (name, timed, model.chosen.clone()));
        for (name, timed, rows) in
            all.map(|(name, timed)| (name, timed, 0..transcript.len())).into_iter().chain(chosen)
        {
            let entry = ui.add_enabled(!rows.is_empty(), Button::new(name));
            let entry = entry.on_disabled_hover_text("Click a row, and another one with Shift");
            if entry.clicked() {
                actions.push(Action::CopyTranscript { text: transcript.text(rows, timed) });
            }
        }
    });
}

/// Where a file is to be put that is then chosen.
fn file_menu(ui: &mut Ui, header: &Header, actions: &mut Vec<Action>) {
    let button = ui.add_enabled_ui(!header.has_file, |ui| paint::menu_button(ui, "File", Role::Text)).inner;
    let button = button
        .on_hover_text("Analyse an audio file")
        .on_disabled_hover_text("A file is being analysed; the line at the bottom tells how far it is");
    paint::menu(&button).width(size::MENU_WIDTH).show(|ui| {
        for FilePlace { name, at } in &header.file_places {
            if ui.add(Button::new(name).min_size(Vec2::new(ui.available_width(), 0.0))).clicked() {
                actions.push(Action::AnalyseFile { at: *at });
            }
        }
        let (width, color) = (ui.available_width(), Role::TextDim.color());
        ui.label(ui.painter().layout(FILE_HINT.to_owned(), theme::small(), color, width));
    });
}

/// Undo and redo, from right to left.
fn history_buttons(ui: &mut Ui, header: &Header, actions: &mut Vec<Action>) {
    for (verb, step, action) in [("Redo", header.redo, Action::Redo), ("Undo", header.undo, Action::Undo)] {
        let button = ui.add_enabled(step.is_some(), Button::new(verb));
        let button = button
            .on_hover_text(format!("{verb} {}", step.unwrap_or_default()))
            .on_disabled_hover_text(format!("Nothing to {}", verb.to_lowercase()));
        if button.clicked() {
            actions.push(action);
        }
    }
}

/// A button in the accent's colour.
pub(super) fn main_button(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> Response) -> Response {
    ui.scope(|ui| {
        let widgets = &mut ui.visuals_mut().widgets;
        for widget in [&mut widgets.inactive, &mut widgets.hovered, &mut widgets.active, &mut widgets.open] {
            widget.weak_bg_fill = Role::Accent.color();
            widget.fg_stroke = Role::OnAccent.hairline();
        }
        add(ui)
    })
    .inner
}

/// The formats; a click on one opens the export page with it.
pub(super) fn format_entries(ui: &mut Ui, formats: &[ExportFormat], state: &mut ViewState) {
    ScrollArea::vertical().max_height(paint::menu_height(ui)).show(ui, |ui| {
        for (index, entry) in formats.iter().enumerate() {
            if format_entry(ui, entry).clicked() {
                let extent = state.export.take().map_or(Extent::All, |export| export.extent);
                state.export = Some(Exporting { format: index, extent, parts: entry.parts });
                state.settings = false;
            }
        }
    });
}

/// A format's name, and below it which programs read it.
fn format_entry(ui: &mut Ui, entry: &ExportFormat) -> Response {
    let mut text = LayoutJob::default();
    text.append(&entry.name, 0.0, paint::format(theme::body(), Role::Text));
    text.append(&format!("\n{}", entry.purpose), 0.0, paint::format(theme::small(), Role::TextDim));
    ui.add(Button::new(text).wrap().min_size(Vec2::new(ui.available_width(), 0.0)))
}

/// What places are told in, and what is shown.
fn view_menu(ui: &mut Ui, header: &Header, state: &mut ViewState) {
    let button = paint::menu_button(ui, "View", Role::Text).on_hover_text("What is shown, and in which unit");
    paint::menu(&button).show(|ui| {
        for choice in header.units {
            let entry = paint::choice(header.unit == choice.unit, choice.unit.name());
            let entry = ui.add_enabled(choice.why_not.is_none(), entry);
            if entry.on_disabled_hover_text(choice.why_not.unwrap_or_default()).clicked() {
                state.unit = choice.unit;
            }
        }
        ui.separator();
        for (look, name) in [(Look::Dark, "Dark"), (Look::Light, "Light")] {
            if ui.add(paint::choice(state.look == look, name)).clicked() {
                state.look = look;
            }
        }
        ui.separator();
        if ui.add(paint::choice(state.find.is_some(), "Find and filter")).clicked() {
            state.find = if state.find.is_none() { Some(Find::default()) } else { None };
        }
        if ui.add(paint::choice(!state.plain, "How sure the model is of words")).clicked() {
            state.plain = !state.plain;
        }
        let dropped = format!("What was dropped, and why ({})", header.dropped);
        if ui.add(paint::choice(state.dropped, dropped)).clicked() {
            state.dropped = !state.dropped;
        }
        ui.separator();
        text_size(ui, state);
    });
}

/// How large text is, and what becomes of that in a window that is too small for it.
fn text_size(ui: &mut Ui, state: &mut ViewState) {
    ui.horizontal_wrapped(|ui| {
        ui.label("Text");
        for percent in ViewState::TEXT_PERCENT {
            let entry = ui.add(paint::choice(state.text_percent == percent, format!("{percent} %")));
            if entry.accessible_name(format!("Text {percent} %")).clicked() {
                state.text_percent = percent;
            }
        }
    });
    let shown = theme::percent(ui.ctx().zoom_factor());
    if shown < state.text_percent {
        let room = format!("This window has room for {shown} %; make it larger");
        ui.label(RichText::new(room).font(theme::small()).color(Role::TextDim.color()));
    }
}

fn view_buttons(ui: &mut Ui, model: &ViewModel, state: &mut ViewState) {
    let timeline = &model.timeline;
    let settings = ui.add(paint::choice(state.settings, "Settings").frame_when_inactive(true));
    if settings.on_hover_text("When to listen, model, language, glossary").clicked() {
        state.settings = !state.settings;
        state.export = None;
    }
    view_menu(ui, &model.header, state);
    let follow = ui.add(paint::choice(timeline.follow, "Follow").frame_when_inactive(true));
    if follow.on_hover_text("Turn the page when the playhead leaves it").clicked() {
        state.follow = !state.follow;
    }
    let fit = ui.add(paint::choice(timeline.fit, "Fit").frame_when_inactive(true));
    if fit.on_hover_text("Show everything").clicked() {
        state.framing = Framing::Fit;
    }
    // About the playhead if it is in view, for that is where one listens.
    let anchor = timeline.playhead.map_or(0.5, |x| f64::from(x / state.width));
    for (sign, name, factor) in
        [("+", "Zoom in", size::ZOOM_STEP), ("−", "Zoom out", size::ZOOM_STEP.recip())]
    {
        let button = Button::new(sign).min_size(Vec2::splat(size::BUTTON_HEIGHT));
        if ui.add(button).accessible_name(name).on_hover_text(name).clicked() {
            state.zoom(timeline.shown, factor, anchor);
        }
    }
}
