//! The host is told of what is not saved yet, and gets back what it saved.

use earmark_tests::host::{Instance, Playhead, Plugin, Setup};
use earmark_tests::{fixtures, in_both_formats, saved};
use std::process::Command;
use std::time::{Duration, Instant};

in_both_formats!(
    a_change_is_told_once_and_comes_back_in_a_fresh_process,
    nothing_is_told_while_nothing_changes,
);

/// How long a change may take to be told on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
/// Longer than a host is left in peace.
const WHILE: Duration = Duration::from_millis(1_500);
/// Names the file of a state to the process that is to load it.
const STATE: &str = "EARMARK_TEST_STATE";

fn plugin<I: Instance>() -> I {
    I::load(&fixtures::plugin().expect("the plugin is built")).expect("the plugin loads")
}

/// Plays a second of silence in a tempo, which is news to the notebook where another was before.
fn play_in_tempo<I: Instance>(plugin: &mut I, frame: i64, tempo_bpm: f64) {
    let mut audio = plugin.activate(Setup::stereo(48_000.0, 512)).expect("the plugin activates");
    audio.playhead = Playhead { tempo_bpm, ..Playhead::playing_from(frame) };
    audio.play(&[vec![0.0; 48_000], vec![0.0; 48_000]], 512, |_| ()).expect("the plugin processes");
    plugin.deactivate(audio);
}

/// Pumps until the plugin has told of `count` changes.
fn expect_told<I: Instance>(plugin: &mut I, count: u32) {
    let end = Instant::now() + PATIENCE;
    while plugin.told_unsaved() < count && Instant::now() < end {
        plugin.pump(Duration::from_millis(20));
    }
    assert_eq!(plugin.told_unsaved(), count);
}

/// Saves once everything that was heard is worked off.
fn settled<I: Instance>(plugin: &mut I) -> Vec<u8> {
    let end = Instant::now() + PATIENCE;
    loop {
        let state = plugin.save().expect("the plugin saves");
        let whole = saved::read(&state).expect("a notebook").missed().is_empty();
        if whole || Instant::now() >= end {
            assert!(whole, "it is never worked off");
            return state;
        }
        plugin.pump(Duration::from_millis(50));
    }
}

fn a_change_is_told_once_and_comes_back_in_a_fresh_process<I: Instance>() {
    if let Some(file) = std::env::var_os(STATE) {
        let state = std::fs::read(file).expect("the state");
        let mut plugin = plugin::<I>();
        plugin.restore(&state).expect("the plugin takes its own state");
        plugin.pump(WHILE);
        assert_eq!(plugin.save().expect("the plugin saves"), state);
        assert_eq!(plugin.told_unsaved(), 0, "what was loaded is saved");
        return;
    }
    let mut plugin = plugin::<I>();
    play_in_tempo(&mut plugin, 0, 120.0);
    expect_told(&mut plugin, 1);
    play_in_tempo(&mut plugin, 480_000, 90.0);
    plugin.pump(WHILE);
    assert_eq!(plugin.told_unsaved(), 1, "a host that knows is left in peace until it has saved");
    let state = settled(&mut plugin);
    let tempo = saved::read(&state).expect("a notebook").tempo().points().len();
    assert_eq!(tempo, 2, "what changed is in the state");
    let told = plugin.told_unsaved();
    play_in_tempo(&mut plugin, 960_000, 60.0);
    expect_told(&mut plugin, told + 1);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("state");
    std::fs::write(&file, &state).expect("written");
    let format = if std::any::type_name::<I>().contains("vst3") { "in_vst3" } else { "in_clap" };
    let name = format!("{format}::a_change_is_told_once_and_comes_back_in_a_fresh_process");
    // One plugin at a time has the main thread.
    drop(plugin);
    let this = std::env::current_exe().expect("a test knows its own file");
    let again = Command::new(this).args(["--exact", &name, "--nocapture"]).env(STATE, &file).status();
    assert!(again.is_ok_and(|status| status.success()), "{name} failed in a fresh process");
}

#[test]
fn a_host_that_never_calls_back_is_told_by_its_timer() {
    let mut plugin = plugin::<Plugin>();
    plugin.calls().never_call_back();
    play_in_tempo(&mut plugin, 0, 120.0);
    expect_told(&mut plugin, 1);
}

fn nothing_is_told_while_nothing_changes<I: Instance>() {
    let mut plugin = plugin::<I>();
    plugin.pump(WHILE);
    let state = plugin.save().expect("the plugin saves");
    plugin.restore(&state).expect("the plugin takes its own state");
    plugin.pump(WHILE);
    assert_eq!(plugin.told_unsaved(), 0);
}
