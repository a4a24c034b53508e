//! The listener's thread.

use crate::infer::{Inference, Outcome, Urgency};
use crate::session::Track;
use crossbeam_channel::{Receiver, select};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long the listener rests while audio comes in: half of what the ring holds at the highest rate
/// would be a second, and a word need not wait longer for its turn than a screen for its frame.
const LISTENING: Duration = Duration::from_millis(10);
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
    /// End.
    Quit,
}

/// The thread that hears all sessions of a process: it drains rings, finds what is worth a model's time,
/// decides whose turn it is, and publishes what came out.
pub(crate) struct Listener {
    words: Receiver<Word>,
    inference: Box<dyn Inference>,
    tracks: Vec<Track>,
    published: Option<Instant>,
}

impl Listener {
    pub(crate) fn new(words: Receiver<Word>, inference: Box<dyn Inference>) -> Self {
        Self { words, inference, tracks: Vec::new(), published: None }
    }

    /// Listens until told to quit, or until nobody is left to tell it.
    pub(crate) fn run(mut self) {
        loop {
            let rest = self.step();
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
        self.tracks.clear();
    }

    /// One round over all sessions; says how long to rest unless a word or an outcome comes.
    pub(crate) fn step(&mut self) -> Duration {
        while let Ok(outcome) = self.inference.outcomes().try_recv() {
            self.take_outcome(outcome);
        }
        self.tracks.retain(|track| !track.shared().is_closed());
        let mut backlog = false;
        for track in &mut self.tracks {
            let inference = &mut *self.inference;
            // A fault in one session is that session's alone.
            match catch_unwind(AssertUnwindSafe(|| track.step(inference))) {
                Ok(more) => backlog |= more,
                Err(_) => track.fail(),
            }
        }
        self.dispatch();
        let all_is_said = self.publish();
        let listening = self.tracks.iter().any(Track::is_listening);
        // While blocks come, a short rest lets them gather; while some are to be looked through, none is due.
        match (backlog, listening || !all_is_said) {
            (true, _) => Duration::ZERO,
            (false, true) => LISTENING,
            (false, false) => RESTING,
        }
    }

    /// Publishes what changed, unless that was done a moment ago and no words have settled since; says
    /// whether nothing is left unsaid.
    fn publish(&mut self) -> bool {
        let recently = self.published.is_some_and(|published| published.elapsed() < SNAPSHOT);
        if recently && !self.tracks.iter().any(Track::has_news) {
            return false;
        }
        let mut changed = false;
        for track in &mut self.tracks {
            changed |= track.publish();
        }
        if changed {
            self.published = Some(Instant::now());
        }
        true
    }

    /// Gives every free worker the most urgent job, and of several that of the session furthest behind.
    fn dispatch(&mut self) {
        loop {
            let furthest = self
                .tracks
                .iter()
                .enumerate()
                .filter_map(|(index, track)| Some((track.next_job()?, index)))
                .max();
            let Some(((urgency, _), index)) = furthest else { return };
            if urgency == Urgency::Partial && !self.inference.has_room() {
                return;
            }
            let Some(job) = self.tracks[index].take_job() else { return };
            if let Err(job) = self.inference.submit(job) {
                self.tracks[index].return_job(job);
                if urgency == Urgency::Speech {
                    // A partial makes room; the next round finds it.
                    let _one = self.tracks.iter_mut().any(Track::drop_partial);
                }
                return;
            }
        }
    }

    fn take_outcome(&mut self, outcome: Outcome) {
        let owner = self.tracks.iter_mut().find(|track| Arc::ptr_eq(track.shared(), &outcome.session));
        if let Some(track) = owner {
            track.take_outcome(outcome);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Command;
    use crate::infer::transcribe::Effort;
    use crate::session::Shared;
    use crate::session::scripted::{Asked, Script, sound};
    use crossbeam_channel::{Sender, bounded};
    use earmark_capture::{Tap, tap_and_drain};
    use earmark_timeline::snapshot::Snapshot;
    use earmark_timeline::transport::{ChannelChoice, Listen, Transport};
    use earmark_timeline::units::{FramePos, SampleRate};
    use std::sync::atomic::Ordering;

    struct Instance {
        shared: Arc<Shared>,
        tap: Tap,
        _commands: Sender<Command>,
    }

    fn instance(listener: &mut Listener) -> Instance {
        let (commands, inbox) = bounded(4);
        let shared = Arc::new(Shared::default());
        let (tap, drain) = tap_and_drain(SampleRate::MODEL, FramePos(0));
        assert!(commands.try_send(Command::Connect(drain)).is_ok());
        listener.tracks.push(Track::new(Arc::clone(&shared), inbox));
        Instance { shared, tap, _commands: commands }
    }

    fn play(instance: &mut Instance, parts: &[(f32, f32)]) {
        let samples = sound(parts);
        let transport = Transport { playing: true, project: Some(FramePos(0)), ..Transport::default() };
        instance.tap.process(&[&samples], samples.len(), transport, ChannelChoice::Mix, Listen::WhilePlaying);
        instance.tap.end_run();
    }

    #[test]
    fn every_session_gets_its_own_words_and_the_one_furthest_behind_goes_first() {
        let (_words, inbox) = bounded(1);
        let mut script = Script::new();
        script.room = 1;
        let mut listener = Listener::new(inbox, Box::new(script));
        let mut short = instance(&mut listener);
        let mut long = instance(&mut listener);
        play(&mut short, &[(0.512, 0.0), (1.0, 0.2), (1.0, 0.0)]);
        play(&mut long, &[(0.512, 0.0), (1.0, 0.4), (9.0, 0.0), (1.0, 0.6), (1.0, 0.0)]);
        let mut order = Vec::new();
        for _ in 0..40 {
            listener.published = None;
            listener.step();
            for (name, instance) in [("short", &short), ("long", &long)] {
                let snapshot = instance.shared.newest();
                let said = snapshot.notebook.utterances().len();
                if !order.contains(&(name, said)) {
                    order.push((name, said));
                }
            }
        }
        let text = |instance: &Instance| {
            let snapshot = instance.shared.newest();
            snapshot.notebook.utterances().iter().map(|utterance| utterance.text()).collect::<Vec<_>>()
        };
        assert_eq!(
            (text(&short), text(&long)),
            (vec!["level20".into()], vec!["level40".into(), "level60".into()])
        );
        let place = |wanted| order.iter().position(|seen| *seen == wanted);
        assert!(place(("long", 1)) < place(("short", 1)), "{order:?}");
    }

    #[test]
    fn a_partial_makes_room_for_what_settles() {
        let (_words, inbox) = bounded(1);
        let mut script = Script::new();
        (script.room, script.hold) = (1, true);
        let asked = Arc::clone(&script.asked);
        let mut listener = Listener::new(inbox, Box::new(script));
        let mut speaks = instance(&mut listener);
        let mut ends = instance(&mut listener);
        let shown = |asked: &Asked| (asked.effort, asked.cancel.load(Ordering::Relaxed));
        let mut play = |instance: &mut Instance, parts: &[(f32, f32)]| {
            let samples = sound(parts);
            let transport = Transport { playing: true, project: Some(FramePos(0)), ..Transport::default() };
            for block in samples.chunks(512) {
                let (choice, listen) = (ChannelChoice::Mix, Listen::WhilePlaying);
                instance.tap.process(&[block], block.len(), transport, choice, listen);
                listener.step();
            }
        };
        play(&mut speaks, &[(0.512, 0.0), (1.1, 0.2)]);
        assert_eq!(asked.lock().iter().map(shown).collect::<Vec<_>>(), [(Effort::Partial, false)]);
        play(&mut ends, &[(0.512, 0.0), (0.5, 0.4), (0.5, 0.0)]);
        let expected = [(Effort::Partial, true), (Effort::Final, false)];
        assert_eq!(asked.lock().iter().map(shown).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_closed_session_is_forgotten_and_rest_is_long_when_nobody_plays() {
        let (_words, inbox) = bounded(1);
        let mut listener = Listener::new(inbox, Box::new(Script::new()));
        let gone = instance(&mut listener);
        gone.shared.close();
        let _quiet = instance(&mut listener);
        listener.step();
        assert_eq!(listener.tracks.len(), 1);
        listener.published = None;
        assert_eq!(listener.step(), RESTING);
    }

    #[test]
    fn a_transport_that_stands_costs_no_inference_and_no_snapshot() {
        let (_words, inbox) = bounded(1);
        let mut listener = Listener::new(inbox, Box::new(Script::new()));
        let mut standing = instance(&mut listener);
        let transport = Transport { project: Some(FramePos(48_000)), ..Transport::default() };
        let mut round = |listener: &mut Listener| {
            standing.tap.process(
                &[sound(&[(0.1, 0.5)])],
                1_600,
                transport,
                ChannelChoice::Mix,
                Listen::default(),
            );
            listener.published = None;
            listener.step()
        };
        round(&mut listener);
        let before = standing_snapshot(&listener);
        for _ in 0..1_000 {
            assert_eq!(round(&mut listener), RESTING);
        }
        let after = standing_snapshot(&listener);
        assert_eq!(after.revision, before.revision);
        assert_eq!((after.usage.inferences, after.status.pending, after.usage.audio.0), (0, 0, 0.0));
    }

    fn standing_snapshot(listener: &Listener) -> Arc<Snapshot> {
        listener.tracks[0].shared().newest()
    }
}
