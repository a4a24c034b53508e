//! The list of clips, their audio, and the file that results go to.

use crate::{Failure, Task};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// One recording to be heard.
#[derive(Deserialize)]
pub(crate) struct Clip {
    /// Names it in the results.
    pub(crate) id: String,
    /// The recording as it came.
    pub(crate) path: PathBuf,
    /// The same at 16 kHz, mono, raw 32-bit floats: what every peer is given.
    pub(crate) audio16: PathBuf,
    /// The spoken language as an ISO 639-1 code.
    pub(crate) language: String,
    /// How long it is.
    pub(crate) seconds: f64,
}

/// Reads the list of clips.
///
/// # Errors
/// When the file cannot be read or a line is no clip.
pub(crate) fn read(list: &Path) -> Result<Vec<Clip>, Failure> {
    let text = fs::read_to_string(list)
        .map_err(|error| format!("{}: {error}; `cargo xtask bench transcribe` writes it", list.display()))?;
    Ok(text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

/// Reads raw 32-bit floats.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn raw_floats(path: &Path) -> Result<Vec<f32>, Failure> {
    let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(bytes.as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)).collect())
}

/// What one engine said about one clip, and what that cost.
#[derive(Serialize)]
pub(crate) struct Heard<'a> {
    /// The clip's name.
    pub(crate) id: &'a str,
    /// How long the clip is.
    pub(crate) seconds: f64,
    /// The text as one line.
    pub(crate) text: String,
    /// The language that was found or given.
    pub(crate) language: Option<String>,
    /// CPU seconds of the models' work alone.
    pub(crate) model_cpu: f64,
    /// CPU seconds of the whole process.
    pub(crate) cpu: f64,
    /// The most memory that the process has held so far, in megabytes.
    pub(crate) peak_mb: f64,
    /// The words with their times in seconds, where the engine tells them.
    pub(crate) words: Vec<Word>,
    /// What was heard and left out: text and reason.
    pub(crate) dropped: Vec<(String, String)>,
}

/// A word as it was heard.
#[derive(Serialize)]
pub(crate) struct Word {
    /// The word with its punctuation.
    pub(crate) text: String,
    /// Where it starts, in seconds.
    pub(crate) start: f64,
    /// Where it ends, in seconds.
    pub(crate) end: f64,
    /// How sure the engine is, from 0 to 1.
    pub(crate) confidence: f32,
}

/// Takes results and shows how far the run is.
pub(crate) struct Report {
    out: BufWriter<File>,
    label: String,
    count: usize,
    done: usize,
}

impl Report {
    /// Makes the results' file.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn new(task: &Task, label: &str, count: usize) -> Result<Self, Failure> {
        let file = File::create(&task.out).map_err(|error| {
            format!("{} cannot be written ({error}); free it or name another file", task.out.display())
        })?;
        Ok(Self { out: BufWriter::new(file), label: format!("{} {label}", task.model), count, done: 0 })
    }

    /// Writes one result.
    ///
    /// # Errors
    /// When the disk is full.
    pub(crate) fn add(&mut self, result: &impl Serialize) -> Result<(), Failure> {
        serde_json::to_writer(&mut self.out, result)?;
        self.out.write_all(b"\n")?;
        self.out.flush()?;
        self.done += 1;
        let (done, count) = (self.done, self.count);
        let mut shown = io::stderr();
        // A log needs no moving number.
        if shown.is_terminal() {
            write!(shown, "\r{}: {done} of {count}{}", self.label, if done == count { "\n" } else { "" })
                .ok();
        } else if done == count || done.is_multiple_of(25) {
            writeln!(shown, "{}: {done} of {count}", self.label).ok();
        }
        Ok(())
    }
}
