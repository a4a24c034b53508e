//! How many threads the process has: what a plugin leaves behind when it goes.

use std::time::{Duration, Instant};

/// How long the threads of a plugin that is gone may take to end.
const LIMIT: Duration = Duration::from_secs(5);

/// How many threads this process has.
pub fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count)
}

/// How many files, pipes and sockets this process has open.
pub fn open_files() -> usize {
    std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}

/// Waits until there are no more threads than `before`; `false` if that takes longer than 5 s.
///
/// A program that closed an editor asks this before it ends: a window's thread may outlive its window for
/// a moment, unloads the graphics library last, and takes a program down that exits meanwhile.
pub fn threads_ended(before: usize) -> bool {
    let end = Instant::now() + LIMIT;
    while threads() > before {
        if Instant::now() >= end {
            return false;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    true
}
