//! A fault in a view is shown and ends nothing.

use super::fixture::{facts, filled, utterance};
use crate::{EditorView, Guard};
use earmark_timeline::snapshot::Snapshot;
use egui::{OutputCommand, Vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use std::sync::Arc;

/// A window with a fault in it, and the session that it shows.
#[derive(Default)]
struct Faulty {
    guard: Guard,
    view: EditorView,
    snapshot: Snapshot,
    planted: bool,
}

#[test]
fn a_panic_is_told_and_the_window_comes_back() {
    let window = Faulty { snapshot: filled(), planted: true, ..Faulty::default() };
    let show = |ui: &mut egui::Ui, window: &mut Faulty| {
        let Faulty { guard, view, snapshot, planted } = window;
        guard.show(ui, |ui| {
            view.ui(ui, snapshot, &facts(), &mut Vec::new());
            assert!(!*planted, "a planted fault");
        });
    };
    let mut window = Harness::builder().with_size(Vec2::from(EditorView::SIZE)).build_ui_state(show, window);
    window.run();
    window.get_by_label_contains("Audio and analysis go on");
    window.get_by_label("Copy the report").click();
    window.step();
    let copied =
        window.output().platform_output.commands.iter().any(
            |command| matches!(command, OutputCommand::CopyText(text) if text.contains("a planted fault")),
        );
    assert!(copied, "{:?}", window.output().platform_output.commands);

    // Meanwhile the session has gone on; the fault shows again until it is gone.
    Arc::make_mut(&mut window.state_mut().snapshot.notebook).settle(utterance(90, 56.0, "We went on."));
    for planted in [true, false] {
        window.state_mut().planted = planted;
        window.get_by_label("Show the window again").click();
        window.run();
        assert_eq!(window.query_by_label_contains("Audio and analysis go on").is_some(), planted);
    }
    window.get_by_label_contains("We went on.");
}
