//! What waits for a worker and what is at one: each job has a ticket until its outcome comes.

use super::Track;
use crate::infer::transcribe::{Effort, Manner};
use crate::infer::{Job, Task, Urgency};
use crate::segment::Segment;
use earmark_timeline::clock::Run;
use earmark_timeline::units::SampleRate;
use std::cmp::Reverse;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What a job was about.
pub(super) struct Ticket {
    pub(super) run: Run,
    pub(super) matter: Matter,
    /// The session's samples heard when its audio ended.
    pub(super) heard: u64,
    /// Whether its audio came as fast as it sounds, and not faster.
    live: bool,
    /// The job's flag.
    cancel: Arc<AtomicBool>,
}

/// Whose turn it is when a worker is free: the greatest goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Turn {
    pub(crate) rank: Rank,
    /// By how many samples the session is behind real time because of it.
    pub(crate) behind: u64,
}

/// What is waited for; the later in this list, the sooner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// Words that are shown for a moment: only when nothing else waits, and the first to make room.
    Partial,
    /// Classes of audio that came faster than it sounds.
    BouncedSound,
    /// Words of audio that came faster than it sounds.
    BouncedSpeech,
    /// Classes, which nobody waits for yet.
    Sound,
    /// Words that settle.
    Speech,
    /// Classes that have waited for long: they cost a hundredth of what words do and stay live so.
    OverdueSound,
}

/// How much newer audio makes a class overdue: 2 s. Words wait for it sooner or later anyway.
const OVERDUE: u64 = 2 * SampleRate::MODEL.hz() as u64;

/// What is to be done with an outcome.
pub(super) enum Matter {
    /// Nothing: a model is there now.
    Preparation,
    /// It settles the segment.
    Speech(Segment),
    /// It settles a segment if the pause holds that it was begun in.
    Early,
    /// It is shown: words of a part of an open utterance, after so many that are agreed on.
    Partial { skipped: usize, part: Segment },
    /// It says what was heard in these samples.
    Sound(Range<u64>),
}

impl Track {
    /// Whose turn the next job is; `None` if there is nothing to do.
    pub(crate) fn next_job(&self) -> Option<Turn> {
        match self.first() {
            Some(index) => Some(self.turn(&self.queue[index])),
            None => Some(Turn { rank: Rank::Partial, behind: self.partial_due()? }),
        }
    }

    fn turn(&self, job: &Job) -> Turn {
        let ticket = self.tickets.get(&job.ticket);
        let behind = ticket.map_or(0, |ticket| self.heard().saturating_sub(ticket.heard));
        let live = ticket.is_none_or(|ticket| ticket.live);
        let rank = match (job.urgency, live) {
            (Urgency::Partial, _) => Rank::Partial,
            (Urgency::Sound, true) if behind > OVERDUE => Rank::OverdueSound,
            (Urgency::Sound, true) => Rank::Sound,
            (Urgency::Sound, false) => Rank::BouncedSound,
            (Urgency::Speech, true) => Rank::Speech,
            (Urgency::Speech, false) => Rank::BouncedSpeech,
        };
        Turn { rank, behind }
    }

    /// By how many samples the words of live audio are behind; of a bounce, which is as far behind as it is
    /// long, nothing counts.
    pub(crate) fn live_speech_behind(&self) -> u64 {
        let waiting = |ticket: &&Ticket| ticket.live && matches!(ticket.matter, Matter::Speech(_));
        let behind = |ticket: &Ticket| self.heard().saturating_sub(ticket.heard);
        self.tickets.values().filter(waiting).map(behind).max().unwrap_or(0)
    }

    /// Takes the job that [`Track::next_job`] is about.
    pub(crate) fn take_job(&mut self) -> Option<Job> {
        let Some(index) = self.first() else {
            self.partial_due()?;
            return self.make_partial();
        };
        let job = self.queue.remove(index)?;
        self.queued_samples -= samples_of(&job);
        Some(job)
    }

    /// Takes back a job that no worker was free for.
    pub(crate) fn return_job(&mut self, job: Job) {
        if job.urgency == Urgency::Partial {
            self.postpone_partial();
        } else {
            self.queued_samples += samples_of(&job);
            self.queue.push_front(job);
        }
    }

    /// The place in the queue of the job whose turn it is; of equals, the one that waits longest.
    fn first(&self) -> Option<usize> {
        (0..self.queue.len()).max_by_key(|index| (self.turn(&self.queue[*index]).rank, Reverse(*index)))
    }

    /// The task to write down what is said in `segment`, whose audio this is.
    pub(super) fn transcription(&self, segment: &Segment, audio: Vec<f32>, effort: Effort) -> Task {
        let seconds = |sample: u64| (sample - segment.audio.start) as f32 / SampleRate::MODEL.hz() as f32;
        let speech = seconds(segment.speech.start)..seconds(segment.speech.end);
        let settings = self.state.notebook.settings();
        let model = Arc::from(settings.model.as_str());
        let manner = Box::new(Manner {
            language: settings.language.as_deref().map(Arc::from),
            translate: settings.translate,
            verbatim: settings.verbatim,
            glossary: settings.glossary.as_slice().into(),
        });
        Task::Transcribe { model, manner, audio, speech, effort }
    }

    /// Makes a job and its ticket.
    pub(super) fn job(&mut self, run: Run, heard: u64, matter: Matter, urgency: Urgency, task: Task) -> Job {
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        let cancel = Arc::new(AtomicBool::new(false));
        let live = !self.came_fast(run.id);
        self.tickets.insert(ticket, Ticket { run, matter, heard, live, cancel: Arc::clone(&cancel) });
        Job { session: Arc::clone(&self.shared), ticket, urgency, cancel, task }
    }

    /// Makes a job, has it wait for a worker, and returns its ticket's number.
    pub(super) fn enqueue(
        &mut self,
        run: Run,
        heard: u64,
        matter: Matter,
        urgency: Urgency,
        task: Task,
    ) -> u64 {
        let job = self.job(run, heard, matter, urgency, task);
        let ticket = job.ticket;
        self.queued_samples += samples_of(&job);
        self.queue.push_back(job);
        ticket
    }

    /// Has a job end without an outcome, whether it waits or is at work.
    pub(super) fn cancel(&mut self, number: u64) {
        if let Some(ticket) = self.tickets.remove(&number) {
            ticket.cancel.store(true, Ordering::Relaxed);
        }
        if let Some(index) = self.queue.iter().position(|job| job.ticket == number)
            && let Some(job) = self.queue.remove(index)
        {
            self.queued_samples -= samples_of(&job);
        }
    }

    /// Has all jobs end without an outcome.
    pub(super) fn forget_jobs(&mut self) {
        self.forget_live();
        for ticket in std::mem::take(&mut self.tickets).into_values() {
            ticket.cancel.store(true, Ordering::Relaxed);
        }
        self.queue.clear();
        self.queued_samples = 0;
    }
}

fn samples_of(job: &Job) -> usize {
    match &job.task {
        Task::Prepare { .. } => 0,
        Task::Transcribe { audio, .. } | Task::Classify { audio, .. } => audio.len(),
    }
}
