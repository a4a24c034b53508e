//! Many sessions in one process, each with a track of its own that plays in real time.

use crate::audio::Clip;
use crate::lifecycle::{allocated_bytes, resident_bytes};
use crate::live::PerformError;
use earmark_capture::Tap;
use earmark_engine::hub::Hub;
use earmark_engine::session::Session;
use earmark_models::Store;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::snapshot::{Engine, ModelUsage, Snapshot};
use earmark_timeline::transport::{ChannelChoice, Listen, Transport};
use earmark_timeline::units::{FramePos, SampleRate};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
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
    /// How many sessions played before the others, one for each core of the engine.
    pub first: usize,
    /// The process's memory after those, once all was heard.
    pub memory_first: Memory,
    /// And after all sessions.
    pub memory_all: Memory,
    /// What it cost while all played.
    pub cost: Cost,
}

/// What the engine costs for a while.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// How long, in seconds.
    pub length_s: f64,
    /// CPU time of its threads, in seconds.
    pub cpu_s: f64,
    /// That of it in which words were recognised.
    pub words_cpu_s: f64,
}

/// What a process takes of the machine's memory.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    /// Resident, in bytes: with all that the engine has ever used for its work.
    pub resident: i64,
    /// Asked for, in bytes.
    pub allocated: i64,
}

/// How long the first sessions play alone, so that every model and each core's working memory is there.
const ALONE: Duration = Duration::from_secs(20);

/// A pause that ends what was begun, and in which what still waits is heard.
const PAUSE: Duration = Duration::from_secs(2);

/// How long those that are further behind may go on before memory is looked at.
const CATCHING_UP: Duration = Duration::from_secs(30);

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
    let (mut sessions, mut seats) = (Vec::new(), Vec::new());
    let (stage, arrivals) = channel();
    let playing = Arc::new(AtomicBool::new(true));
    let plays = Arc::clone(&playing);
    let host = std::thread::spawn(move || play(&arrivals, &plays));
    let mut tracks = tracks.into_iter();
    let mut listen = |more: usize, length: Duration| -> Result<(Memory, Engine, Cost), PerformError> {
        for track in tracks.by_ref().take(more) {
            let rate = SampleRate::new(track.clip.rate_hz).ok_or(PerformError::Rate(track.clip.rate_hz))?;
            let session = hub.open_session(Notebook::default());
            let tap = session.connect(rate, FramePos(0))?;
            seats.push(Seat { name: track.name.clone(), ..Seat::default() });
            sessions.push(session);
            // The host goes on until the stage is left.
            let _there = stage.send((tap, track));
        }
        playing.store(true, Ordering::Release);
        let before = (engine_cpu_s(), words_cpu_s(&sessions));
        look(&sessions, &mut seats, length);
        let cpu_s = engine_cpu_s() - before.0;
        let cost =
            Cost { length_s: length.as_secs_f64(), cpu_s, words_cpu_s: words_cpu_s(&sessions) - before.1 };
        playing.store(false, Ordering::Release);
        let paused = Instant::now();
        while paused.elapsed() < CATCHING_UP && !sessions.iter().all(|one| has_kept_up(&one.snapshot())) {
            std::thread::sleep(LOOK);
        }
        std::thread::sleep(PAUSE);
        let memory = Memory { resident: resident_bytes(), allocated: allocated_bytes() };
        let engine = sessions.first().map(|one| one.snapshot().status.engine.clone()).unwrap_or_default();
        Ok((memory, engine, cost))
    };
    let first = listen(1, LOOK)?.1.cores;
    let (memory_first, ..) = listen(first - 1, ALONE)?;
    let (memory_all, engine, cost) = listen(usize::MAX, length)?;
    drop(stage);
    let _ended = host.join();
    Ok(Crowd { seats, engine, first, memory_first, memory_all, cost })
}

/// Less waits while everything is heard as it comes.
fn has_kept_up(snapshot: &Snapshot) -> bool {
    snapshot.status.behind.0 < PAUSE.as_secs_f64()
}

/// The host's audio thread: plays all tracks that have arrived, but for pauses, until no more can.
fn play(arrivals: &Receiver<(Tap, Track)>, playing: &AtomicBool) {
    let begun = Instant::now();
    let mut players = Vec::new();
    for block in 1.. {
        match arrivals.try_recv() {
            Ok(player) => players.push(player),
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => return,
        }
        for (tap, track) in players.iter_mut().filter(|_| playing.load(Ordering::Acquire)) {
            let frames = (track.clip.rate_hz / BLOCKS) as usize;
            let at = tap.capture().0 as usize;
            let from = (track.from + at) % (track.clip.frames() - frames);
            let transport =
                Transport { playing: true, project: Some(FramePos(at as i64)), ..Transport::default() };
            let samples = &track.clip.channels[0][from..from + frames];
            tap.process(&[samples], frames, transport, ChannelChoice::Mix, Listen::WhilePlaying);
        }
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

/// CPU time of the engine's threads that there are, in seconds.
fn engine_cpu_s() -> f64 {
    let nanoseconds = |task: std::fs::DirEntry| {
        let name = std::fs::read_to_string(task.path().join("comm")).ok()?;
        let spent = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        name.starts_with("earmark-").then(|| spent.split_whitespace().next()?.parse::<u64>().ok())?
    };
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    tasks.filter_map(nanoseconds).sum::<u64>() as f64 / 1e9
}

/// CPU time for words of all sessions so far, in seconds.
fn words_cpu_s(sessions: &[Session]) -> f64 {
    let of_words = |model: &ModelUsage| if model.model.starts_with("whisper") { model.cpu.0 } else { 0.0 };
    sessions
        .iter()
        .flat_map(|session| session.snapshot().usage.models.clone())
        .map(|model| of_words(&model))
        .sum()
}

impl Cost {
    /// The share of a core that all but words takes: finding speech, classes, what plays, tempo, key, loudness, and
    /// telling of it.
    pub const fn hearing(&self) -> f64 {
        (self.cpu_s - self.words_cpu_s) / self.length_s
    }
}

impl Crowd {
    /// Memory that each session beyond the first ones asked for, in bytes.
    pub fn memory_a_session(&self) -> i64 {
        let further = (self.seats.len() - self.first) as i64;
        (self.memory_all.allocated - self.memory_first.allocated) / further.max(1)
    }

    /// The largest lag of the sessions that heard words, over the mean of them.
    pub fn unfairness(&self) -> f64 {
        let lags: Vec<f64> =
            self.seats.iter().filter(|seat| seat.words > 0).map(|seat| seat.behind_s).collect();
        let mean = lags.iter().sum::<f64>() / lags.len().max(1) as f64;
        if mean > 0.0 { lags.iter().fold(0.0, |largest: f64, lag| largest.max(*lag)) / mean } else { 1.0 }
    }
}
