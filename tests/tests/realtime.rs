//! The audio thread does nothing that could make it late: no memory, no waiting, no system call.

use earmark_tests::fixtures;
use earmark_tests::guard::{Fault, Request, Subject, Verdict, watch};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

const BLOCKS: u64 = 10_000;

fn verdict(request: &Request) -> Verdict {
    let folder = tempfile::tempdir().expect("a folder for the trace");
    watch(request, folder.path()).expect("the probe runs")
}

fn assert_clean(subject: Subject, frames: u32, full: bool) {
    let request = Request { subject, blocks: BLOCKS, frames, full, fault: None };
    let verdict = verdict(&request);
    assert_eq!(verdict.brackets, BLOCKS, "{request:?}");
    assert_eq!(verdict.counts.allocations, 0, "allocations and releases under {request:?}");
    assert_eq!(verdict.findings, [], "system calls under {request:?}");
    if request.subject != Subject::Tap {
        assert!(verdict.counts.seen_in_plugin > 0, "the plugin's memory goes past the counter");
    }
}

fn assert_caught(subject: Subject, fault: Fault) {
    let request = Request { subject, blocks: 100, frames: 64, full: false, fault: Some(fault) };
    let verdict = verdict(&request);
    let called = |name: &str| verdict.findings.iter().any(|finding| finding.call.starts_with(name));
    let caught = match fault {
        Fault::Allocation => verdict.counts.allocations >= 2,
        Fault::Lock => called("futex"),
        Fault::Write => called("write"),
    };
    assert!(caught, "{fault:?} went unseen: {verdict:?}");
}

#[test]
fn the_tap_touches_neither_memory_nor_the_system() {
    assert_clean(Subject::Tap, 64, false);
    assert_clean(Subject::Tap, 8_192, true);
}

#[test]
fn the_guard_catches_each_fault_at_the_tap() {
    for fault in Fault::ALL {
        assert_caught(Subject::Tap, fault);
    }
}

#[test]
fn the_plugin_touches_neither_memory_nor_the_system_while_its_state_is_saved() {
    let plugin = fixtures::plugin().expect("the plugin is built");
    assert_clean(Subject::Plugin(plugin.clone()), 64, false);
    // 28 minutes of audio within seconds: no listener keeps up, so the ring is full most of the time.
    assert_clean(Subject::Plugin(plugin), 8_192, true);
}

#[test]
fn the_guard_catches_each_fault_in_the_plugin() {
    let plugin = fixtures::plugin().expect("the plugin is built");
    for fault in Fault::ALL {
        assert_caught(Subject::Plugin(plugin.clone()), fault);
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
