use super::*;
use crate::edit::{Edit, History, Recording};
use std::sync::Arc;

fn at(seconds: f64) -> ProjectTime {
    ProjectTime::from_seconds(seconds)
}

/// A run that begins at a time marks these places by a rule.
fn find(notebook: &mut Notebook, rule: Rule, run: u32, since: f64, places: &[f64]) {
    for place in places {
        let finding = Finding { rule, place: at(*place)..at(*place), run: RunId(run), since: at(since) };
        notebook.set_mark(&finding);
    }
}

fn marked(notebook: &Notebook) -> Vec<(&str, f64)> {
    notebook.marks().iter().map(|mark| (mark.label.as_str(), mark.start.seconds())).collect()
}

#[test]
fn a_rule_marks_once_in_ten_seconds_and_rules_do_not_count_each_other() {
    let check = |places: &[f64], expected: &[f64]| {
        let mut notebook = Notebook::default();
        find(&mut notebook, Rule::Clipping, 0, 0.0, places);
        find(&mut notebook, Rule::DropOut, 0, 0.0, &places[..1]);
        let (dropped, clipped): (Vec<_>, Vec<_>) =
            marked(&notebook).into_iter().partition(|(label, _)| *label == "Drop-out");
        assert_eq!(clipped.into_iter().map(|(_, place)| place).collect::<Vec<_>>(), expected);
        assert_eq!(dropped, [("Drop-out", places[0])]);
    };
    check(&[1.0], &[1.0]);
    check(&[1.0, 1.5, 10.5, 11.0, 12.0, 30.0], &[1.0, 11.0, 30.0]);
    // Found later, and still once.
    check(&[20.0, 15.0, 10.0], &[10.0, 20.0]);
}

#[test]
fn a_passage_that_is_played_again_is_marked_anew_and_what_a_person_changed_stays() {
    let mut notebook = Notebook::default();
    find(&mut notebook, Rule::Clipping, 0, 0.0, &[5.0, 25.0, 45.0]);
    let mark = notebook.marks()[1].id;
    notebook.edit(&Edit::RenameMark { mark, label: "Too hot".into() }).expect("it is there");
    find(&mut notebook, Rule::Clipping, 1, 20.0, &[25.5, 46.0]);
    assert!(notebook.holds_superseded(&(at(20.0)..at(50.0)), RunId(1)));
    notebook.supersede(&(at(20.0)..at(50.0)), RunId(1));
    assert!(!notebook.holds_superseded(&(at(20.0)..at(50.0)), RunId(1)));
    assert_eq!(marked(&notebook), [("Clipping", 5.0), ("Too hot", 25.0), ("Clipping", 46.0)]);
}

#[test]
fn of_first_sounds_the_earliest_stays() {
    let mut notebook = Notebook::default();
    for (run, since, sound, expected) in [
        (0, 60.0, 61.0, 61.0),
        (1, 90.0, 91.0, 61.0),
        (2, 0.0, 2.0, 2.0),
        (3, 30.0, 30.5, 2.0),
        (4, 0.0, 4.0, 4.0),
    ] {
        find(&mut notebook, Rule::FirstSound, run, since, &[sound]);
        assert_eq!(marked(&notebook), [("First sound", expected)], "run {run}");
    }
}

#[test]
fn an_edit_of_a_machines_mark_is_taken_back_unless_the_mark_was_set_anew_meanwhile() {
    let check = |is_played_again: bool, expected: &[(&str, f64)]| {
        let (mut notebook, mut history) = (Notebook::default(), History::default());
        find(&mut notebook, Rule::Clipping, 0, 0.0, &[5.0]);
        let mark = notebook.marks()[0].id;
        history.edit(&mut notebook, &Edit::RemoveMark(mark)).expect("it is there");
        assert_eq!(marked(&notebook), []);
        if is_played_again {
            find(&mut notebook, Rule::Clipping, 1, 0.0, &[5.001]);
        }
        assert_eq!(history.undo(&mut notebook), !is_played_again);
        assert_eq!(marked(&notebook), expected);
    };
    check(false, &[("Clipping", 5.0)]);
    check(true, &[("Clipping", 5.001)]);
}

#[test]
fn what_a_recordings_rules_marked_comes_and_goes_with_it() {
    let mut heard = Notebook::default();
    find(&mut heard, Rule::DropOut, 0, 0.0, &[15.0]);
    let (mut notebook, mut history) = (Notebook::default(), History::default());
    find(&mut notebook, Rule::Clipping, 3, 0.0, &[5.0, 16.0]);
    let before = notebook.clone();
    let recording = Recording { place: at(10.0)..at(20.0), run: RunId(7), notebook: Arc::new(heard) };
    history.edit(&mut notebook, &Edit::TakeIn(Arc::new(recording))).expect("a recording always fits");
    assert_eq!(marked(&notebook), [("Clipping", 5.0), ("Drop-out", 15.0)]);
    assert_eq!(notebook.marks()[1].run, Some(RunId(7)));
    assert!(history.undo(&mut notebook));
    assert_eq!(notebook.marks(), before.marks());
}
