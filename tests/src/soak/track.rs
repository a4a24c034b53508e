//! A track's audio thread, which does what it is told meanwhile.

use crate::audio::Clip;
use crate::host::{Audio, HostError, Playhead};
use crate::noise::Random;
use crate::playback::wait_until;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What the transport is to do next.
#[derive(Debug, Clone, Copy)]
pub(super) enum Order {
    /// Play from a frame to the clip's end.
    From {
        /// The frame.
        frame: i64,
        /// How many times faster than it sounds.
        speed: f64,
    },
    /// Go round between two frames.
    Round(i64, i64),
    /// Stand where it is.
    Stand,
}

/// A track whose sound lies on the timeline: whatever the playhead does, a place always sounds the same.
pub(super) struct Track {
    thread: JoinHandle<Result<Audio, HostError>>,
    orders: Sender<Order>,
    /// How many orders were given.
    given: u64,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    /// How many orders had been obeyed when the plugin was last told that the transport stands.
    stood_after: AtomicU64,
    altered: AtomicU64,
}

/// How often a block is played while the transport stands.
const IDLE: Duration = Duration::from_millis(10);

/// A host that got no core for this long leaves out what it is behind, as an interface does that runs dry.
const DRY: Duration = Duration::from_secs(1);

impl Track {
    /// Lets `audio` play `clip` as `first` says, in blocks of lengths that `random` chooses.
    ///
    /// # Panics
    /// Panics when the system has no thread left.
    pub(super) fn start(audio: Audio, clip: Arc<Clip>, random: Random, first: Order) -> Self {
        let (orders, received) = channel();
        let shared = Arc::<Shared>::default();
        let theirs = Arc::clone(&shared);
        let mut player = Player { audio, clip, random, speed: 1.0, obeyed: 0 };
        player.obey(first);
        let run = move || player.run(&received, &theirs);
        let thread = std::thread::Builder::new().name("host audio".to_owned()).spawn(run);
        Self { thread: thread.expect("a thread for the audio"), orders, given: 1, shared }
    }

    /// Has the transport do something else from the next block on.
    pub(super) fn order(&mut self, order: Order) {
        self.given += 1;
        // A thread that failed says so when it is asked for its audio half.
        self.orders.send(order).ok();
    }

    /// Whether the transport stands, and has been told to the plugin as standing; or failed.
    pub(super) fn stands(&self) -> bool {
        self.shared.stood_after.load(Ordering::Acquire) == self.given || self.thread.is_finished()
    }

    /// Ends the thread; returns the plugin's audio half and how many blocks came out altered.
    ///
    /// # Errors
    /// What the plugin answered when it failed to process.
    ///
    /// # Panics
    /// Panics when the audio thread did.
    pub(super) fn stop(self) -> Result<(Audio, u64), HostError> {
        drop(self.orders);
        let audio = self.thread.join().expect("the audio thread does not panic")?;
        Ok((audio, self.shared.altered.load(Ordering::Acquire)))
    }
}

struct Player {
    audio: Audio,
    clip: Arc<Clip>,
    random: Random,
    speed: f64,
    obeyed: u64,
}

impl Player {
    fn run(mut self, orders: &Receiver<Order>, shared: &Shared) -> Result<Audio, HostError> {
        let mut due = Instant::now();
        loop {
            match orders.try_recv() {
                Ok(order) => {
                    self.obey(order);
                    due = Instant::now();
                }
                Err(TryRecvError::Empty) => {}
                Err(TryRecvError::Disconnected) => return Ok(self.audio),
            }
            if self.audio.playhead.playing {
                let frames = self.play(shared)?;
                due += Duration::from_secs_f64(f64::from(frames) / self.audio.setup().rate_hz / self.speed);
                due = due.max(Instant::now() - DRY);
                wait_until(due);
            } else {
                self.stand(shared)?;
                std::thread::sleep(IDLE);
            }
        }
    }

    fn obey(&mut self, order: Order) {
        let playhead = &mut self.audio.playhead;
        self.obeyed += 1;
        self.speed = 1.0;
        match order {
            Order::From { frame, speed } => {
                *playhead = Playhead::playing_from(frame);
                self.speed = speed;
            }
            Order::Round(start, end) => {
                *playhead = Playhead { looping: Some((start, end)), ..Playhead::playing_from(start) };
            }
            Order::Stand => playhead.playing = false,
        }
    }

    /// Plays a block as long as chance wants, cut at the loop's end and at the clip's; returns its length.
    fn play(&mut self, shared: &Shared) -> Result<u32, HostError> {
        let at = self.audio.playhead.frame as usize;
        let end = self.audio.playhead.looping.map_or(self.clip.frames(), |(_, end)| end as usize);
        let frames = (1 + self.random.below(self.audio.setup().max_block)).min((end - at) as u32);
        let part = at..at + frames as usize;
        for (channel, samples) in self.clip.channels.iter().enumerate() {
            self.audio.input(channel)[..part.len()].copy_from_slice(&samples[part.clone()]);
        }
        self.audio.block(frames)?;
        let comes_out = |(channel, samples): (usize, &Vec<f32>)| {
            self.audio.output(channel)[..part.len()] == samples[part.clone()]
        };
        if !self.clip.channels.iter().enumerate().all(comes_out) {
            shared.altered.fetch_add(1, Ordering::AcqRel);
        }
        if self.audio.playhead.frame as usize >= self.clip.frames() {
            self.audio.playhead.playing = false;
        }
        Ok(frames)
    }

    fn stand(&mut self, shared: &Shared) -> Result<(), HostError> {
        for channel in 0..self.clip.channels.len() {
            self.audio.input(channel).fill(0.0);
        }
        self.audio.block(self.audio.setup().max_block)?;
        shared.stood_after.store(self.obeyed, Ordering::Release);
        Ok(())
    }
}
