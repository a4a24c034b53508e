use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::Digest;

use crate::{Card, ModelError};

/// The folders that may hold model files, in the order in which they are searched.
///
/// 1. the folder that the environment variable `EARMARK_MODELS` names,
/// 2. the user's data folder (`~/.local/share/earmark/models` on Linux, `~/Library/Application
///    Support/earmark/models` on macOS, `%APPDATA%\earmark\data\models` on Windows),
/// 3. the system's (`/usr/local/share/earmark/models`, then `/usr/share/earmark/models`, on Unix),
/// 4. the folder that the caller adds with [`Store::or_beside`], meant for files that come with the
///    plugin or the program.
///
/// A session's own choice of model comes before all of these: it decides which card is looked up.
///
/// Reading and hashing a file takes up to a second: never do it on an audio or a GUI thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    folders: Vec<PathBuf>,
}

impl Store {
    /// The environment variable that names the first folder to look in, and the one to install into.
    pub const VARIABLE: &'static str = "EARMARK_MODELS";

    /// The store that the environment and the system's conventions describe; touches no file.
    pub fn from_environment() -> Self {
        let user =
            directories::ProjectDirs::from("", "", "earmark").map(|dirs| dirs.data_dir().join("models"));
        Self { folders: search_path(std::env::var_os(Self::VARIABLE), user) }
    }

    /// A store of one folder.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folders: vec![folder.into()] }
    }

    /// Adds a folder to look in after all others.
    #[must_use]
    pub fn or_beside(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folders.push(folder.into());
        self
    }

    /// The folders in the order in which they are searched.
    pub fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// The folder that files are installed into: the first one, or `None` on a system without a home.
    pub fn install_folder(&self) -> Option<&Path> {
        self.folders.first().map(PathBuf::as_path)
    }

    /// Where the model's file lies; looks at names only, so it is quick and proves nothing about the bytes.
    ///
    /// # Errors
    /// [`ModelError::Missing`] when no folder has it.
    pub fn find(&self, card: &Card) -> Result<PathBuf, ModelError> {
        self.folders.iter().map(|folder| folder.join(&card.file)).find(|path| path.is_file()).ok_or_else(
            || ModelError::Missing {
                card: card.name.clone(),
                file: card.file.clone(),
                folders: self.folders.clone(),
            },
        )
    }

    /// The model's file in memory, after its length and SHA-256 were found to be what the card pins.
    ///
    /// The bytes that were checked are the bytes that are returned, so a file that changes afterwards does no harm.
    ///
    /// # Errors
    /// Any [`ModelError`] but `Unknown`.
    pub fn read(&self, card: &Card) -> Result<Vec<u8>, ModelError> {
        let mut bytes = Vec::new();
        // Asked for at once, so that a full memory is a sentence and not the end of the host.
        let whole =
            usize::try_from(card.bytes).ok().filter(|length| bytes.try_reserve_exact(*length).is_ok());
        whole.ok_or_else(|| ModelError::Memory { card: card.name.clone(), bytes: card.bytes })?;
        self.check(card, |chunk| bytes.extend_from_slice(chunk))?;
        Ok(bytes)
    }

    /// The path of the model's file, after its content was found to be what the card pins.
    ///
    /// For files that only the system can load, as shared libraries; use [`Store::read`] for all others.
    ///
    /// # Errors
    /// Any [`ModelError`] but `Unknown`.
    pub fn verified_path(&self, card: &Card) -> Result<PathBuf, ModelError> {
        self.check(card, |_| ())
    }

    /// Reads the file once, passes every chunk to `keep`, and says at the end whether it is the right one.
    fn check(&self, card: &Card, mut keep: impl FnMut(&[u8])) -> Result<PathBuf, ModelError> {
        let path = self.find(card)?;
        let unreadable = |source| ModelError::Unreadable { path: path.clone(), source };
        let file = File::open(&path).map_err(unreadable)?;
        // The length is known before anything is read, so that no giant file fills the memory.
        let found = file.metadata().map_err(unreadable)?.len();
        if found < card.bytes {
            return Err(ModelError::Truncated { path, found, expected: card.bytes });
        }
        if found > card.bytes {
            return Err(ModelError::Altered { path });
        }
        let mut hash = Sha256::default();
        hash.read(file.take(card.bytes), &mut keep).map_err(unreadable)?;
        if hash.hexadecimal() != card.sha256 { Err(ModelError::Altered { path }) } else { Ok(path) }
    }
}

/// A SHA-256 in the making, written the way cards write it.
#[derive(Default)]
pub struct Sha256(sha2::Sha256);

impl Sha256 {
    /// The hash of `bytes` in lower-case hexadecimal.
    pub fn of(bytes: &[u8]) -> String {
        let mut hash = Self::default();
        hash.0.update(bytes);
        hash.hexadecimal()
    }

    /// The hash of a file's content in lower-case hexadecimal.
    ///
    /// # Errors
    /// Whatever the system reports.
    pub fn of_file(path: &Path) -> io::Result<String> {
        let mut hash = Self::default();
        hash.read(File::open(path)?, |_| ())?;
        Ok(hash.hexadecimal())
    }

    /// Takes in `bytes`.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Takes in all of `reader`, and shows each chunk to `keep`.
    ///
    /// # Errors
    /// Whatever `reader` reports.
    pub fn read(&mut self, mut reader: impl Read, mut keep: impl FnMut(&[u8])) -> io::Result<()> {
        // Large enough that the system calls cost nothing beside the hashing, small enough for the cache.
        let mut chunk = vec![0; 256 * 1024];
        loop {
            match reader.read(&mut chunk) {
                Ok(0) => return Ok(()),
                Ok(length) => {
                    self.0.update(&chunk[..length]);
                    keep(&chunk[..length]);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The hash of all that was taken in, in lower-case hexadecimal.
    pub fn hexadecimal(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn search_path(variable: Option<OsString>, user: Option<PathBuf>) -> Vec<PathBuf> {
    let system: &[&str] =
        if cfg!(unix) { &["/usr/local/share/earmark/models", "/usr/share/earmark/models"] } else { &[] };
    // An empty variable is how people unset one; it must not come to mean the working folder.
    let named = variable.filter(|value| !value.is_empty()).map(PathBuf::from);
    named.into_iter().chain(user).chain(system.iter().map(PathBuf::from)).collect()
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
