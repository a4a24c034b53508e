//! Everything that Earmark reads and did not write itself, given input that is wrong: saved states, imports and
//! audio files. `tests/fuzz.rs` tries a fixed number of mutations, the program `fuzz` as many as there is time for.

mod memory;
mod mutation;
mod target;

pub use memory::{Counting, peak_of};
pub use mutation::mutated;
pub use target::{Target, sealed};

use crate::noise::Random;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// The most memory that reading an input of a few kilobytes may take.
pub const MOST_BYTES: usize = 64 << 20;

/// The inputs that lie in the repository: where mutations begin, and what was found before.
pub fn corpus(target: Target) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name())
}

/// Something to read, and what can go wrong with it.
pub struct Trial {
    target: Target,
    seeds: Vec<Vec<u8>>,
    /// Where audio is read from.
    file: PathBuf,
}

impl Trial {
    /// Trials of a target; what can only be read from a file is written to `folder` for it.
    ///
    /// # Errors
    ///
    /// What the system says of the corpus.
    pub fn new(target: Target, folder: &Path) -> io::Result<Self> {
        let mut seeds = target.seeds();
        let corpus = corpus(target);
        if corpus.is_dir() {
            let mut files =
                std::fs::read_dir(corpus)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
            // The system lists them in any order; the mutations of a seed are to be the same each time.
            files.sort();
            for file in files {
                seeds.push(std::fs::read(file)?);
            }
        }
        Ok(Self { target, seeds, file: folder.join(format!("input.{}", target.name())) })
    }

    /// What mutations begin with.
    pub fn seeds(&self) -> &[Vec<u8>] {
        &self.seeds
    }

    /// The next input.
    pub fn input(&self, random: &mut Random) -> Vec<u8> {
        mutated(&self.seeds, random)
    }

    /// Reads an input.
    ///
    /// # Errors
    ///
    /// What went wrong: a panic's message, or that it took more than [`MOST_BYTES`]. Being refused is no fault.
    pub fn read(&self, input: &[u8]) -> Result<(), String> {
        if matches!(self.target, Target::Audio(_)) {
            std::fs::write(&self.file, input).map_err(|error| error.to_string())?;
        }
        let (outcome, peak) =
            peak_of(|| catch_unwind(AssertUnwindSafe(|| self.target.read(input, &self.file))));
        match outcome {
            Err(panic) => {
                let text = panic.downcast_ref::<String>().map(String::as_str);
                Err(text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("a panic").to_owned())
            }
            Ok(()) if peak > MOST_BYTES => Err(format!("{peak} bytes were allocated")),
            Ok(()) => Ok(()),
        }
    }
}
