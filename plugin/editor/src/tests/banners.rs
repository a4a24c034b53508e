//! What the window says, a click does something about.

use super::clicks::{Window, open};
use super::fixture::{at, facts, filled};
use crate::{Action, EditorView, Facts, Framing};
use earmark_timeline::settings::Settings;
use earmark_timeline::snapshot::{Activity, Health, Snapshot};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use std::sync::Arc;

fn click(window: &mut Harness<'static, Window>, label: &str) {
    window.get_by_label(label).click();
    window.run();
}

/// Changes a session, clicks what is offered and compares what was asked for.
fn check(change: impl FnOnce(&mut Snapshot), label: &str, expected: Action) {
    let mut snapshot = filled();
    change(&mut snapshot);
    let mut window = open(snapshot, facts(), EditorView::SIZE);
    click(&mut window, label);
    assert_eq!(window.state().actions, [expected]);
}

#[test]
fn what_failed_can_be_tried_again() {
    let missing = || Health::Unavailable("tiny.bin is missing; run setup.".to_owned());
    check(|s| s.status.transcriber = missing(), "Try again", Action::TryAgain);
    check(
        |s| (s.notebook, s.status.transcriber) = (Arc::default(), missing()),
        "Try again",
        Action::TryAgain,
    );
    let faults = Some("Earmark keeps meeting a fault.".to_owned());
    check(
        |s| (s.status.notice, s.status.activity) = (faults, Activity::Stopped),
        "Try again",
        Action::TryAgain,
    );
}

#[test]
fn a_smaller_model_is_a_click_away_while_the_larger_one_cannot_keep_up() {
    let base =
        || Settings { model: "whisper-base".to_owned(), language: Some("de".into()), ..Settings::default() };
    let tiny = Settings { language: None, ..Settings::default() };
    check(
        |s| {
            s.status.smaller_model = Some("whisper-tiny.en".to_owned());
            Arc::make_mut(&mut s.notebook).set_settings(base());
        },
        "Use Whisper tiny, English",
        Action::Set(tiny),
    );
}

fn window_with_a_hole() -> Harness<'static, Window> {
    let mut snapshot = filled();
    Arc::make_mut(&mut snapshot.notebook).miss(at(600.0)..at(602.0));
    open(snapshot, Facts { playing: false, ..facts() }, EditorView::SIZE)
}

#[test]
fn what_was_not_analysed_is_brought_into_view() {
    let mut window = window_with_a_hole();
    click(&mut window, "Show");
    let state = window.state_mut().view.state_mut();
    assert!(state.framing == Framing::Free && state.visible.holds(at(600.0)), "{:?}", state.visible);
}

#[test]
fn what_was_dismissed_stays_away_until_it_becomes_so_again() {
    let mut window = window_with_a_hole();
    let said =
        |window: &Harness<'static, Window>| window.query_by_label_contains("Not analysed: 2 s").is_some();
    click(&mut window, "Dismiss");
    assert!(!said(&window));
    let hole = std::mem::replace(&mut window.state_mut().snapshot, filled());
    window.run();
    window.state_mut().snapshot = hole;
    window.run();
    assert!(said(&window));
}
