//! The doors in: what other programs, or Earmark elsewhere, wrote down.
//!
//! Labels, markers and regions come back as marks and captions as utterances with their words, spread
//! over the time of their cue by their letters; both are made by hand, so that no machine overwrites
//! them. Our own JSON comes back as it was written, machine-made and hand-made apart.

mod audacity;
mod captions;
mod json;
mod reaper;
mod text;

pub use text::time;

use crate::export::{Making, Speakers};
use earmark_timeline::mark::{Colour, Mark};
use earmark_timeline::notebook::{Notebook, Parts};
use earmark_timeline::script;
use earmark_timeline::sound::Sound;
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::{ItemId, Origin, Utterance, Word};
use std::sync::Arc;

/// A file format that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// Earmark's own JSON.
    Json,
    /// SubRip captions.
    Srt,
    /// WebVTT captions.
    Vtt,
    /// An Audacity label track.
    Audacity,
    /// REAPER's table of markers and regions.
    Reaper,
}

impl Source {
    /// Every format that can be read.
    pub const ALL: [Source; 5] = [Self::Json, Self::Srt, Self::Vtt, Self::Audacity, Self::Reaper];

    /// The format of a file by how its name ends, without the dot, whatever its case.
    pub fn from_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "json" => Some(Self::Json),
            "srt" => Some(Self::Srt),
            "vtt" => Some(Self::Vtt),
            "txt" => Some(Self::Audacity),
            "csv" => Some(Self::Reaper),
            _ => None,
        }
    }
}

/// What a file held.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Imported {
    /// Its utterances, marks and classes.
    pub notebook: Notebook,
    /// Who speaks, where it said so.
    pub speakers: Speakers,
    /// What it says was listened to.
    pub source: Option<String>,
    /// How it says that it was made.
    pub made: Option<Making>,
    /// What it says was measured of the recording.
    pub sound: Option<Sound>,
}

/// Why a file was not read. Nothing of it was taken over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}: {remedy}", place(*.line))]
pub struct ImportError {
    /// The line that could not be read, counted from 1; `None` where it is the whole file.
    pub line: Option<usize>,
    /// What is wrong with it.
    pub problem: String,
    /// What to do.
    pub remedy: &'static str,
}

impl ImportError {
    fn at(line: usize, problem: impl Into<String>, remedy: &'static str) -> Self {
        Self { line: Some(line), problem: problem.into(), remedy }
    }

    fn whole(problem: impl Into<String>, remedy: &'static str) -> Self {
        Self { line: None, problem: problem.into(), remedy }
    }
}

fn place(line: Option<usize>) -> String {
    line.map(|line| format!("line {line}: ")).unwrap_or_default()
}

/// The largest file that is read: some 60 hours of speech as JSON.
pub const LONGEST_FILE_BYTES: usize = 64 << 20;
/// The most marks or utterances that are taken from a file.
const MOST_ITEMS: usize = 200_000;
/// The longest text of one mark or cue, in bytes.
const LONGEST_TEXT: usize = 20_000;
/// The latest time that is believed: a thousand hours.
const LATEST: ProjectTime = ProjectTime::from_ticks(3_600_000 * ProjectTime::TICKS_PER_SECOND);

/// Reads a file's contents.
///
/// # Errors
///
/// [`ImportError`], which names the line and the remedy.
pub fn read(source: Source, contents: &[u8]) -> Result<Imported, ImportError> {
    if contents.len() > LONGEST_FILE_BYTES {
        let size = format!("the file is {} MB long", contents.len() >> 20);
        return Err(ImportError::whole(size, "split it into parts of less than 64 MB"));
    }
    let text = text::decode(contents)?;
    match source {
        Source::Json => json::read(text),
        Source::Srt => captions::read_srt(text),
        Source::Vtt => captions::read_vtt(text),
        Source::Audacity => audacity::read(text),
        Source::Reaper => reaper::read(text),
    }
}

/// Gathers what a file holds, within bounds.
#[derive(Default)]
struct Gathered {
    parts: Parts,
    speakers: Speakers,
    count: usize,
}

impl Gathered {
    fn mark(
        &mut self,
        line: usize,
        start: ProjectTime,
        end: ProjectTime,
        label: String,
        colour: Option<Colour>,
    ) -> Result<(), ImportError> {
        let id = self.next_id(line, start, end, &label)?;
        self.parts.marks.push(Mark { id, start, end, label, origin: Origin::Hand, colour, run: None });
        Ok(())
    }

    /// An utterance of the words of `text`; nothing if it has none.
    fn cue(
        &mut self,
        line: usize,
        start: ProjectTime,
        end: ProjectTime,
        text: &str,
        speaker: Option<String>,
    ) -> Result<(), ImportError> {
        let words = spread(text, start, end);
        if words.is_empty() {
            return Ok(());
        }
        let id = self.next_id(line, start, end, text)?;
        if let Some(speaker) = speaker {
            self.speakers.named.insert(id, Arc::from(speaker));
        }
        // No model wrote it.
        let (language, model, run) = (None, Arc::from(""), None);
        let origin = Origin::Hand;
        self.parts.utterances.push(Utterance { id, start, end, words, language, model, origin, run });
        Ok(())
    }

    fn next_id(
        &mut self,
        line: usize,
        start: ProjectTime,
        end: ProjectTime,
        text: &str,
    ) -> Result<ItemId, ImportError> {
        check_times(line, start, end)?;
        if text.len() > LONGEST_TEXT {
            return Err(ImportError::at(line, "the text is too long", "shorten it below 20,000 letters"));
        }
        self.count += 1;
        if self.count > MOST_ITEMS {
            let problem = format!("there are more than {MOST_ITEMS} entries");
            return Err(ImportError::at(line, problem, "split the file"));
        }
        Ok(ItemId(self.count as u64))
    }

    fn finish(self) -> Imported {
        Imported {
            notebook: Notebook::from_parts(self.parts),
            speakers: self.speakers,
            ..Imported::default()
        }
    }
}

fn check_times(line: usize, start: ProjectTime, end: ProjectTime) -> Result<(), ImportError> {
    if end < start {
        return Err(ImportError::at(line, "it ends before it starts", "exchange the two times"));
    }
    if end > LATEST || start < ProjectTime::ZERO.minus(LATEST) {
        let remedy = "give times of less than 1,000 hours";
        return Err(ImportError::at(line, "the time is out of range", remedy));
    }
    Ok(())
}

/// The words of a text over a stretch, each as long as its share of the letters.
fn spread(text: &str, start: ProjectTime, end: ProjectTime) -> Vec<Word> {
    let texts = script::split(text);
    let total: usize = texts.iter().map(|text| text.chars().count()).sum();
    let length = i128::from(end.minus(start).ticks());
    let mut before = 0;
    let time = |letters: usize| {
        let share = length * letters as i128 / total.max(1) as i128;
        start.plus(ProjectTime::from_ticks(share as i64))
    };
    let place = |text: &&str| {
        let from = before;
        before += text.chars().count();
        Word { text: (*text).to_owned(), start: time(from), end: time(before), confidence: 1.0 }
    };
    texts.iter().map(place).collect()
}

#[cfg(test)]
mod tests;
