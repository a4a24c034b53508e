//! A file that is analysed.

use super::clicks::{Window, open};
use super::fixture::{at, facts, filled};
use crate::{Action, DroppedPath, EditorView, Facts, FileWork, ViewModel, ViewState};
use earmark_timeline::snapshot::Snapshot;
use egui::HoveredFile;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use std::sync::Arc;

fn work(done: Option<f32>, waits: bool) -> FileWork {
    FileWork { name: "take.wav".to_owned(), at: at(57.5), done, waits }
}

fn click(window: &mut Harness<'static, Window>, label: &str) {
    window.get_by_label_contains(label).click();
    window.run();
}

#[test]
fn a_file_goes_where_the_menu_says() {
    let check = |facts: Facts, entry: &str, seconds: f64| {
        let mut window = open(filled(), facts, EditorView::SIZE);
        click(&mut window, "File");
        click(&mut window, entry);
        assert_eq!(window.state().actions, [Action::AnalyseFile { at: at(seconds) }], "{entry}");
    };
    check(facts(), "Analyse a file from the playhead, 0:57.5 on", 57.5);
    check(facts(), "Analyse a file from the start on", 0.0);
    check(Facts { playhead: None, ..facts() }, "Analyse a file from the start on", 0.0);
}

#[test]
fn a_dropped_file_goes_where_the_first_entry_says() {
    let drop_of = |facts: Facts, names: &[&str]| {
        let mut window = open(filled(), facts, EditorView::LEAST_SIZE);
        let file = |name: &&str| Arc::new(DroppedPath(name.into())) as egui::DroppedFileHandle;
        window.input_mut().dropped_files = names.iter().map(file).collect();
        window.run();
        window
    };
    let one = drop_of(facts(), &["/takes/one.wav"]);
    let path = "/takes/one.wav".into();
    assert_eq!(one.state().actions, [Action::AnalyseDropped { path, at: at(57.5) }]);
    let start = drop_of(Facts { playhead: None, ..facts() }, &["one.wav"]);
    assert_eq!(start.state().actions, [Action::AnalyseDropped { path: "one.wav".into(), at: at(0.0) }]);
    let two = drop_of(facts(), &["/takes/one.wav", "/takes/two.wav"]);
    two.get_by_label("Several files were dropped and none was taken; drop one at a time");
    assert_eq!(two.state().actions, []);
}

#[test]
fn what_is_dragged_over_the_window_is_told_what_becomes_of_it() {
    let check = |facts: Facts, expected: &str| {
        let mut window = open(filled(), facts, EditorView::LEAST_SIZE);
        assert!(window.query_by_label(expected).is_none());
        window.input_mut().hovered_files = vec![HoveredFile::default()];
        // While something hovers, frame follows frame.
        window.step();
        window.get_by_label(expected);
        window.input_mut().hovered_files.clear();
        window.run();
        assert!(window.query_by_label(expected).is_none());
        assert_eq!(window.state().actions, []);
    };
    check(facts(), "Analyse a file from the playhead, 0:57.5 on");
    let busy = Facts { file: Some(work(None, false)), ..facts() };
    check(busy, "A file is being analysed; wait for it or cancel it");
}

#[test]
fn an_empty_window_offers_to_analyse_a_file() {
    let mut window = open(Snapshot::default(), Facts::default(), EditorView::SIZE);
    click(&mut window, "Analyse a file");
    assert_eq!(window.state().actions, [Action::AnalyseFile { at: at(0.0) }]);
}

#[test]
fn a_file_tells_how_far_it_is_and_where_it_goes() {
    let told = |work: FileWork| {
        let facts = Facts { file: Some(work), playing: false, ..facts() };
        let model = ViewModel::new(&filled(), &ViewState::default(), &facts, None);
        (model.status.file.unwrap_or_default(), model.header.progress)
    };
    let begun = "Analysing take.wav from 0:57.5 on".to_owned();
    assert_eq!(told(work(None, false)), (begun, None));
    let half = "Analysing take.wav from 0:57.5 on: 42 %".to_owned();
    assert_eq!(told(work(Some(0.42), false)), (half, Some(0.42)));
    let waits = "take.wav goes in at 0:57.5 as soon as playing there has ended".to_owned();
    assert_eq!(told(work(None, true)), (waits, None));
}

#[test]
fn one_file_at_a_time_and_it_can_be_given_up() {
    for size in [EditorView::SIZE, EditorView::LEAST_SIZE] {
        let mut window = open(filled(), Facts { file: Some(work(Some(0.42), false)), ..facts() }, size);
        click(&mut window, "File");
        assert!(window.query_by_label_contains("Analyse a file from").is_none());
        click(&mut window, "Cancel");
        assert_eq!(window.state().actions, [Action::GiveUpFile]);
    }
}

#[test]
fn what_became_of_a_file_is_told_until_it_is_dismissed() {
    let mut window = open(filled(), facts(), EditorView::SIZE);
    let state = window.state_mut().view.state_mut();
    state.report_file(&work(None, false), 212);
    state.now += 1_000.0;
    window.run();
    let said = "take.wav: 212 words from 0:57.5 on. Undo takes them out again.";
    window.get_by_label(said);
    click(&mut window, "Dismiss");
    assert!(window.query_by_label(said).is_none());
}
