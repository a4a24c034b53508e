//! What is looked at, and how, is chosen with the mouse, and asks for nothing.

use super::clicks::{Window, open};
use super::fixture::{facts, filled};
use crate::{Certainty, EditorView, Facts, Framing, Show, Stretch, Unit, ViewState};
use earmark_timeline::sound::Role;
use earmark_timeline::utterance::ItemId;
use egui::{Pos2, Vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

/// A window that shows 40 s from 10 s on: about 22 points a second.
fn window() -> Harness<'static, Window> {
    let mut window = open(filled(), Facts { playing: false, ..facts() }, EditorView::SIZE);
    let state = window.state_mut().view.state_mut();
    (state.framing, state.visible) = (Framing::Free, Stretch { start: 10.0, length: 40.0 });
    window.run();
    window
}

fn click(window: &mut Harness<'static, Window>, labels: &[&str]) {
    for label in labels {
        window.get_by_label(label).click();
        window.run();
    }
}

fn timeline(window: &Harness<'static, Window>) -> egui::Rect {
    window.get_by_label_contains("Timeline from").rect()
}

/// Does something on the timeline, whose middle it is given, and compares what it shows then.
fn check(act: impl FnOnce(&mut Harness<'static, Window>, Pos2), expected: Stretch) {
    let mut window = window();
    let middle = timeline(&window).center();
    window.hover_at(middle);
    act(&mut window, middle);
    window.run_steps(30);
    let shown = window.state_mut().view.state_mut().visible;
    let near = |one: f64, other: f64| (one - other).abs() < 0.5;
    assert!(near(shown.start, expected.start) && near(shown.length, expected.length), "{shown:?}");
    assert_eq!(window.state().actions, []);
}

fn turn_wheel(window: &mut Harness<'static, Window>, delta: Vec2) {
    window.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta,
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: egui::Modifiers::NONE,
    });
}

#[test]
fn the_timeline_is_zoomed_and_scrolled_by_wheel_drag_and_buttons() {
    let shows = |start, length| Stretch { start, length };
    check(|window, _| turn_wheel(window, Vec2::new(0.0, 120.0)), shows(20.0, 20.0));
    check(|window, _| turn_wheel(window, Vec2::new(0.0, -120.0)), shows(-10.0, 80.0));
    check(|window, _| turn_wheel(window, Vec2::new(220.0, 0.0)), shows(0.0, 40.0));
    check(
        |window, middle| {
            window.drag_at(middle);
            window.run_steps(1);
            window.hover_at(middle - Vec2::new(220.0, 0.0));
            window.run_steps(1);
            window.drop_at(middle - Vec2::new(220.0, 0.0));
        },
        shows(20.0, 40.0),
    );
    check(|window, _| click(window, &["Zoom in"]), shows(20.0, 20.0));
    check(|window, _| click(window, &["Zoom out"]), shows(-10.0, 80.0));
}

#[test]
fn a_mark_is_chosen_by_its_flag() {
    let mut window = window();
    let timeline = timeline(&window);
    // It stands at 41 s; its flag hangs at the top, below the ruler.
    let flag = timeline.left_top() + Vec2::new(31.0 * timeline.width() / 40.0 + 2.0, 22.0);
    window.hover_at(flag);
    window.drag_at(flag);
    window.drop_at(flag);
    window.run();
    assert_eq!(window.state_mut().view.state_mut().selected_item(), Some(ItemId(21)));
    assert_eq!(window.state().actions, []);
}

/// Clicks entries of the menu of what is shown and hands over what the window remembers then.
fn check_view(entries: &[&str], expected: impl Fn(&ViewState) -> bool) {
    let mut window = window();
    for entry in entries {
        click(&mut window, &["View", entry]);
    }
    let state = window.state_mut().view.state_mut();
    assert!(expected(state), "{entries:?}: {state:?}");
    assert_eq!(window.state().actions, []);
}

#[test]
fn the_view_menu_changes_unit_and_certainty() {
    check_view(&["Samples"], |state| state.unit == Unit::Samples);
    check_view(&["Bars and beats"], |state| state.unit == Unit::Bars);
    check_view(&["Bars and beats", "Time"], |state| state.unit == Unit::Time);
    check_view(&["How sure the model is of words"], |state| state.plain);
}

#[test]
fn text_has_the_size_that_the_menu_says_as_far_as_the_window_has_room() {
    let mut window = window();
    click(&mut window, &["View", "Text 150 %"]);
    assert_eq!(window.state_mut().view.state_mut().text_percent, 150);
    assert_eq!(window.ctx.zoom_factor(), 1.5);
    let mut small = open(filled(), facts(), EditorView::LEAST_SIZE);
    click(&mut small, &["View", "Text 250 %"]);
    assert_eq!((small.state_mut().view.state_mut().text_percent, small.ctx.zoom_factor()), (250, 1.0));
    click(&mut small, &["View"]);
    small.get_by_label("This window has room for 100 %; make it larger");
    let check = |percent, points: [f32; 2], expected: f32| {
        let zoom = crate::theme::zoom(percent, Vec2::from(points));
        assert!((zoom - expected).abs() < 1e-6, "{percent} % in {points:?}: {zoom}");
    };
    check(250, [1_200.0, 800.0], 2.5);
    check(250, [900.0, 560.0], 1.75);
    check(250, [480.0, 320.0], 1.0);
    check(250, [40.0, 30.0], 1.0);
    check(100, [3_840.0, 2_160.0], 1.0);
}

#[test]
fn what_was_heard_is_told_where_the_pointer_is() {
    let mut window = window();
    let area = timeline(&window);
    // From the bottom up: words, what plays, classes, how loud it is.
    for (up, expected) in [
        (24.0, "Plays: guitar 82 %, 0:12.0 to 0:20.0"),
        (38.0, "music 91 %, 0:14.2 to 0:20.1"),
        (58.0, "Momentary loudness up to −14 LUFS, 0:16.0 to 0:17.0"),
    ] {
        window.hover_at(Pos2::new(area.left() + area.width() * 6.5 / 40.0, area.bottom() - up));
        window.run();
        window.get_by_label(expected);
    }
}

#[test]
fn words_that_are_not_sure_look_like_the_others_on_request() {
    let mut window = window();
    let shows_doubt = |window: &mut Harness<'static, Window>| {
        let Window { view, snapshot, facts, .. } = window.state_mut();
        let model = crate::ViewModel::new(snapshot, view.state_mut(), facts, None);
        let mut rows = (0..model.transcript.len()).map(|index| model.transcript.row(index));
        rows.any(|row| row.pieces.iter().any(|piece| piece.certainty != Certainty::Sure))
    };
    assert!(shows_doubt(&mut window));
    click(&mut window, &["View", "How sure the model is of words"]);
    assert!(!shows_doubt(&mut window));
}

#[test]
fn every_filter_is_two_clicks_away() {
    let roles = [Role::Speech, Role::Vocals, Role::Drums, Role::Guitar].map(Show::While);
    assert_eq!(Show::of_roles(&filled().notebook).collect::<Vec<_>>(), roles);
    for show in Show::GROUPS.concat().into_iter().chain(roles).filter(|show| *show != Show::All) {
        let mut window = window();
        click(&mut window, &["View", "Find and filter", "Filter: All"]);
        window.get_by_label(show.name()).scroll_to_me();
        window.run();
        click(&mut window, &[show.name()]);
        let find = window.state_mut().view.state_mut().find.clone();
        assert_eq!(find.map(|find| find.show), Some(show));
    }
}
