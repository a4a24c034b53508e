//! A bounce is heard like a performance: faster than it sounds, nothing is lost and nothing changes.

use earmark_tests::audio::Clip;
use earmark_tests::fixtures;
use earmark_tests::host::{self, Instance, Mode, Setup};
use earmark_tests::playback::{self, text, words};
use earmark_tests::saved;
use earmark_tests::vst3;
use earmark_timeline::notebook::Notebook;
use std::fmt::Debug;
use std::time::Instant;

/// As fast as the host can: no ring could hold what is not waited for.
const UNBOUNDED: f64 = 1e6;

/// As fast as a render gets that does much else: nobody waits, so the listener has to keep up. A ring holds half a
/// second of it, and a machine with other work on all its cores takes as long to give the listener its turn; with
/// [`LONG`], on a quiet one, it is more than twice as fast.
const FAST: (f64, f64) = (40.0, 100.0);

/// The pace of the performance that the bounces are held against.
const LIVE: f64 = 20.0;

/// Set to anything, it makes the recital ten minutes long instead of two.
const LONG: &str = "EARMARK_LONG";

fn is_long() -> bool {
    std::env::var_os(LONG).is_some()
}

/// The LibriVox sonnet and as much silence, 48 kHz: ten times what the ring holds, or six times that.
fn recital() -> Clip {
    let path = fixtures::fixture("sonnet1.mp3").expect("the fixtures are there");
    let clip = Clip::read(&path).expect("a recording").resampled(48_000).with_channels(2);
    let seconds = clip.seconds();
    let mut clip = clip.padded(0.0, seconds);
    if is_long() {
        for channel in &mut clip.channels {
            let once = channel.clone();
            channel.extend(once.iter().cycle().take(once.len() * 5));
        }
    }
    clip.padded(0.0, 2.0)
}

/// Stereo at the recital's rate.
fn setup() -> Setup {
    Setup::stereo(48_000.0, 512)
}

/// What an instance hears of `clip`, once `begin` has told it how it is rendered.
#[allow(clippy::print_stdout, reason = "the figures of a long bounce are wanted")]
fn heard<I: Instance>(what: &str, clip: &Clip, speed: f64, begin: impl FnOnce(&mut I)) -> Notebook {
    let begun = Instant::now();
    let path = fixtures::plugin().expect("the plugin is built");
    let mut plugin = I::load(&path).expect("the plugin loads");
    begin(&mut plugin);
    let audio = plugin.activate(setup()).expect("the plugin activates");
    let player = playback::start(audio, clip.clone(), speed);
    playback::until_settled(&mut plugin, &player, &mut |_| {}).expect("the plugin saves");
    plugin.deactivate(player.stop().expect("the player ends"));
    let notebook = saved::read(&plugin.save().expect("the plugin saves")).expect("a notebook");
    let seconds = begun.elapsed().as_secs_f64();
    println!("{what}: {} words, {} spans, {seconds:.0} s", words(&notebook).count(), notebook.spans().len());
    notebook
}

fn times(notebook: &Notebook) -> Vec<(String, f64, f64)> {
    words(notebook).map(|word| (word.text.clone(), word.start.seconds(), word.end.seconds())).collect()
}

/// As `assert_eq`, and shows where they part instead of ten minutes of both.
fn assert_same<T: PartialEq + Debug>(what: &str, found: &[T], expected: &[T]) {
    let same = found.iter().zip(expected).take_while(|(found, expected)| found == expected).count();
    let rest = |all: &[T]| {
        format!("{} in all, then {:?}", all.len(), all[same..].iter().take(3).collect::<Vec<_>>())
    };
    assert!(found == expected, "{what}: {same} the same; found {}; expected {}", rest(found), rest(expected));
}

#[test]
fn a_bounce_loses_nothing_and_says_what_a_performance_says() {
    let clip = recital();
    let fast = if is_long() { FAST.1 } else { FAST.0 };
    let performed = heard::<host::Plugin>("CLAP, live", &clip, LIVE, |_| {});
    assert!(words(&performed).count() > 90, "{}", text(&performed));
    let check = |what: &str, found: Notebook| {
        assert!(found.missed().is_empty(), "{what}: missed {:?}", found.missed());
        assert_same(what, &times(&found), &times(&performed));
        assert_same(what, found.spans(), performed.spans());
    };
    let clap = |what, speed, begin: fn(&mut host::Plugin)| check(what, heard(what, &clip, speed, begin));
    clap("CLAP, offline", UNBOUNDED, |plugin| plugin.set_mode(Mode::Offline).expect("a mode"));
    clap("CLAP, said to be in realtime", fast, |_| {});

    let vst3 = |what, speed, begin: fn(&mut vst3::Plugin)| check(what, heard(what, &clip, speed, begin));
    vst3("VST3, live", LIVE, |_| {});
    vst3("VST3, offline", UNBOUNDED, |plugin| {
        plugin.set_mode(Mode::Offline).expect("a mode");
        // The framework hands on the mode of the call before; activating makes the second.
        plugin.set_up(setup()).expect("a setup");
    });
    vst3("VST3, said to be in realtime", fast, |_| {});
    vst3("VST3, offline too late to be known", fast, |plugin| {
        let audio = plugin.activate(setup()).expect("the plugin activates");
        plugin.deactivate(audio);
        plugin.set_mode(Mode::Offline).expect("a mode");
    });
}

#[test]
fn what_no_listener_can_keep_up_with_is_written_down_to_its_end() {
    let clip = recital();
    // The playhead stops with the recital, so no later block shows what was lost before it. A turn of the listener
    // just before the end makes room for the rest, which then is heard, not missed.
    let check = |what: &str, found: Notebook| {
        assert!(!found.missed().is_empty(), "{what}: nothing was too fast");
        let gaps = unaccounted(&found, clip.seconds());
        assert!(
            gaps.iter().all(|(start, end)| end - start < 0.1),
            "{what}: neither heard nor missed: {gaps:?}"
        );
    };
    check("CLAP", heard::<host::Plugin>("CLAP, too fast", &clip, UNBOUNDED, |_| {}));
    check("VST3", heard::<vst3::Plugin>("VST3, too fast", &clip, UNBOUNDED, |_| {}));
}

/// What of `0..seconds` `notebook` neither gives a class nor calls missed, as start and end in seconds.
fn unaccounted(notebook: &Notebook, seconds: f64) -> Vec<(f64, f64)> {
    let classed = notebook.spans().iter().map(|span| (span.start, span.end));
    let missed = notebook.missed().iter().map(|missed| (missed.start, missed.end));
    let mut known: Vec<_> = classed.chain(missed).collect();
    known.sort();
    let known = known.into_iter().map(|(start, end)| (start.seconds(), end.seconds()));
    let mut reached = 0.0_f64;
    let mut gaps = Vec::new();
    for (start, end) in known.chain([(seconds, seconds)]) {
        if start > reached {
            gaps.push((reached, start));
        }
        reached = reached.max(end);
    }
    gaps
}
