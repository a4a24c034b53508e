//! Each button does what it says.

use super::fixture::{at, facts, filled};
use crate::{Action, EditorView, Facts, Framing};
use earmark_timeline::edit::Edit;
use earmark_timeline::snapshot::Snapshot;
use earmark_timeline::utterance::ItemId;
use egui::Vec2;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

/// A window, what it shows, and what was asked for in it.
pub(super) struct Window {
    pub(super) view: EditorView,
    pub(super) snapshot: Snapshot,
    pub(super) facts: Facts,
    pub(super) actions: Vec<Action>,
}

/// Opens a window of `size` points on a session.
pub(super) fn open(snapshot: Snapshot, facts: Facts, size: [f32; 2]) -> Harness<'static, Window> {
    let window = Window { view: EditorView::default(), snapshot, facts, actions: Vec::new() };
    let mut harness = Harness::builder().with_size(Vec2::from(size)).build_ui_state(
        |ui, window: &mut Window| window.view.ui(ui, &window.snapshot, &window.facts, &mut window.actions),
        window,
    );
    harness.run();
    harness
}

fn filled_window() -> Harness<'static, Window> {
    open(filled(), facts(), EditorView::SIZE)
}

/// Clicks the thing so labelled in a filled window and compares what was asked for.
fn check(labels: &[&str], expected: &[Action]) {
    let mut window = filled_window();
    for label in labels {
        window.get_by_label_contains(label).click();
        window.run();
    }
    assert_eq!(window.state().actions, expected);
}

#[test]
fn every_button_asks_for_what_it_says() {
    check(&["Add mark"], &[Action::Edit(Edit::AddMark { at: at(57.5), label: String::new() })]);
    check(&["0:04.9  Count me in"], &[Action::SelectUtterance { id: ItemId(2) }]);
}

/// What a click on an entry of the Copy menu takes along.
fn copied(window: &mut Harness<'static, Window>, entry: &str) -> String {
    window.state_mut().actions.clear();
    window.get_by_label("Copy").click();
    window.run();
    window.get_by_label(entry).click();
    window.run();
    match window.state().actions.as_slice() {
        [Action::CopyTranscript { text }] => text.clone(),
        other => panic!("one copy, not {other:?}"),
    }
}

#[test]
fn copy_takes_the_chosen_rows_along_or_all_with_times_or_without() {
    let mut window = filled_window();
    let text = copied(&mut window, "With times");
    assert_eq!(text.lines().count(), 10);
    assert!(text.starts_with("0:01.2  Welcome back"), "{text}");
    assert!(text.contains("\n0:08.0  [Take 2]\n"), "{text}");
    let text = copied(&mut window, "Without times");
    assert_eq!(text.lines().count(), 10);
    assert!(text.starts_with("Welcome back") && text.contains("\n[Take 2]\n"), "{text}");
    // From a row to another with Shift, and then to the one before that.
    window.get_by_label_contains("0:04.9  Count me in").click();
    window.run();
    assert_eq!(copied(&mut window, "Chosen rows without times").lines().count(), 1);
    window.get_by_label_contains("0:21.4  Sorry").click_modifiers(egui::Modifiers::SHIFT);
    window.run();
    let chosen = "Count me in, and leave the click on until the bridge.\n[Take 2]\nSorry, that was too fast, could we \
                  take it again from bar seventeen\n";
    assert_eq!(copied(&mut window, "Chosen rows without times"), chosen);
    window.key_press_modifiers(egui::Modifiers::SHIFT, egui::Key::ArrowUp);
    window.run();
    let text = copied(&mut window, "Chosen rows with times");
    assert!(text.starts_with("0:04.9  Count me in") && text.ends_with("0:08.0  [Take 2]\n"), "{text}");
}

#[test]
fn nothing_chosen_is_nothing_to_copy() {
    let mut window = filled_window();
    window.get_by_label("Copy").click();
    window.run();
    window.get_by_label("Chosen rows with times").click();
    window.run();
    assert_eq!(window.state().actions, []);
}

#[test]
fn without_anything_to_export_the_buttons_do_nothing() {
    let mut window = open(Snapshot::default(), Facts::default(), EditorView::SIZE);
    for label in ["Export", "Copy", "Add mark"] {
        window.get_by_label(label).click();
        window.run();
    }
    assert_eq!(window.state().actions, []);
}

#[test]
fn the_view_buttons_change_the_view_and_ask_for_nothing() {
    let mut window = filled_window();
    window.get_by_label("Zoom in").click();
    window.run();
    let state = window.state_mut().view.state_mut();
    assert_eq!((state.framing, state.visible.length), (Framing::Free, 30.0));
    window.get_by_label("Fit").click();
    window.get_by_label("Follow").click();
    window.run();
    let state = window.state_mut().view.state_mut();
    assert_eq!((state.framing, state.follow), (Framing::Fit, false));
    assert_eq!(window.state().actions, []);
}

#[test]
fn a_click_on_the_timeline_chooses_what_is_there() {
    let mut window = filled_window();
    let timeline = window.get_by_label_contains("Timeline from").rect();
    // The fit is a minute: the fourth utterance starts at 27 s.
    let place = egui::pos2(timeline.left() + timeline.width() * 28.0 / 60.0, timeline.bottom() - 4.0);
    window.hover_at(place);
    window.drag_at(place);
    window.drop_at(place);
    window.run();
    assert_eq!(window.state().actions, [Action::SelectUtterance { id: ItemId(4) }]);
    assert_eq!(window.state_mut().view.state_mut().selected_item(), Some(ItemId(4)));
}

#[test]
fn a_chosen_row_comes_into_view_on_the_timeline() {
    let mut window = filled_window();
    let state = window.state_mut().view.state_mut();
    state.zoom(crate::Stretch { start: 0.0, length: 60.0 }, 10.0, 1.0);
    state.follow = false;
    window.run();
    window.get_by_label_contains("0:04.9  Count me in").click();
    window.run();
    let visible = window.state_mut().view.state_mut().visible;
    assert!(visible.start < 4.9 && visible.end() > 4.9, "{visible:?}");
}

#[test]
fn who_zooms_away_from_the_playhead_is_not_brought_back() {
    let mut window = filled_window();
    let timeline = window.get_by_label_contains("Timeline from").rect();
    window.hover_at(timeline.center());
    window.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: egui::vec2(0.0, 400.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: egui::Modifiers::NONE,
    });
    window.run_steps(30);
    let state = window.state_mut().view.state_mut();
    let middle = state.visible.start + state.visible.length / 2.0;
    assert!((29.0..31.0).contains(&middle) && state.visible.length < 30.0, "{:?}", state.visible);
    assert!(!state.follow);
    // Asking to follow is asking to be brought there.
    window.get_by_label("Follow").click();
    window.run();
    assert!(window.state_mut().view.state_mut().visible.holds(at(57.5)));
}

#[test]
fn an_error_can_be_dismissed() {
    let mut window = filled_window();
    window.state_mut().view.state_mut().complain("The disk is full.");
    window.run();
    window.get_by_label("The disk is full.");
    window.get_by_label("Dismiss").click();
    window.run();
    assert!(window.query_by_label("The disk is full.").is_none());
}
