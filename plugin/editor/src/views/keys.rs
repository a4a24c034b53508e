//! What the keyboard does while the host lets this window have it and nobody writes. The space bar and all
//! keys that are not listed are the host's.

use super::{Rows, transcript};
use crate::action::Action;
use crate::view_model::ViewModel;
use crate::view_model::tools::{Does, tools};
use crate::view_model::transcript::RowKind;
use crate::view_state::{Find, ViewState};
use earmark_timeline::edit::Edit;
use egui::{Key, KeyboardShortcut, Modifiers, Popup, Ui};

/// A key and what it does.
pub(super) struct Shortcut {
    pub(super) keys: KeyboardShortcut,
    pub(super) name: &'static str,
    deed: Deed,
}

#[derive(Clone, Copy)]
enum Deed {
    Undo,
    Redo,
    Find,
    AddMark,
    Write,
    Previous,
    Next,
    PreviousToo,
    NextToo,
    LargerText,
    SmallerText,
    UsualText,
    Close,
}

/// All of them. Keys with more modifiers come first, for the others match them too.
pub(super) const SHORTCUTS: [Shortcut; 14] = [
    shortcut(Modifiers::COMMAND, Key::F, "Find and filter", Deed::Find),
    shortcut(Modifiers::COMMAND, Key::B, "Add a mark at the playhead", Deed::AddMark),
    shortcut(Modifiers::NONE, Key::F2, "Correct or rename the chosen row", Deed::Write),
    shortcut(Modifiers::SHIFT, Key::ArrowUp, "Choose the row before as well", Deed::PreviousToo),
    shortcut(Modifiers::SHIFT, Key::ArrowDown, "Choose the row after as well", Deed::NextToo),
    shortcut(Modifiers::NONE, Key::ArrowUp, "Choose the row before", Deed::Previous),
    shortcut(Modifiers::NONE, Key::ArrowDown, "Choose the row after", Deed::Next),
    shortcut(Modifiers::NONE, Key::Escape, "Close the settings, the export or the search", Deed::Close),
    shortcut(Modifiers::COMMAND, Key::Plus, "Larger text", Deed::LargerText),
    shortcut(Modifiers::COMMAND, Key::Equals, "Larger text, without Shift", Deed::LargerText),
    shortcut(Modifiers::COMMAND, Key::Minus, "Smaller text", Deed::SmallerText),
    shortcut(Modifiers::COMMAND, Key::Num0, "Text of the usual size", Deed::UsualText),
    shortcut(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::Z, "Redo", Deed::Redo),
    shortcut(Modifiers::COMMAND, Key::Z, "Undo", Deed::Undo),
];

const fn shortcut(modifiers: Modifiers, key: Key, name: &'static str, deed: Deed) -> Shortcut {
    Shortcut { keys: KeyboardShortcut::new(modifiers, key), name, deed }
}

/// Does what the keys ask for. A text that is being written has keys of its own, undo among them, and an open
/// menu is closed by the key that would close the page.
pub(super) fn act(
    ui: &Ui,
    model: &ViewModel,
    state: &mut ViewState,
    rows: &mut Rows,
    actions: &mut Vec<Action>,
) {
    if state.draft.is_some() || ui.text_edit_focused() || Popup::is_any_open(ui.ctx()) {
        return;
    }
    for Shortcut { keys, deed, .. } in &SHORTCUTS {
        if ui.input_mut(|input| input.consume_shortcut(keys)) {
            carry_out(*deed, model, state, rows, actions);
        }
    }
}

fn carry_out(
    deed: Deed,
    model: &ViewModel,
    state: &mut ViewState,
    rows: &mut Rows,
    actions: &mut Vec<Action>,
) {
    let header = &model.header;
    match deed {
        Deed::Undo => actions.extend(header.undo.map(|_| Action::Undo)),
        Deed::Redo => actions.extend(header.redo.map(|_| Action::Redo)),
        Deed::Find => state.find = state.find.take().or_else(|| Some(Find::default())),
        Deed::AddMark => {
            let mark = |at| Action::Edit(Edit::AddMark { at, label: String::new() });
            actions.extend(header.mark_at.map(mark));
        }
        Deed::Write => write(model, state, rows),
        Deed::Previous => step(model, state, rows, |index| index.checked_sub(1)),
        Deed::Next => step(model, state, rows, |index| Some(index + 1)),
        Deed::PreviousToo => step_too(model, state, rows, |index| index.checked_sub(1)),
        Deed::NextToo => step_too(model, state, rows, |index| Some(index + 1)),
        Deed::LargerText => state.resize_text(true),
        Deed::SmallerText => state.resize_text(false),
        Deed::UsualText => state.text_percent = ViewState::TEXT_PERCENT[0],
        Deed::Close if state.settings => state.settings = false,
        Deed::Close if state.export.is_some() => state.export = None,
        Deed::Close => state.find = None,
    }
}

/// Opens the chosen row's field.
fn write(model: &ViewModel, state: &mut ViewState, rows: &mut Rows) {
    let transcript = &model.transcript;
    let Some(index) = state.selected.and_then(|id| transcript.position(id)) else { return };
    let row = transcript.row(index);
    let tools = tools(&row, transcript.notebook(), model.playhead, None);
    let draft = tools.into_iter().find_map(|tool| match tool.does {
        Does::Write(draft) => Some(draft),
        Does::Ask(_) => None,
    });
    if draft.is_some() {
        state.draft = draft;
        rows.reveal(row.id);
    }
}

/// Chooses one row more, or one less, beside those that are chosen.
fn step_too(
    model: &ViewModel,
    state: &mut ViewState,
    rows: &mut Rows,
    beside: impl Fn(usize) -> Option<usize>,
) {
    let transcript = &model.transcript;
    let now = state.until.or(state.selected).and_then(|id| transcript.position(id));
    let Some(index) = now.map_or(Some(0), beside) else { return };
    if index < transcript.len() && transcript.row(index).kind != RowKind::Unsettled {
        let row = transcript.row(index);
        state.extend(row.id);
        state.reveal(model.timeline.shown, row.at);
        rows.reveal(row.id);
    }
}

/// Chooses a row beside the chosen one, or the first one; what may still change is not there to be chosen.
fn step(model: &ViewModel, state: &mut ViewState, rows: &mut Rows, beside: impl Fn(usize) -> Option<usize>) {
    let transcript = &model.transcript;
    let now = state.selected.and_then(|id| transcript.position(id));
    let Some(index) = now.map_or(Some(0), beside) else { return };
    if index < transcript.len() && transcript.row(index).kind != RowKind::Unsettled {
        transcript::go_to(index, model, state, rows);
    }
}
