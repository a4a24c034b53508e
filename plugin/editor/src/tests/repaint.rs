//! A frame is painted when it would look different, and only then.

use super::clicks::{Window, open};
use super::fixture::{at, facts, filled};
use crate::{EditorView, Facts, Framing, Stretch};
use egui_kittest::Harness;

/// Compares the decision after a change of the facts or the revision.
fn check(window: &Harness<'_, Window>, change: impl FnOnce(&mut u64, &mut Facts), expected: bool) {
    let (mut revision, mut facts) = (window.state().snapshot.revision, window.state().facts.clone());
    change(&mut revision, &mut facts);
    assert_eq!(window.state().view.needs_repaint(revision, &facts), expected);
}

#[test]
fn a_window_that_was_never_painted_needs_it() {
    assert!(EditorView::default().needs_repaint(0, &Facts::default()));
}

#[test]
fn only_what_can_be_seen_to_change_is_painted() {
    let window = open(filled(), facts(), EditorView::SIZE);
    check(&window, |_, _| (), false);
    check(&window, |revision, _| *revision += 1, true);
    check(&window, |_, facts| facts.playing = false, true);
    check(&window, |_, facts| facts.bypassed = true, true);
    // A minute on 880 points: a column is 68 ms.
    check(&window, |_, facts| facts.playhead = Some(at(57.501)), false);
    check(&window, |_, facts| facts.playhead = Some(at(57.6)), true);
}

#[test]
fn a_playhead_out_of_view_costs_nothing_unless_the_page_follows() {
    let mut window = open(filled(), facts(), EditorView::SIZE);
    let state = window.state_mut().view.state_mut();
    (state.framing, state.follow) = (Framing::Free, false);
    state.visible = Stretch { start: 0.0, length: 10.0 };
    window.run();
    check(&window, |_, facts| facts.playhead = Some(at(58.0)), false);
    check(&window, |_, facts| facts.playhead = Some(at(5.0)), true);
    window.state_mut().view.state_mut().follow = true;
    check(&window, |_, facts| facts.playhead = Some(at(58.0)), true);
}

#[test]
fn an_idle_window_asks_for_no_frame() {
    let mut window = open(filled(), Facts { playing: false, ..facts() }, EditorView::SIZE);
    window.run_steps(8);
    let delay = &window.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
    assert_eq!(*delay, std::time::Duration::MAX);
}
