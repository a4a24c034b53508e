//! Words while somebody speaks: finals that begin before their end is sure, and partials.
//!
//! Neither changes what settles. A final that was begun in a pause has the very audio of the segment that
//! the pause foretold; if that segment does not come, its answer never reaches the notebook. A partial is
//! shown and forgotten.

use super::Track;
use super::tickets::Matter;
use crate::infer::reason_to_drop;
use crate::infer::transcribe::{Effort, Hypothesis};
use crate::infer::{Answer, Failure, Job, Urgency};
use crate::segment::Segment;
use crate::session::agreement::{Agreement, Guessed};
use earmark_timeline::clock::{Run, RunId};
use earmark_timeline::snapshot::Unsettled;
use earmark_timeline::units::{FramePos, SampleRate};

const SECOND: u64 = SampleRate::MODEL.hz() as u64;

/// A session that is further behind than this is not live: what it hears is not being said now, or the
/// machine is too slow to show words before they settle. 0.5 s: a listener's round takes a hundredth of it.
const MOMENT: u64 = SECOND / 2;

/// How long after it was said a word is shown at the latest, where the machine keeps up: it waits for the next partial
/// to begin, and for that to be decoded. What a decoding leaves of this second is how seldom partials are made.
const SHOWN_WITHIN: u64 = SECOND;

/// How much new audio makes another partial worth its cost: 0.8 s where a decoding takes 0.2 s (tiny.en), and never
/// below 0.65 s, which for base (0.4 s) keeps the median below a second.
const PARTIAL_EVERY: u64 = SECOND * 4 / 5;
const PARTIAL_LEAST: u64 = SECOND * 13 / 20;

/// The longest audio of a partial whose beginning is agreed on: 5.12 s, which costs no more than a
/// shorter one (the encoder's least context).
const PARTIAL_WINDOW: u64 = 512 * SECOND / 100;

/// The longest audio of any partial, agreed on or not: 10 s. Beyond it the final is awaited.
const PARTIAL_LONGEST: u64 = 10 * SECOND;

/// A partial that is not there when this much more was heard came too late and is cancelled: 1.5 s.
const PARTIAL_PATIENCE: u64 = SECOND * 3 / 2;

/// A silence of this many frames ends a partial at work: 96 ms, because the pass of the encoder that it
/// may be in cannot be broken off, and a final may want the worker 64 ms later.
const HUSH_FRAMES: u64 = 3;

/// What is known of the speech that is open.
#[derive(Default)]
pub(super) struct Live {
    early: Option<Early>,
    talk: Option<Talk>,
}

/// A final begun in a pause.
struct Early {
    run: RunId,
    segment: Segment,
    ticket: u64,
    /// What came of it, if it did before the silence was long enough.
    answer: Option<Result<Answer, Failure>>,
}

/// The utterance that partials are made of.
struct Talk {
    run: Run,
    /// The first sample of its audio and of its speech.
    audio: u64,
    speech: u64,
    agreement: Agreement,
    /// The partial at work.
    ticket: Option<u64>,
    /// When the next one is due, in samples of the run.
    due: u64,
    /// How much new audio the next one needs.
    every: u64,
}

impl Talk {
    fn new(run: Run, segment: &Segment) -> Self {
        let (audio, speech) = (segment.audio.start, segment.speech.start);
        let agreement = Agreement::default();
        Self {
            run,
            audio,
            speech,
            agreement,
            ticket: None,
            due: speech + PARTIAL_EVERY,
            every: PARTIAL_EVERY,
        }
    }

    fn is_about(&self, run: RunId, segment: &Segment) -> bool {
        self.run.id == run && self.audio == segment.audio.start
    }
}

impl Track {
    /// Begins to decode `segment`, which ended in a pause, on the chance that it ended there.
    pub(super) fn foresee(&mut self, run: Run, heard: u64, segment: Segment, audio: Vec<f32>) {
        self.drop_partial();
        self.drop_early();
        if !self.is_live() {
            return;
        }
        let task = self.transcription(&segment, audio, Effort::Final);
        let ticket = self.enqueue(run, heard, Matter::Early, Urgency::Speech, task);
        self.live.early = Some(Early { run: run.id, segment, ticket, answer: None });
    }

    /// Forgets the final that was begun in a pause, because the pause was not the end.
    pub(super) fn drop_early(&mut self) {
        if let Some(early) = self.live.early.take() {
            self.cancel(early.ticket);
        }
    }

    /// Settles `segment`, which was closed: by what was begun in the pause, or from `audio`.
    pub(super) fn close_speech(&mut self, run: Run, heard: u64, segment: Segment, audio: Vec<f32>) {
        self.drop_partial();
        let foreseen = |early: &mut Early| early.run == run.id && early.segment == segment;
        let Some(early) = self.live.early.take_if(foreseen) else {
            self.drop_early();
            let task = self.transcription(&segment, audio, Effort::Final);
            self.enqueue(run, heard, Matter::Speech(segment), Urgency::Speech, task);
            return;
        };
        if let Some(answer) = early.answer {
            self.settle(&run, &segment, answer);
        } else if let Some(ticket) = self.tickets.get_mut(&early.ticket) {
            ticket.matter = Matter::Speech(segment);
        }
    }

    /// Keeps what a final that was begun in a pause came to, until the pause is long enough.
    pub(super) fn keep_early(&mut self, run: &Run, number: u64, answer: Result<Answer, Failure>) {
        let Some(early) = self.live.early.as_mut().filter(|early| early.ticket == number) else { return };
        let shown = match &answer {
            Ok(Answer::Words(hypothesis)) => Some((early.segment.clone(), hypothesis.clone())),
            _ => None,
        };
        early.answer = Some(answer);
        if let Some((segment, hypothesis)) = shown {
            if !self.live.talk.as_ref().is_some_and(|talk| talk.is_about(run.id, &segment)) {
                self.live.talk = Some(Talk::new(*run, &segment));
            }
            self.show(0, segment.audio, &segment.speech, hypothesis);
        }
    }

    /// Whether the utterance that `segment` of `run` settles is the one that is shown.
    pub(super) fn forget_talk(&mut self, run: RunId, segment: &Segment) {
        if self.live.talk.take_if(|talk| talk.is_about(run, segment)).is_some() {
            self.state.unsettled = None;
        }
    }

    /// Forgets all that is open and shown.
    pub(super) fn forget_live(&mut self) {
        self.drop_early();
        self.drop_partial();
        self.live.talk = None;
        self.state.unsettled = None;
    }

    /// Whether what was heard last is being said now, and words can be there while it is.
    fn is_live(&self) -> bool {
        self.closed.is_empty() && self.open.as_ref().is_some_and(|open| open.ear.backlog() <= MOMENT)
    }

    /// How many samples a partial is due for, if one is worth a free worker.
    pub(super) fn partial_due(&self) -> Option<u64> {
        let open = self.open.as_ref().filter(|_| self.is_live())?;
        let segment = open.ear.open_speech()?;
        // Words that are about to settle come first, and show more than a partial can.
        if self.tickets.values().any(|ticket| !matches!(ticket.matter, Matter::Sound(_))) {
            return None;
        }
        let (run, now) = (open.ear.run().id, segment.audio.end);
        match self.live.talk.as_ref().filter(|talk| talk.is_about(run, &segment)) {
            Some(talk) => {
                let (_, from) = talk.agreement.window(talk.audio, now, PARTIAL_WINDOW);
                now.checked_sub(talk.due).filter(|_| now - from <= PARTIAL_LONGEST)
            }
            None => (now - segment.speech.start).checked_sub(PARTIAL_EVERY),
        }
    }

    /// Tries the partial that was just made again as soon as a worker is free.
    pub(super) fn postpone_partial(&mut self) {
        if let Some(talk) = self.live.talk.as_mut().filter(|talk| talk.ticket.is_some()) {
            talk.due = talk.due.saturating_sub(talk.every);
            self.drop_partial();
        }
    }

    /// Makes the job of a partial that is wanted.
    pub(super) fn make_partial(&mut self) -> Option<Job> {
        let open = self.open.as_ref()?;
        let (run, heard) = (*open.ear.run(), open.base + open.ear.analysed());
        let segment = open.ear.open_speech()?;
        if !self.live.talk.as_ref().is_some_and(|talk| talk.is_about(run.id, &segment)) {
            self.live.talk = Some(Talk::new(run, &segment));
        }
        let talk = self.live.talk.as_mut()?;
        let now = segment.audio.end;
        let (skipped, from) = talk.agreement.window(talk.audio, now, PARTIAL_WINDOW);
        let audio = open.ear.kept(from..now).to_vec();
        talk.due = now + talk.every;
        let part = Segment { audio: from..now, speech: segment.speech.start.max(from)..now };
        let task = self.transcription(&part, audio, Effort::Partial);
        let matter = Matter::Partial { skipped, part };
        let job = self.job(run, heard, matter, Urgency::Partial, task);
        if let Some(talk) = self.live.talk.as_mut() {
            talk.ticket = Some(job.ticket);
        }
        Some(job)
    }

    /// Takes in what a partial came to.
    pub(super) fn take_partial(&mut self, skipped: usize, part: Segment, answer: Result<Answer, Failure>) {
        let heard = self.open.as_ref().map_or(part.audio.end, |open| open.ear.analysed());
        if let Some(talk) = &mut self.live.talk {
            talk.ticket = None;
            let took = heard.saturating_sub(part.audio.end);
            talk.every = SHOWN_WITHIN.saturating_sub(took).clamp(PARTIAL_LEAST, PARTIAL_EVERY);
            talk.due = part.audio.end + talk.every;
        }
        if let Ok(Answer::Words(hypothesis)) = answer {
            self.show(skipped, part.audio, &part.speech, hypothesis);
        }
    }

    /// Cancels the partial at work, if any; says whether there was one.
    pub(crate) fn drop_partial(&mut self) -> bool {
        let ticket = self.live.talk.as_mut().and_then(|talk| talk.ticket.take());
        ticket.map(|ticket| self.cancel(ticket)).is_some()
    }

    /// Cancels a partial that is in the way of a final, or that takes too long; of the latter, fewer are
    /// asked for.
    pub(super) fn drop_late_partial(&mut self) {
        if self.open.as_ref().is_some_and(|open| open.ear.silence() >= HUSH_FRAMES) {
            self.postpone_partial();
        }
        let Some(talk) = &mut self.live.talk else { return };
        let Some(number) = talk.ticket else { return };
        let heard = self.tickets.get(&number).map_or(0, |ticket| ticket.heard);
        let (every, due) = (talk.every, talk.due);
        if self.heard().saturating_sub(heard) > PARTIAL_PATIENCE {
            self.drop_partial();
            if let Some(talk) = &mut self.live.talk {
                (talk.every, talk.due) = (every * 2, due + every * 2);
            }
        }
    }

    /// Shows what was made out of the open utterance, unless it is to be doubted.
    fn show(
        &mut self,
        skipped: usize,
        audio: std::ops::Range<u64>,
        speech: &std::ops::Range<u64>,
        heard: Hypothesis,
    ) {
        let seconds = (speech.end - speech.start) as f32 / SECOND as f32;
        let Some(talk) = self.live.talk.as_mut().filter(|_| reason_to_drop(&heard, seconds).is_none()) else {
            return;
        };
        let end = |seconds: f32| audio.start + (seconds * SECOND as f32) as u64;
        let words =
            heard.words.into_iter().map(|word| Guessed { end: end(word.seconds.end), text: word.text });
        talk.agreement.hear(skipped, words.collect());
        let words: Vec<_> = talk.agreement.words().iter().map(|word| word.text.clone()).collect();
        let start = talk.run.time_from_model(FramePos(talk.speech as i64));
        let agreed = talk.agreement.agreed();
        self.state.unsettled = (!words.is_empty()).then_some(Unsettled { start, words, agreed });
        self.changed = true;
    }
}

#[cfg(test)]
#[path = "live_tests.rs"]
mod tests;
