//! The keyboard does what the list says, and the rest is the host's.

use super::clicks::{Window, open};
use super::fixture::{at, facts, worked_on};
use crate::{Action, EditorView, Facts};
use earmark_timeline::edit::Edit;
use earmark_timeline::utterance::ItemId;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

fn window() -> Harness<'static, Window> {
    open(worked_on(), Facts { playhead: Some(at(47.5)), ..facts() }, EditorView::SIZE)
}

fn press(window: &mut Harness<'static, Window>, modifiers: Modifiers, key: Key) {
    window.key_press_modifiers(modifiers, key);
    window.run();
}

/// Presses keys one after the other and compares what was asked for.
fn check(keys: &[(Modifiers, Key)], expected: &[Action]) {
    let mut window = window();
    for (modifiers, key) in keys {
        press(&mut window, *modifiers, *key);
    }
    assert_eq!(window.state().actions, expected, "{keys:?}");
}

#[test]
fn keys_ask_for_what_the_list_says() {
    const COMMAND: Modifiers = Modifiers::COMMAND;
    check(&[(COMMAND, Key::Z)], &[Action::Undo]);
    check(&[(COMMAND | Modifiers::SHIFT, Key::Z)], &[Action::Redo]);
    let mark = Action::Edit(Edit::AddMark { at: at(47.5), label: String::new() });
    check(&[(COMMAND, Key::B)], &[mark]);
    // The host's keys: play, record, locate, and its own letters.
    check(&[Key::Space, Key::R, Key::Enter, Key::Num0].map(|key| (Modifiers::NONE, key)), &[]);
}

#[test]
fn keys_make_text_larger_and_smaller_within_its_sizes() {
    let mut window = window();
    let mut seen = Vec::new();
    for key in [
        Key::Plus,
        Key::Equals,
        Key::Plus,
        Key::Plus,
        Key::Plus,
        Key::Plus,
        Key::Minus,
        Key::Num0,
        Key::Minus,
    ] {
        press(&mut window, Modifiers::COMMAND, key);
        seen.push(window.state_mut().view.state_mut().text_percent);
    }
    assert_eq!(seen, [125, 150, 175, 200, 250, 250, 200, 100, 100]);
}

#[test]
fn arrows_go_from_row_to_row_and_a_key_writes() {
    let mut window = window();
    let mut seen = Vec::new();
    for key in [Key::ArrowDown, Key::ArrowDown, Key::ArrowDown, Key::ArrowUp, Key::ArrowUp, Key::ArrowUp] {
        press(&mut window, Modifiers::NONE, key);
        seen.push(window.state_mut().view.state_mut().selected);
    }
    let transcript = crate::Transcript::new(&window.state().snapshot, Default::default());
    let rows = [0, 1, 2, 1, 0, 0].map(|index| Some(transcript.id(index)));
    assert_eq!(seen, rows);
    window.state_mut().view.state_mut().select(Some(ItemId(7).into()));
    press(&mut window, Modifiers::NONE, Key::F2);
    let draft = window.state_mut().view.state_mut().draft.clone();
    assert_eq!(draft.map(|draft| draft.id), Some(ItemId(7)));
    // Whoever writes moves the cursor, and not the rows.
    press(&mut window, Modifiers::NONE, Key::ArrowDown);
    assert_eq!(window.state_mut().view.state_mut().selected, Some(ItemId(7).into()));
}

#[test]
fn a_page_that_a_key_or_a_click_opened_is_closed_by_escape() {
    let mut window = window();
    press(&mut window, Modifiers::COMMAND, Key::F);
    assert!(window.state_mut().view.state_mut().find.is_some());
    window.get_by_label("Settings").click();
    window.run();
    window.get_by_label("Find and filter");
    press(&mut window, Modifiers::NONE, Key::Escape);
    let state = window.state_mut().view.state_mut();
    assert!(!state.settings && state.find.is_some());
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert!(window.state_mut().view.state_mut().find.is_none());
}
