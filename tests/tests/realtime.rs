//! The audio thread does nothing that could make it late: no memory, no waiting, no system call.

use earmark_tests::fixtures;
use earmark_tests::guard::{Fault, Request, Seen, Subject, Verdict, sanitize, watch};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// Blocks of a tap or plugin that has nothing else to do.
const BLOCKS: u64 = 10_000;

/// Blocks played while everything else is at work.
const BUSY_BLOCKS: u64 = 100_000;

fn plugin() -> Subject {
    Subject::Plugin(fixtures::plugin().expect("the plugin is built"))
}

fn request(subject: Subject, blocks: u64, frames: u32) -> Request {
    Request { subject, blocks, frames, full: false, fault: None, recording: None }
}

/// The plugin hears a recital over and over and turns it into words, its editor is open and repaints, and the
/// main thread saves.
fn busy() -> Request {
    let recording = fixtures::fixture("sonnet1.mp3").expect("the fixtures are there");
    Request { recording: Some(recording), ..request(plugin(), BUSY_BLOCKS, 64) }
}

fn verdict(request: &Request) -> Verdict {
    let folder = tempfile::tempdir().expect("a folder for the trace");
    watch(request, folder.path()).expect("the probe runs")
}

/// Whether what was asked for really came about.
fn assert_happened(request: &Request, seen: &Seen) {
    assert!(seen.blocks >= request.blocks, "{request:?}: {seen:?}");
    assert_eq!(seen.lost > 0, request.full, "{request:?}: {seen:?}");
    if request.recording.is_some() {
        assert!(seen.utterances > 0, "nothing was said while the blocks were processed: {seen:?}");
        assert!(seen.repaints > 1, "nothing was drawn while the blocks were processed: {seen:?}");
    }
}

fn assert_clean(request: &Request) {
    let Verdict { seen, brackets, findings } = verdict(request);
    assert_happened(request, &seen);
    assert_eq!(brackets, seen.blocks, "{request:?}");
    assert_eq!(seen.allocations, 0, "allocations and releases under {request:?}");
    assert_eq!(findings, [], "system calls under {request:?}");
    if request.subject != Subject::Tap {
        assert!(seen.seen_in_plugin > 0, "the plugin's memory goes past the counter");
    }
}

fn assert_sane(request: &Request) {
    match sanitize(request).expect("the probe runs") {
        Ok(seen) => assert_happened(request, &seen),
        Err(report) => panic!("{request:?}:\n{report}"),
    }
}

fn assert_caught(subject: Subject, fault: Fault) {
    let request = Request { fault: Some(fault), ..request(subject, 100, 64) };
    let verdict = verdict(&request);
    let called = |name: &str| verdict.findings.iter().any(|finding| finding.call.starts_with(name));
    let caught = match fault {
        Fault::Allocation => verdict.seen.allocations >= 2,
        Fault::Lock => called("futex"),
        Fault::Write => called("write"),
    };
    assert!(caught, "{fault:?} went unseen: {verdict:?}");
    let call = match fault {
        Fault::Allocation => "malloc",
        Fault::Lock => "syscall",
        Fault::Write => "write",
    };
    let report = sanitize(&request).expect("the probe runs").expect_err("the sanitizer is to end it");
    let headline = format!("Call to blocking function `{call}`");
    assert!(
        report.contains(&format!("`{call}`")) || report.contains(&headline),
        "{fault:?} is to be found as {call}: {report}"
    );
}

#[test]
fn the_tap_touches_neither_memory_nor_the_system() {
    assert_clean(&request(Subject::Tap, BLOCKS, 64));
    assert_clean(&Request { full: true, ..request(Subject::Tap, BLOCKS, 8_192) });
    assert_sane(&request(Subject::Tap, BUSY_BLOCKS, 64));
    assert_sane(&Request { full: true, ..request(Subject::Tap, BLOCKS, 8_192) });
}

#[test]
fn the_guard_catches_each_fault_at_the_tap() {
    for fault in Fault::ALL {
        assert_caught(Subject::Tap, fault);
    }
}

#[test]
fn the_plugin_touches_neither_memory_nor_the_system_when_its_ring_is_full() {
    // 28 minutes of audio within seconds: no listener keeps up.
    let flood = Request { full: true, ..request(plugin(), BLOCKS, 8_192) };
    assert_clean(&flood);
    assert_sane(&flood);
}

#[test]
fn the_plugin_makes_no_system_call_while_it_analyses_paints_and_saves() {
    assert_clean(&busy());
}

#[test]
fn the_plugin_is_sane_in_realtime_while_it_analyses_paints_and_saves() {
    assert_sane(&busy());
}

#[test]
fn the_guard_catches_each_fault_in_the_plugin() {
    for fault in Fault::ALL {
        assert_caught(plugin(), fault);
    }
}

/// The crates that the audio thread's own code is made of: none has a lock, and the ring is atomics.
const LOCKLESS: [&str; 6] = [
    "crossbeam-utils",
    "earmark-capture",
    "earmark-timeline",
    "portable-atomic",
    "portable-atomic-util",
    "ringbuf",
];

#[test]
fn the_capture_crate_has_no_lock_to_take() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let root = std::fs::read_to_string(workspace.join("plugin/capture/src/lib.rs")).expect("its source");
    assert!(root.contains("#![no_std]"), "std has locks, files and a clock");
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--package", "earmark-capture", "--edges", "normal"])
        .args(["--prefix", "none", "--format", "{lib}"])
        .current_dir(&workspace)
        .output()
        .expect("cargo lists what the crate is made of");
    let text = String::from_utf8_lossy(&tree.stdout).replace('_', "-");
    let crates: BTreeSet<&str> = text.split_whitespace().filter(|word| *word != "(*)").collect();
    assert!(crates.contains("earmark-capture"), "{}", String::from_utf8_lossy(&tree.stderr));
    let unknown: Vec<_> = crates.iter().filter(|name| !LOCKLESS.contains(name)).collect();
    assert!(unknown.is_empty(), "on the audio thread, and not known to be without locks: {unknown:?}");
}
