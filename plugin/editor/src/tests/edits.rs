//! Everything that can be changed is changed with the mouse alone.

use super::clicks::{Window, open};
use super::fixture::{at, facts, worked_on};
use crate::theme::SWATCHES;
use crate::view_model::tools::tools;
use crate::view_model::transcript::{Lens, Transcript};
use crate::{Action, EditorView, Facts, Unit};
use earmark_timeline::edit::Edit;
use earmark_timeline::utterance::ItemId;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

fn window() -> Harness<'static, Window> {
    open(worked_on(), Facts { playhead: Some(at(47.5)), ..facts() }, EditorView::SIZE)
}

fn click(window: &mut Harness<'static, Window>, label: &str) {
    window.get_by_label_contains(label).click();
    window.run();
}

/// Clicks one thing after the other and compares what was asked for; choosing a row asks for nothing new.
fn check(labels: &[&str], expected: &[Edit]) {
    let mut window = window();
    for label in labels {
        click(&mut window, label);
    }
    let asked: Vec<_> = window.state().actions.iter().filter_map(edit_of).collect();
    assert_eq!(asked, expected.iter().collect::<Vec<_>>(), "{labels:?}");
}

fn edit_of(action: &Action) -> Option<&Edit> {
    match action {
        Action::Edit(edit) => Some(edit),
        _ => None,
    }
}

const SAID: ItemId = ItemId(7);
const MARK: ItemId = ItemId(21);

#[test]
fn an_utterance_is_changed_by_its_menu() {
    let menu = "Change utterance 0:46.8";
    let (start, end) = (at(46.8), worked_on().notebook.utterances()[4].end);
    let retime = |start, end| Edit::Retime { utterance: SAID, start, end };
    check(&[menu, "Merge with next"], &[Edit::Merge(SAID)]);
    check(&[menu, "Delete"], &[Edit::Delete(SAID)]);
    check(&[menu, "Start at playhead"], &[retime(at(47.5), end)]);
    check(&[menu, "End at playhead"], &[retime(start, at(47.5))]);
    check(&[menu, "0.1 s later"], &[retime(at(46.9), end.plus(at(0.1)))]);
    let earlier = retime(at(46.7), end.plus(at(-0.1)));
    check(&[menu, "0.1 s earlier", "0.1 s earlier"], &[earlier.clone(), earlier]);
    // Nothing was clicked to split at, so nothing is asked for.
    check(&[menu, "Split"], &[]);
}

#[test]
fn an_utterance_is_split_at_the_word_that_was_clicked() {
    let mut window = window();
    let row = window.get_by_label_contains("0:46.8  Let us hear").rect();
    // Some way into the text: a word that is neither the first nor beyond the end.
    let place = egui::pos2(row.left() + 140.0, row.center().y);
    window.hover_at(place);
    window.drag_at(place);
    window.drop_at(place);
    window.run();
    click(&mut window, "Change utterance 0:46.8");
    click(&mut window, "Split before");
    let asked = window.state().actions.iter().find_map(edit_of).cloned();
    let Some(Edit::Split { utterance: SAID, word }) = asked else { panic!("no split but {asked:?}") };
    assert!((1..6).contains(&word), "before word {word}");
}

#[test]
fn a_mark_is_changed_by_its_menu() {
    let menu = "Change mark 0:41.0";
    let (colour, name) = (Some(SWATCHES[4].1), SWATCHES[4].0);
    check(&[menu, "Remove"], &[Edit::RemoveMark(MARK)]);
    check(&[menu, "Move to playhead"], &[Edit::MoveMark { mark: MARK, start: at(47.5), end: at(47.5) }]);
    check(&[menu, name], &[Edit::ColourMark { mark: MARK, colour }]);
    check(&[menu, "No colour"], &[Edit::ColourMark { mark: MARK, colour: None }]);
}

#[test]
fn what_was_dropped_is_shown_on_request_and_taken_back() {
    let mut window = window();
    window.state_mut().snapshot = super::fixture::filled();
    assert!(window.query_by_label_contains("Dropped, a sound and no words: [COUGHING]").is_none());
    for label in ["View", "What was dropped", "Change dropped passage 0:20.1", "Restore"] {
        click(&mut window, label);
    }
    let restore = Edit::Restore { start: at(20.1), end: at(20.6) };
    assert_eq!(window.state().actions, [Action::Edit(restore)]);
}

#[test]
fn an_earlier_pass_is_brought_back_from_the_row_that_it_lies_below() {
    let versions: Vec<_> = worked_on().notebook.versions().iter().map(|version| version.id).collect();
    check(&["2 earlier passes at 0:21.4", "Bring back 0:20.0"], &[Edit::BringBack(versions[0])]);
}

#[test]
fn undo_and_redo_have_buttons_and_keys() {
    let mut window = window();
    click(&mut window, "Undo");
    click(&mut window, "Redo");
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    window.run();
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    window.run();
    assert_eq!(window.state().actions, [Action::Undo, Action::Redo, Action::Undo, Action::Redo]);
    (window.state_mut().snapshot.status.undo, window.state_mut().snapshot.status.redo) = (None, None);
    window.run();
    click(&mut window, "Undo");
    click(&mut window, "Redo");
    assert_eq!(window.state().actions.len(), 4);
}

/// Opens the field, writes into it and ends it with a key or a click; compares what was asked for.
fn check_writing(open: [&str; 2], text: &str, end: Option<Key>, expected: &[Edit]) {
    let mut window = window();
    for label in open {
        click(&mut window, label);
    }
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.event(egui::Event::Text(text.to_owned()));
    window.run();
    match end {
        Some(key) => window.key_press(key),
        None => window.get_by_label("Fit").click(),
    }
    window.run();
    let asked: Vec<_> = window.state().actions.iter().filter_map(edit_of).collect();
    assert_eq!(asked, expected.iter().collect::<Vec<_>>(), "{open:?} {text}");
    assert_eq!(window.state_mut().view.state_mut().draft, None);
    assert!(!window.ctx.egui_wants_keyboard_input(), "the keys are the host's again");
}

#[test]
fn what_is_written_is_committed_unless_it_is_cancelled() {
    let correct = ["Change utterance 0:46.8", "Correct"];
    let edit = Edit::Correct { utterance: SAID, text: "Let us eat.".to_owned() };
    check_writing(correct, "Let us eat.", Some(Key::Enter), std::slice::from_ref(&edit));
    check_writing(correct, "Let us  eat.\n", None, &[edit]);
    check_writing(correct, "Let us eat.", Some(Key::Escape), &[]);
    check_writing(correct, "Let us hear it, then we go and eat.", Some(Key::Enter), &[]);
    let rename = Edit::RenameMark { mark: MARK, label: "The good one".to_owned() };
    check_writing(["Change mark 0:41.0", "Rename"], "The good one", Some(Key::Enter), &[rename]);
}

#[test]
fn what_is_being_written_is_not_lost_when_its_row_leaves_the_view() {
    let mut window = window();
    click(&mut window, "Change utterance 0:46.8");
    click(&mut window, "Correct");
    window.event(egui::Event::Text("More: ".to_owned()));
    window.run();
    window.state_mut().view.state_mut().dropped = true;
    window.state_mut().snapshot.notebook = Default::default();
    window.run();
    let asked: Vec<_> = window.state().actions.iter().filter_map(edit_of).collect();
    assert!(matches!(asked[..], [Edit::Correct { utterance: SAID, .. }]), "{asked:?}");
}

#[test]
fn clicks_leave_the_keyboard_to_the_host() {
    let mut window = window();
    for label in
        ["0:46.8  Let us", "Fit", "Follow", "Add mark", "View", "Samples", "Change mark 384000", "Remove"]
    {
        click(&mut window, label);
        assert!(!window.ctx.egui_wants_keyboard_input(), "{label} took the keyboard");
    }
    assert_eq!(window.state_mut().view.state_mut().unit, Unit::Samples);
}

#[test]
fn a_tool_that_would_fail_says_why_instead() {
    let snapshot = worked_on();
    let transcript = Transcript::new(&snapshot, Lens::default());
    let row = transcript.row(transcript.len() - 1);
    let named = |playhead, word| {
        let tools = tools(&row, &snapshot.notebook, playhead, word);
        tools.into_iter().filter_map(|tool| tool.why_not).collect::<Vec<_>>()
    };
    let all = ["Click the word that the second part begins with", "Nothing follows"];
    let playhead = ["The playhead is not before its end", "The playhead is not after its start"];
    assert_eq!(named(None, None), [all, playhead].concat());
    assert_eq!(named(Some(at(52.5)), Some(0)), all);
}
