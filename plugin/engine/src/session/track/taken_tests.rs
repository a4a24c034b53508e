use crate::command::Command;
use crate::session::intake::Errand;
use crate::session::track::tests::Stage as Host;
use crate::session::{Intake, Stage, Taken};
use earmark_timeline::notebook::Notebook;
use earmark_timeline::overview::Overview;
use earmark_timeline::snapshot::Usage;
use earmark_timeline::units::{ProjectTime, Seconds};
use earmark_timeline::utterance::{Origin, Utterance, Word};
use std::sync::Arc;

fn at(seconds: f64) -> ProjectTime {
    ProjectTime::from_seconds(seconds)
}

/// What was heard of ten seconds that begin at `start`: one word in the middle of them.
fn recording(start: f64) -> (Intake, Command) {
    let (intake, errand) = Errand::begin();
    let place = at(start + 4.0)..at(start + 6.0);
    let word = Word { text: "file".to_owned(), start: place.start, end: place.end, confidence: 1.0 };
    let mut notebook = Notebook::default();
    notebook.settle(Utterance {
        id: notebook.clone().fresh_id(),
        start: place.start,
        end: place.end,
        words: vec![word],
        language: None,
        model: Arc::from("test"),
        origin: Origin::Machine,
        run: None,
    });
    let mut overview = Overview::default();
    overview.note(place.start, 1.0);
    let taken = Taken {
        errand,
        path: "take.wav".into(),
        restored: 0,
        place: at(start)..at(start + 10.0),
        notebook: Arc::new(notebook),
        overview,
        usage: Usage { audio: Seconds(10.0), ..Usage::default() },
    };
    (intake, Command::TakeIn(Box::new(taken)))
}

fn words(host: &Host) -> Vec<String> {
    host.said().into_iter().map(|(text, _)| text).collect()
}

#[test]
fn a_recording_is_one_step_that_undo_takes_back_with_its_waveform() {
    let mut host = Host::new();
    host.play(&[(1.0, 0.0), (2.0, 0.5), (1.0, 0.0)]);
    host.stop();
    let (intake, command) = recording(-4.0);
    host.command(command);
    let loud = |host: &Host| host.snapshot().overview.peak(at(0.0)..at(0.05));
    assert_eq!((words(&host), intake.stage()), (vec!["file".to_owned()], Stage::Done(1)));
    assert_eq!((loud(&host), host.snapshot().status.undo), (Some(1.0), Some("analysed file")));
    assert!((host.snapshot().usage.audio.0 - 14.0).abs() < 0.1);
    host.command(Command::Undo);
    assert_eq!((words(&host), loud(&host)), (vec!["level50".to_owned()], Some(0.0)));
    host.command(Command::Redo);
    assert_eq!((words(&host), loud(&host)), (vec!["file".to_owned()], Some(1.0)));
}

#[test]
fn what_is_played_at_its_place_comes_first() {
    let mut host = Host::new();
    host.play(&[(1.0, 0.0), (2.0, 0.5)]);
    let (elsewhere, command) = recording(60.0);
    host.command(command);
    let (here, command) = recording(0.0);
    host.command(command);
    assert_eq!((elsewhere.stage(), here.stage()), (Stage::Done(1), Stage::Waiting));
    host.play(&[(1.0, 0.0), (2.0, 0.3), (1.0, 0.0)]);
    assert_eq!(words(&host), ["level50", "level30", "file"]);
    host.stop();
    host.round();
    assert_eq!((words(&host), here.stage()), (vec!["file".to_owned(), "file".to_owned()], Stage::Done(1)));
    let notebook = &host.snapshot().notebook;
    assert_eq!(notebook.versions()[0].text(), "level50 level30", "what was played can be brought back");
}

#[test]
fn what_is_not_wanted_any_more_stays_out() {
    let mut host = Host::new();
    host.play(&[(1.0, 0.0)]);
    let (intake, command) = recording(0.0);
    host.command(command);
    drop(intake);
    host.stop();
    assert_eq!(words(&host), [""; 0]);
    host.command(Command::Restore { notebook: Box::default(), notice: None });
    let (intake, command) = recording(0.0);
    host.command(command);
    let Stage::Failed(sentence) = intake.stage() else { panic!("it was another session's") };
    assert_eq!(sentence, "take.wav: another session was loaded meanwhile; analyse the file again");
    assert_eq!(words(&host), [""; 0]);
}
