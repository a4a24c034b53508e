//! Instances come and go at any moment, whatever is at work, and leave nothing behind.

use earmark_engine::hub::Hub;
use earmark_models::Store;
use earmark_tests::fixtures;
use earmark_tests::host::{threads, threads_ended};
use earmark_tests::lifecycle::memcheck;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::units::{FramePos, SampleRate};
use std::process::Command;
use std::sync::Arc;

/// How many instances come and go.
const CYCLES: u32 = 500;

/// And how many while valgrind looks at every access to memory; `cargo xtask memcheck` has it look at all.
const WATCHED_CYCLES: u32 = 24;

fn recording() -> std::path::PathBuf {
    fixtures::fixture("jfk.wav").expect("the fixtures are there")
}

/// Plays a scene in a process of its own, which must end well.
fn check(scene: &str) {
    check_with(scene, 0);
}

/// Plays a scene that lasts so many milliseconds more, or has so many instances.
fn check_with(scene: &str, number: u32) {
    let plugin = fixtures::plugin().expect("the plugin is built");
    let mut host = Command::new(fixtures::program("lifecycle"));
    host.arg(scene).arg(plugin).arg(recording()).arg(number.to_string());
    let output = host.output().expect("the program is built");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{scene} {number}: {}: {said}", output.status);
}

#[test]
fn a_library_is_unloaded_while_models_are_at_work_and_leaves_no_thread() {
    check("unload");
}

/// Through the reading of a model's file, its loading and the first inference, whose libraries take down what they
/// have made when the process ends.
#[test]
fn a_host_ends_at_any_moment_while_models_are_at_work() {
    (0..400).step_by(100).for_each(|milliseconds| check_with("exit", milliseconds));
    (0..400).step_by(25).for_each(|milliseconds| check_with("abandon", milliseconds));
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
    assert!(count("clone(") + count("clone3(") <= 2, "{calls}");
}

#[test]
fn hundreds_of_instances_come_and_go_on_several_threads_leave_nothing_and_it_starts_again() {
    check_with("again", CYCLES);
}

#[test]
fn instances_that_come_and_go_touch_only_their_own_memory_and_give_it_back() {
    memcheck(&recording(), WATCHED_CYCLES).expect("valgrind finds nothing");
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
