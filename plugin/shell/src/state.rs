//! The notebook's way into the host's saved state and back.

use crate::unsaved::Herald;
use earmark_archive::state;
use earmark_engine::command::Command;
use earmark_engine::session::Session;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::snapshot::Snapshot;
use nice_plug::params::persist::PersistentField;
use parking_lot::Mutex;
use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// How long loading waits for a listener that has more to do than it can take in.
const PATIENCE: Duration = Duration::from_secs(1);

/// What the host saves for a session, on whatever thread it saves and loads on, never on the audio thread.
pub(crate) struct SavedState {
    session: Arc<Session>,
    herald: Arc<Herald>,
    kept: Mutex<Kept>,
    /// How many states were loaded.
    pub(crate) loads: AtomicU32,
}

/// The field with the notebook, as text.
pub(crate) struct NotebookField(pub(crate) Arc<SavedState>);

/// The field with a notebook that could not be read, as it came, once there is a newer one beside it.
pub(crate) struct AtticField(pub(crate) Arc<SavedState>);

#[derive(Default)]
struct Kept {
    /// What was loaded and is not in a snapshot yet.
    loaded: Option<Loaded>,
    /// A state that could not be read, exactly as it came.
    unreadable: Option<String>,
    /// One that an earlier session could not read.
    attic: String,
    /// How many notebooks were handed to the session.
    restored: u64,
    /// The text of the newest notebook that was written down, and its revision.
    written: Option<(u64, String)>,
}

struct Loaded {
    text: String,
    /// The session shows it once it has restored this many.
    restored: u64,
}

impl SavedState {
    pub(crate) fn new(session: Arc<Session>, herald: Arc<Herald>) -> Self {
        Self { session, herald, kept: Mutex::default(), loads: AtomicU32::new(0) }
    }

    /// What the host is to save now.
    fn text(&self) -> String {
        let mut kept = self.kept.lock();
        let snapshot = self.session.snapshot();
        self.herald.saved(&snapshot);
        if let Some(loaded) = &kept.loaded
            && snapshot.restored < loaded.restored
        {
            // Saved again before the listener took it over: then it is still the truth.
            return loaded.text.clone();
        }
        kept.loaded = None;
        if let Some(unreadable) = &kept.unreadable
            && snapshot.notebook.is_empty()
        {
            // Nothing was lost so far and nothing will be: the next Earmark may read it.
            return unreadable.clone();
        }
        match &kept.written {
            Some((revision, text)) if *revision == snapshot.notebook_revision => text.clone(),
            _ => {
                let text = state::encode(&kept_so_far(&snapshot));
                // What is not worked off changes without the notebook.
                let whole = snapshot.backlog.is_empty();
                kept.written = whole.then(|| (snapshot.notebook_revision, text.clone()));
                text
            }
        }
    }

    /// What the host is to save of notebooks that could not be read.
    fn attic(&self) -> String {
        let kept = self.kept.lock();
        match &kept.unreadable {
            // While there is nothing new, it stays in its own place.
            Some(unreadable) if !self.session.snapshot().notebook.is_empty() => unreadable.clone(),
            _ => kept.attic.clone(),
        }
    }

    fn load(&self, text: String) {
        self.loads.fetch_add(1, Ordering::Relaxed);
        let (notebook, notice) = match state::decode(&text) {
            Ok(notebook) => (notebook, None),
            Err(error) => (Notebook::default(), Some(error.to_string())),
        };
        let mut kept = self.kept.lock();
        kept.unreadable = notice.is_some().then(|| text.clone());
        kept.written = None;
        let notebook = Box::new(notebook);
        let begun = Instant::now();
        loop {
            let command = Command::Restore { notebook: notebook.clone(), notice: notice.clone() };
            match self.session.send(command) {
                Ok(()) => {
                    kept.restored += 1;
                    kept.loaded = Some(Loaded { text, restored: kept.restored });
                    return;
                }
                Err(_) if begun.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(1)),
                Err(_) => {
                    // The listener hangs: what was loaded stays what is saved.
                    kept.loaded = Some(Loaded { text, restored: u64::MAX });
                    return;
                }
            }
        }
    }
}

/// The notebook as it is to be saved: what was heard and is not worked off yet would be missing without a
/// word, so it is written down as missed, and can be played again.
fn kept_so_far(snapshot: &Snapshot) -> Cow<'_, Notebook> {
    let mut notebook = Cow::Borrowed(&*snapshot.notebook);
    for range in &snapshot.backlog {
        notebook.to_mut().miss(range.clone());
    }
    notebook
}

impl<'a> PersistentField<'a, String> for NotebookField {
    fn set(&self, new_value: String) {
        self.0.load(new_value);
    }

    fn map<F, R>(&self, f: F) -> R
    where
        F: Fn(&String) -> R,
    {
        f(&self.0.text())
    }
}

impl<'a> PersistentField<'a, String> for AtticField {
    fn set(&self, new_value: String) {
        self.0.kept.lock().attic = new_value;
    }

    fn map<F, R>(&self, f: F) -> R
    where
        F: Fn(&String) -> R,
    {
        let attic = self.0.attic();
        #[cfg(feature = "planted")]
        let attic = crate::planted::save(attic);
        f(&attic)
    }
}
