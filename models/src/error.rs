use std::io;
use std::path::PathBuf;

/// Why a model's file is not handed out; the message names the file and the remedy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// No card has this name: offer the known ones.
    #[error("there is no model called \"{name}\"; known are {known}")]
    Unknown {
        /// The name that was asked for.
        name: String,
        /// The names that exist, separated by commas.
        known: String,
    },
    /// The file lies in none of the folders: fetch it.
    #[error("the file {file} of the model {card} is in none of {}; run `cargo xtask models`", list(.folders))]
    Missing {
        /// The model's name.
        card: String,
        /// The file's name.
        file: String,
        /// Where it was looked for, in order.
        folders: Vec<PathBuf>,
    },
    /// The file is shorter than it should be: fetch it again.
    #[error("{} is cut short ({found} of {expected} bytes); delete it and run `cargo xtask models`", .path.display())]
    Truncated {
        /// The file.
        path: PathBuf,
        /// Its length in bytes.
        found: u64,
        /// The length that the card pins, in bytes.
        expected: u64,
    },
    /// The file is not the one that the card describes: fetch it again.
    #[error("{} is not the file that the model's card describes; delete it and run `cargo xtask models`", .path.display())]
    Altered {
        /// The file.
        path: PathBuf,
    },
    /// There is not enough memory for the file.
    #[error("there is not enough memory for the model {card} ({} MB); close other programs, or choose a smaller model", .bytes / 1_000_000)]
    Memory {
        /// The model's name.
        card: String,
        /// The file's length in bytes.
        bytes: u64,
    },
    /// The file is there and the system does not let it be read.
    #[error("{} cannot be read ({source}); check its permissions, or delete it and run `cargo xtask models`", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

fn list(folders: &[PathBuf]) -> String {
    match folders {
        [] => "the model folders (none is known)".to_owned(),
        _ => folders.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>().join(", "),
    }
}
