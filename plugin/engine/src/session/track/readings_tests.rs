use crate::command::Command;
use crate::infer::{CLASSIFIER, TAGGER};
use crate::session::scripted::song;
use crate::session::track::tests::Stage;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::sound::{Reading, Role, Scale};
use earmark_timeline::units::SampleRate;
use std::f32::consts::TAU;

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
fn what_classes_cost_is_counted_by_both_models() {
    let mut stage = Stage::new();
    stage.play(&[(6.0, 0.3)]);
    stage.stop();
    let usage = &stage.snapshot().usage;
    let spent = |model: &str| {
        let used = usage.models.iter().find(|used| &*used.model == model);
        used.map(|used| (used.runs, (used.cpu.0 * 1_000.0).round()))
    };
    // The script takes 10 ms for a part, 4 of them for YAMNet's.
    assert_eq!((spent(CLASSIFIER), spent(TAGGER)), (Some((1, 6.0)), Some((1, 4.0))));
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

fn tone(seconds: f32, level: f32) -> Vec<f32> {
    (0..(seconds * 16_000.0) as u32).map(|at| level * (TAU * at as f32 / 16.0).sin()).collect()
}

/// Start and end in milliseconds, and the rest.
type Course<T> = Vec<(i64, i64, T)>;

fn course(stage: &Stage) -> (Course<Role>, Course<i8>) {
    let snapshot = stage.snapshot();
    let roles = snapshot.notebook.roles().iter();
    let roles = roles.map(|span| (span.start.milliseconds(), span.end.milliseconds(), span.role));
    let loudness = snapshot.notebook.loudness().iter();
    let loudness = loudness.map(|span| (span.start.milliseconds(), span.end.milliseconds(), span.lufs));
    (roles.collect(), loudness.collect())
}

#[test]
fn what_plays_and_how_loud_it_is_is_kept_and_replaced_when_it_is_played_again_whatever_the_block_size() {
    for block in [480, 64, 4_096] {
        let mut stage = Stage::new();
        stage.block = block;
        stage.seek(10.5);
        stage.play_samples(&[tone(8.0, 0.9), tone(6.5, 0.09)].concat());
        stage.stop();
        let (roles, loudness) = course(&stage);
        assert_eq!(roles, [(10_500, 18_500, Role::Drums), (18_500, 25_000, Role::Bass)]);
        let expected = |second: i64| {
            let start = 10_500 + second * 1_000;
            // One channel of two, 3 LU below its peak; the window reaches 0.3 s back.
            (start, (start + 1_000).min(25_000), if second < 9 { -4 } else { -24 })
        };
        assert_eq!(loudness.len(), 15);
        for (second, (seen, expected)) in loudness.iter().zip((0..).map(expected)).enumerate() {
            assert_eq!((seen.0, seen.1), (expected.0, expected.1), "{second}");
            assert!((seen.2 - expected.2).abs() <= 1, "{second}: {} is not {}", seen.2, expected.2);
        }
        stage.seek(14.5);
        stage.play(&[(4.0, 0.0)]);
        stage.stop();
        let (roles, again) = course(&stage);
        assert_eq!(roles, [(10_500, 14_500, Role::Drums), (18_500, 25_000, Role::Bass)]);
        let silent = [14_500, 15_500, 16_500, 17_500].map(|start| (start, start + 1_000, -70));
        assert_eq!((&again[..4], &again[4..8], &again[8..]), (&loudness[..4], &silent[..], &loudness[8..]));
    }
}
