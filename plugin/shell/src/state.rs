//! The notebook's way into the host's saved state and back.

use earmark_archive::state;
use earmark_engine::command::Command;
use earmark_engine::session::Session;
use earmark_timeline::notebook::Notebook;
use nice_plug::params::persist::PersistentField;
use parking_lot::Mutex;
use std::sync::Arc;

/// The field that the host saves: a view of the session's notebook as text.
///
/// Used on whatever thread the host saves and loads on, never on the audio thread.
pub(crate) struct StateField {
    session: Arc<Session>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// What was loaded and is not in a snapshot yet.
    loaded: Option<Loaded>,
    /// A state that could not be read, exactly as it came.
    unreadable: Option<String>,
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

impl StateField {
    pub(crate) fn new(session: Arc<Session>) -> Self {
        Self { session, kept: Mutex::default() }
    }

    /// What the host is to save now.
    fn text(&self) -> String {
        let mut kept = self.kept.lock();
        let snapshot = self.session.snapshot();
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
                let text = state::encode(&snapshot.notebook);
                kept.written = Some((snapshot.notebook_revision, text.clone()));
                text
            }
        }
    }

    fn load(&self, text: String) {
        let (notebook, notice) = match state::decode(&text) {
            Ok(notebook) => (notebook, None),
            Err(error) => (Notebook::default(), Some(error.to_string())),
        };
        let mut kept = self.kept.lock();
        kept.unreadable = notice.is_some().then(|| text.clone());
        kept.written = None;
        let command = Command::Restore { notebook: Box::new(notebook), notice };
        if self.session.send(command).is_ok() {
            kept.restored += 1;
            kept.loaded = Some(Loaded { text, restored: kept.restored });
        }
    }
}

impl<'a> PersistentField<'a, String> for StateField {
    fn set(&self, new_value: String) {
        self.load(new_value);
    }

    fn map<F, R>(&self, f: F) -> R
    where
        F: Fn(&String) -> R,
    {
        f(&self.text())
    }
}
