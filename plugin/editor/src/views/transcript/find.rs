//! The strip above the transcript with which one finds and filters.

use super::Rows;
use crate::theme::{self, Role, size};
use crate::view_model::ViewModel;
use crate::view_state::{Show, ViewState};
use crate::views::within;
use egui::{Align, Button, Key, Label, Layout, Rect, RichText, TextEdit, Ui, Vec2};

/// Shows the strip at the top of `rect`, if it is open, and returns what is left of it.
pub(super) fn show(
    ui: &mut Ui,
    rect: Rect,
    model: &ViewModel,
    state: &mut ViewState,
    rows: &mut Rows,
) -> Rect {
    let Some(mut find) = state.find.take() else { return rect };
    let (strip, rest) = rect.split_top_bottom_at_y(rect.top() + size::FIND);
    ui.painter().rect_filled(strip, 0.0, Role::Bar.color());
    let inner = strip.shrink2(Vec2::new(size::EDGE, 0.0));
    let mut step = None;
    let mut close = false;
    within(ui, inner, "find", Layout::right_to_left(Align::Center), |ui| {
        close = ui.add(Button::new("×").frame(false)).accessible_name("Close search").clicked();
        for show in Show::ALL.into_iter().rev() {
            if ui.add(Button::selectable(find.show == show, show.name())).clicked() {
                find.show = show;
            }
        }
        for (sign, name, forward) in [("›", "Next", true), ("‹", "Previous", false)] {
            let button = ui.add_enabled(!model.transcript.hits().is_empty(), Button::new(sign));
            if button.accessible_name(name).on_hover_text(name).clicked() {
                step = Some(forward);
            }
        }
        let progress = model.transcript.progress(state.selected);
        ui.add(Label::new(RichText::new(progress).font(theme::small()).color(Role::TextDim.color())));
        let field = TextEdit::singleline(&mut find.query)
            .id_salt("find")
            .hint_text("Find")
            .return_key(None)
            .align(egui::Align2::LEFT_CENTER)
            .desired_width(f32::INFINITY);
        let field = ui.add(field).accessible_name("Find");
        if field.has_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
            step = Some(ui.input(|input| !input.modifiers.shift));
        }
    });
    if let Some(index) = step.and_then(|forward| model.transcript.hit_beside(state.selected, forward)) {
        let row = model.transcript.row(index);
        state.select(Some(row.id));
        state.reveal(model.timeline.shown, row.at);
        rows.reveal(row.id);
    }
    state.find = Some(find).filter(|_| !close);
    rest
}
