//! The listener's thread.

use super::cores::{CoreSetting, available};
use super::power::Meter;
use super::relief::relief_for;
use crate::infer::{Inference, Outcome};
use crate::session::{Rank, Track};
use cpu_time::ThreadTime;
use crossbeam_channel::{Receiver, select};
use earmark_timeline::snapshot::{Engine, Relief};
use earmark_timeline::units::{SampleRate, Seconds};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long the listener rests while somebody speaks: words are waited for.
const SPEECH: Duration = Duration::from_millis(10);
/// How long it rests while other audio comes in, of which blocks gather meanwhile: a waveform that grows 20 times a second
/// looks live; half of what the ring holds at the highest rate would be a second.
const LISTENING: Duration = Duration::from_millis(50);
/// How long it rests while nothing comes in: short enough that pressing play shows at once, long enough
/// that ten waits a second are nothing.
const RESTING: Duration = Duration::from_millis(100);

/// How long a snapshot stands before the next one: a screen's frame at 30 a second. More would only make an
/// editor paint what nobody can see.
const SNAPSHOT: Duration = Duration::from_millis(33);

/// What the listener is told.
pub(crate) enum Word {
    /// Listen to another track.
    Open(Box<Track>),
    /// Something changed; look.
    Wake,
}

/// The thread that hears all sessions of a process: it drains rings, finds what is worth a model's time,
/// decides whose turn it is, and publishes what came out.
pub(crate) struct Listener {
    words: Receiver<Word>,
    inference: Box<dyn Inference>,
    /// Raised when the hub is gone.
    quit: Arc<AtomicBool>,
    cores: CoreSetting,
    tracks: Vec<Track>,
    relief: Relief,
    meter: Meter,
    published: Option<Instant>,
}

impl Listener {
    pub(crate) fn new(
        words: Receiver<Word>,
        quit: Arc<AtomicBool>,
        cores: CoreSetting,
        inference: Box<dyn Inference>,
    ) -> Self {
        let relief = Relief::None;
        Self {
            words,
            inference,
            quit,
            cores,
            tracks: Vec::new(),
            relief,
            meter: Meter::of_this_machine(),
            published: None,
        }
    }

    /// Listens until told to quit, or until nobody is left to tell it.
    pub(crate) fn run(mut self) {
        while !self.quit.load(Ordering::Acquire) {
            let rest = self.step();
            let outcomes = self.inference.outcomes().clone();
            select! {
                recv(self.words) -> word => match word {
                    Ok(Word::Open(track)) => self.tracks.push(*track),
                    Ok(Word::Wake) => {}
                    Err(_) => break,
                },
                recv(outcomes) -> outcome => if let Ok(outcome) = outcome {
                    self.take_outcome(outcome);
                },
                default(rest) => {}
            }
        }
        // Jobs of sessions whose owners forgot them end as well, so that the pool can be joined.
        self.tracks.clear();
    }

    /// One round over all sessions; says how long to rest unless a word or an outcome comes.
    pub(crate) fn step(&mut self) -> Duration {
        while let Ok(outcome) = self.inference.outcomes().try_recv() {
            self.take_outcome(outcome);
        }
        self.tracks.retain(|track| !track.shared().is_closed());
        let mut backlog = false;
        for index in 0..self.tracks.len() {
            let inference = &mut *self.inference;
            let begun = ThreadTime::now();
            backlog |= guarded(&mut self.tracks[index], |track| track.step(inference));
            self.tracks[index].spent(begun.elapsed());
            if let Some(cores) = self.tracks[index].wanted_cores() {
                self.use_cores(cores, index);
            }
        }
        self.dispatch();
        let all_is_said = self.publish();
        for track in &mut self.tracks {
            guarded(track, |track| track.shared().look());
        }
        // While blocks come, a short rest lets them gather; while some are to be looked through, none is due.
        if backlog {
            Duration::ZERO
        } else if !all_is_said || self.tracks.iter().any(Track::hears_speech) {
            SPEECH
        } else if self.tracks.iter().any(Track::is_listening) {
            LISTENING
        } else {
            RESTING
        }
    }

    /// Has inference use another number of cores, now and when Earmark is used again, because the session at
    /// `index` asked for it.
    fn use_cores(&mut self, cores: usize, index: usize) {
        let kept = self.cores.write(cores);
        self.inference.use_cores(*kept.as_ref().unwrap_or(&cores.clamp(1, available())));
        self.tracks[index].tell(kept.err());
    }

    /// What all sessions are to show of what they share.
    fn engine(&mut self) -> Engine {
        let behind = self.tracks.iter().map(Track::live_speech_behind).max().unwrap_or(0);
        let furthest_behind = Seconds(behind as f64 / f64::from(SampleRate::MODEL.hz()));
        self.relief = relief_for(furthest_behind, self.relief);
        Engine {
            cores: self.inference.cores(),
            cores_available: available(),
            at_work: self.inference.at_work(),
            sessions: self.tracks.len(),
            furthest_behind,
            relief: self.relief,
            power: self.meter.power(),
        }
    }

    /// Publishes what changed, unless that was done a moment ago and no words have settled since; says
    /// whether nothing is left unsaid.
    fn publish(&mut self) -> bool {
        let recently = self.published.is_some_and(|published| published.elapsed() < SNAPSHOT);
        if recently && !self.tracks.iter().any(Track::has_news) {
            return false;
        }
        let engine = self.engine();
        let mut changed = false;
        for track in &mut self.tracks {
            changed |= guarded(track, |track| track.publish(&engine));
        }
        if changed {
            self.published = Some(Instant::now());
        }
        true
    }

    /// Gives every free worker the job whose turn it is, and of several the one that is furthest behind.
    fn dispatch(&mut self) {
        loop {
            let turns =
                self.tracks.iter().enumerate().filter_map(|(index, track)| Some((track.next_job()?, index)));
            let without_partials = self.relief != Relief::None;
            let Some((turn, index)) =
                turns.filter(|(turn, _)| turn.rank > Rank::Partial || !without_partials).max()
            else {
                return;
            };
            if turn.rank == Rank::Partial && !self.inference.has_room() {
                return;
            }
            let Some(job) = self.tracks[index].take_job() else { return };
            if let Err(job) = self.inference.submit(job) {
                self.tracks[index].return_job(job);
                if matches!(turn.rank, Rank::Speech | Rank::BouncedSpeech) {
                    // A partial makes room; the next round finds it.
                    let _one = self.tracks.iter_mut().any(Track::drop_partial);
                }
                return;
            }
        }
    }

    fn take_outcome(&mut self, outcome: Outcome) {
        self.inference.note_outcome();
        let owner = self.tracks.iter_mut().find(|track| Arc::ptr_eq(track.shared(), &outcome.session));
        if let Some(track) = owner {
            guarded(track, |track| track.take_outcome(outcome));
        }
    }
}

/// Does something for one session; a fault in it is that session's alone.
fn guarded<T: Default>(track: &mut Track, work: impl FnOnce(&mut Track) -> T) -> T {
    catch_unwind(AssertUnwindSafe(|| work(track))).unwrap_or_else(|_| {
        track.fail();
        T::default()
    })
}

#[cfg(test)]
#[path = "listener_tests.rs"]
mod tests;
