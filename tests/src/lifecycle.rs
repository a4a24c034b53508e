//! What a host does to a plugin that is in the middle of something: it drops it, unloads it, forks or ends.

mod cycles;

pub use cycles::{come_and_go, hear, memcheck};

use crate::audio::Clip;
use crate::host::{HostError, Playhead, Plugin, Setup, threads, threads_ended};
use crate::noise::Random;
use earmark_engine::command::Busy;
use earmark_engine::decode::DecodeError;
use earmark_engine::hub::HubError;
use rustix::time::{ClockId, clock_gettime};
use std::path::Path;
use std::time::{Duration, Instant};

/// Why a scene ended early.
#[derive(Debug, thiserror::Error)]
pub enum SceneError {
    /// The plugin failed.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The recording cannot be read.
    #[error(transparent)]
    Read(#[from] DecodeError),
    /// The system gives no thread.
    #[error(transparent)]
    Hub(#[from] HubError),
    /// A session took no command.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// Something that was to hold did not.
    #[error("{0}")]
    Broken(String),
}

/// How one instance went.
#[derive(Debug, Clone, Copy)]
pub struct Dropped {
    /// Whether a model was at work when it was dropped.
    pub at_work: bool,
    /// How long the host waited for the drop.
    pub drop: Duration,
    /// How long after the drop the last thread had ended.
    pub threads: Duration,
}

/// How long an instance is played to before it is dropped, at most: a model is loaded and infers by then.
const LONGEST_LIFE_MS: u32 = 4_000;

/// How long one look at whether a model is at work takes: a few of the kernel's ticks.
const LOOK: Duration = Duration::from_millis(40);

/// The share of a look that a thread at work computes, on a machine that it has to share.
const AT_WORK: f64 = 0.02;

/// An instance that was played a part of `clip` at once, from the project's start.
///
/// # Errors
/// [`SceneError`] when the plugin does not load or process.
pub fn played(path: &Path, clip: &Clip) -> Result<(Plugin, crate::host::Audio), SceneError> {
    let mut plugin = Plugin::load(path)?;
    let mut audio = plugin.activate(Setup::stereo(f64::from(clip.rate_hz), 1_024))?;
    audio.playhead = Playhead::playing_from(0);
    // Paced, so that the ring does not overflow: a host may render as fast as this.
    for (index, block) in clip.channels[0].chunks(16_384).enumerate() {
        let from = index * 16_384;
        let part: Vec<&[f32]> =
            clip.channels.iter().map(|channel| &channel[from..from + block.len()]).collect();
        audio.play(&part, 1_024, |_| ())?;
        std::thread::sleep(Duration::from_millis(15));
    }
    Ok((plugin, audio))
}

/// Plays the stereo `clip` to an instance, drops it at a random moment, together with the library, and waits
/// until its threads are gone.
///
/// # Errors
/// [`SceneError`] when the plugin does not load or process, or leaves a thread.
pub fn drop_at_random(path: &Path, clip: &Clip, random: &mut Random) -> Result<Dropped, SceneError> {
    let before = threads();
    let (mut plugin, audio) = played(path, clip)?;
    std::thread::sleep(Duration::from_millis(random.below(LONGEST_LIFE_MS).into()));
    let computed = cpu_s();
    std::thread::sleep(LOOK);
    let at_work = cpu_s() - computed > LOOK.as_secs_f64() * AT_WORK;
    plugin.deactivate(audio);
    let begun = Instant::now();
    drop(plugin);
    let dropped = begun.elapsed();
    if !threads_ended(before) {
        return Err(SceneError::Broken(format!("{} threads are left", threads() - before)));
    }
    Ok(Dropped { at_work, drop: dropped, threads: begun.elapsed() })
}

/// Creates and destroys an instance as a host does that looks what plug-ins there are, and returns how long
/// that took and how much memory, in bytes, the process has gained.
///
/// # Errors
/// [`SceneError`] when the plugin does not load.
pub fn scan(path: &Path) -> Result<(Duration, i64), SceneError> {
    let memory = resident_bytes();
    let begun = Instant::now();
    drop(Plugin::load(path)?);
    Ok((begun.elapsed(), resident_bytes() - memory))
}

/// The process's resident memory that no file can give back, in bytes; zero where the system does not say.
pub fn resident_bytes() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<i64>().ok());
    kilobytes.unwrap_or_default() * 1024
}

/// The memory that the process has asked for and not given back, in bytes: what of it is resident depends on what was
/// done with it, and on what the allocator keeps.
#[allow(unsafe_code, reason = "no crate has a safe one")]
pub fn allocated_bytes() -> i64 {
    // SAFETY: it reads the allocator's own counts.
    let counts = unsafe { libc::mallinfo2() };
    (counts.uordblks + counts.hblkhd) as i64
}

/// Has the allocator give back what is free, as far as it can, and returns how much that was, in bytes.
#[allow(unsafe_code, reason = "no crate has a safe one")]
pub fn trim() -> i64 {
    let before = resident_bytes();
    // SAFETY: it changes nothing that anybody has asked for.
    unsafe { libc::malloc_trim(0) };
    before - resident_bytes()
}

/// The CPU time of this process, in seconds.
pub fn cpu_s() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}
