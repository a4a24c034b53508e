//! Many sessions in one process, each with a track of its own that plays in real time.

use crate::audio::Clip;
use crate::lifecycle::resident_bytes;
use crate::live::PerformError;
use earmark_capture::Tap;
use earmark_engine::hub::Hub;
use earmark_engine::session::Session;
use earmark_models::Store;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::snapshot::{Engine, Snapshot};
use earmark_timeline::transport::{ChannelChoice, Listen, Transport};
use earmark_timeline::units::{FramePos, SampleRate};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A track that plays round and round.
pub struct Track {
    /// What it is called.
    pub name: String,
    /// What it plays; the first channel counts.
    pub clip: Clip,
    /// The frame that it begins with.
    pub from: usize,
}

/// How one session went.
#[derive(Debug, Clone, Default)]
pub struct Seat {
    /// The track's name.
    pub name: String,
    /// Frames that were lost.
    pub lost: u64,
    /// The most audio that waited for its words, in seconds.
    pub behind_s: f64,
    /// The most audio that waited for its classes, in seconds.
    pub classes_behind_s: f64,
    /// The words that settled.
    pub words: usize,
    /// CPU time for it, in seconds.
    pub cpu_s: f64,
}

/// How a crowd went.
#[derive(Debug, Clone)]
pub struct Crowd {
    /// The sessions.
    pub seats: Vec<Seat>,
    /// What the engine showed last.
    pub engine: Engine,
    /// The process's memory with one session at work, and with all of them, in bytes.
    pub memory: (i64, i64),
    /// How long all of them played.
    pub length: Duration,
}

/// How long the first session plays alone, so that every model is there.
const ALONE: Duration = Duration::from_secs(20);

/// How often the sessions are looked at.
const LOOK: Duration = Duration::from_millis(100);

/// Blocks a second.
const BLOCKS: u32 = 100;

/// Plays `tracks`, each to a session of its own, for `length` together.
///
/// # Errors
/// [`PerformError`] if there is no hub or a track's rate is none that Earmark listens at.
pub fn gather(tracks: Vec<Track>, length: Duration) -> Result<Crowd, PerformError> {
    let hub = Hub::shared(Store::from_environment())?;
    let mut sessions = Vec::new();
    let mut seats = Vec::new();
    let mut players = Vec::new();
    for track in tracks {
        let rate = SampleRate::new(track.clip.rate_hz).ok_or(PerformError::Rate(track.clip.rate_hz))?;
        let session = hub.open_session(Notebook::default());
        let tap = session.connect(rate, FramePos(0))?;
        seats.push(Seat { name: track.name.clone(), ..Seat::default() });
        players.push((tap, track));
        sessions.push(session);
    }
    let stop = Arc::new(AtomicBool::new(false));
    let all = Arc::new(AtomicBool::new(false));
    let (stopped, together) = (Arc::clone(&stop), Arc::clone(&all));
    let host = std::thread::spawn(move || play(players, &together, &stopped));
    look(&sessions[..1], &mut seats[..1], ALONE);
    let alone = resident_bytes();
    all.store(true, Ordering::Release);
    look(&sessions, &mut seats, length);
    let together = resident_bytes();
    stop.store(true, Ordering::Release);
    let _played = host.join();
    let engine = sessions[0].snapshot().status.engine.clone();
    Ok(Crowd { seats, engine, memory: (alone, together), length })
}

/// The host's audio thread: plays the first track, and from the moment that `all` is raised every track.
fn play(mut players: Vec<(Tap, Track)>, all: &AtomicBool, stop: &AtomicBool) {
    let begun = Instant::now();
    let mut block = 0;
    while !stop.load(Ordering::Acquire) {
        let count = if all.load(Ordering::Acquire) { players.len() } else { 1 };
        for (tap, track) in &mut players[..count] {
            let frames = (track.clip.rate_hz / BLOCKS) as usize;
            let at = tap.capture().0 as usize;
            let from = (track.from + at) % (track.clip.frames() - frames);
            let transport =
                Transport { playing: true, project: Some(FramePos(at as i64)), ..Transport::default() };
            let samples = &track.clip.channels[0][from..from + frames];
            tap.process(&[samples], frames, transport, ChannelChoice::Mix, Listen::WhilePlaying);
        }
        block += 1;
        let due = Duration::from_secs(1) * block / BLOCKS;
        std::thread::sleep(due.saturating_sub(begun.elapsed()));
    }
}

fn look(sessions: &[Session], seats: &mut [Seat], length: Duration) {
    let begun = Instant::now();
    while begun.elapsed() < length {
        std::thread::sleep(LOOK);
        for (session, seat) in sessions.iter().zip(&mut *seats) {
            seat.note(&session.snapshot());
        }
    }
}

impl Seat {
    fn note(&mut self, snapshot: &Snapshot) {
        self.lost = snapshot.status.lost.0;
        self.behind_s = self.behind_s.max(snapshot.status.behind.0);
        let classified = snapshot.notebook.spans().last().map_or(0.0, |span| span.end.seconds());
        let heard = snapshot.status.heard_until.map_or(0.0, |time| time.seconds());
        self.classes_behind_s = self.classes_behind_s.max(heard - classified);
        self.words = snapshot.notebook.utterances().iter().map(|utterance| utterance.words.len()).sum();
        self.cpu_s = snapshot.usage.inference_cpu.0 + snapshot.usage.listening_cpu.0;
    }
}

impl Crowd {
    /// Memory for each session beyond the first, in bytes.
    pub fn memory_a_session(&self) -> i64 {
        (self.memory.1 - self.memory.0) / (self.seats.len() as i64 - 1).max(1)
    }

    /// The largest lag of the sessions that heard words, over the mean of them.
    pub fn unfairness(&self) -> f64 {
        let lags: Vec<f64> =
            self.seats.iter().filter(|seat| seat.words > 0).map(|seat| seat.behind_s).collect();
        let mean = lags.iter().sum::<f64>() / lags.len().max(1) as f64;
        if mean > 0.0 { lags.iter().fold(0.0, |largest: f64, lag| largest.max(*lag)) / mean } else { 1.0 }
    }
}
