//! What resting instances cost: the transport stands, the editors are closed, the host goes on processing.
//!
//! `cargo bench -p earmark-tests --bench idle`, after `cargo build --release -p earmark`; the aim is less
//! than 0.1 % of a core an instance. What is measured is the whole process, so the host's own work counts too.

use earmark_tests::host::{Audio, HostError, Playhead, Plugin, Setup};
use earmark_tests::{figure, fixtures};
use rustix::time::{ClockId, clock_gettime};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const INSTANCES: usize = 16;
const RATE_HZ: f64 = 48_000.0;
const FRAMES: u32 = 512;

/// How long instances settle before the measurement, and how long that is.
const SETTLING: Duration = Duration::from_secs(3);
const MEASURED: Duration = Duration::from_secs(20);

#[allow(clippy::print_stdout, reason = "a benchmark's report")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = fixtures::plugin()?;
    let mut plugins = Vec::new();
    let mut audios = Vec::new();
    for _ in 0..INSTANCES {
        let mut plugin = Plugin::load(&path)?;
        let mut audio = plugin.activate(Setup::stereo(RATE_HZ, FRAMES))?;
        // It stands where a song might.
        audio.playhead = Playhead { frame: 1_000_000, ..Playhead::default() };
        audios.push(audio);
        plugins.push(plugin);
    }
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let player = std::thread::spawn(move || play(audios, &stopped));
    std::thread::sleep(SETTLING);
    let (begun, cpu, wakes) = (Instant::now(), cpu_s(), wakes()?);
    std::thread::sleep(MEASURED);
    let (seconds, cpu, wakes) = (begun.elapsed().as_secs_f64(), cpu_s() - cpu, self::wakes()? - wakes);
    stop.store(true, Ordering::Release);
    let audios = player.join().map_err(|_| "the audio thread panicked")??;
    for (plugin, audio) in plugins.iter_mut().zip(audios) {
        plugin.deactivate(audio);
    }
    let share = 100.0 * cpu / seconds / INSTANCES as f64;
    println!("{INSTANCES} resting instances, host included: {share:.4} % of a core an instance (aim: 0.1 %)");
    figure("a resting instance, % of a core", share);
    println!("Earmark's threads were woken {:.1} times a second, all together", wakes as f64 / seconds);
    if share < 0.1 { Ok(()) } else { Err("resting instances cost too much".into()) }
}

/// Processes silence on all instances, block by block in real time.
fn play(mut audios: Vec<Audio>, stop: &AtomicBool) -> Result<Vec<Audio>, HostError> {
    let block = Duration::from_secs_f64(f64::from(FRAMES) / RATE_HZ);
    let mut due = Instant::now();
    while !stop.load(Ordering::Acquire) {
        for audio in &mut audios {
            audio.block(FRAMES)?;
        }
        due += block;
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
    }
    Ok(audios)
}

fn cpu_s() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

/// How often the threads whose names begin with the plugin's went to sleep so far.
fn wakes() -> std::io::Result<u64> {
    let mut total = 0;
    for task in std::fs::read_dir("/proc/self/task")? {
        let status = std::fs::read_to_string(task?.path().join("status"))?;
        let value = |key: &str| status.lines().find_map(|line| line.strip_prefix(key)).map(str::trim);
        if value("Name:").is_some_and(|name| name.starts_with("earmark-")) {
            total +=
                value("voluntary_ctxt_switches:").and_then(|count| count.parse::<u64>().ok()).unwrap_or(0);
        }
    }
    Ok(total)
}
