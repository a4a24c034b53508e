//! What can be done to a row: its menu, its earlier passes, and the field to write in.

use super::Column;
use crate::action::Action;
use crate::theme::{self, Role, SWATCHES, size};
use crate::view_model::ViewModel;
use crate::view_model::tools::{Does, passes, tools};
use crate::view_model::transcript::{Row, RowId, RowKind};
use crate::view_state::ViewState;
use crate::views::paint;
use earmark_timeline::edit::Edit;
use earmark_timeline::utterance::ItemId;
use egui::text::LayoutJob;
use egui::{
    Button, Key, Popup, PopupCloseBehavior, Rect, Response, RichText, Sense, TextEdit, TextWrapMode, Ui, Vec2,
};

/// The button at a row's right, and the menu that it and a click with the other button open.
pub(super) fn menu(
    ui: &mut Ui,
    rect: Rect,
    row_response: &Response,
    row: &Row,
    model: &ViewModel,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let noun = match row.kind {
        RowKind::Past | RowKind::Unsettled => return,
        RowKind::Mark(_) => "mark",
        RowKind::Speech(_) => "utterance",
        RowKind::Dropped(_) => "dropped passage",
    };
    let button = ui.place(
        rect,
        Button::new(RichText::new("···").color(Role::TextDim.color()))
            .frame_when_inactive(false)
            .wrap_mode(TextWrapMode::Extend),
    );
    let button = button.accessible_name(format!("Change {noun} {}", row.clock));
    let button = button.on_hover_text(format!("What can be done to this {noun}"));
    if button.clicked() || row_response.secondary_clicked() {
        // A word stays chosen only in the row that it was chosen in.
        if state.selected != Some(row.id) {
            state.select(Some(row.id));
        }
    }
    for popup in [Popup::menu(&button), Popup::context_menu(row_response)] {
        popup
            .style(paint::menu_style)
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            .show(|ui| entries(ui, row, model, state, actions));
    }
}

fn entries(ui: &mut Ui, row: &Row, model: &ViewModel, state: &mut ViewState, actions: &mut Vec<Action>) {
    let word = state.word.filter(|_| state.selected == Some(row.id));
    for tool in tools(row, model.transcript.notebook(), model.playhead, word) {
        let entry = ui.add_enabled(tool.why_not.is_none(), Button::new(tool.name));
        if !entry.on_disabled_hover_text(tool.why_not.unwrap_or_default()).clicked() {
            continue;
        }
        match tool.does {
            Does::Ask(edit) => actions.push(Action::Edit(edit)),
            Does::Write(draft) => state.draft = Some(draft),
        }
        if !tool.stays {
            ui.close();
        }
    }
    if let (RowKind::Mark(_), RowId::Item(mark)) = (row.kind, row.id) {
        colours(ui, row, mark, actions);
    }
}

/// The colours that a mark can have, and its own again.
fn colours(ui: &mut Ui, row: &Row, mark: ItemId, actions: &mut Vec<Action>) {
    ui.separator();
    ui.horizontal(|ui| {
        let given = SWATCHES.map(|(name, colour)| (name, Some(colour), theme::colour_of(colour)));
        let own = [("No colour", None, Role::Mark.color())];
        for (name, colour, color) in own.into_iter().chain(given) {
            let (rect, response) = ui.allocate_exact_size(Vec2::splat(size::SWATCH), Sense::click());
            let chosen = row.colour == colour;
            response.widget_info(|| {
                egui::WidgetInfo::selected(egui::accesskit::Role::RadioButton, true, chosen, name)
            });
            ui.painter().rect_filled(rect.shrink(size::HAIRLINE * 2.0), 0.0, color);
            if chosen || response.hovered() {
                ui.painter().rect_stroke(rect, 0.0, Role::Text.hairline(), egui::StrokeKind::Inside);
            }
            if response.on_hover_text(name).clicked() {
                actions.push(Action::Edit(Edit::ColourMark { mark, colour }));
                ui.close();
            }
        }
    });
}

/// The chip below a row that opens the earlier passes over its place.
pub(super) fn chip(
    ui: &mut Ui,
    rect: Rect,
    name: &str,
    row: &Row,
    model: &ViewModel,
    actions: &mut Vec<Action>,
) {
    let response = ui.interact(rect, ui.scope_id().with(("passes", row.id)), Sense::click());
    let spoken = format!("{name} at {}", row.clock);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Button, true, &spoken));
    if response.hovered() {
        ui.painter().hline(rect.x_range(), rect.bottom(), Role::TextDim.hairline());
    }
    let response = response.on_hover_text("What was heard here before, to be brought back");
    paint::menu(&response).width(size::MENU_WIDTH).show(|ui| {
        for pass in passes(row, &model.transcript) {
            let mut text = LayoutJob::default();
            text.append(&format!("Bring back {}", pass.place), 0.0, paint::format(theme::body(), Role::Text));
            text.append(&format!("\n{}", pass.text), 0.0, paint::format(theme::small(), Role::TextDim));
            let entry = Button::new(text).wrap().min_size(Vec2::new(ui.available_width(), 0.0));
            let hover =
                "Puts what was heard in that pass in the place of what is there now; undo takes it back";
            if ui.add(entry).on_hover_text(hover).clicked() {
                actions.push(Action::Edit(Edit::BringBack(pass.id)));
            }
        }
    });
}

/// The field in which a row is written, over the row's place. Enter and a click elsewhere commit, Escape
/// does not.
pub(super) fn field(
    ui: &mut Ui,
    place: Option<Rect>,
    column: &Column,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let Some(draft) = &mut state.draft else { return };
    let Some(place) = place else {
        return commit(state, actions);
    };
    let at = Rect::from_min_size(place.min, Vec2::new(column.text, place.height()));
    let name = if draft.is_mark { "Name of the mark" } else { "Words of the utterance" };
    let field = TextEdit::multiline(&mut draft.text)
        .id_salt("draft")
        .font(theme::body())
        .desired_width(column.text)
        .desired_rows(1)
        .return_key(None);
    let response = ui.scope_builder(egui::UiBuilder::new().max_rect(at), |ui| ui.add(field)).inner;
    let response = response.accessible_name(name);
    let (enter, escape) = ui.input(|input| (input.key_pressed(Key::Enter), input.key_pressed(Key::Escape)));
    if !draft.begun {
        draft.begun = true;
        response.request_focus();
    } else if escape {
        state.draft = None;
    } else if enter || !response.has_focus() {
        response.surrender_focus();
        commit(state, actions);
    }
}

/// Ends the writing; what was written is carried out, also when its row has scrolled away or is gone.
pub(super) fn commit(state: &mut ViewState, actions: &mut Vec<Action>) {
    let written = state.draft.take().and_then(|draft| draft.edit());
    actions.extend(written.map(Action::Edit));
}
