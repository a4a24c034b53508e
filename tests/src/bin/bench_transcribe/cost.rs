//! What this process has cost.

use rustix::time::{ClockId, clock_gettime};

/// CPU seconds of all threads of this process so far.
pub(crate) fn cpu_seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// The most memory that this process has held so far, in megabytes; zero where the system does not tell.
pub(crate) fn peak_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    let kibibytes: f64 = line.trim().trim_end_matches("kB").trim().parse().unwrap_or_default();
    kibibytes * 1024.0 / 1e6
}
