//! The audio thread.

use crate::audio::Clip;
use crate::host::{Audio, Clap, HostError, Playhead, Processor};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A thread that plays a clip at a pace, and then lets the transport stand until it is told to end.
pub struct Player<P = Clap> {
    thread: JoinHandle<Result<Audio<P>, HostError>>,
    shared: Arc<Shared>,
    begun: Instant,
    speed: f64,
}

/// How often a block is played while the transport stands, whatever its length: the host is to idle, so
/// that the plugin's rest can be told from its work.
const IDLE: Duration = Duration::from_millis(10);

const SHORTEST_SLEEP: Duration = Duration::from_millis(1);

#[derive(Default)]
struct Shared {
    played_out: AtomicBool,
    stop: AtomicBool,
}

/// Starts to play `clip` from the project's start, `speed` times as fast as it sounds, in the longest
/// blocks that `audio` was activated for.
///
/// # Panics
///
/// Panics when the system has no thread left.
pub fn start<P: Processor + 'static>(audio: Audio<P>, clip: Clip, speed: f64) -> Player<P> {
    let shared = Arc::<Shared>::default();
    let theirs = Arc::clone(&shared);
    let begun = Instant::now();
    let thread = std::thread::Builder::new()
        .name("host audio".to_owned())
        .spawn(move || play(audio, &clip, speed, begun, &theirs));
    Player { thread: thread.expect("a thread for the audio"), shared, begun, speed }
}

impl<P> Player<P> {
    /// Whether the clip is over.
    pub fn has_played_out(&self) -> bool {
        self.shared.played_out.load(Ordering::Acquire) || self.thread.is_finished()
    }

    /// The moment at which the host played what lies `seconds` into the project.
    pub fn moment(&self, seconds: f64) -> Instant {
        self.begun + Duration::from_secs_f64(seconds.max(0.0) / self.speed)
    }

    /// Ends the thread and hands the plugin's audio half back.
    ///
    /// # Errors
    ///
    /// What the plugin answered when it failed to process.
    ///
    /// # Panics
    ///
    /// Panics when the audio thread did.
    pub fn stop(self) -> Result<Audio<P>, HostError> {
        self.shared.stop.store(true, Ordering::Release);
        self.thread.join().expect("the audio thread does not panic")
    }
}

fn play<P: Processor>(
    mut audio: Audio<P>,
    clip: &Clip,
    speed: f64,
    begun: Instant,
    shared: &Shared,
) -> Result<Audio<P>, HostError> {
    let block = audio.setup().max_block;
    let pace = audio.setup().rate_hz * speed;
    audio.playhead = Playhead::playing_from(0);
    let mut at = 0;
    while at < clip.frames() {
        let frames = (block as usize).min(clip.frames() - at);
        wait_until(begun + Duration::from_secs_f64(at as f64 / pace));
        for (channel, samples) in clip.channels.iter().enumerate() {
            audio.input(channel)[..frames].copy_from_slice(&samples[at..at + frames]);
        }
        audio.block(frames as u32)?;
        at += frames;
    }
    shared.played_out.store(true, Ordering::Release);
    audio.playhead.playing = false;
    for channel in 0..clip.channels.len() {
        audio.input(channel).fill(0.0);
    }
    while !shared.stop.load(Ordering::Acquire) {
        audio.block(block)?;
        std::thread::sleep(IDLE);
    }
    Ok(audio)
}

/// Sleeps if `moment` is some way off: a sleep takes longer than the shortest blocks sound, so those are
/// played in bursts.
pub(crate) fn wait_until(moment: Instant) {
    let ahead = moment.saturating_duration_since(Instant::now());
    if ahead >= SHORTEST_SLEEP {
        std::thread::sleep(ahead);
    }
}
