//! The host's view of the notebook while the plugin listens: it saves the state, again and again.

use super::Player;
use crate::host::{HostError, Instance};
use crate::saved::{self, SavedError};
use earmark_timeline::utterance::{ItemId, Utterance};
use rustix::time::{ClockId, clock_gettime};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::time::{Duration, Instant};

/// What was measured while the plugin listened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heard {
    /// From the end of the first utterance to its mark, in seconds.
    pub first_mark_s: Option<f64>,
    /// The longest such time of all utterances.
    pub lag_s: Option<f64>,
    /// Each look found what had settled before, unchanged and before all that was new, and nothing said twice.
    pub settled_stays: bool,
    /// CPU time that the whole process took.
    pub cpu_s: f64,
}

/// Why playing ended early.
#[derive(Debug, thiserror::Error)]
pub enum PlaybackError {
    /// The plugin failed.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The plugin saves something else than a notebook.
    #[error(transparent)]
    Saved(#[from] SavedError),
}

/// How often the state is saved; fine enough to measure a lag by.
const POLL: Duration = Duration::from_millis(125);

/// How long the plugin must rest before it counts as done, and below what share of a core it rests.
const REST: Duration = Duration::from_secs(2);
const RESTING_SHARE: f64 = 0.15;

/// The share of looks at which a thread must have been found wanting a core to count as busy. On a
/// machine with more to do than it has cores, what is busy takes little time but wants it always.
const BUSY_SHARE: f64 = 0.5;

/// When the plugin is given up on, after the recording's end or the last that was new.
const PATIENCE: Duration = Duration::from_secs(180);

/// Pumps the main thread, tells each utterance when it settles, and returns when the recording is over
/// and the plugin has come to rest.
///
/// # Errors
///
/// [`PlaybackError`] when the plugin does not save, or not a notebook.
pub fn until_settled<I: Instance>(
    plugin: &mut I,
    player: &Player<I::Processor>,
    settled: &mut dyn FnMut(&Utterance),
) -> Result<Heard, PlaybackError> {
    let cpu_before_s = process_cpu_s();
    let mut known = BTreeSet::<ItemId>::new();
    let mut before: Vec<Utterance> = Vec::new();
    let (mut first_mark_s, mut lag_s, mut settled_stays) = (None, None, true);
    let mut rest = Rest::begin();
    let mut over = None;
    loop {
        plugin.pump(POLL);
        rest.look();
        let notebook = saved::read(&plugin.save()?)?;
        let said = notebook.utterances();
        let apart = said.windows(2).all(|pair| pair[0].end <= pair[1].start && pair[0].id != pair[1].id);
        settled_stays &= apart && said.starts_with(&before);
        for utterance in said {
            if !known.insert(utterance.id) {
                continue;
            }
            let lag = Instant::now().saturating_duration_since(player.moment(utterance.end.seconds()));
            let lag = lag.as_secs_f64();
            first_mark_s = first_mark_s.or(Some(lag));
            lag_s = Some(lag_s.map_or(lag, |longest: f64| longest.max(lag)));
            settled(utterance);
            rest = Rest::begin();
            over = None;
        }
        before = said.to_vec();
        if player.has_played_out() {
            let over = *over.get_or_insert_with(Instant::now);
            if rest.is_over() || over.elapsed() > PATIENCE {
                let cpu_s = process_cpu_s() - cpu_before_s;
                return Ok(Heard { first_mark_s, lag_s, settled_stays, cpu_s });
            }
        } else {
            rest = Rest::begin();
        }
    }
}

/// A stretch in which nothing new came; it is a rest if little was computed as well.
struct Rest {
    since: Instant,
    cpu_s: f64,
    looks: u32,
    /// How often each thread wanted a core.
    wanting: BTreeMap<OsString, u32>,
}

impl Rest {
    fn begin() -> Self {
        Self { since: Instant::now(), cpu_s: process_cpu_s(), looks: 0, wanting: BTreeMap::new() }
    }

    /// Notes which of the process's other threads run or wait for a core right now.
    fn look(&mut self) {
        self.looks += 1;
        let me = rustix::thread::gettid().as_raw_nonzero().to_string();
        for thread in std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten() {
            let stat = std::fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
            // The state follows the name, which stands in brackets and may hold any.
            let wants = stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('R'));
            if wants && thread.file_name() != *me {
                *self.wanting.entry(thread.file_name()).or_default() += 1;
            }
        }
    }

    /// Whether the plugin has rested long enough; a stretch of work begins a new stretch.
    fn is_over(&mut self) -> bool {
        let length = self.since.elapsed();
        if length < REST {
            return false;
        }
        let busy = f64::from(self.looks) * BUSY_SHARE;
        let resting = process_cpu_s() - self.cpu_s < length.as_secs_f64() * RESTING_SHARE
            && self.wanting.values().all(|&times| f64::from(times) < busy);
        if !resting {
            *self = Self::begin();
        }
        resting
    }
}

fn process_cpu_s() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}
