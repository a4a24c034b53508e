//! What is there can be found.

use super::clicks::{Window, open};
use super::fixture::{facts, filled, worked_on};
use crate::view_model::transcript::{Lens, RowKind, Transcript};
use crate::{EditorView, Find, RowId, Show};
use earmark_timeline::utterance::ItemId;
use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

fn window() -> Harness<'static, Window> {
    let mut window = open(filled(), facts(), EditorView::SIZE);
    for label in ["View", "Find and filter"] {
        window.get_by_label(label).click();
        window.run();
    }
    window
}

fn chosen(window: &mut Harness<'static, Window>) -> Option<ItemId> {
    window.state_mut().view.state_mut().selected_item()
}

#[test]
fn one_goes_from_hit_to_hit_and_round_again() {
    let mut window = window();
    window.get_by_role(egui::accesskit::Role::TextInput).focus();
    window.run();
    window.event(egui::Event::Text("THE".to_owned()));
    window.run();
    window.get_by_label("6 found");
    let mut seen = Vec::new();
    for label in ["Next", "Next", "Previous", "Previous"] {
        window.get_by_label(label).click();
        window.run();
        seen.extend(chosen(&mut window).map(|id| id.0));
    }
    // The first two, back again, and round to the last.
    assert_eq!(seen, [1, 2, 1, 7]);
    window.get_by_label("6 of 6");
    window.get_by_role(egui::accesskit::Role::TextInput).focus();
    window.run();
    window.key_press(Key::Enter);
    window.run();
    assert_eq!(chosen(&mut window), Some(ItemId(1)));
    window.get_by_label("Close search").click();
    window.run();
    assert_eq!(window.state_mut().view.state_mut().find, None);
}

#[test]
fn a_filter_hides_the_other_rows_until_it_is_closed() {
    let mut window = window();
    window.get_by_label("Marks").click();
    window.run();
    assert!(window.query_by_label_contains("Welcome back").is_none());
    window.get_by_label_contains("0:08.0  [Take 2]");
    window.get_by_label("Close search").click();
    window.run();
    assert!(window.query_all_by_label_contains("Welcome back").next().is_some());
}

/// Compares the rows that a filter leaves.
fn check(show: Show, is_left: impl Fn(RowKind, RowId) -> bool) {
    let snapshot = worked_on();
    let all = Transcript::new(&snapshot, Lens::default());
    let find = Find { show, ..Find::default() };
    let left = Transcript::new(&snapshot, Lens { find, ..Lens::default() });
    let rows =
        |transcript: &Transcript| (0..transcript.len()).map(|at| transcript.row(at)).collect::<Vec<_>>();
    let expected: Vec<_> = rows(&all).into_iter().filter(|row| is_left(row.kind, row.id)).collect();
    assert!(!expected.is_empty());
    assert_eq!(rows(&left), expected, "{show:?}");
}

#[test]
fn a_filter_leaves_what_it_says() {
    check(Show::All, |_, _| true);
    check(Show::Speech, |kind, _| matches!(kind, RowKind::Speech(_)));
    check(Show::Marks, |kind, _| matches!(kind, RowKind::Mark(_)));
    check(Show::Unsure, |_, id| id == RowId::Item(ItemId(7)));
}
