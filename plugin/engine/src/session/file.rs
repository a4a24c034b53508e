//! A whole file, heard as fast as it can be worked off.

use super::{Session, feed};
use crate::command::Busy;
use crate::decode::{AudioFile, DecodeError};
use earmark_capture::BLOCK_FRAMES;
use earmark_timeline::snapshot::{Health, Snapshot};
use earmark_timeline::units::{Frames, ProjectTime};
use std::path::PathBuf;
use std::sync::Arc;

/// Why a file was not heard to its end; the sentence names the file.
#[derive(Debug, thiserror::Error)]
pub enum HearError {
    /// It cannot be decoded.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The session has too much to do to begin.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// There is no model to hear it with.
    #[error("{}: not transcribed: {reason}", path.display())]
    Untranscribed {
        /// The file.
        path: PathBuf,
        /// What is missing, and the remedy.
        reason: String,
    },
    /// Whoever watched did not want it any more.
    #[error("{}: stopped", path.display())]
    Stopped {
        /// The file.
        path: PathBuf,
    },
}

impl Session {
    /// Hears a whole file, in a session that hears nothing else, as if it were played from `at` on, and gives back
    /// the snapshot in which all of it is settled. On the way `watch` gets the samples of each decoded block once,
    /// and none of them while there is nothing to do but wait; as soon as it says `false`, hearing ends.
    ///
    /// # Errors
    /// [`HearError`], as a sentence for the user.
    pub fn hear(
        &self,
        file: &mut AudioFile,
        at: ProjectTime,
        mut watch: impl FnMut(&[f32], &Snapshot) -> bool,
    ) -> Result<Arc<Snapshot>, HearError> {
        let path = file.path().to_owned();
        let mut look = |block: &[f32]| {
            let snapshot = self.snapshot();
            if !watch(block, &snapshot) {
                return Err(HearError::Stopped { path: path.clone() });
            }
            match &snapshot.status.transcriber {
                Health::Unavailable(reason) => {
                    Err(HearError::Untranscribed { path: path.clone(), reason: reason.clone() })
                }
                _ => Ok(snapshot),
            }
        };
        let mut feed = self.feed(file.rate(), file.channels())?.starting_at(at);
        let mut block = Vec::new();
        while file.next_block(&mut block)? {
            look(&block)?;
            for part in block.chunks(BLOCK_FRAMES * file.channels().max(1)) {
                while feed.room() < Frames(BLOCK_FRAMES as u64) {
                    look(&[])?;
                    std::thread::sleep(feed::PATIENCE);
                }
                feed.push(part);
            }
        }
        drop(feed);
        loop {
            let snapshot = look(&[])?;
            if snapshot.finished > 0 {
                return Ok(snapshot);
            }
            std::thread::sleep(feed::PATIENCE);
        }
    }
}
