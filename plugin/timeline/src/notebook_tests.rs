use super::*;
use crate::clock::RunId;
use crate::edit::Edit;
use crate::sound::{Loudness, Role, Sound};
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
fn what_plays_and_how_loud_it_is_is_replaced_where_it_is_heard_again_and_nowhere_else() {
    let mut notebook = Notebook::default();
    notebook.hear_role(at(0.0)..at(4.0), Some((Role::Drums, 0.5)));
    notebook.hear_role(at(4.0)..at(8.0), Some((Role::Drums, 1.0)));
    notebook.hear_role(at(2.0)..at(4.0), None);
    notebook.hear_role(at(6.0)..at(7.0), Some((Role::Bass, 0.9)));
    let roles: Vec<_> =
        notebook.roles().iter().map(|it| (it.start, it.end, it.role, it.probability)).collect();
    let expected = [
        (0.0, 2.0, Role::Drums, 0.75),
        (4.0, 6.0, Role::Drums, 0.75),
        (6.0, 7.0, Role::Bass, 0.9),
        (7.0, 8.0, Role::Drums, 0.75),
    ];
    assert_eq!(
        roles,
        expected.map(|(start, end, role, probability)| (at(start), at(end), role, probability))
    );
    for (start, lufs) in [(0.0, -20), (1.0, -20), (2.0, -30), (0.5, -10)] {
        notebook.hear_loudness(LoudnessSpan { start: at(start), end: at(start + 1.0), lufs });
    }
    let loudness: Vec<_> = notebook.loudness().iter().map(|it| (it.start, it.end, it.lufs)).collect();
    let expected = [(0.0, 0.5, -20), (0.5, 1.5, -10), (1.5, 2.0, -20), (2.0, 3.0, -30)];
    assert_eq!(loudness, expected.map(|(start, end, lufs)| (at(start), at(end), lufs)));
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
    notebook.hear_role(at(0.0)..at(4.0), Some((Role::Speech, 0.5)));
    notebook.hear_loudness(LoudnessSpan { start: at(0.0), end: at(1.0), lufs: -23 });
    notebook.miss(at(7.0)..at(8.0));
    notebook.measure(Reading { start: at(0.0), end: at(9.0), sound: Sound::default() });
    let parts = Parts {
        settings: notebook.settings().clone(),
        utterances: notebook.utterances().to_vec(),
        spans: notebook.spans().to_vec(),
        roles: notebook.roles().to_vec(),
        loudness: notebook.loudness().to_vec(),
        marks: notebook.marks().to_vec(),
        dropped: notebook.dropped().to_vec(),
        missed: notebook.missed().to_vec(),
        versions: notebook.versions().to_vec(),
        tempo: notebook.tempo().clone(),
        reading: notebook.reading().cloned(),
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

#[test]
fn what_was_measured_stays_until_a_passage_half_as_long_was() {
    let mut notebook = Notebook::default();
    let mut check = |start: f64, end: f64, clips: u64, is_kept: bool| {
        let loudness = Loudness { clips, ..Loudness::default() };
        let sound = Sound { loudness, ..Sound::default() };
        let reading = Reading { start: at(start), end: at(end), sound };
        notebook.measure(reading.clone());
        assert_eq!(notebook.reading() == Some(&reading), is_kept, "{start} to {end}");
    };
    check(0.0, 100.0, 1, true);
    check(10.0, 50.0, 2, false);
    check(50.0, 100.0, 3, true);
    check(50.0, 100.0, 4, true);
}

#[test]
fn the_nearest_sound_that_begins_within_reach_is_found() {
    let mut notebook = Notebook::default();
    notebook.hear(span(0.0, 10.0, Speech));
    notebook.hear(span(10.0, 10.7, Silence));
    notebook.hear(span(10.7, 40.0, Music));
    let check = |time: f64, expected: Option<f64>| {
        assert_eq!(notebook.sound_begins_near(at(time), at(1.0)), expected.map(at), "{time}");
    };
    check(10.1, Some(10.7));
    check(11.7, Some(10.7));
    check(9.6, None);
    check(-0.4, Some(0.0));
}

#[test]
fn the_classes_of_a_stretch_count_as_far_as_they_lie_in_it() {
    let mut notebook = Notebook::default();
    notebook.hear(span(0.0, 10.0, Speech));
    notebook.hear(span(10.0, 40.0, Music));
    let check = |start: f64, end: f64, expected: Option<[f64; 5]>| {
        assert_eq!(notebook.class_shares_within(&(at(start)..at(end))), expected, "{start} to {end}");
    };
    check(0.0, 40.0, Some([0.25, 0.0, 0.75, 0.0, 0.0]));
    check(8.0, 12.0, Some([0.5, 0.0, 0.5, 0.0, 0.0]));
    check(10.0, 11.0, Some([0.0, 0.0, 1.0, 0.0, 0.0]));
    check(40.0, 50.0, None);
    assert_eq!(notebook.class_shares(), Some([0.25, 0.0, 0.75, 0.0, 0.0]));
}

/// Says words of a second each in one utterance.
fn said_together(notebook: &mut Notebook, start: f64, text: &str, run: u32) {
    let words = text.split(' ').zip(0..).map(|(word, second)| {
        let start = start + f64::from(second);
        Word { text: word.to_owned(), start: at(start), end: at(start + 1.0), confidence: 0.9 }
    });
    let words: Vec<_> = words.collect();
    let utterance = Utterance {
        id: notebook.fresh_id(),
        start: words[0].start,
        end: words[words.len() - 1].end,
        words,
        language: None,
        model: Arc::from("test"),
        origin: Origin::Machine,
        run: Some(RunId(run)),
    };
    notebook.settle(utterance);
}

/// Hears `heard` again as `new`, and stops; says what is in the notebook then, and what the former pass keeps.
fn check_division(heard: Range<f64>, new: &str, expected: &[&str], past: &str) {
    let mut notebook = Notebook::default();
    said_together(&mut notebook, 0.0, "a b c d e f", 0);
    let (place, run) = (at(heard.start)..at(heard.end), RunId(1));
    said_together(&mut notebook, heard.start, new, 1);
    notebook.supersede(&place, run);
    notebook.divide(&place, run);
    assert_eq!(texts(&notebook), expected, "{heard:?}");
    assert_eq!(notebook.versions().iter().map(Version::text).collect::<Vec<_>>(), [past], "{heard:?}");
    assert!(!notebook.holds_divided(&place, run), "{heard:?}");
    let named = notebook.utterances().iter().chain(&notebook.versions()[0].utterances);
    let mut names: Vec<_> = named.map(|utterance| utterance.id).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), expected.len() + notebook.versions()[0].utterances.len(), "{heard:?}");
}

#[test]
fn a_pass_that_begins_or_ends_within_an_utterance_replaces_the_words_that_it_heard() {
    check_division(0.0..2.0, "A B", &["A B", "c d e f"], "a b");
    check_division(0.0..4.0, "A B C D", &["A B C D", "e f"], "a b c d");
    check_division(4.0..6.0, "E F", &["a b c d", "E F"], "e f");
    check_division(1.0..3.0, "B C", &["a", "B C", "d e f"], "b c");
    check_division(0.0..6.0, "A B C D E F", &["A B C D E F"], "a b c d e f");
}

#[test]
fn what_a_person_wrote_is_never_divided() {
    let mut notebook = Notebook::default();
    said_together(&mut notebook, 0.0, "a b c d", 0);
    let id = notebook.utterances()[0].id;
    notebook.edit(&Edit::Correct { utterance: id, text: "a b c D".to_owned() }).expect("it is there");
    assert!(!notebook.holds_divided(&(at(0.0)..at(2.0)), RunId(1)));
    notebook.divide(&(at(0.0)..at(2.0)), RunId(1));
    assert_eq!(texts(&notebook), ["a b c D"]);
    assert!(notebook.versions().is_empty());
}
