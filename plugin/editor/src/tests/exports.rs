//! The export page.

use super::clicks::{Window, open};
use super::fixture::{at, facts, filled};
use crate::{Action, EditorView, ExportJob, ExportParts, Facts, Preview};
use earmark_timeline::utterance::ItemId;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

const SPEECH: ExportParts = ExportParts { speech: true, words: false, marks: false, classes: false };

fn page(facts: Facts, size: [f32; 2]) -> Harness<'static, Window> {
    let mut window = open(filled(), facts, size);
    for label in ["Export", "WebVTT"] {
        window.get_by_label_contains(label).click();
        window.run();
    }
    window
}

fn click(window: &mut Harness<'static, Window>, label: &str) {
    window.get_by_label(label).click();
    window.run();
}

/// Clicks on the page of a host that loops, and compares what was asked for.
fn check(labels: &[&str], expected: &[Action]) {
    let preview = Preview { text: Ok("WEBVTT".to_owned()), file: "Talkback.vtt".to_owned() };
    let facts = Facts { cycle: Some(at(4.0)..at(8.0)), preview: Some(preview), ..facts() };
    let mut window = page(facts, EditorView::SIZE);
    for label in labels {
        click(&mut window, label);
    }
    assert_eq!(window.state().actions, expected, "{labels:?}");
}

fn job() -> ExportJob {
    ExportJob { format: 1, range: None, parts: SPEECH }
}

/// What may be clicked until there is an SRT file, with what a person does in the host: insert the plugin and play.
const MOST_CLICKS: usize = 5;
const IN_THE_HOST: usize = 2;

#[test]
fn an_srt_file_is_a_few_clicks_away() {
    for size in [EditorView::SIZE, EditorView::LEAST_SIZE] {
        let mut window = open(filled(), facts(), size);
        let screen = egui::Rect::from_min_size(egui::Pos2::ZERO, size.into());
        let mut clicks = IN_THE_HOST;
        for label in ["Export", "SRT subtitles", "Save"] {
            let button = window.get_all_by_label_contains(label).next().expect(label);
            assert!(screen.contains_rect(button.rect()), "{label} is not to be seen");
            button.click();
            window.run();
            clicks += 1;
        }
        assert_eq!(window.state().actions, [Action::Export(ExportJob { format: 0, ..job() })]);
        assert!(clicks <= MOST_CLICKS, "{clicks} clicks");
    }
}

#[test]
fn every_choice_is_in_what_is_asked_for() {
    check(&[], &[]);
    check(&["Save"], &[Action::Export(job())]);
    check(&["Save as…"], &[Action::ExportAs(job())]);
    check(&["Copy text"], &[Action::CopyExport(job())]);
    let looped = ExportJob { range: Some(at(4.0)..at(8.0)), ..job() };
    check(&["Host's loop", "Save"], &[Action::Export(looped)]);
    let visible = ExportJob { range: Some(at(0.0)..at(60.0)), ..job() };
    check(&["Visible part", "Save"], &[Action::Export(visible)]);
    let with = |parts| Action::Export(ExportJob { parts, ..job() });
    check(&["Each word", "Save"], &[with(ExportParts { words: true, ..SPEECH })]);
    check(&["Marks", "Save"], &[with(ExportParts { marks: true, ..SPEECH })]);
    check(&["Classes of sound", "Save"], &[with(ExportParts { classes: true, ..SPEECH })]);
    // Text without times has a format of its own.
    let plain = Action::CopyExport(ExportJob { format: 3, ..job() });
    check(&["WebVTT subtitles", "Plain text\nTimes and text, for people", "Copy text"], &[plain]);
    // Without speech there are no words to be written one by one.
    check(&["Speech", "Each word", "Save"], &[with(ExportParts { speech: false, ..SPEECH })]);
}

#[test]
fn the_chosen_row_can_be_exported_while_there_is_one() {
    let mut window = page(facts(), EditorView::SIZE);
    for label in ["Chosen row", "Host's loop"] {
        click(&mut window, label);
    }
    click(&mut window, "Save");
    assert_eq!(window.state().actions, [Action::Export(job())], "neither is there");
    window.state_mut().actions.clear();
    window.state_mut().view.state_mut().select(Some(ItemId(2).into()));
    window.run();
    click(&mut window, "Chosen row");
    click(&mut window, "Save");
    let said = &filled().notebook.utterances()[1].clone();
    let range = Some(said.start..said.end);
    assert_eq!(window.state().actions, [Action::Export(ExportJob { range, ..job() })]);
}

#[test]
fn the_page_shows_the_format_the_first_lines_and_the_file_at_every_size() {
    for size in [EditorView::LEAST_SIZE, EditorView::SIZE, [1_920.0, 1_080.0]] {
        let text = Ok("WEBVTT\n\n00:01.200 --> 00:04.000\nWelcome back".to_owned());
        let preview = Preview { text, file: "/home/anna/Documents/Earmark/Talkback.vtt".to_owned() };
        let window = page(Facts { preview: Some(preview), ..facts() }, size);
        let screen = egui::Rect::from_min_size(egui::Pos2::ZERO, size.into());
        let shown = ["Web players and podcasts", "WEBVTT\n", "/home/anna", "Save as…", "Copy text", "Close"];
        for label in shown {
            let rect = window.get_by_label_contains(label).rect();
            assert!(screen.contains_rect(rect) && rect.is_positive(), "{label} at {rect:?} in {size:?}");
        }
    }
}

#[test]
fn what_is_not_text_cannot_be_copied_and_says_so() {
    let reason = "Not a text format";
    let preview = Preview { text: Err(reason.to_owned()), file: "Talkback.mid".to_owned() };
    let mut window = page(Facts { preview: Some(preview), ..facts() }, EditorView::SIZE);
    window.get_by_label(reason);
    click(&mut window, "Copy text");
    assert_eq!(window.state().actions, []);
    click(&mut window, "Close");
    window.get_by_label_contains("Timeline from");
}
