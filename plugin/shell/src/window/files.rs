//! Files that a person chooses: to be analysed, whether the window stays open or not, and to export to.

use crate::export::Order;
use earmark_editor::FileWork;
use earmark_engine::decode::EXTENSIONS;
use earmark_engine::hub::detach;
use earmark_engine::session::{Intake, Session, Stage};
use earmark_timeline::notebook::Notebook;
use earmark_timeline::units::ProjectTime;
use egui_baseview::baseview::WindowContext;
use parking_lot::Mutex;
use rfd::FileHandle;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Nobody sees a dialog and closes it again in less time than this.
const GLIMPSE: Duration = Duration::from_millis(300);

/// What to do about it.
const NO_DIALOG: &str = "The system has no file dialog; install xdg-desktop-portal or zenity";

/// One instance's files, one at a time. Used on the GUI thread and on that of the dialog.
pub(super) struct Files {
    session: Arc<Session>,
    work: Mutex<Option<Work>>,
    /// What the window has not told the person yet.
    said: Mutex<Option<Result<String, String>>>,
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
    /// There is news or an error to be told.
    Told(Result<String, String>),
}

impl Files {
    pub(super) fn new(session: Arc<Session>) -> Arc<Self> {
        let (work, said, choosing) = (Mutex::default(), Mutex::default(), AtomicBool::new(false));
        Arc::new(Self { session, work, said, choosing })
    }

    /// Lets the person choose a file, in front of `window`; it is analysed as if it were played from `at` on.
    pub(super) fn choose(self: &Arc<Self>, at: ProjectTime, window: &WindowContext) {
        let dialog = rfd::AsyncFileDialog::new().set_title("Analyse a file").set_parent(window);
        let dialog = dialog.add_filter("Audio", &EXTENSIONS).pick_file();
        self.ask(dialog, move |files, path| files.begin(path, at));
    }

    /// Lets the person choose a file, in front of `window`, to which the export goes.
    pub(super) fn save(self: &Arc<Self>, order: Order, notebook: Arc<Notebook>, window: &WindowContext) {
        let dialog = rfd::AsyncFileDialog::new().set_title("Export").set_parent(window);
        let dialog = dialog.set_file_name(order.file_name()).save_file();
        self.ask(dialog, move |files, path| {
            let saved = order.save_to(&notebook, path);
            files.tell(saved.map(|()| format!("Exported to {}", path.display())));
        });
    }

    /// Has a dialog of the system answered, one at a time, on a thread of its own: the GUI thread, on which this is
    /// called, does not wait.
    fn ask(
        self: &Arc<Self>,
        dialog: impl Future<Output = Option<FileHandle>> + Send + 'static,
        then: impl FnOnce(&Self, &Path) + Send + 'static,
    ) {
        if self.choosing.swap(true, Ordering::Relaxed) {
            return;
        }
        let (files, opened) = (Arc::downgrade(self), Instant::now());
        let waiting = detach("earmark-dialog", move || {
            let chosen = pollster::block_on(dialog);
            let Some(files) = files.upgrade() else { return };
            files.choosing.store(false, Ordering::Relaxed);
            match chosen {
                Some(file) => then(&files, file.path()),
                None if opened.elapsed() < GLIMPSE => files.refuse(NO_DIALOG.to_owned()),
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
        if let Some(said) = self.said.lock().take() {
            return State::Told(said);
        }
        let mut slot = self.work.lock();
        let Some(work) = &*slot else { return State::Idle };
        let at_work = |done, waits| FileWork { name: work.name.clone(), at: work.at, done, waits };
        let ended = match work.intake.stage() {
            Stage::Hearing(done) => return State::AtWork(at_work(done, false)),
            Stage::Waiting => return State::AtWork(at_work(None, true)),
            Stage::Done(words) => State::Done(at_work(None, false), words),
            Stage::Failed(reason) => State::Told(Err(reason)),
        };
        *slot = None;
        ended
    }

    fn refuse(&self, reason: String) {
        self.tell(Err(reason));
    }

    fn tell(&self, said: Result<String, String>) {
        *self.said.lock() = Some(said);
        self.session.notify();
    }
}
