//! The inference threads.

use crate::infer::transcribe::{Effort, Request, TranscribeError, Transcriber};
use crate::infer::{Answer, Failure, Inference, Job, Outcome, Shelf, Task, Voice};
use crate::session::Shared;
use cpu_time::ThreadTime;
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;

/// The inference threads of one hub and the channels to them.
pub(crate) struct Pool {
    shelf: Arc<Shelf>,
    /// `None` once the threads were told to end.
    jobs: Option<Sender<Job>>,
    outcomes: Receiver<Outcome>,
    threads: Vec<JoinHandle<()>>,
    /// How many threads have a job.
    busy: Arc<AtomicUsize>,
}

impl Pool {
    /// Starts `workers` threads, at least one, that share `shelf`.
    pub(crate) fn start(workers: usize, shelf: Shelf) -> Self {
        let shelf = Arc::new(shelf);
        let workers = workers.max(1);
        // No job waits in the channel: which one comes next is decided when a worker is free.
        let (jobs, inbox) = bounded(0);
        // A worker never waits long for the listener to take an outcome.
        let (outbox, outcomes) = bounded(2 * workers);
        let busy = Arc::new(AtomicUsize::new(0));
        let threads = (0..workers)
            .filter_map(|number| {
                let worker = Worker {
                    jobs: inbox.clone(),
                    outcomes: outbox.clone(),
                    shelf: Arc::clone(&shelf),
                    busy: Arc::clone(&busy),
                    transcriber: None,
                };
                // With fewer threads than asked for, everything works, only later.
                let name = format!("earmark-infer-{number}");
                std::thread::Builder::new().name(name).spawn(move || worker.run()).ok()
            })
            .collect();
        Self { shelf, jobs: Some(jobs), outcomes, threads, busy }
    }
}

impl Inference for Pool {
    fn voice(&mut self) -> Result<Box<dyn Voice>, String> {
        self.shelf.voice().map(|silero| Box::new(silero) as Box<dyn Voice>)
    }

    fn has_room(&self) -> bool {
        self.busy.load(Ordering::Relaxed) < self.threads.len()
    }

    fn submit(&mut self, job: Job) -> Result<(), Job> {
        let Some(jobs) = &self.jobs else { return Err(job) };
        jobs.try_send(job).map_err(TrySendError::into_inner)
    }

    fn outcomes(&self) -> &Receiver<Outcome> {
        &self.outcomes
    }
}

impl Drop for Pool {
    /// Ends and joins the threads. Jobs at work end by their cancel flags, which the caller raised.
    fn drop(&mut self) {
        self.jobs = None;
        for thread in self.threads.drain(..) {
            // Emptied meanwhile, so that a worker with something to say is not stuck saying it.
            while !thread.is_finished() {
                let _unwanted = self.outcomes.recv_timeout(std::time::Duration::from_millis(1));
            }
            // A worker that panicked outside of a job has nothing to return.
            let _ended = thread.join();
        }
    }
}

/// An inference thread: takes a job, runs the model, answers.
struct Worker {
    jobs: Receiver<Job>,
    outcomes: Sender<Outcome>,
    shelf: Arc<Shelf>,
    busy: Arc<AtomicUsize>,
    /// The transcriber used last, with its model's name.
    transcriber: Option<(Arc<str>, Transcriber)>,
}

impl Worker {
    fn run(mut self) {
        while let Ok(job) = self.jobs.recv() {
            self.busy.fetch_add(1, Ordering::Relaxed);
            let outcome = self.step(job);
            self.busy.fetch_sub(1, Ordering::Relaxed);
            if self.outcomes.send(outcome).is_err() {
                break;
            }
        }
    }

    /// Does one job. A panic of a model fails the job, not the host.
    fn step(&mut self, job: Job) -> Outcome {
        let start = ThreadTime::now();
        let Job { session, ticket, cancel, task, .. } = job;
        let answer = if session.is_closed() || cancel.load(Ordering::Relaxed) {
            Err(Failure::Cancelled)
        } else {
            // Nothing half-changed is used again: the transcriber is thrown away after a panic.
            catch_unwind(AssertUnwindSafe(|| self.answer(&session, &cancel, task))).unwrap_or_else(|_| {
                self.transcriber = None;
                Err(Failure::Failed("the model crashed on this passage".to_owned()))
            })
        };
        Outcome { session, ticket, answer, cpu: start.elapsed() }
    }

    fn answer(&mut self, session: &Shared, cancel: &AtomicBool, task: Task) -> Result<Answer, Failure> {
        match task {
            Task::Prepare { model } => self.transcriber(&model).map(|_| Answer::Prepared),
            Task::Transcribe { model, manner, audio, speech, effort } => {
                let transcriber = self.transcriber(&model)?;
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
                    other => Failure::Failed(other.to_string()),
                })?;
                if effort == Effort::Final && hypothesis.language_is_sure {
                    session.remember_language(hypothesis.language.clone());
                }
                Ok(Answer::Words(hypothesis))
            }
            Task::Classify { audio, keep } => {
                let classifier = self.shelf.classifier().map_err(Failure::Unavailable)?;
                let classes = classifier.lock().classify_window(&audio, keep);
                classes.map(Answer::Classes).map_err(|error| Failure::Failed(error.to_string()))
            }
        }
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
