//! What a person asked for by clicking.

use crate::view_state::ExportJob;
use earmark_timeline::edit::Edit;
use earmark_timeline::settings::Settings;
use earmark_timeline::transport::{ChannelChoice, Listen};
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::ItemId;
use std::path::PathBuf;

/// A wish that the editor itself cannot fulfil; the shell does, and may answer with a
/// [`Notice`](crate::Notice).
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Write an export where exports go.
    Export(ExportJob),
    /// Let the person choose a file, and write an export there.
    ExportAs(ExportJob),
    /// Put an export on the clipboard.
    CopyExport(ExportJob),
    /// Put the transcript on the clipboard.
    CopyTranscript {
        /// What to put there: a line for each utterance and mark, with its time or without.
        text: String,
    },
    /// Let the person choose a file, and analyse it as if it were played from `at` on.
    AnalyseFile {
        /// Where the file starts on the timeline.
        at: ProjectTime,
    },
    /// Analyse a file that was dropped on the window, in the same way.
    AnalyseDropped {
        /// The file.
        path: PathBuf,
        /// Where it starts on the timeline.
        at: ProjectTime,
    },
    /// Give up the file that is being analysed.
    GiveUpFile,
    /// Change the notebook.
    Edit(Edit),
    /// Take the newest edit back.
    Undo,
    /// Do again what was taken back last.
    Redo,
    /// Use other settings.
    Set(Settings),
    /// Look at once again for a model that could not be loaded, and go on after a fault.
    TryAgain,
    /// Have the models of all sessions use so many cores.
    UseCores(usize),
    /// Change when to listen.
    Listen(Listen),
    /// Change which channels to listen to.
    Channel(ChannelChoice),
    /// An utterance was chosen; a shell may move the host's playhead there.
    SelectUtterance {
        /// Which.
        id: ItemId,
    },
}
