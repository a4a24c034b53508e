//! Instances come and go at any moment, whatever is at work, and leave nothing behind.

use earmark_capture::Tap;
use earmark_engine::hub::Hub;
use earmark_engine::session::Session;
use earmark_models::Store;
use earmark_tests::audio::Clip;
use earmark_tests::fixtures;
use earmark_tests::host::{threads, threads_ended};
use earmark_tests::noise::Random;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::transport::{ChannelChoice, Listen, Transport};
use earmark_timeline::units::{FramePos, SampleRate};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

/// How many instances come and go, and from how many threads.
const CYCLES: u32 = 500;
const THREADS: u32 = 4;

fn recording() -> std::path::PathBuf {
    fixtures::fixture("jfk.wav").expect("the fixtures are there")
}

/// Plays a scene in a process of its own, which must end well.
fn check(scene: &str) {
    check_after(scene, 0);
}

/// Plays a scene that lasts `milliseconds` more.
fn check_after(scene: &str, milliseconds: u32) {
    let plugin = fixtures::plugin().expect("the plugin is built");
    let mut host = Command::new(fixtures::program("lifecycle"));
    host.arg(scene).arg(plugin).arg(recording()).arg(milliseconds.to_string());
    let output = host.output().expect("the program is built");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{scene} after {milliseconds} ms: {}: {said}", output.status);
}

#[test]
fn a_library_is_unloaded_while_models_are_at_work_and_leaves_no_thread() {
    check("unload");
}

/// Through the reading of a model's file, its loading and the first inference, whose libraries take down what they
/// have made when the process ends.
#[test]
fn a_host_ends_at_any_moment_while_models_are_at_work() {
    (0..400).step_by(100).for_each(|milliseconds| check_after("exit", milliseconds));
    (0..400).step_by(25).for_each(|milliseconds| check_after("abandon", milliseconds));
}

#[test]
fn the_child_of_a_fork_ends_and_its_parent_goes_on() {
    check("fork");
}

#[test]
fn a_scan_starts_one_thread_and_opens_no_model() {
    let folder = tempfile::tempdir().expect("a folder for the trace");
    let trace = folder.path().join("trace");
    let mut scan = Command::new("strace");
    scan.args(["-f", "-qq", "-e", "trace=openat,open,clone,clone3,socket", "-e", "signal=none", "-o"]);
    scan.arg(&trace).arg(fixtures::program("lifecycle")).arg("scan");
    scan.arg(fixtures::plugin().expect("the plugin is built")).arg(recording());
    let output = scan.output().expect("`cargo xtask setup` installs strace");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let calls = std::fs::read_to_string(&trace).expect("a trace");
    // A call that was interrupted has a second line.
    let begun = |call: &&str| !call.contains(" resumed>");
    let count = |what: &str| calls.lines().filter(begun).filter(|call| call.contains(what)).count();
    assert!(count("libearmark") > 0, "the trace is to show the plugin: {calls}");
    assert_eq!((count("models/"), count("onnxruntime"), count("socket(")), (0, 0, 0), "{calls}");
    // The listener's, and the one of the framework's executor.
    assert!(count("clone") <= 2, "{calls}");
}

/// One instance's life as seen by its host: it comes, hears a part of `clip`, and goes.
fn live(hub_of: &dyn Fn() -> Arc<Hub>, clip: &Clip, random: &mut Random) {
    let session: Session = hub_of().open_session(Notebook::default());
    let mut tap: Option<Tap> = None;
    for _ in 0..random.below(4) {
        let tap = tap.get_or_insert_with(|| {
            session
                .connect(SampleRate::MODEL, FramePos(0))
                .expect("a session that was asked for nothing takes it")
        });
        let from = random.below(clip.frames() as u32 / 2) as usize;
        let samples = &clip.channels[0][from..][..random.below(clip.frames() as u32 / 2) as usize];
        let transport =
            Transport { playing: true, project: Some(FramePos(from as i64)), ..Transport::default() };
        tap.process(&[samples], samples.len(), transport, ChannelChoice::Mix, Listen::WhilePlaying);
        std::thread::sleep(Duration::from_millis(random.below(20).into()));
    }
    // In either order, as hosts do.
    if random.below(2) == 0 {
        drop(tap);
        drop(session);
    } else {
        drop(session);
        drop(tap);
    }
}

#[test]
fn hundreds_of_instances_come_and_go_on_several_threads_and_leave_nothing() {
    let clip = Clip::read(&recording()).expect("a recording").with_channels(1).resampled(16_000);
    let before = threads();
    let hub = || Hub::shared(Store::from_environment()).expect("the system has threads");
    std::thread::scope(|scope| {
        for number in 0..THREADS {
            let clip = &clip;
            scope.spawn(move || {
                let mut random = Random::default();
                // Each thread begins elsewhere in the numbers.
                for _ in 0..number * 1_000 {
                    random.below(2);
                }
                for _ in 0..CYCLES / THREADS {
                    live(&hub, clip, &mut random);
                }
            });
        }
    });
    assert!(threads_ended(before), "{} threads are left", threads() - before);
    // And it starts again.
    let session = hub().open_session(Notebook::default());
    let mut feed = session.feed(SampleRate::MODEL, 1).expect("a session that was asked for nothing takes it");
    feed.push(&clip.channels[0]);
    drop(feed);
    let end = session.wait_until_settled(1, |_| ());
    assert!(!end.notebook.utterances().is_empty(), "{:?}", end.status);
}

#[test]
fn the_last_session_may_go_on_the_listeners_own_thread() {
    let before = threads();
    let hub = Hub::shared(Store::at("no-such-folder")).expect("the system has threads");
    let session = Arc::new(hub.open_session(Notebook::default()));
    drop(hub);
    let kept = std::sync::Mutex::new(Some(Arc::clone(&session)));
    session.observe(Some(Arc::new(move || drop(kept.lock().map(|mut kept| kept.take())))));
    let tap = session.connect(SampleRate::MODEL, FramePos(0)).expect("a ring");
    drop(session);
    drop(tap);
    assert!(threads_ended(before), "{} threads are left", threads() - before);
}
