use super::*;
use crate::clock::RunId;
use crate::edit::Edit;
use crate::tag::SoundClass::{self, Music, Silence, Speech};
use crate::utterance::{Origin, Word};
use std::sync::Arc;

fn at(seconds: f64) -> ProjectTime {
    ProjectTime::from_seconds(seconds)
}

fn span(start: f64, end: f64, class: SoundClass) -> ClassSpan {
    ClassSpan { start: at(start), end: at(end), class, probability: 0.9 }
}

fn said(notebook: &mut Notebook, start: f64, text: &str, origin: Origin, run: u32) {
    let word = Word { text: text.to_owned(), start: at(start), end: at(start + 1.0), confidence: 0.9 };
    let utterance = Utterance {
        id: notebook.fresh_id(),
        start: at(start),
        end: at(start + 1.0),
        words: vec![word],
        language: None,
        model: Arc::from("test"),
        origin,
        run: Some(RunId(run)),
    };
    notebook.settle(utterance);
}

fn texts(notebook: &Notebook) -> Vec<String> {
    notebook.utterances().iter().map(Utterance::text).collect()
}

fn check_lane(heard: &[ClassSpan], expected: &[(f64, f64, SoundClass)]) {
    let mut notebook = Notebook::default();
    for span in heard {
        notebook.hear(*span);
    }
    let lane: Vec<_> =
        notebook.spans().iter().map(|span| (span.start.seconds(), span.end.seconds(), span.class)).collect();
    assert_eq!(lane, expected);
}

#[test]
fn the_class_lane_never_overlaps_and_joins_equals() {
    check_lane(&[span(0.0, 1.0, Speech), span(1.0, 2.0, Speech)], &[(0.0, 2.0, Speech)]);
    check_lane(
        &[span(0.0, 3.0, Speech), span(1.0, 2.0, Music)],
        &[(0.0, 1.0, Speech), (1.0, 2.0, Music), (2.0, 3.0, Speech)],
    );
    check_lane(
        &[span(0.0, 1.0, Speech), span(1.0, 2.0, Music), span(0.5, 1.5, Silence)],
        &[(0.0, 0.5, Speech), (0.5, 1.5, Silence), (1.5, 2.0, Music)],
    );
    check_lane(
        &[span(0.0, 1.0, Speech), span(2.0, 3.0, Speech), span(1.0, 2.0, Speech)],
        &[(0.0, 3.0, Speech)],
    );
    check_lane(&[span(0.0, 1.0, Speech), span(2.0, 2.0, Music)], &[(0.0, 1.0, Speech)]);
}

#[test]
fn utterances_stand_in_time_order_whatever_order_they_came_in() {
    let mut notebook = Notebook::default();
    said(&mut notebook, 5.0, "later", Origin::Machine, 0);
    said(&mut notebook, 1.0, "earlier", Origin::Machine, 0);
    assert_eq!(texts(&notebook), ["earlier", "later"]);
}

#[test]
fn a_second_pass_replaces_only_what_machines_made_where_it_heard_again() {
    let mut notebook = Notebook::default();
    said(&mut notebook, 0.0, "before", Origin::Machine, 0);
    said(&mut notebook, 2.0, "old", Origin::Machine, 0);
    said(&mut notebook, 3.2, "corrected", Origin::Hand, 0);
    said(&mut notebook, 2.1, "new", Origin::Machine, 1);
    assert!(notebook.holds_superseded(&(at(1.5)..at(5.0)), RunId(1)));
    notebook.supersede(&(at(1.5)..at(5.0)), RunId(1));
    assert!(!notebook.holds_superseded(&(at(1.5)..at(5.0)), RunId(1)));
    assert_eq!(texts(&notebook), ["before", "new", "corrected"]);
}

#[test]
fn parts_come_back_as_the_same_notebook_with_fresh_names_unused() {
    let mut notebook = Notebook::default();
    said(&mut notebook, 0.0, "one", Origin::Machine, 0);
    said(&mut notebook, 0.0, "two", Origin::Machine, 1);
    notebook.supersede(&(at(0.0)..at(2.0)), RunId(1));
    notebook.edit(&Edit::AddMark { at: at(4.0), label: "here".into() }).expect("a mark always fits");
    let id = notebook.marks()[0].id;
    notebook.hear(span(0.0, 1.0, Speech));
    notebook.miss(at(7.0)..at(8.0));
    let parts = Parts {
        settings: notebook.settings().clone(),
        utterances: notebook.utterances().to_vec(),
        spans: notebook.spans().to_vec(),
        marks: notebook.marks().to_vec(),
        dropped: notebook.dropped().to_vec(),
        missed: notebook.missed().to_vec(),
        versions: notebook.versions().to_vec(),
        tempo: notebook.tempo().clone(),
    };
    let mut again = Notebook::from_parts(parts);
    assert_eq!(again, notebook);
    assert_eq!(again.fresh_id(), ItemId(id.0 + 1));
    assert_eq!(again.versions()[0].text(), "one");
}

#[test]
fn what_was_missed_joins_and_goes_where_it_is_heard_again() {
    let check = |missed: &[(f64, f64)], heard: (f64, f64), expected: &[(f64, f64)]| {
        let mut notebook = Notebook::default();
        for (start, end) in missed {
            notebook.miss(at(*start)..at(*end));
        }
        notebook.supersede(&(at(heard.0)..at(heard.1)), RunId(1));
        let left: Vec<_> =
            notebook.missed().iter().map(|range| (range.start.seconds(), range.end.seconds())).collect();
        assert_eq!(left, expected);
    };
    check(&[(4.0, 5.0), (1.0, 2.0), (2.0, 3.0)], (9.0, 9.5), &[(1.0, 3.0), (4.0, 5.0)]);
    check(&[(1.0, 5.0)], (2.0, 3.0), &[(1.0, 2.0), (3.0, 5.0)]);
    check(&[(1.0, 2.0), (3.0, 4.0)], (0.0, 3.5), &[(3.5, 4.0)]);
    check(&[(1.0, 2.0), (1.5, 4.0), (0.0, 9.0)], (9.0, 9.0), &[(0.0, 9.0)]);
}
