//! The transcript: only the rows in view are laid out and painted.

mod rows;

pub(crate) use rows::Rows;

use super::{paint, within};
use crate::action::Action;
use crate::theme::{self, Role, size};
use crate::view_model::ViewModel;
use crate::view_model::transcript::{Certainty, Empty, Row, RowKind};
use crate::view_state::ViewState;
use earmark_timeline::edit::Edit;
use egui::text::{LayoutJob, TextWrapping};
use egui::{Align, Button, Galley, Layout, Pos2, Rect, ScrollArea, Sense, Ui, Vec2, WidgetInfo};
use std::sync::Arc;

pub(super) fn show(
    ui: &mut Ui,
    rect: Rect,
    model: &ViewModel,
    state: &mut ViewState,
    rows: &mut Rows,
    actions: &mut Vec<Action>,
) {
    if let Some(empty) = &model.empty {
        return show_empty(ui, rect, empty);
    }
    within(ui, rect, "transcript", Layout::top_down(Align::Min), |ui| {
        let width = (rect.width() - size::CLOCK - size::EDGE * 2.0 - size::ROW_BUTTON - size::SCROLL_BAR)
            .clamp(size::LETTER, size::READABLE);
        let moved =
            rows.prepare(&model.transcript, width, rect.height(), |row| galley(ui, row, width).size().y);
        let mut area = ScrollArea::vertical().auto_shrink(false);
        if let Some(offset) = moved {
            area = area.vertical_scroll_offset(offset);
        }
        let shown = area.show_viewport(ui, |ui, viewport| {
            let origin = ui.max_rect().min;
            let size = Vec2::new(ui.available_width(), rows.total());
            ui.allocate_space(size);
            for index in rows.range(viewport.y_range()) {
                let area = Rect::from_min_size(
                    origin + Vec2::new(0.0, rows.top(index)),
                    Vec2::new(size.x, rows.height(index)),
                );
                show_row(ui, area, &model.transcript.row(index), width, model, state, actions);
            }
        });
        if rows.scrolled_to(shown.state.clamped_offset().y) {
            ui.ctx().request_repaint();
        }
    });
}

fn show_row(
    ui: &mut Ui,
    rect: Rect,
    row: &Row,
    width: f32,
    model: &ViewModel,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let chosen = state.selected == Some(row.id);
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

    let is_mark = row.kind == RowKind::Mark;
    let clock_role = if is_mark { Role::Mark } else { Role::TextFaint };
    let clock = ui.painter().layout_no_wrap(row.clock.clone(), theme::figures(), clock_role.color());
    let text = galley(ui, row, width);
    let baseline = |galley: &Galley| galley.rows.first().map_or(0.0, |row| row.pos.y + row.size.y);
    let top = rect.top() + size::ROW_PADDING;
    let left = rect.left() + size::EDGE;
    let drop = (baseline(&text) - baseline(&clock)) * 0.5;
    // Right-aligned, so that the points stand below each other when hours join the minutes.
    let clock_left = left + size::CLOCK - size::EDGE - clock.size().x;
    ui.painter().galley(Pos2::new(clock_left, top + drop), clock, clock_role.color());
    ui.painter().galley(Pos2::new(left + size::CLOCK, top), text, Role::Text.color());

    if response.clicked() {
        state.selected = Some(row.id);
        state.reveal(model.timeline.shown, row.at);
        if !is_mark {
            actions.push(Action::SelectUtterance { id: row.id });
        }
    }
    if is_mark {
        let right = left + size::CLOCK + width;
        let button = Rect::from_x_y_ranges(right..=right + size::ROW_BUTTON, rect.y_range());
        let remove = ui.place(button, Button::new("×").frame(false));
        let remove =
            remove.accessible_name(format!("Remove mark {}", row.clock)).on_hover_text("Remove this mark");
        if remove.clicked() {
            actions.push(Action::Edit(Edit::RemoveMark(row.id)));
        }
    }
}

/// A row's text, wrapped at `width`.
fn galley(ui: &Ui, row: &Row, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob { wrap: TextWrapping::wrap_at_width(width), ..LayoutJob::default() };
    for piece in &row.pieces {
        let role = match (row.kind, piece.certainty) {
            (RowKind::Mark, _) => Role::Mark,
            (RowKind::Unsettled, Certainty::Sure) => Role::TextDim,
            (RowKind::Unsettled, _) => Role::TextFaint,
            (_, Certainty::Sure) => Role::Text,
            (_, Certainty::Unsure | Certainty::Doubtful) => Role::TextDim,
        };
        let mut format = paint::format(theme::body(), role);
        if piece.certainty == Certainty::Doubtful {
            format.underline = Role::TextFaint.hairline();
        }
        job.append(&piece.text, 0.0, format);
    }
    ui.painter().layout_job(job)
}

fn show_empty(ui: &mut Ui, rect: Rect, empty: &Empty) {
    let width = size::EMPTY_WIDTH.min(rect.width() - 2.0 * size::EDGE);
    let lay = |text: &str, font, role: Role| {
        let mut job = LayoutJob::single_section(text.to_owned(), paint::format(font, role));
        job.wrap = TextWrapping::wrap_at_width(width);
        job.halign = Align::Center;
        ui.painter().layout_job(job)
    };
    let title = lay(&empty.title, theme::title(), empty.role);
    let hint = lay(&empty.hint, theme::body(), Role::TextDim);
    let height = title.size().y + size::GAP + hint.size().y;
    let area = Rect::from_center_size(rect.center(), Vec2::new(width, height.min(rect.height())));
    within(ui, area, "empty", Layout::top_down(Align::Center), |ui| {
        ui.label(title);
        ui.label(hint);
    });
}
