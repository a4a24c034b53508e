//! What is there can be found.

use super::clicks::{Window, open};
use super::fixture::{facts, filled, mark, worked_on};
use crate::view_model::transcript::{Lens, RowKind, Transcript};
use crate::{Certainty, EditorView, Find, RowId, Show};
use earmark_timeline::mark::Mark;
use earmark_timeline::notebook::{Notebook, Parts};
use earmark_timeline::sound::Role;
use earmark_timeline::tag::SoundClass;
use earmark_timeline::utterance::{ItemId, Origin};
use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use std::sync::Arc;

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
    for label in ["Filter: All", "Marks"] {
        window.get_by_label(label).click();
        window.run();
    }
    assert!(window.query_by_label_contains("Welcome back").is_none());
    window.get_by_label_contains("0:08.0  [Take 2]");
    window.get_by_label("Close search").click();
    window.run();
    assert!(window.query_all_by_label_contains("Welcome back").next().is_some());
}

/// Compares the rows that a filter leaves.
fn check(show: Show, is_left: impl Fn(RowKind, RowId) -> bool) {
    let mut snapshot = worked_on();
    let by_machine = Mark { origin: Origin::Machine, ..mark(22, 15.0, "Solo") };
    let marks = snapshot.notebook.marks().iter().cloned().chain([by_machine]).collect();
    let notebook = Arc::make_mut(&mut snapshot.notebook);
    *notebook = Notebook::from_parts(Parts {
        marks,
        settings: notebook.settings().clone(),
        utterances: notebook.utterances().to_vec(),
        spans: notebook.spans().to_vec(),
        roles: notebook.roles().to_vec(),
        versions: notebook.versions().to_vec(),
        ..Parts::default()
    });
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
    let is = |id: RowId, items: &[u64]| items.iter().any(|item| id == RowId::Item(ItemId(*item)));
    check(Show::Unsure, |_, id| is(id, &[7]));
    check(Show::Corrected, |kind, _| kind == RowKind::Speech(Origin::Hand));
    check(Show::MarksByHand, |kind, _| kind == RowKind::Mark(Origin::Hand));
    check(Show::MarksByMachine, |_, id| is(id, &[22]));
    check(Show::In(SoundClass::Singing), |_, id| is(id, &[20]));
    check(Show::In(SoundClass::Music), |_, id| is(id, &[22]));
    check(Show::While(Role::Guitar), |_, id| is(id, &[22]));
    check(Show::In(SoundClass::Speech), |kind, _| matches!(kind, RowKind::Speech(_)));
}

#[test]
fn doubtful_words_are_found_and_can_look_like_all_others() {
    let rows = |show, plain| {
        let lens = Lens { find: Find { show, ..Find::default() }, plain, ..Lens::default() };
        let transcript = Transcript::new(&filled(), lens);
        (0..transcript.len()).map(|at| transcript.row(at)).collect::<Vec<_>>()
    };
    let [row] = &rows(Show::Doubtful, false)[..] else { panic!("one row has a doubtful word") };
    assert!(row.pieces.iter().any(|piece| piece.certainty == Certainty::Doubtful), "{row:?}");
    let [plain] = &rows(Show::Doubtful, true)[..] else { panic!("the same row") };
    assert!(plain.pieces.iter().all(|piece| piece.certainty == Certainty::Sure), "{plain:?}");
    assert_eq!(plain.text(), row.text());
}
