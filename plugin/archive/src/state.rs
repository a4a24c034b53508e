//! The saved state: a notebook as one line of ASCII that a host keeps inside its project.
//!
//! ```text
//! EARMARK3:9ae0daaf:KLUv/QBYAQAAaGVsbG8…
//! ───┬───│ ───┬──── ─┬─────────────────
//!  magic │  CRC-32   base64 of zstd of JSON, whose shape is the version's own
//!     version
//! ```
//!
//! Each version is a module with types of its own, and a one-way step leads to the next, so that a
//! session saved by any released version loads. Writing always uses the newest.

mod container;
mod v1;
mod v2;
mod v3;

use earmark_timeline::notebook::Notebook;

/// The version that [`encode`] writes; [`decode`] reads it and every one before.
pub const VERSION: u32 = 3;

/// The largest state that is read, in bytes once decompressed; hundreds of hours of speech.
///
/// A few kilobytes can decompress to any size. This is the bound on what a damaged or hostile
/// project can make a host allocate.
pub const SIZE_LIMIT: usize = 64 << 20;

/// Why a saved state could not be read. Whoever holds the text keeps it, and saves it back unchanged
/// until a person decides; each message says so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// It does not begin as every state of ours does.
    #[error("the saved data does not come from Earmark; it is kept unchanged in the project")]
    NotOurs,
    /// A later Earmark wrote it.
    #[error(
        "the saved notebook has format {version} and this Earmark reads up to {VERSION}; \
         it is kept unchanged in the project: update Earmark to read it"
    )]
    Newer {
        /// The version that it names.
        version: u32,
    },
    /// It is ours, and was changed since.
    #[error(
        "the saved notebook is damaged ({what}); it is kept unchanged in the project: \
         load an earlier save of the project to get it back"
    )]
    Damaged {
        /// What is wrong with it, in a few words.
        what: String,
    },
    /// It would decompress to more than [`SIZE_LIMIT`].
    #[error(
        "the saved notebook is larger than {} MiB once unpacked, which no session is; \
         it is kept unchanged in the project",
        SIZE_LIMIT >> 20
    )]
    TooLarge,
}

impl StateError {
    fn damaged(what: impl ToString) -> Self {
        Self::Damaged { what: what.to_string() }
    }
}

/// Writes a notebook down. The same notebook always gives the same text, and a state that was read
/// and is written again gives the bytes that it was read from.
///
/// Which run an utterance was heard in is not kept, and confidences are kept in thousandths.
pub fn encode(notebook: &Notebook) -> String {
    container::seal(VERSION, &v3::write(notebook))
}

/// Reads a notebook back; the empty text of a fresh instance is the empty notebook.
///
/// # Errors
///
/// [`StateError`], whatever the text is; this never panics.
pub fn decode(text: &str) -> Result<Notebook, StateError> {
    if text.is_empty() {
        return Ok(Notebook::default());
    }
    let (version, body) = container::split(text)?;
    // The ladder: every rung leads to the next, and the last to the notebook.
    match version {
        1 => v1::read(&container::unseal(body)?)?.step()?.revive(),
        2 => v2::read(&container::unseal(body)?)?.step()?.revive(),
        3 => v3::read(&container::unseal(body)?)?.revive(),
        0 => Err(StateError::damaged("there is no format 0")),
        version => Err(StateError::Newer { version }),
    }
}

#[cfg(test)]
mod tests;
