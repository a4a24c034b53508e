//! The listener's thread.

use crate::infer::Inference;
use crate::session::Track;
use crossbeam_channel::{Receiver, select};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How long the listener rests while audio comes in: half of what the ring holds at the highest rate
/// would be a second, and a word need not wait longer for its turn than a screen for its frame.
const LISTENING: Duration = Duration::from_millis(10);
/// How long it rests while nothing comes in: short enough that pressing play shows at once, long enough
/// that ten waits a second are nothing.
const RESTING: Duration = Duration::from_millis(100);

/// What the listener is told.
pub(crate) enum Word {
    /// Listen to another track.
    Open(Box<Track>),
    /// Something changed; look.
    Wake,
    /// End.
    Quit,
}

/// What comes next for the listener.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Another step at once.
    Step,
    /// A rest, unless a word or an outcome comes.
    Rest(Duration),
}

/// The thread that hears all sessions of a process: it drains rings, finds what is worth a model's time,
/// decides whose turn it is, and publishes what came out.
pub(crate) struct Listener {
    words: Receiver<Word>,
    inference: Box<dyn Inference>,
    tracks: Vec<Track>,
}

impl Listener {
    pub(crate) fn new(words: Receiver<Word>, inference: Box<dyn Inference>) -> Self {
        Self { words, inference, tracks: Vec::new() }
    }

    /// Listens until told to quit, or until nobody is left to tell it.
    pub(crate) fn run(mut self) {
        loop {
            let rest = match self.step() {
                Next::Step => Duration::ZERO,
                Next::Rest(rest) => rest,
            };
            let outcomes = self.inference.outcomes().clone();
            select! {
                recv(self.words) -> word => match word {
                    Ok(Word::Open(track)) => self.tracks.push(*track),
                    Ok(Word::Wake) => {}
                    Ok(Word::Quit) | Err(_) => break,
                },
                recv(outcomes) -> outcome => if let Ok(outcome) = outcome {
                    self.take_outcome(outcome);
                },
                default(rest) => {}
            }
        }
        // Jobs of sessions whose owners forgot them end as well, so that the pool can be joined.
        for track in &self.tracks {
            track.shared().closed().store(true, Ordering::Relaxed);
        }
    }

    /// One round over all sessions.
    pub(crate) fn step(&mut self) -> Next {
        while let Ok(outcome) = self.inference.outcomes().try_recv() {
            self.take_outcome(outcome);
        }
        self.tracks.retain(|track| !track.shared().is_closed());
        let mut busy = false;
        let mut listening = false;
        for track in &mut self.tracks {
            let inference = &mut *self.inference;
            // A fault in one session is that session's alone.
            match catch_unwind(AssertUnwindSafe(|| track.step(inference))) {
                Ok(heard) => busy |= heard,
                Err(_) => track.fail(),
            }
        }
        self.dispatch();
        for track in &mut self.tracks {
            track.publish();
            listening |= track.is_listening();
        }
        match (busy, listening) {
            // Blocks came; more may be there already, but a short rest lets them gather.
            (_, true) => Next::Rest(LISTENING),
            (true, false) => Next::Step,
            (false, false) => Next::Rest(RESTING),
        }
    }

    /// Gives every free worker the job of the session that is furthest behind.
    fn dispatch(&mut self) {
        loop {
            let furthest = self
                .tracks
                .iter()
                .enumerate()
                .filter_map(|(index, track)| Some((track.next_job()?, index)))
                .max();
            let Some((_, index)) = furthest else { return };
            let Some(job) = self.tracks[index].take_job() else { return };
            if let Err(job) = self.inference.submit(job) {
                self.tracks[index].return_job(job);
                return;
            }
        }
    }

    fn take_outcome(&mut self, outcome: crate::infer::Outcome) {
        let owner = self.tracks.iter_mut().find(|track| Arc::ptr_eq(track.shared(), &outcome.session));
        if let Some(track) = owner {
            track.take_outcome(outcome);
        }
    }
}
