//! What a busy core draws.

use earmark_timeline::snapshot::Power;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long a measurement lasts: the counter moves every millisecond, other programs' work comes and goes.
const INTERVAL: Duration = Duration::from_secs(2);

/// The kernel's clock ticks a second in `/proc/stat` (`USER_HZ`, which is 100 on every architecture that this runs on).
const TICKS_PER_SECOND: f64 = 100.0;

/// Less busy time than this, in seconds, says nothing about a busy core.
const LEAST_BUSY: f64 = 0.2;

/// Reads the processor's own energy counter where the system shows it (Linux: RAPL, which most systems show to
/// the superuser alone), and divides it by the time that all cores were busy.
pub(super) struct Meter {
    counter: PathBuf,
    ticks: PathBuf,
    last: Option<Reading>,
    power: Power,
}

#[derive(Clone, Copy)]
struct Reading {
    taken: Instant,
    joules: f64,
    busy_s: f64,
}

impl Meter {
    /// The first processor's counter; measures nothing yet.
    pub(super) fn of_this_machine() -> Self {
        Self::new(Path::new("/sys/class/powercap/intel-rapl:0/energy_uj"), Path::new("/proc/stat"))
    }

    fn new(counter: &Path, ticks: &Path) -> Self {
        let (counter, ticks) = (counter.to_owned(), ticks.to_owned());
        let mut meter = Self { counter, ticks, last: None, power: Power::default() };
        meter.last = meter.read();
        meter
    }

    /// What a busy core drew over the last seconds, or an estimate.
    pub(super) fn power(&mut self) -> Power {
        // Without a counter at the start there is none later, and nothing to ask the system for.
        let Some(last) = self.last.filter(|last| last.taken.elapsed() >= INTERVAL) else { return self.power };
        if let Some(now) = self.read() {
            self.last = Some(now);
            self.power = between(last, now).unwrap_or(self.power);
        }
        self.power
    }

    fn read(&self) -> Option<Reading> {
        let microjoules: f64 = std::fs::read_to_string(&self.counter).ok()?.trim().parse().ok()?;
        let busy_s = busy_s(&std::fs::read_to_string(&self.ticks).ok()?)?;
        Some(Reading { taken: Instant::now(), joules: microjoules * 1e-6, busy_s })
    }
}

/// `None` where the counter went round or nothing was done.
fn between(last: Reading, now: Reading) -> Option<Power> {
    let (joules, busy_s) = (now.joules - last.joules, now.busy_s - last.busy_s);
    (joules > 0.0 && busy_s > LEAST_BUSY).then(|| Power { watts_a_core: joules / busy_s, measured: true })
}

/// The time that all cores together were busy since the system started (proc_stat(5): all columns but idle and
/// iowait).
fn busy_s(stat: &str) -> Option<f64> {
    let columns = stat.lines().next()?.strip_prefix("cpu ")?.split_whitespace();
    let ticks = columns.take(8).map(|column| column.parse::<f64>().ok()).collect::<Option<Vec<_>>>()?;
    let (idle, all) = (ticks.get(3)? + ticks.get(4)?, ticks.iter().sum::<f64>());
    Some((all - idle) / TICKS_PER_SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn power_is_energy_over_busy_time_and_an_estimate_without_a_counter() {
        let reading = |joules, busy_s| Reading { taken: Instant::now(), joules, busy_s };
        let check = |last, now, expected: Option<f64>| {
            assert_eq!(between(last, now).map(|power| power.watts_a_core), expected);
        };
        check(reading(10.0, 1.0), reading(40.0, 5.0), Some(7.5));
        check(reading(10.0, 1.0), reading(2.0, 5.0), None);
        check(reading(10.0, 1.0), reading(40.0, 1.1), None);
        let nowhere = Path::new("no such file");
        assert_eq!(Meter::new(nowhere, nowhere).power(), Power::default());
    }

    #[test]
    fn the_kernels_columns_are_read_right() {
        assert_eq!(busy_s("cpu  100 20 30 4000 50 6 7 8 9 10\ncpu0 1"), Some(1.71));
        for nonsense in ["", "cpu", "cpu  1 2", "cpu  a b c d e f g h", "intr 1"] {
            assert_eq!(busy_s(nonsense), None, "{nonsense}");
        }
    }
}
