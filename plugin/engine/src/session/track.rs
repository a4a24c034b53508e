//! The listener's side of a session: what it heard, what it waits for, what it has learned.

mod hearing;
mod live;
mod marks;
mod passes;
mod readings;
mod showing;
mod sounding;
mod taken;
mod tickets;

use crate::command::Command;
use crate::infer::{Answer, Failure, Inference, Job, Outcome, TAGGER};
use crate::segment::Segment;
use crate::session::Shared;
use crate::session::annotate::{write_failure, write_speech};
use crossbeam_channel::Receiver;
use earmark_capture::Drain;
use earmark_timeline::clock::Run;
use earmark_timeline::edit::{Edit, History};
use earmark_timeline::notebook::Notebook;
use earmark_timeline::snapshot::{Activity, Health, Snapshot};
use earmark_timeline::units::{Frames, Seconds, time_from_frames};
use hearing::Open;
use live::Live;
use passes::Pass;
use readings::Readings;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use taken::Recordings;
pub(crate) use tickets::Rank;
use tickets::{Matter, Ticket};

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
    live: Live,
    /// Words have settled since the newest snapshot.
    news: bool,
    /// Runs whose passages are not all settled.
    passes: Vec<Pass>,
    /// Connections that have ended, worked off or not.
    ended: u64,
    /// Frames that rings before the present one lost.
    lost_before: Frames,
    /// Lost frames whose place in the project is written down.
    explained: Frames,
    history: History,
    recordings: Recordings,
    readings: Readings,
    state: Snapshot,
    changed: bool,
    /// Steps that met a fault, since somebody asked for another try.
    faults: u32,
    /// The number of cores that somebody asked for.
    wanted_cores: Option<usize>,
}

/// After so many faults a session no longer listens until somebody asks for another try: what fails that often
/// fails always.
const MOST_FAULTS: u32 = 3;

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
            live: Live::default(),
            news: false,
            passes: Vec::new(),
            ended: 0,
            lost_before: Frames(0),
            explained: Frames(0),
            history: History::default(),
            recordings: Recordings::default(),
            readings: Readings::default(),
            state,
            changed: false,
            faults: 0,
            wanted_cores: None,
        }
    }

    pub(crate) const fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Whether audio is coming in.
    pub(crate) fn is_listening(&self) -> bool {
        self.state.status.activity == Activity::Listening
    }

    /// Whether somebody is speaking.
    pub(crate) fn hears_speech(&self) -> bool {
        self.is_listening() && self.open.as_ref().is_some_and(|open| open.ear.open_speech().is_some())
    }

    /// Whether words have settled that nobody was shown yet.
    pub(crate) const fn has_news(&self) -> bool {
        self.news
    }

    /// Takes in commands and all audio that waits, and looks through a part of it; says whether there is
    /// more to be looked through at once.
    pub(crate) fn step(&mut self, inference: &mut dyn Inference) -> bool {
        while let Ok(command) = self.commands.try_recv() {
            self.carry_out(command, inference);
        }
        let wish = self.drains.front().and_then(|drain| Some((drain.gauge().take_mark()?, drain.rate())));
        if let Some((frame, rate)) = wish {
            self.edit(&Edit::AddMark { at: time_from_frames(frame, rate), label: String::new() });
            self.changed = true;
        }
        while self.spooled() < SPOOL_SAMPLES {
            let Some(drain) = self.drains.front_mut() else { break };
            let rate = drain.rate();
            match drain.pop() {
                Some(_) if self.faults >= MOST_FAULTS => {}
                Some(block) => self.hear(&block, rate, inference),
                None if drain.is_finished() => self.leave_finished_drain(),
                None => break,
            }
        }
        self.close_stalled_run();
        let more = self.analyse();
        self.drop_late_partial();
        self.supersede();
        self.settle_readings();
        self.put_in_recordings();
        more
    }

    /// Audio that waits, in samples at the models' rate.
    fn spooled(&self) -> u64 {
        let backlog = self.closed.iter().chain(&self.open).map(|open| open.ear.backlog()).sum::<u64>();
        self.queued_samples as u64 + backlog
    }

    /// Takes in what became of a job.
    pub(crate) fn take_outcome(&mut self, outcome: Outcome) {
        self.changed = true;
        self.count_cost(&outcome);
        // What was cancelled has cost something and says nothing more.
        let Some(Ticket { run, matter, .. }) = self.tickets.remove(&outcome.ticket) else { return };
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
            (Matter::Speech(segment), answer) => self.settle(&run, &segment, answer),
            (Matter::Early, answer) => self.keep_early(&run, outcome.ticket, answer),
            (Matter::Partial { skipped, part }, answer) => self.take_partial(skipped, part, answer),
            (Matter::Sound(range), Ok(Answer::Heard(part, roles))) => {
                self.hear_sound(&run, range, Some((part, roles)));
            }
            (Matter::Sound(range), _) => self.hear_sound(&run, range, None),
            (Matter::Preparation, _) => {}
        }
        self.supersede();
        self.settle_readings();
    }

    /// Counts what a job cost by the models that were asked.
    fn count_cost(&mut self, outcome: &Outcome) {
        let tagging = match &outcome.answer {
            Ok(Answer::Heard(part, _)) => part.tagging,
            _ => Duration::ZERO,
        };
        let power = self.state.status.engine.power;
        let mut count = |model: &Arc<str>, cpu: Duration| {
            self.state.usage.infer(model, Seconds(cpu.as_secs_f64()), power);
        };
        count(&outcome.model, outcome.cpu.saturating_sub(tagging));
        if !tagging.is_zero() {
            count(&Arc::from(TAGGER), tagging);
        }
    }

    /// Writes down what a final came to.
    fn settle(&mut self, run: &Run, segment: &Segment, answer: Result<Answer, Failure>) {
        self.forget_talk(run.id, segment);
        self.news = true;
        self.write(|notebook| match answer {
            Ok(Answer::Words(hypothesis)) => write_speech(notebook, run, segment, hypothesis),
            _ => write_failure(notebook, run, segment),
        });
    }

    /// Gives up what was being heard after a fault of the session's own, and says so.
    pub(crate) fn fail(&mut self) {
        self.heard_before = self.heard();
        self.open = None;
        self.closed.clear();
        self.forget_jobs();
        self.passes.clear();
        self.readings = Readings::default();
        self.faults += 1;
        let (sentence, activity) = if self.faults < MOST_FAULTS {
            (
                "Earmark met a fault on this track and lost what it was hearing; it listens on, play the passage again",
                Activity::Waiting,
            )
        } else {
            (
                "Earmark keeps meeting a fault on this track and stopped listening; press Try again to go on",
                Activity::Stopped,
            )
        };
        self.tell(Some(sentence.to_owned()));
        self.state.status.activity = activity;
    }

    /// The number of cores that was asked for since the last time.
    pub(crate) const fn wanted_cores(&mut self) -> Option<usize> {
        self.wanted_cores.take()
    }

    fn carry_out(&mut self, command: Command, inference: &mut dyn Inference) {
        self.changed = true;
        match command {
            Command::Connect(drain) => self.drains.push_back(drain),
            Command::Restore { notebook, notice } => {
                // What is being worked on belongs to the notebook before.
                self.heard_before = self.heard();
                self.closed.clear();
                self.forget_jobs();
                let open = self.open.as_ref().map(|open| open.ear.run().id);
                self.passes.retain(|pass| Some(pass.run.id) == open);
                self.history = History::default();
                self.recordings.keep(&self.state.overview);
                self.readings = Readings::default();
                self.state.reading = None;
                self.state.notebook = Arc::new(*notebook);
                self.state.notebook_revision += 1;
                self.state.restored += 1;
                self.state.status.notice = notice;
            }
            Command::Set(settings) if settings == *self.state.notebook.settings() => {}
            Command::Set(settings) => self.write(|notebook| notebook.set_settings(settings)),
            Command::Edit(edit) => self.edit(&edit),
            Command::TakeIn(taken) => self.recordings.push(*taken),
            Command::Undo => self.change(History::undo),
            Command::Redo => self.change(History::redo),
            Command::TryAgain => {
                if std::mem::take(&mut self.faults) >= MOST_FAULTS {
                    self.state.status.activity = Activity::Waiting;
                }
                self.tell(None);
                inference.try_again();
                self.prepare(inference);
            }
            Command::UseCores(cores) => self.wanted_cores = Some(cores),
        }
    }

    /// Takes a person's step, which says whether it changed anything: only then is there something to save.
    fn change(&mut self, step: impl FnOnce(&mut History, &mut Notebook) -> bool) {
        let is_changed = step(&mut self.history, Arc::make_mut(&mut self.state.notebook));
        self.state.notebook_revision += u64::from(is_changed);
        self.redraw();
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
}

impl Drop for Track {
    /// Ends what is at work, so that nobody has to wait for it.
    fn drop(&mut self) {
        self.forget_jobs();
    }
}

#[cfg(test)]
#[path = "track_tests.rs"]
mod tests;
