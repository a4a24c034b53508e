//! The transcript: only the rows in view are laid out and painted.

mod find;
mod rows;
mod tools;

pub(crate) use rows::Rows;

use super::{banners, paint, within};
use crate::action::Action;
use crate::theme::{self, Role, size};
use crate::view_model::ViewModel;
use crate::view_model::tools::chip;
use crate::view_model::transcript::{Certainty, Empty, Row, RowId, RowKind, Transcript};
use crate::view_state::ViewState;
use egui::text::{LayoutJob, TextWrapping};
use egui::{Align, Galley, Layout, Pos2, Rect, ScrollArea, Sense, Ui, Vec2, WidgetInfo};
use std::ops::Range;
use std::sync::Arc;

/// The widths of a row's parts.
struct Column {
    clock: f32,
    text: f32,
}

impl Column {
    /// As wide a clock as the latest and the earliest place need, and as much text as is left or readable.
    fn new(transcript: &Transcript, width: f32) -> Self {
        let ends = [0, transcript.len().saturating_sub(1)].map(|index| transcript.row(index).clock.len());
        let figures = ends.into_iter().max().unwrap_or(0).max(size::LEAST_FIGURES);
        let clock = figures as f32 * size::FIGURE + size::SIGN;
        let text = width - clock - size::EDGE * 2.0 - size::ROW_BUTTON - size::SCROLL_BAR;
        Self { clock, text: text.clamp(size::LETTER, size::READABLE) }
    }
}

pub(super) fn show(
    ui: &mut Ui,
    rect: Rect,
    model: &ViewModel,
    state: &mut ViewState,
    rows: &mut Rows,
    actions: &mut Vec<Action>,
) {
    let rect = find::show(ui, rect, model, state, rows);
    if let Some(empty) = &model.empty {
        tools::commit(state, actions);
        return show_empty(ui, rect, empty, model, state, actions);
    }
    within(ui, rect, "transcript", Layout::top_down(Align::Min), |ui| {
        let column = Column::new(&model.transcript, rect.width());
        let measure = |row: &Row| galley(ui, row, &model.transcript, column.text).size().y;
        let moved = rows.prepare(&model.transcript, column.text, rect.height(), measure);
        let mut area = ScrollArea::vertical().auto_shrink(false);
        if let Some(offset) = moved {
            area = area.vertical_scroll_offset(offset);
        }
        let shown = area.show_viewport(ui, |ui, viewport| {
            let origin = ui.max_rect().min;
            let size = Vec2::new(ui.available_width(), rows.total());
            ui.allocate_space(size);
            let mut written = None;
            for index in rows.range(viewport.y_range()) {
                let area = Rect::from_min_size(
                    origin + Vec2::new(0.0, rows.top(index)),
                    Vec2::new(size.x, rows.height(index)),
                );
                let text = show_row(ui, area, index, &column, model, state, actions);
                let id = model.transcript.id(index);
                if state.draft.as_ref().is_some_and(|draft| id == RowId::Item(draft.id)) {
                    written = Some(text);
                }
            }
            // Last, so that it lies over the rows below when it grows.
            tools::field(ui, written, &column, state, actions);
        });
        if rows.scrolled_to(shown.state.clamped_offset().y) {
            ui.ctx().request_repaint();
        }
    });
}

/// Chooses a row and brings it into view, here and on the timeline.
pub(super) fn go_to(index: usize, model: &ViewModel, state: &mut ViewState, rows: &mut Rows) {
    let row = model.transcript.row(index);
    state.select(Some(row.id));
    state.reveal(model.timeline.shown, row.at);
    rows.reveal(row.id);
}

/// Shows a row and returns where its text is.
fn show_row(
    ui: &mut Ui,
    rect: Rect,
    index: usize,
    column: &Column,
    model: &ViewModel,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) -> Rect {
    let row = &model.transcript.row(index);
    let chosen = model.chosen.contains(&index) || state.selected == Some(row.id);
    // What may still change is not there to be chosen.
    let sense = if row.kind == RowKind::Unsettled { Sense::hover() } else { Sense::click() };
    let response = ui.interact(rect, ui.scope_id().with(("row", row.id)), sense);
    response
        .widget_info(|| WidgetInfo::selected(egui::accesskit::Role::ListBoxOption, true, chosen, row.line()));
    if chosen {
        ui.painter().rect_filled(rect, 0.0, Role::Selected.color());
        let edge = rect.with_max_x(rect.left() + size::PLAYHEAD * 2.0);
        ui.painter().rect_filled(edge, 0.0, Role::Accent.color());
    } else if response.hovered() {
        ui.painter().rect_filled(rect, 0.0, Role::Bar.color());
    }

    let text = galley(ui, row, &model.transcript, column.text);
    let left = rect.left() + size::EDGE;
    let at = Pos2::new(left + column.clock, rect.top() + size::ROW_PADDING);
    let place = Rect::from_min_size(at, text.size());
    show_clock(ui, left, row, column, at.y, &text);
    for place in row.places_of(model.transcript.query()) {
        show_ground(ui, at, &text, place, Role::Found);
    }
    if let Some(word) = state.word.filter(|_| chosen).and_then(|word| row.place_of_word(word)) {
        show_ground(ui, at, &text, word, Role::Hover);
    }
    ui.painter().galley(at, Arc::clone(&text), Role::Text.color());

    if response.clicked() && ui.input(|input| input.modifiers.shift) {
        state.extend(row.id);
    } else if response.clicked() {
        let pointer = response.interact_pointer_pos();
        let pointer = pointer.filter(|pointer| place.contains(*pointer));
        let letter = pointer.map(|pointer| text.cursor_from_pos(pointer - at).index.0);
        state.select(Some(row.id));
        state.word = letter.and_then(|letter| row.word_at(letter));
        state.reveal(model.timeline.shown, row.at);
        if let (RowKind::Speech(_), RowId::Item(id)) = (row.kind, row.id) {
            actions.push(Action::SelectUtterance { id });
        }
    }
    if let (Some(name), Some(last)) = (chip(row, model.transcript.notebook()), text.rows.last()) {
        let chip = last.rect().translate(at.to_vec2());
        tools::chip(ui, chip, &name, row, model, actions);
    }
    let right = at.x + column.text;
    let button = Rect::from_x_y_ranges(right..=right + size::ROW_BUTTON, rect.y_range());
    tools::menu(ui, button, &response, row, model, state, actions);
    place
}

/// A row's place, and the letter that says who made it.
fn show_clock(ui: &Ui, left: f32, row: &Row, column: &Column, top: f32, text: &Galley) {
    let role = if matches!(row.kind, RowKind::Mark(_)) { Role::Mark } else { Role::TextFaint };
    let color = row.colour.map_or(role.color(), theme::colour_of);
    let sign = row.kind.sign();
    let painter = ui.painter();
    let clock = painter.layout_no_wrap(row.clock.clone(), theme::figures(), color);
    let letter = painter.layout_no_wrap(sign.letter.to_owned(), theme::small_figures(), sign.role.color());
    let baseline = |galley: &Galley| galley.rows.first().map_or(0.0, |row| row.pos.y + row.size.y);
    let drop = |galley: &Galley| (baseline(text) - baseline(galley)) * 0.5;
    // Right-aligned, so that the points stand below each other when hours join the minutes.
    let right = left + column.clock - size::SIGN;
    painter.galley(Pos2::new(right - clock.size().x, top + drop(&clock)), clock, color);
    let at = Pos2::new(right + size::GAP, top + drop(&letter));
    let area = Rect::from_min_size(at, letter.size());
    painter.galley(at, letter, sign.role.color());
    let hover = ui.interact(area, ui.scope_id().with(("sign", row.id)), Sense::hover());
    hover.on_hover_text(sign.meaning);
}

/// A ground under some letters.
fn show_ground(ui: &Ui, at: Pos2, text: &Galley, letters: Range<usize>, role: Role) {
    let edge = |letter: usize| text.pos_from_cursor(egui::text::CCursor::new(letter));
    let (start, end) = (edge(letters.start), edge(letters.end));
    // What follows may begin a new line.
    let right = if end.top() > start.top() { text.size().x } else { end.left() };
    let ground = Rect::from_min_max(start.min, Pos2::new(right, start.bottom())).translate(at.to_vec2());
    ui.painter().rect_filled(ground, f32::from(size::RADIUS), role.color());
}

/// A row's text, wrapped at `width`, and below it how many earlier passes there are.
fn galley(ui: &Ui, row: &Row, transcript: &Transcript, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob { wrap: TextWrapping::wrap_at_width(width), ..LayoutJob::default() };
    for piece in &row.pieces {
        let role = match (row.kind, piece.certainty) {
            (RowKind::Mark(_), _) => Role::Mark,
            (RowKind::Dropped(_) | RowKind::Past, _) => Role::TextFaint,
            (RowKind::Unsettled, Certainty::Sure) => Role::TextDim,
            (RowKind::Unsettled, _) => Role::TextFaint,
            (_, Certainty::Sure) => Role::Text,
            (_, Certainty::Unsure | Certainty::Doubtful) => Role::TextDim,
        };
        let mut format = paint::format(theme::body(), role);
        format.italics = matches!(row.kind, RowKind::Dropped(_) | RowKind::Past);
        if piece.certainty == Certainty::Doubtful {
            format.underline = Role::TextFaint.hairline();
        }
        job.append(&piece.text, 0.0, format);
    }
    if let Some(chip) = chip(row, transcript.notebook()) {
        job.append(&format!("\n{chip}"), 0.0, paint::format(theme::small(), Role::TextFaint));
    }
    ui.painter().layout_job(job)
}

fn show_empty(
    ui: &mut Ui,
    rect: Rect,
    empty: &Empty,
    model: &ViewModel,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let width = size::EMPTY_WIDTH.min(rect.width() - 2.0 * size::EDGE);
    let lay = |text: &str, font, role: Role| {
        let mut job = LayoutJob::single_section(text.to_owned(), paint::format(font, role));
        job.wrap = TextWrapping::wrap_at_width(width);
        job.halign = Align::Center;
        ui.painter().layout_job(job)
    };
    let title = lay(&empty.title, theme::title(), empty.role);
    let hint = lay(&empty.hint, theme::body(), Role::TextDim);
    let button = empty.offer.as_ref().map_or(0.0, |_| size::GAP * 2.0 + size::BUTTON_HEIGHT);
    let height = title.size().y + size::GAP + hint.size().y + button;
    let area = Rect::from_center_size(rect.center(), Vec2::new(width, height.min(rect.height())));
    within(ui, area, "empty", Layout::top_down(Align::Center), |ui| {
        ui.label(title);
        ui.label(hint);
        if let Some(offer) = &empty.offer {
            ui.add_space(size::GAP);
            banners::offer(ui, offer, model.timeline.shown, state, actions);
        }
    });
}
