//! Files that a person wants analysed: chosen, heard and told of, whether the window stays open or not.

use earmark_editor::FileWork;
use earmark_engine::decode::EXTENSIONS;
use earmark_engine::hub::detach;
use earmark_engine::session::{Intake, Session, Stage};
use earmark_timeline::units::ProjectTime;
use egui_baseview::baseview::WindowContext;
use parking_lot::Mutex;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Nobody sees a dialog and closes it again in less time than this.
const GLIMPSE: Duration = Duration::from_millis(300);

/// One instance's files, one at a time. Used on the GUI thread and on that of the dialog.
pub(super) struct Files {
    session: Arc<Session>,
    work: Mutex<Option<Work>>,
    /// Why a file was not even begun.
    refusal: Mutex<Option<String>>,
    /// A dialog is open.
    choosing: AtomicBool,
}

/// The file that is being analysed.
struct Work {
    intake: Intake,
    name: String,
    at: ProjectTime,
}

/// How the files are.
pub(super) enum State {
    /// There is none.
    Idle,
    /// One is being analysed.
    AtWork(FileWork),
    /// One is in the notebook, with so many words.
    Done(FileWork, usize),
    /// One is not, for this reason.
    Failed(String),
}

impl Files {
    pub(super) fn new(session: Arc<Session>) -> Arc<Self> {
        let (work, refusal, choosing) = (Mutex::default(), Mutex::default(), AtomicBool::new(false));
        Arc::new(Self { session, work, refusal, choosing })
    }

    /// Opens the system's dialog in front of `window`; the file that is chosen in it is analysed as if it were
    /// played from `at` on. Called on the GUI thread, which does not wait.
    pub(super) fn choose(self: &Arc<Self>, at: ProjectTime, window: &WindowContext) {
        if self.choosing.swap(true, Ordering::Relaxed) {
            return;
        }
        let dialog = rfd::AsyncFileDialog::new().set_title("Analyse a file");
        let dialog = dialog.add_filter("Audio", &EXTENSIONS).set_parent(window).pick_file();
        let (files, opened) = (Arc::downgrade(self), Instant::now());
        let waiting = detach("earmark-dialog", move || {
            let chosen = pollster::block_on(dialog);
            let Some(files) = files.upgrade() else { return };
            files.choosing.store(false, Ordering::Relaxed);
            match chosen {
                Some(file) => files.begin(file.path(), at),
                None if opened.elapsed() < GLIMPSE => files
                    .refuse("The system has no file dialog: install xdg-desktop-portal or zenity".to_owned()),
                None => {}
            }
        });
        if let Err(error) = waiting {
            self.choosing.store(false, Ordering::Relaxed);
            self.refuse(format!("The system gives Earmark no thread to choose a file on ({error})"));
        }
    }

    /// Analyses a file as if it were played from `at` on.
    pub(super) fn begin(&self, path: &Path, at: ProjectTime) {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let mut work = self.work.lock();
        if work.is_some() {
            return self.refuse(format!("{name}: another file is being analysed; wait for it or cancel it"));
        }
        match self.session.take_in(path, at) {
            Ok(intake) => *work = Some(Work { intake, name, at }),
            Err(error) => {
                self.refuse(format!("{name}: the system gives Earmark no thread to read it ({error})"))
            }
        }
    }

    /// Gives up the file that is being analysed.
    pub(super) fn give_up(&self) {
        self.work.lock().take();
    }

    /// How the files are; what has ended is told once.
    pub(super) fn look(&self) -> State {
        if let Some(refusal) = self.refusal.lock().take() {
            return State::Failed(refusal);
        }
        let mut slot = self.work.lock();
        let Some(work) = &*slot else { return State::Idle };
        let at_work = |done, waits| FileWork { name: work.name.clone(), at: work.at, done, waits };
        let ended = match work.intake.stage() {
            Stage::Hearing(done) => return State::AtWork(at_work(done, false)),
            Stage::Waiting => return State::AtWork(at_work(None, true)),
            Stage::Done(words) => State::Done(at_work(None, false), words),
            Stage::Failed(reason) => State::Failed(reason),
        };
        *slot = None;
        ended
    }

    fn refuse(&self, reason: String) {
        *self.refusal.lock() = Some(reason);
        self.session.notify();
    }
}
