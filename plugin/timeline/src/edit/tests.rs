use super::*;
use crate::clock::RunId;
use crate::course::LoudnessSpan;
use crate::notebook::{Notebook, Parts};
use crate::sound::Role;
use crate::tag::SoundClass;
use crate::utterance::{DropReason, Origin, Word};
use std::sync::Arc;

fn at(seconds: f64) -> ProjectTime {
    ProjectTime::from_seconds(seconds)
}

/// An utterance of one-second words.
fn said(notebook: &mut Notebook, start: f64, text: &str, run: u32) -> ItemId {
    let words: Vec<_> = text
        .split(' ')
        .enumerate()
        .map(|(index, text)| {
            let start = start + index as f64;
            Word { text: text.to_owned(), start: at(start), end: at(start + 1.0), confidence: 0.5 }
        })
        .collect();
    let id = notebook.fresh_id();
    notebook.settle(Utterance {
        id,
        start: at(start),
        end: words.last().map_or(at(start), |word| word.end),
        words,
        language: None,
        model: Arc::from("test"),
        origin: Origin::Machine,
        run: Some(RunId(run)),
    });
    id
}

/// A second of which nothing was kept.
fn dropped(start: f64, text: &str) -> Dropped {
    let word = Word { text: text.to_owned(), start: at(start), end: at(start + 1.0), confidence: 0.1 };
    Dropped {
        start: word.start,
        end: word.end,
        words: vec![word],
        language: None,
        model: Arc::from("test"),
        reason: DropReason::NoSpeech,
        run: None,
    }
}

fn texts(notebook: &Notebook) -> Vec<String> {
    notebook.utterances().iter().map(Utterance::text).collect()
}

fn span(start: f64, end: f64, class: SoundClass) -> ClassSpan {
    ClassSpan { start: at(start), end: at(end), class, probability: 0.5 }
}

fn loud(start: f64, lufs: i8) -> LoudnessSpan {
    LoudnessSpan { start: at(start), end: at(start + 1.0), lufs }
}

/// What was heard of a recording of six seconds that begins at `start`, with `text` after its first second.
fn recording(start: f64, run: u32, text: &str) -> Edit {
    let mut notebook = Notebook::default();
    said(&mut notebook, start + 1.0, text, 0);
    notebook.drop_speech(dropped(start + 5.0, "you"));
    notebook.hear(span(start, start + 6.0, SoundClass::Speech));
    notebook.hear_role(at(start)..at(start + 4.0), Some((Role::Speech, 0.75)));
    for second in 0..6 {
        notebook.hear_loudness(loud(start + f64::from(second), -20 - second as i8));
    }
    let place = at(start)..at(start + 6.0);
    Edit::TakeIn(Arc::new(Recording { place, run: RunId(run), notebook: Arc::new(notebook) }))
}

#[test]
fn a_recording_takes_the_place_of_what_machines_heard_there_and_of_nothing_else() {
    let mut notebook = Notebook::default();
    said(&mut notebook, 8.5, "reaches in", 0);
    let mended = said(&mut notebook, 12.0, "mine", 0);
    said(&mut notebook, 13.5, "was here", 0);
    said(&mut notebook, 20.0, "stays", 0);
    notebook.edit(&Edit::Correct { utterance: mended, text: "my own".to_owned() }).expect("it applies");
    notebook.miss(at(15.0)..at(17.0));
    notebook.hear(span(9.0, 12.0, SoundClass::Music));
    notebook.hear_role(at(8.0)..at(16.0), Some((Role::Guitar, 0.5)));
    notebook.hear_loudness(loud(8.5, -30));
    let before = parts(&notebook);
    let back = notebook.edit(&recording(9.0, 7, "what the file says")).expect("it applies");
    // The person's words stand in the middle of the file's.
    assert_eq!(texts(&notebook), ["what the", "my own", "says", "stays"]);
    let versions: Vec<_> = notebook.versions().iter().map(Version::text).collect();
    assert_eq!((versions, notebook.dropped().len()), (vec!["reaches in was here".to_owned()], 1));
    assert_eq!(notebook.spans(), [span(9.0, 15.0, SoundClass::Speech)]);
    // The last two seconds of the file are not sure, so the guitar is gone from there too.
    let roles: Vec<_> = notebook.roles().iter().map(|span| (span.start, span.end, span.role)).collect();
    let expected = [(8.0, 9.0, Role::Guitar), (9.0, 13.0, Role::Speech), (15.0, 16.0, Role::Guitar)];
    assert_eq!(roles, expected.map(|(start, end, role)| (at(start), at(end), role)));
    let loudness: Vec<_> = notebook.loudness().iter().map(|span| (span.start, span.lufs)).collect();
    assert_eq!(loudness[..2], [(at(8.5), -30), (at(9.0), -20)]);
    assert_eq!(loudness.len(), 7);
    assert_eq!(notebook.missed(), [at(15.0)..at(17.0)]);
    // Played again, it gives way as any other pass does; what is undone then is what is left of it.
    pass(&mut notebook, 8, 9.0, 12.0, "live");
    assert_eq!(texts(&notebook), ["live", "my own", "says", "stays"]);
    assert_eq!(notebook.missed(), before.missed);
    notebook.exchange(back);
    assert_eq!(texts(&notebook), ["live", "my own", "was here", "stays"]);
    assert_eq!(notebook.spans(), before.spans);
    assert_eq!((notebook.roles(), notebook.loudness()), (&before.roles[..], &before.loudness[..]));
}

/// Another run hears `text` at `start` and settles all up to `end`.
fn pass(notebook: &mut Notebook, run: u32, start: f64, end: f64, text: &str) {
    said(notebook, start, text, run);
    notebook.supersede(&(at(start)..at(end)), RunId(run));
    notebook.forget_repeated_version(RunId(run));
}

#[test]
fn a_correction_keeps_the_times_of_the_words_that_stay() {
    let check = |old: &str, text: &str, expected: &[(&str, f64, f64, f32)]| {
        let mut notebook = Notebook::default();
        let utterance = said(&mut notebook, 10.0, old, 0);
        notebook.edit(&Edit::Correct { utterance, text: text.to_owned() }).expect("it applies");
        let only = &notebook.utterances()[0];
        let words: Vec<_> = only
            .words
            .iter()
            .map(|word| (word.text.as_str(), word.start.seconds(), word.end.seconds(), word.confidence))
            .collect();
        assert_eq!(words, expected, "{old:?} to {text:?}");
        assert_eq!((only.origin, only.start, only.id), (Origin::Hand, at(10.0), utterance));
    };
    check("a b c", "a x c", &[("a", 10.0, 11.0, 0.5), ("x", 11.0, 12.0, 1.0), ("c", 12.0, 13.0, 0.5)]);
    check(
        "a b c",
        "a xx y c",
        &[
            ("a", 10.0, 11.0, 0.5),
            ("xx", 11.0, 11.0 + 2.0 / 3.0, 1.0),
            ("y", 11.0 + 2.0 / 3.0, 12.0, 1.0),
            ("c", 12.0, 13.0, 0.5),
        ],
    );
    check("a b", "b", &[("b", 11.0, 12.0, 0.5)]);
    check("a b", "new", &[("new", 10.0, 12.0, 1.0)]);
    check("a b", "a b c", &[("a", 10.0, 11.0, 0.5), ("b", 11.0, 12.0, 0.5), ("c", 12.0, 12.0, 1.0)]);
}

#[test]
fn a_corrected_word_survives_five_passes_and_nothing_is_said_twice() {
    let mut notebook = Notebook::default();
    said(&mut notebook, 0.0, "hello there", 0);
    let utterance = said(&mut notebook, 4.0, "mister dashwod", 0);
    notebook.edit(&Edit::Correct { utterance, text: "Mister Dashwood".to_owned() }).expect("it applies");
    for run in 1..=5 {
        said(&mut notebook, 0.0, "hello there", run);
        pass(&mut notebook, run, 4.0, 8.0, "mister dashwod spoke");
        notebook.supersede(&(at(0.0)..at(4.0)), RunId(run));
        notebook.forget_repeated_version(RunId(run));
        assert_eq!(texts(&notebook), ["hello there", "Mister Dashwood", "spoke"]);
        assert!(notebook.versions().is_empty(), "every pass said the same beside the correction");
    }
}

#[test]
fn the_pass_before_can_be_brought_back_and_then_stays() {
    let mut notebook = Notebook::default();
    said(&mut notebook, 0.0, "first take", 0);
    said(&mut notebook, 9.0, "elsewhere", 0);
    pass(&mut notebook, 1, 0.0, 5.0, "second take");
    assert_eq!(texts(&notebook), ["second take", "elsewhere"]);
    let id = notebook.versions()[0].id;
    let back = notebook.edit(&Edit::BringBack(id)).expect("there is one");
    assert_eq!(texts(&notebook), ["first take", "elsewhere"]);
    assert_eq!(notebook.versions()[0].text(), "second take");
    let brought_back = notebook.clone();
    let forth = notebook.exchange(back);
    assert_eq!(texts(&notebook), ["second take", "elsewhere"]);
    notebook.exchange(forth);
    assert_eq!(notebook, brought_back);
    pass(&mut notebook, 2, 0.0, 5.0, "third take");
    assert_eq!(texts(&notebook), ["first take", "elsewhere"]);
}

#[test]
fn a_loop_leaves_one_transcript_and_one_version_for_each_different_pass() {
    let mut notebook = Notebook::default();
    said(&mut notebook, 0.0, "one minute", 0);
    for run in 1..10 {
        pass(&mut notebook, run, 0.0, 60.0, if run == 4 { "won minute" } else { "one minute" });
    }
    assert_eq!(texts(&notebook), ["one minute"]);
    let versions: Vec<_> = notebook.versions().iter().map(Version::text).collect();
    assert_eq!(versions, ["one minute", "won minute"]);
}

#[test]
fn what_was_dropped_can_be_restored() {
    let mut notebook = Notebook::default();
    notebook.drop_speech(dropped(1.0, "thank you"));
    let before = notebook.clone();
    let back = notebook.edit(&Edit::Restore { start: at(1.0), end: at(2.0) }).expect("it is there");
    assert_eq!((texts(&notebook), notebook.dropped().len()), (vec!["thank you".to_owned()], 0));
    notebook.exchange(back);
    assert_eq!((notebook.utterances(), notebook.dropped()), (before.utterances(), before.dropped()));
}

#[test]
fn an_edit_that_does_not_apply_says_why_and_changes_nothing() {
    let check = |edit: &dyn Fn(ItemId) -> Edit, expected: EditError| {
        let mut notebook = Notebook::default();
        let id = said(&mut notebook, 0.0, "a b", 0);
        let before = notebook.clone();
        assert_eq!(notebook.edit(&edit(id)), Err(expected));
        assert_eq!(notebook.utterances(), before.utterances());
    };
    check(&|_| Edit::Delete(ItemId(99)), EditError::Gone);
    check(&|_| Edit::RemoveMark(ItemId(99)), EditError::Gone);
    check(&|_| Edit::BringBack(ItemId(99)), EditError::Gone);
    check(&|utterance| Edit::Correct { utterance, text: " ".to_owned() }, EditError::NoWords);
    check(&|utterance| Edit::Correct { utterance, text: "x".repeat(9_000) }, EditError::BadPlace);
    check(&|utterance| Edit::Split { utterance, word: 0 }, EditError::BadPlace);
    check(&|utterance| Edit::Split { utterance, word: 2 }, EditError::BadPlace);
    check(&Edit::Merge, EditError::NothingNext);
    check(&|utterance| Edit::Retime { utterance, start: at(1.0), end: at(1.0) }, EditError::BadPlace);
}

#[test]
fn undo_passes_over_what_nothing_is_left_of() {
    let (mut notebook, mut history) = (Notebook::default(), History::default());
    let utterance = said(&mut notebook, 0.0, "first take", 0);
    let mark = Edit::AddMark { at: at(9.0), label: String::new() };
    history.edit(&mut notebook, &mark).expect("it applies");
    history.edit(&mut notebook, &Edit::Delete(utterance)).expect("it applies");
    said(&mut notebook, 0.0, "second take", 1);
    assert!(history.undo(&mut notebook));
    assert_eq!((texts(&notebook), notebook.marks().len()), (vec!["second take".to_owned()], 0));
    assert!(!history.undo(&mut notebook));
}

/// Any edit, from a number.
fn some_edit(notebook: &Notebook, number: u64) -> Edit {
    let pick = |items: usize| (number / 16) as usize % items.max(1);
    let utterance = notebook.utterances().get(pick(notebook.utterances().len()));
    let mark = notebook.marks().get(pick(notebook.marks().len())).map_or(ItemId(0), |mark| mark.id);
    let (id, start) = utterance.map_or((ItemId(0), at(0.0)), |utterance| (utterance.id, utterance.start));
    let time = start.plus(at((number % 7) as f64 / 4.0));
    match number % 13 {
        0 => Edit::Correct { utterance: id, text: format!("w{number} b c") },
        1 => Edit::Split { utterance: id, word: 1 },
        2 => Edit::Merge(id),
        3 => Edit::Retime { utterance: id, start, end: time.plus(at(0.1)) },
        4 => Edit::Delete(id),
        5 => Edit::AddMark { at: time, label: String::new() },
        6 => Edit::RenameMark { mark, label: format!("m{number}") },
        7 => Edit::MoveMark { mark, start: time, end: time.plus(at(1.0)) },
        8 => Edit::ColourMark { mark, colour: Some(Colour([1, 2, 3])) },
        9 => Edit::RemoveMark(mark),
        10 => Edit::Restore { start: at(50.0), end: at(51.0) },
        11 => recording(time.seconds(), 100 + number as u32, "of a file"),
        _ => Edit::BringBack(notebook.versions().first().map_or(ItemId(0), |version| version.id)),
    }
}

#[test]
fn whatever_was_edited_can_be_undone_and_done_again_to_the_last_bit() {
    let mut notebook = Notebook::default();
    for index in 0..6 {
        said(&mut notebook, f64::from(index) * 5.0, "one two three", 0);
    }
    pass(&mut notebook, 1, 0.0, 12.0, "uno dos tres");
    notebook.drop_speech(dropped(50.0, "you"));
    notebook.hear(span(0.0, 30.0, SoundClass::Music));
    notebook.hear_role(at(0.0)..at(30.0), Some((Role::Drums, 0.5)));
    for second in 0..30 {
        notebook.hear_loudness(loud(f64::from(second) + 0.3, -10));
    }
    notebook.miss(at(3.0)..at(24.0));
    let (mut history, mut number, mut applied) = (History::default(), 1u64, 0);
    let mut steps = vec![parts(&notebook)];
    while applied < 150 {
        // Knuth's multiplier (TAOCP, 3.3.4); the high bits are the random ones.
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let edit = some_edit(&notebook, number >> 33);
        if history.edit(&mut notebook, &edit).is_ok() {
            applied += 1;
            steps.push(parts(&notebook));
        }
        if notebook.utterances().len() < 2 {
            said(&mut notebook, 30.0, "one two three", 2);
            history = History::default();
            steps = vec![parts(&notebook)];
        }
    }
    let last = steps.len() - 1;
    for step in steps[..last].iter().rev() {
        assert!(history.undo(&mut notebook));
        assert_eq!(&parts(&notebook), step);
    }
    assert!(!history.undo(&mut notebook) && history.next_undo().is_none());
    for step in &steps[1..] {
        assert!(history.redo(&mut notebook));
        assert_eq!(&parts(&notebook), step);
    }
}

/// All that a person sees of a notebook; how far names were counted is not part of it.
fn parts(notebook: &Notebook) -> Parts {
    Parts {
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
    }
}
