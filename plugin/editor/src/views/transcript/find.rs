//! The strip above the transcript with which one finds and filters.

use super::{Rows, go_to};
use crate::theme::{self, Role, size};
use crate::view_model::ViewModel;
use crate::view_state::{Show, ViewState};
use crate::views::{paint, within};
use earmark_timeline::notebook::Notebook;
use egui::{Align, Button, Key, Label, Layout, Rect, RichText, ScrollArea, TextEdit, Ui, Vec2};

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
        filter(ui, model.transcript.notebook(), &mut find.show);
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
        go_to(index, model, state, rows);
    }
    state.find = Some(find).filter(|_| !close);
    rest
}

/// The menu of filters; its button says which one is chosen.
fn filter(ui: &mut Ui, notebook: &Notebook, chosen: &mut Show) {
    let role = if *chosen == Show::All { Role::Text } else { Role::Accent };
    let button = paint::menu_button(ui, chosen.name(), role).on_hover_text("Which rows are shown");
    let button = button.accessible_name(format!("Filter: {}", chosen.name()));
    paint::menu(&button).show(|ui| {
        ScrollArea::vertical().max_height(paint::menu_height(ui)).show(ui, |ui| {
            let groups =
                Show::GROUPS.map(<[Show]>::to_vec).into_iter().chain([Show::of_roles(notebook).collect()]);
            for (index, group) in groups.filter(|group| !group.is_empty()).enumerate() {
                if index > 0 {
                    ui.separator();
                }
                for show in group {
                    if ui.add(paint::choice(*chosen == show, show.name())).clicked() {
                        *chosen = show;
                    }
                }
            }
        });
    });
}
