//! What was done, so that it can be undone and done again.

use super::{Change, Edit, EditError};
use crate::clock::RunId;
use crate::notebook::Notebook;

/// How many steps can be undone.
pub const MOST_STEPS: usize = 200;

/// The edits of one session since it was loaded, and those that were undone.
#[derive(Debug, Default)]
pub struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
}

/// An edit's name, and what takes it back.
#[derive(Debug)]
struct Step {
    name: &'static str,
    /// The run of the recording that it took in, if it did.
    recording: Option<RunId>,
    back: Change,
}

impl History {
    /// Carries `edit` out and remembers how to take it back. What was undone cannot be redone after it.
    ///
    /// # Errors
    /// [`EditError`] if the edit does not apply; then nothing changed.
    pub fn edit(&mut self, notebook: &mut Notebook, edit: &Edit) -> Result<(), EditError> {
        let back = notebook.edit(edit)?;
        self.undone.clear();
        let recording = match edit {
            Edit::TakeIn(recording) => Some(recording.run),
            _ => None,
        };
        self.done.push(Step { name: edit.name(), recording, back });
        if self.done.len() > MOST_STEPS {
            self.done.remove(0);
        }
        Ok(())
    }

    /// Takes the newest edit back that anything is left of; says whether there was one.
    pub fn undo(&mut self, notebook: &mut Notebook) -> bool {
        Self::step(notebook, &mut self.done, &mut self.undone)
    }

    /// Does again what was undone last; says whether there was anything.
    pub fn redo(&mut self, notebook: &mut Notebook) -> bool {
        Self::step(notebook, &mut self.undone, &mut self.done)
    }

    /// What [`History::undo`] would take back.
    pub fn next_undo(&self) -> Option<&'static str> {
        self.done.last().map(|step| step.name)
    }

    /// What [`History::redo`] would do again.
    pub fn next_redo(&self) -> Option<&'static str> {
        self.undone.last().map(|step| step.name)
    }

    /// The recordings that were taken in and taken back, and may be taken in again.
    pub fn taken_back(&self) -> impl Iterator<Item = RunId> {
        self.undone.iter().filter_map(|step| step.recording)
    }

    fn step(notebook: &mut Notebook, from: &mut Vec<Step>, to: &mut Vec<Step>) -> bool {
        while let Some(step) = from.pop() {
            let back = notebook.exchange(step.back);
            if back != Change::default() {
                to.push(Step { back, ..step });
                return true;
            }
        }
        false
    }
}
