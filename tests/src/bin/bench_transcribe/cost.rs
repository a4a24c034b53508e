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

/// CPU seconds of everything on this machine since it started; `None` where the system does not tell.
pub(crate) fn machine_cpu_seconds() -> Option<f64> {
    /// What /proc counts in, the same on every Linux (`USER_HZ`).
    const TICKS_PER_SECOND: f64 = 100.0;
    let text = std::fs::read_to_string("/proc/stat").ok()?;
    let ticks: Vec<f64> =
        text.lines().next()?.split_whitespace().skip(1).filter_map(|count| count.parse().ok()).collect();
    // User, nice, system, idle, waiting for a disk, interrupts, soft interrupts, stolen; guests are in user.
    let busy = [0, 1, 2, 5, 6, 7];
    Some(busy.iter().filter_map(|index| ticks.get(*index)).sum::<f64>() / TICKS_PER_SECOND)
}
