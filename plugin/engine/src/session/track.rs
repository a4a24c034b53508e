//! The listener's side of a session: what it heard, what it waits for, what it has learned.

mod hearing;
mod passes;

use crate::command::Command;
use crate::infer::{Answer, Failure, Inference, Job, Outcome, Task};
use crate::segment::Segment;
use crate::session::Shared;
use crate::session::annotate::{write_classes, write_failure, write_speech};
use crossbeam_channel::Receiver;
use earmark_capture::Drain;
use earmark_timeline::clock::Run;
use earmark_timeline::edit::History;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::snapshot::{Activity, Health, Snapshot};
use earmark_timeline::units::{Frames, SampleRate, Seconds, time_from_frames};
use hearing::Open;
use passes::Pass;
use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::sync::Arc;

/// The most audio that may wait for a model, in 16 kHz samples: an hour, 230 MB. Beyond it the ring is
/// left full, and what finds no room there is counted as lost where everybody can see it.
const SPOOL_SAMPLES: u64 = 3_600 * 16_000;

/// One session on the listener's thread.
pub(crate) struct Track {
    shared: Arc<Shared>,
    commands: Receiver<Command>,
    /// The ring being drained, and those that are to follow.
    drains: VecDeque<Drain>,
    open: Option<Open>,
    /// Runs that have ended and are not looked through yet.
    closed: VecDeque<Open>,
    runs: u32,
    /// The samples that were heard before the current run.
    heard_before: u64,
    /// Waiting for a worker.
    queue: VecDeque<Job>,
    queued_samples: usize,
    /// What tickets stand for until their outcome comes.
    tickets: BTreeMap<u64, Ticket>,
    next_ticket: u64,
    /// Runs whose passages are not all settled.
    passes: Vec<Pass>,
    /// Connections that have ended, worked off or not.
    ended: u64,
    /// Frames that rings before the present one lost.
    lost_before: Frames,
    /// Lost frames whose place in the project is written down.
    explained: Frames,
    history: History,
    state: Snapshot,
    changed: bool,
}

/// What a job was about.
struct Ticket {
    run: Run,
    matter: Matter,
    /// The session's samples heard when its audio ended.
    heard: u64,
}

enum Matter {
    Preparation,
    Speech(Segment),
    Sound(Range<u64>),
}

impl Track {
    pub(crate) fn new(shared: Arc<Shared>, commands: Receiver<Command>) -> Self {
        let state = Snapshot::clone(&shared.newest());
        Self {
            shared,
            commands,
            drains: VecDeque::new(),
            open: None,
            closed: VecDeque::new(),
            runs: 0,
            heard_before: 0,
            queue: VecDeque::new(),
            queued_samples: 0,
            tickets: BTreeMap::new(),
            next_ticket: 0,
            passes: Vec::new(),
            ended: 0,
            lost_before: Frames(0),
            explained: Frames(0),
            history: History::default(),
            state,
            changed: false,
        }
    }

    pub(crate) const fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Whether audio is coming in.
    pub(crate) fn is_listening(&self) -> bool {
        self.state.status.activity == Activity::Listening
    }

    /// By how many samples the session is behind because of the job that waits longest; `None` if none waits.
    pub(crate) fn next_job(&self) -> Option<u64> {
        let job = self.queue.front()?;
        let heard = self.tickets.get(&job.ticket).map_or(0, |ticket| ticket.heard);
        Some(self.heard().saturating_sub(heard))
    }

    pub(crate) fn take_job(&mut self) -> Option<Job> {
        let job = self.queue.pop_front()?;
        self.queued_samples -= samples_of(&job);
        Some(job)
    }

    pub(crate) fn return_job(&mut self, job: Job) {
        self.queued_samples += samples_of(&job);
        self.queue.push_front(job);
    }

    /// Takes in commands and all audio that waits, and looks through a part of it; says whether there is
    /// more to be looked through at once.
    pub(crate) fn step(&mut self, inference: &mut dyn Inference) -> bool {
        while let Ok(command) = self.commands.try_recv() {
            self.carry_out(command);
        }
        while self.spooled() < SPOOL_SAMPLES {
            let Some(drain) = self.drains.front_mut() else { break };
            let rate = drain.rate();
            match drain.pop() {
                Some(block) => self.hear(&block, rate, inference),
                None if drain.is_finished() => self.leave_finished_drain(),
                None => break,
            }
        }
        self.close_stalled_run();
        let more = self.analyse();
        self.supersede();
        more
    }

    /// Audio that waits, in samples at the models' rate.
    fn spooled(&self) -> u64 {
        let backlog = self.closed.iter().chain(&self.open).map(|open| open.ear.backlog()).sum::<u64>();
        self.queued_samples as u64 + backlog
    }

    /// Takes in what became of a job.
    pub(crate) fn take_outcome(&mut self, outcome: Outcome) {
        let Some(Ticket { run, matter, .. }) = self.tickets.remove(&outcome.ticket) else { return };
        self.changed = true;
        self.state.usage.inference_cpu.0 += outcome.cpu.as_secs_f64();
        self.state.usage.inferences += 1;
        let status = &mut self.state.status;
        let health = match matter {
            Matter::Sound(_) => &mut status.classifier,
            _ => &mut status.transcriber,
        };
        match &outcome.answer {
            Ok(_) | Err(Failure::Failed(_)) => *health = Health::Ready,
            Err(Failure::Unavailable(reason)) => *health = Health::Unavailable(reason.clone()),
            Err(Failure::Cancelled) => {}
        }
        match (matter, outcome.answer) {
            (Matter::Speech(segment), Ok(Answer::Words(hypothesis))) => {
                self.write(|notebook| write_speech(notebook, &run, &segment, hypothesis));
            }
            (Matter::Speech(segment), Err(_)) => {
                self.write(|notebook| write_failure(notebook, &run, &segment));
            }
            (Matter::Sound(range), Ok(Answer::Classes(classes))) => {
                self.write(|notebook| write_classes(notebook, &run, range.start, &classes));
            }
            _ => {}
        }
        self.supersede();
    }

    /// Shows the newest state to everybody, if it changed; says whether it did.
    pub(crate) fn publish(&mut self) -> bool {
        self.look_at_the_gauge();
        if !std::mem::take(&mut self.changed) {
            return false;
        }
        let pending = self.tickets.values();
        let speech = pending.clone().filter(|ticket| matches!(ticket.matter, Matter::Speech(_)));
        let waiting = speech.map(|ticket| self.heard().saturating_sub(ticket.heard)).max().unwrap_or(0);
        let behind = waiting.max(self.spooled() - self.queued_samples as u64);
        let behind = Seconds(behind as f64 / f64::from(SampleRate::MODEL.hz()));
        self.state.backlog = self.backlog();
        let status = &mut self.state.status;
        let kept_up = self.state.backlog.is_empty();
        status.behind_at_most = if kept_up { behind } else { Seconds(status.behind_at_most.0.max(behind.0)) };
        status.behind = behind;
        self.state.status.pending = self.tickets.len();
        self.state.revision += 1;
        self.shared.publish(self.state.clone());
        true
    }

    /// Ends the session's work for good after a fault of its own, and says so.
    pub(crate) fn fail(&mut self) {
        self.open = None;
        self.closed.clear();
        self.drains.clear();
        self.queue.clear();
        self.queued_samples = 0;
        self.tickets.clear();
        self.passes.clear();
        let sentence = "Earmark met a fault on this track and stopped listening; stop and start the transport's processing to go on";
        self.state.status.notice = Some(sentence.to_owned());
        self.state.status.activity = Activity::Waiting;
        self.changed = true;
    }

    fn carry_out(&mut self, command: Command) {
        self.changed = true;
        match command {
            Command::Connect(drain) => self.drains.push_back(drain),
            Command::Restore { notebook, notice } => {
                // What is being worked on belongs to the notebook before.
                self.heard_before = self.heard();
                self.closed.clear();
                self.tickets.clear();
                self.queue.clear();
                self.queued_samples = 0;
                let open = self.open.as_ref().map(|open| open.ear.run().id);
                self.passes.retain(|pass| Some(pass.run.id) == open);
                self.history = History::default();
                self.state.notebook = Arc::new(*notebook);
                self.state.notebook_revision += 1;
                self.state.restored += 1;
                self.state.status.notice = notice;
            }
            Command::Set(settings) => self.write(|notebook| notebook.set_settings(settings)),
            Command::Edit(edit) => {
                let mut done = Ok(());
                let mut history = std::mem::take(&mut self.history);
                self.write(|notebook| done = history.edit(notebook, &edit));
                self.history = history;
                self.state.status.notice = done.err().map(|error| error.to_string());
            }
            Command::Undo => self.step_back(History::undo),
            Command::Redo => self.step_back(History::redo),
        }
    }

    fn step_back(&mut self, step: fn(&mut History, &mut Notebook) -> bool) {
        let mut history = std::mem::take(&mut self.history);
        self.write(|notebook| {
            step(&mut history, notebook);
        });
        self.history = history;
    }

    fn write(&mut self, write: impl FnOnce(&mut Notebook)) {
        write(Arc::make_mut(&mut self.state.notebook));
        self.state.notebook_revision += 1;
        self.changed = true;
    }

    /// All samples heard in this session's life.
    fn heard(&self) -> u64 {
        let newest = self.open.as_ref().or(self.closed.back());
        newest.map_or(self.heard_before, |open| open.base + open.ear.heard())
    }

    /// The frames lost so far, over all rings.
    fn lost_now(&self) -> Frames {
        Frames(self.lost_before.0 + self.drains.front().map_or(0, |drain| drain.gauge().lost().0))
    }

    /// Takes over what the audio thread shows of itself.
    fn look_at_the_gauge(&mut self) {
        let mut status = self.state.status.clone();
        if let Some(drain) = self.drains.front() {
            let playhead = drain.gauge().playhead();
            status.playing = playhead.playing;
            status.playhead = playhead.project.map(|project| time_from_frames(project, drain.rate()));
        } else {
            status.playing = false;
        }
        status.lost = self.lost_now();
        status.rate = self.drains.front().map(Drain::rate).or(status.rate);
        (status.undo, status.redo) = (self.history.next_undo(), self.history.next_redo());
        let settled = self.tickets.is_empty() && self.closed.is_empty();
        let finished = if settled { self.ended } else { self.state.finished };
        if status != self.state.status || finished != self.state.finished {
            self.state.status = status;
            self.state.finished = finished;
            self.changed = true;
        }
    }
}

fn samples_of(job: &Job) -> usize {
    match &job.task {
        Task::Prepare { .. } => 0,
        Task::Transcribe { audio, .. } | Task::Classify { audio, .. } => audio.len(),
    }
}

#[cfg(test)]
#[path = "track_tests.rs"]
mod tests;
