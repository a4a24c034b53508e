//! The inference threads.

use crate::hear::{Roles, Vocabulary};
use crate::hub::step_back;
use crate::infer::classify::Yamnet;
use crate::infer::shelf::expect_memory;
use crate::infer::transcribe::{Effort, Request, TranscribeError, Transcriber};
use crate::infer::{Answer, Failure, Inference, Job, Outcome, Shelf, Task, Voice};
use crate::pages::give_back;
use crate::session::Shared;
use cpu_time::ThreadTime;
use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// The inference threads of one hub and the channels to them. Threads are started when there is something to
/// do for them.
///
/// Its end is that of its fields, in their order: nobody holds the models or the channel any more, and the threads are
/// joined. Jobs at work end by their cancel flags, which the caller raised.
pub(crate) struct Pool {
    shelf: Arc<Shelf>,
    /// How many threads there may be.
    cores: usize,
    /// How many jobs are at one.
    at_work: usize,
    /// `None` in it ends the thread that takes it; never more jobs than threads, for which one comes next is
    /// decided when a thread is free.
    jobs: Sender<Option<Job>>,
    inbox: Receiver<Option<Job>>,
    outbox: Sender<Outcome>,
    outcomes: Receiver<Outcome>,
    /// Held by each thread that holds the models, and by the pool; nothing is ever sent.
    holding: (Sender<()>, Receiver<()>),
    threads: Joined,
    /// Threads that were too many and end after the job that they are at.
    ending: Joined,
}

/// Threads that are joined in the end.
#[derive(Default)]
struct Joined(Vec<JoinHandle<()>>);

impl Drop for Joined {
    fn drop(&mut self) {
        for thread in self.0.drain(..) {
            // A worker that panicked outside of a job has nothing to return.
            let _ended = thread.join();
        }
    }
}

impl Pool {
    /// A pool of at most `cores` threads, at least one, that share `shelf`; starts none.
    pub(crate) fn new(cores: usize, shelf: Shelf) -> Self {
        let (jobs, inbox) = unbounded();
        let (outbox, outcomes) = unbounded();
        Self {
            shelf: Arc::new(shelf),
            cores: cores.max(1),
            at_work: 0,
            jobs,
            inbox,
            outbox,
            outcomes,
            holding: bounded(0),
            threads: Joined::default(),
            ending: Joined::default(),
        }
    }

    /// Starts another thread if all have something to do; with fewer than asked for, everything works, only
    /// later. Says whether there is one for another job.
    fn has_thread(&mut self) -> bool {
        if self.at_work < self.threads.0.len() {
            return true;
        }
        let worker = Worker {
            jobs: self.inbox.clone(),
            outcomes: self.outbox.clone(),
            shelf: Arc::clone(&self.shelf),
            transcriber: None,
            vocabulary: None,
            holding: self.holding.clone(),
        };
        let name = format!("earmark-infer-{}", self.threads.0.len());
        let thread = std::thread::Builder::new().name(name).spawn(move || worker.run());
        self.threads.0.extend(thread);
        self.at_work < self.threads.0.len()
    }
}

impl Inference for Pool {
    fn voice(&mut self) -> Result<Box<dyn Voice>, String> {
        self.shelf.voice().map(|silero| Box::new(silero) as Box<dyn Voice>)
    }

    fn has_room(&self) -> bool {
        self.at_work < self.cores
    }

    fn submit(&mut self, job: Job) -> Result<(), Job> {
        if !self.has_room() || !self.has_thread() {
            return Err(job);
        }
        match self.jobs.send(Some(job)) {
            Ok(()) => {
                self.at_work += 1;
                Ok(())
            }
            Err(refused) => refused.0.map_or(Ok(()), Err),
        }
    }

    fn outcomes(&self) -> &Receiver<Outcome> {
        &self.outcomes
    }

    fn note_outcome(&mut self) {
        self.at_work = self.at_work.saturating_sub(1);
    }

    fn at_work(&self) -> usize {
        self.at_work
    }

    fn cores(&self) -> usize {
        self.cores
    }

    fn use_cores(&mut self, cores: usize) {
        self.cores = cores.max(1);
        // A thread too many would keep a model's working memory.
        let surplus = self.threads.0.len().saturating_sub(self.cores);
        for _ in 0..surplus {
            let _unless_nobody_is_left = self.jobs.send(None);
        }
        // Whichever threads end, as many stay; those that do end are joined with the rest.
        self.ending.0.extend(self.threads.0.drain(..surplus));
    }

    fn try_again(&mut self) {
        self.shelf.forget_failures();
    }
}

/// An inference thread: takes a job, runs the model, answers.
struct Worker {
    jobs: Receiver<Option<Job>>,
    outcomes: Sender<Outcome>,
    shelf: Arc<Shelf>,
    /// The transcriber used last, with its model's name.
    transcriber: Option<(Arc<str>, Transcriber)>,
    /// YAMNet's, once it was asked.
    vocabulary: Option<Arc<Vocabulary>>,
    holding: (Sender<()>, Receiver<()>),
}

impl Worker {
    fn run(mut self) {
        step_back();
        let mut is_surplus = false;
        while !is_surplus && let Ok(next) = self.jobs.recv() {
            match next.map(|job| self.step(job)) {
                Some(outcome) => {
                    // Where nobody takes it, no further job comes.
                    let _taken = self.outcomes.send(outcome);
                }
                None => is_surplus = true,
            }
        }
        self.end(is_surplus);
    }

    /// Lets go of the models, and has the system take back the memory that this thread asked for: if the pool is gone,
    /// once nobody else holds a model that this thread may have loaded.
    fn end(self, is_surplus: bool) {
        let Self { shelf, transcriber, holding: (holds, held), .. } = self;
        drop((transcriber, shelf, holds));
        if !is_surplus {
            let _nobody_sends = held.recv();
        }
        give_back();
    }

    /// Does one job. A panic of a model fails the job, not the host.
    fn step(&mut self, job: Job) -> Outcome {
        let start = ThreadTime::now();
        let Job { session, ticket, cancel, task, .. } = job;
        let model = task.model();
        let answer = if session.is_closed() || cancel.load(Ordering::Relaxed) {
            Err(Failure::Cancelled)
        } else {
            // Nothing half-changed is used again: the transcriber is thrown away after a panic.
            catch_unwind(AssertUnwindSafe(|| self.answer(&session, &cancel, task))).unwrap_or_else(|_| {
                self.transcriber = None;
                Err(Failure::Failed("the model crashed on this passage".to_owned()))
            })
        };
        Outcome { session, ticket, model, answer, cpu: start.elapsed() }
    }

    fn answer(&mut self, session: &Shared, cancel: &AtomicBool, task: Task) -> Result<Answer, Failure> {
        match task {
            Task::Prepare { model } => self.transcriber(&model).map(|_| Answer::Prepared),
            Task::Transcribe { model, manner, audio, speech, effort } => {
                let transcriber = self.transcriber(&model)?;
                expect_memory(&model, 0).map_err(Failure::Unavailable)?;
                let recent = session.language();
                let request = Request {
                    audio: &audio,
                    speech,
                    manner: &manner,
                    recent: recent.as_deref(),
                    effort,
                    cancel,
                };
                let hypothesis = transcriber.transcribe(&request).map_err(|error| match error {
                    TranscribeError::Cancelled => Failure::Cancelled,
                    // Whatever an inference that was broken off says of itself.
                    _ if cancel.load(Ordering::Relaxed) => Failure::Cancelled,
                    other => Failure::Failed(other.to_string()),
                })?;
                if effort == Effort::Final && hypothesis.language_is_sure {
                    session.remember_language(hypothesis.language.clone());
                }
                Ok(Answer::Words(hypothesis))
            }
            Task::Classify { audio, keep } => {
                let classifier = self.shelf.classifier().map_err(Failure::Unavailable)?;
                let tagger = self.shelf.tagger().map_err(Failure::Unavailable)?;
                let (mut classifier, mut tagger) = (classifier.lock(), tagger.lock());
                let roles = self.roles(&tagger)?;
                let heard = classifier.hear(&mut tagger, &audio, keep);
                heard
                    .map(|part| Answer::Heard(part, roles))
                    .map_err(|error| Failure::Failed(error.to_string()))
            }
        }
    }

    /// Who tells what plays from what this YAMNet says.
    fn roles(&mut self, tagger: &Yamnet) -> Result<Arc<dyn Roles>, Failure> {
        let roles = match &self.vocabulary {
            Some(vocabulary) => Arc::clone(vocabulary),
            None => Arc::new(Vocabulary::of(tagger).map_err(Failure::Unavailable)?),
        };
        self.vocabulary = Some(Arc::clone(&roles));
        Ok(roles)
    }

    fn transcriber(&mut self, model: &Arc<str>) -> Result<&mut Transcriber, Failure> {
        if self.transcriber.as_ref().is_none_or(|(name, _)| name != model) {
            // The old one goes first: two models' working memory at once is more than a host expects.
            self.transcriber = None;
            let transcriber = self.shelf.transcriber(model).map_err(Failure::Unavailable)?;
            self.transcriber = Some((Arc::clone(model), transcriber));
        }
        self.transcriber.as_mut().map(|(_, transcriber)| transcriber).ok_or(Failure::Cancelled)
    }
}
