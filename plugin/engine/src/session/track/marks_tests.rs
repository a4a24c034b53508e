use crate::command::Command;
use crate::session::scripted::song;
use crate::session::track::tests::Stage;
use earmark_timeline::edit::Edit;
use earmark_timeline::rule::{Rule, Setting};
use earmark_timeline::settings::Settings;
use earmark_timeline::units::SampleRate;
use std::f64::consts::TAU;

/// Twelve seconds of music that clip for a fifth of a second from 3 s on, a drop-out of 20 ms at 7 s, and applause at its end,
/// which to the script is what is loud.
fn broken_song() -> Vec<f32> {
    let mut samples = song(SampleRate::MODEL, 120.0, 0.5, 0.0);
    samples[3 * 16_000..][..3_200].iter_mut().for_each(|sample| *sample = (*sample * 50.0).clamp(-1.0, 1.0));
    let cut = (7 * 16_000..).find(|at| samples[*at].abs() > 0.1).expect("it sounds");
    samples[cut..cut + 320].fill(0.0);
    samples[11 * 16_000..].fill(0.9);
    samples
}

fn stage(rules: &[(Rule, u16)], block: usize) -> Stage {
    let mut stage = Stage::new();
    stage.block = block;
    let on = |(rule, threshold): &(Rule, u16)| (*rule, Setting { is_on: true, threshold: *threshold });
    let rules = rules.iter().map(on).collect();
    stage.command(Command::Set(Settings { rules, ..Settings::default() }));
    stage
}

fn marked(stage: &Stage) -> Vec<(String, i64)> {
    let snapshot = stage.snapshot();
    // To a tenth of a second.
    let marks = snapshot.notebook.marks().iter();
    marks.map(|mark| (mark.label.clone(), (mark.start.milliseconds() + 50) / 100)).collect()
}

fn check(stage: &Stage, expected: &[(&str, i64)]) {
    let marked = marked(stage);
    assert_eq!(marked.iter().map(|(label, at)| (label.as_str(), *at)).collect::<Vec<_>>(), expected);
}

#[test]
fn what_rules_find_is_marked_once_where_it_is_whatever_the_block_size() {
    let all = [(Rule::FirstSound, 50), (Rule::Applause, 80)];
    let marks = |block| {
        let mut stage = stage(&all, block);
        stage.seek(10.0);
        stage.play_samples(&broken_song());
        stage.stop();
        check(&stage, &[("First sound", 105), ("Clipping", 130), ("Drop-out", 170), ("Applause", 210)]);
        stage.snapshot().notebook.marks().to_vec()
    };
    let once = marks(480);
    assert!([64, 4_096].into_iter().all(|block| marks(block) == once));
}

/// Half a minute: an instrument for so many seconds, and then another one.
fn sections(first: f64) -> Vec<f32> {
    let wave = |at: u32| {
        let seconds = f64::from(at) / 16_000.0;
        let hz = if seconds < first { 300.0 } else { 1_500.0 };
        (0.2 * (TAU * hz * seconds).sin()) as f32
    };
    (0..30 * 16_000).map(wave).collect()
}

#[test]
fn a_section_begins_with_the_bar_that_the_host_tells_or_else_where_it_is_heard() {
    let check = |bpm: Option<f64>, first: f64, expected: i64| {
        for block in [480, 64, 4_096] {
            let mut stage = stage(&[(Rule::Section, 12)], block);
            stage.bpm = bpm;
            stage.seek(10.0);
            stage.play_samples(&sections(first));
            stage.stop();
            assert_eq!(marked(&stage), [("Section".to_owned(), expected)], "{bpm:?}, {first}, {block}");
        }
    };
    // A bar is 2 s, 2.4 s and 6 s.
    check(Some(120.0), 12.2, 220);
    check(Some(100.0), 12.2, 216);
    check(Some(40.0), 12.0, 220);
    check(None, 12.0, 220);
}

#[test]
fn only_what_is_switched_on_is_marked() {
    let mut stage = stage(&[], 480);
    stage.play_samples(&broken_song());
    stage.stop();
    check(&stage, &[("Clipping", 30), ("Drop-out", 70)]);
}

#[test]
fn what_is_played_again_is_marked_anew_and_a_persons_word_stays() {
    let mut stage = stage(&[], 480);
    stage.play_samples(&broken_song());
    stage.stop();
    let mark = stage.snapshot().notebook.marks()[1].id;
    stage.command(Command::Edit(Edit::RenameMark { mark, label: "Cable".to_owned() }));
    stage.seek(0.0);
    stage.play_samples(&broken_song());
    stage.stop();
    check(&stage, &[("Clipping", 30), ("Cable", 70)]);
    stage.seek(0.0);
    stage.play_samples(&song(SampleRate::MODEL, 120.0, 0.5, 0.0));
    stage.stop();
    check(&stage, &[("Cable", 70)]);
}
