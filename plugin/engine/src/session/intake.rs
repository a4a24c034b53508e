//! A recording that somebody wants in a session's notebook.
//!
//! It is heard in a session of its own, so that neither gets mixed up with what the other hears, and becomes one
//! step that undo takes back. What is being played at its place comes first: it goes in once that has ended.

use super::{HearError, Session, Shared};
use crate::command::Command;
use crate::decode;
use crate::hub::{Hub, detach};
use crossbeam_channel::Sender;
use earmark_timeline::notebook::{Notebook, Parts};
use earmark_timeline::overview::Overview;
use earmark_timeline::settings::Settings;
use earmark_timeline::snapshot::{Snapshot, Usage};
use earmark_timeline::units::ProjectTime;
use parking_lot::Mutex;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A recording on its way into a session's notebook. Dropping it gives it up.
pub struct Intake(Arc<Errand>);

/// How far a recording is.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// It is being heard: how much of it is done, from 0 to 1, if the file says how long it is.
    Hearing(Option<f32>),
    /// It was heard, and waits until what is played at its place has ended.
    Waiting,
    /// It is in the notebook, with so many words.
    Done(usize),
    /// It is not; the sentence names the file and the remedy.
    Failed(String),
}

impl Intake {
    /// How far it is.
    pub fn stage(&self) -> Stage {
        self.0.stage.lock().clone()
    }
}

impl Drop for Intake {
    fn drop(&mut self) {
        self.0.given_up.store(true, Ordering::Relaxed);
    }
}

/// What all who are concerned with a recording hold.
pub(super) struct Errand {
    given_up: AtomicBool,
    stage: Mutex<Stage>,
}

impl Errand {
    /// Both sides of a recording that was not looked at yet.
    pub(super) fn begin() -> (Intake, Arc<Self>) {
        let errand =
            Arc::new(Self { given_up: AtomicBool::new(false), stage: Mutex::new(Stage::Hearing(None)) });
        (Intake(Arc::clone(&errand)), errand)
    }

    fn reach(&self, stage: Stage) {
        *self.stage.lock() = stage;
    }

    fn is_given_up(&self) -> bool {
        self.given_up.load(Ordering::Relaxed)
    }
}

/// What was heard of a recording.
pub struct Taken {
    pub(super) errand: Arc<Errand>,
    pub(super) path: PathBuf,
    /// How many notebooks had been restored when it was asked for.
    pub(super) restored: u64,
    /// All of it.
    pub(super) place: Range<ProjectTime>,
    pub(super) notebook: Arc<Notebook>,
    pub(super) overview: Overview,
    pub(super) usage: Usage,
}

impl Taken {
    /// Whether it is still wanted in a session that has restored so many notebooks.
    pub(super) fn is_wanted(&self, restored: u64) -> bool {
        if self.restored != restored {
            let name = self.path.display();
            let sentence = format!("{name}: another session was loaded meanwhile; analyse the file again");
            self.reach(Stage::Failed(sentence));
        }
        self.restored == restored && !self.errand.is_given_up()
    }

    pub(super) fn reach(&self, stage: Stage) {
        self.errand.reach(stage);
    }
}

impl Session {
    /// Hears the file at `path`, as it would sound from `at` on, and puts what was heard into the notebook.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn take_in(&self, path: &Path, at: ProjectTime) -> std::io::Result<Intake> {
        let (intake, errand) = Errand::begin();
        let snapshot = self.snapshot();
        let reader = Reader {
            errand,
            owner: Arc::clone(&self.shared),
            commands: self.commands.clone(),
            hub: Arc::clone(&self.hub),
            path: path.to_owned(),
            at,
            settings: snapshot.notebook.settings().clone(),
            restored: snapshot.restored,
        };
        detach("earmark-file", move || reader.run())?;
        Ok(intake)
    }
}

/// The thread that reads the file.
struct Reader {
    errand: Arc<Errand>,
    owner: Arc<Shared>,
    commands: Sender<Command>,
    hub: Arc<Hub>,
    path: PathBuf,
    at: ProjectTime,
    settings: Settings,
    restored: u64,
}

impl Reader {
    fn run(self) {
        let fault = || Err(format!("{}: Earmark met a fault with this file", self.path.display()));
        let heard = catch_unwind(AssertUnwindSafe(|| self.hear().map_err(|error| error.to_string())));
        match heard.unwrap_or_else(|_| fault()) {
            Ok(taken) => self.hand_over(taken),
            Err(sentence) => self.errand.reach(Stage::Failed(sentence)),
        }
        self.owner.notify();
    }

    fn is_wanted(&self) -> bool {
        !self.errand.is_given_up() && !self.owner.is_closed()
    }

    fn hear(&self) -> Result<Taken, HearError> {
        let mut file = decode::open(&self.path)?;
        let length = file.duration();
        let settings = self.settings.clone();
        let session = self.hub.open_session(Notebook::from_parts(Parts { settings, ..Parts::default() }));
        // Who looks at the notebook that it is meant for sees how far it is.
        let owner = Arc::clone(&self.owner);
        session.observe(Some(Arc::new(move || owner.notify())));
        let snapshot = session.hear(&mut file, self.at, |_, snapshot| {
            let done = length.and_then(|length| {
                let settled =
                    snapshot.status.heard_until?.minus(self.at).seconds() - snapshot.status.behind.0;
                Some((settled / length.0).clamp(0.0, 1.0) as f32)
            });
            self.errand.reach(Stage::Hearing(done));
            self.is_wanted()
        })?;
        let Snapshot { notebook, overview, usage, status, .. } = Snapshot::clone(&snapshot);
        Ok(Taken {
            errand: Arc::clone(&self.errand),
            path: self.path.clone(),
            restored: self.restored,
            place: self.at..status.heard_until.unwrap_or(self.at),
            notebook,
            overview,
            usage,
        })
    }

    /// Gives what was heard to the listener's side of the session, however much that has to do.
    fn hand_over(&self, taken: Taken) {
        let mut command = Command::TakeIn(Box::new(taken));
        while self.is_wanted() {
            match self.commands.try_send(command) {
                Ok(()) => return self.hub.wake(),
                Err(refused) => command = refused.into_inner(),
            }
            std::thread::sleep(super::feed::PATIENCE);
        }
    }
}
