//! The only arrow back: what a person or the host asks of a session.

use crate::session::Taken;
use earmark_capture::Drain;
use earmark_timeline::edit::Edit;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::settings::Settings;

/// What a session can be asked to do. Carried out by the listener, in the order it was sent.
pub enum Command {
    /// Listen to this ring from now on; what the one before still holds is heard first.
    Connect(Drain),
    /// Take over a notebook, as the host loads a session. What is still being worked on is forgotten.
    Restore {
        /// The notebook.
        notebook: Box<Notebook>,
        /// What a person should know about it, such as why a saved state could not be read.
        notice: Option<String>,
    },
    /// Use other settings from the next utterance on.
    Set(Settings),
    /// Change the notebook by hand.
    Edit(Edit),
    /// Put what was heard of a recording into the notebook, once nothing is being played at its place.
    TakeIn(Box<Taken>),
    /// Take the newest edit back.
    Undo,
    /// Do again what was taken back last.
    Redo,
    /// Look at once again for what could not be loaded, and go on after a fault.
    TryAgain,
    /// Have the models of all sessions use at most so many cores, now and from now on on this machine. At least
    /// one and at most all there are.
    UseCores(usize),
}

/// The session has more to do than it can take in: try again in a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Earmark is too busy to take this in; try again in a moment")]
pub struct Busy;
