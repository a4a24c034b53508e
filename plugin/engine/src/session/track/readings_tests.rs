use crate::command::Command;
use crate::session::scripted::song;
use crate::session::track::tests::Stage;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::sound::{Reading, Scale};
use earmark_timeline::units::SampleRate;

/// What is kept of a song after it was played from ten seconds on.
fn kept(block: usize) -> Reading {
    let mut stage = Stage::new();
    stage.block = block;
    stage.seek(10.0);
    stage.play_samples(&song(SampleRate::MODEL, 120.0, 0.5, 0.0));
    assert!(stage.snapshot().reading.is_some() && stage.snapshot().notebook.reading().is_none());
    stage.stop();
    let snapshot = stage.snapshot();
    assert_eq!(snapshot.reading.as_ref(), snapshot.notebook.reading());
    snapshot.reading.clone().expect("a reading")
}

#[test]
fn a_song_is_measured_while_it_plays_and_kept_when_it_ends_whatever_the_block_size() {
    let reading = kept(480);
    assert_eq!([reading.start, reading.end].map(|at| at.milliseconds()), [10_000, 22_000]);
    let tempo = reading.sound.tempo.expect("a tempo");
    assert!((tempo.bpm - 120.0).abs() < 1.0, "{tempo:?}");
    assert!((tempo.first_beat.seconds() - 10.5).abs() < 0.03, "{tempo:?}");
    assert_eq!(reading.sound.key.map(|key| key.scale), Some(Scale::new(0, false)));
    assert!(reading.sound.loudness.integrated_lufs.is_some_and(|lufs| (-30.0..-15.0).contains(&lufs)));
    assert!([64, 4_096].into_iter().all(|block| kept(block) == reading));
}

#[test]
fn what_is_short_or_silent_leaves_what_was_measured_as_it_was() {
    let mut stage = Stage::new();
    stage.play(&[(20.0, 0.3)]);
    stage.stop();
    let first = stage.snapshot().reading.clone();
    assert!(first.is_some());
    for passage in [(3.0, 0.6), (30.0, 0.0)] {
        stage.play(&[passage]);
        stage.stop();
        assert_eq!(stage.snapshot().reading, first, "{passage:?}");
    }
    // Long enough to be shown, and too short to be kept in place of the first.
    stage.play(&[(6.0, 0.6)]);
    stage.stop();
    assert_ne!(stage.snapshot().reading, first);
    assert_eq!(stage.snapshot().notebook.reading(), first.as_ref());
}

#[test]
fn nothing_is_measured_while_the_transport_stands() {
    let mut stage = Stage::new();
    stage.play(&[(6.0, 0.3)]);
    stage.stop();
    let before = stage.snapshot();
    for _ in 0..10 {
        stage.stop();
    }
    assert_eq!(stage.snapshot().revision, before.revision);
}

#[test]
fn another_session_says_nothing_of_what_this_one_heard() {
    let mut stage = Stage::new();
    stage.play(&[(6.0, 0.3)]);
    stage.stop();
    let notebook = Box::new(Notebook::default());
    stage.command(Command::Restore { notebook, notice: None });
    assert_eq!((stage.snapshot().reading.as_ref(), stage.snapshot().notebook.reading()), (None, None));
}
