//! Nothing important is ever out of the window.

use super::clicks::{Window, open};
use super::fixture::{at, facts, filled, notebook, utterance};
use crate::EditorView;
use earmark_timeline::snapshot::{Health, Snapshot};
use egui::Rect;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use std::sync::Arc;

const SIZES: [[f32; 2]; 4] =
    [EditorView::LEAST_SIZE, EditorView::SIZE, [1_920.0, 1_080.0], [3_840.0, 2_160.0]];

/// Asserts that all that is so labelled lies within the window and that nothing overlaps.
fn check(window: &Harness<'_, Window>, size: [f32; 2], labels: &[&str]) {
    let screen = Rect::from_min_size(egui::Pos2::ZERO, size.into());
    let rects: Vec<_> = labels.iter().map(|label| window.get_by_label_contains(label).rect()).collect();
    for (label, rect) in labels.iter().zip(&rects) {
        assert!(screen.contains_rect(*rect) && rect.area() > 0.0, "{label} at {rect:?} in {size:?}");
    }
    for (index, rect) in rects.iter().enumerate() {
        for (other, label) in rects.iter().zip(labels).skip(index + 1) {
            let both = rect.intersect(*other);
            let overlap = both.is_positive() && both.area() > 1.0;
            assert!(!overlap, "{} and {label} overlap in {size:?}", labels[index]);
        }
    }
}

const BUTTONS: [&str; 8] = ["File", "Export", "Copy", "Add mark", "Follow", "Fit", "Zoom in", "Zoom out"];

#[test]
fn every_size_has_room_for_all_that_matters() {
    for size in SIZES {
        let window = open(filled(), facts(), size);
        let rest = ["Earmark", "Listening", "Timeline from", "0:01.2  Welcome", "Heard 58 s", "Host time"];
        check(&window, size, &[BUTTONS.as_slice(), rest.as_slice()].concat());
    }
}

#[test]
fn every_size_has_room_for_what_to_do_next() {
    for size in SIZES {
        let window = open(Snapshot::default(), super::fixture::facts(), size);
        let rest = ["Timeline from", "Nothing heard yet", "Press play in your DAW", "Nothing heard since"];
        check(&window, size, &[BUTTONS.as_slice(), rest.as_slice()].concat());
    }
}

#[test]
fn banners_take_their_room_from_the_transcript_and_not_from_the_buttons() {
    let mut snapshot = filled();
    Arc::make_mut(&mut snapshot.notebook).miss(at(54.0)..at(56.0));
    snapshot.status.notice = Some("The saved state was written by a newer version. ".repeat(6));
    snapshot.status.transcriber = Health::Unavailable("tiny.bin is damaged; fetch it again. ".repeat(6));
    for size in SIZES {
        let window = open(snapshot.clone(), facts(), size);
        check(&window, size, &[BUTTONS.as_slice(), &["Timeline from", "Heard 58 s"]].concat());
    }
}

#[test]
fn a_banner_is_as_high_as_its_text() {
    let mut snapshot = filled();
    Arc::make_mut(&mut snapshot.notebook).miss(at(54.0)..at(56.0));
    for size in SIZES {
        let window = open(snapshot.clone(), facts(), size);
        let rest = ["Timeline from", "0:01.2  Welcome", "0:04.9  Count", "Not analysed", "Show", "Dismiss"];
        check(&window, size, &[BUTTONS.as_slice(), &rest].concat());
    }
}

#[test]
fn no_window_is_too_small_to_be_painted() {
    for size in [[0.0, 0.0], [1.0, 1.0], [40.0, 500.0], [900.0, 30.0]] {
        open(filled(), facts(), size);
        open(Snapshot::default(), facts(), size);
    }
}

#[test]
fn a_long_utterance_is_wrapped_and_not_cut() {
    let window = open(filled(), facts(), EditorView::LEAST_SIZE);
    let short = window.get_by_label_contains("0:01.2  Welcome").rect();
    let mut long = open(filled(), facts(), [480.0, 900.0]);
    long.run();
    let long = long.get_by_label_contains("0:27.0  Right.").rect();
    assert!(long.height() > 3.0 * short.height(), "{long:?} is not much higher than {short:?}");
}

#[test]
fn only_the_rows_in_view_are_laid_out() {
    let mut snapshot = filled();
    let mut many = notebook();
    for index in 0..4_000 {
        let text = "ten words that somebody said in one breath and meant";
        many.settle(utterance(1_000 + index, 60.0 + index as f64 * 4.0, text));
    }
    snapshot.notebook = Arc::new(many);
    let mut window = open(snapshot, facts(), EditorView::SIZE);
    let rows = |window: &Harness<'_, Window>| window.query_all_by_label_contains("ten words").count();
    assert!(rows(&window) < 60, "{} rows", rows(&window));
    // To the far end and back: what is in view is always laid out.
    for _ in 0..3 {
        window.get_by_label_contains("0:01.2  Welcome");
        let place = window.get_by_label_contains("0:04.9  Count").rect().center();
        window.hover_at(place);
        for delta in [-1.0e6, 1.0e6] {
            window.event(egui::Event::MouseWheel {
                unit: egui::MouseWheelUnit::Point,
                delta: egui::vec2(0.0, delta),
                phase: egui::TouchPhase::Move,
                source: egui::MouseWheelSource::Wheel,
                modifiers: egui::Modifiers::NONE,
            });
            window.run_steps(30);
            let seen = rows(&window);
            assert!(if delta < 0.0 { (5..60).contains(&seen) } else { seen < 60 }, "{seen} rows");
        }
    }
}
