//! The doors out: a notebook as a file that other programs read. One module a format.

mod ascii;
mod audacity;
mod audition;
mod caption;
pub mod clock;
mod csv;
mod dawproject;
mod edl;
mod file;
mod format;
mod frame_rate;
mod json;
mod label;
mod markdown;
mod midi;
mod options;
mod podcast;
mod reaper;
mod rx;
mod select;
mod srt;
mod txt;
mod vtt;
mod wav;
mod youtube;

pub use file::{Existing, SaveError, save, save_with, sweep};
pub use format::{Format, Needs};
pub use frame_rate::FrameRate;
pub use options::{
    CaptionWidth, Cost, Include, Making, Options, Recording, Speakers, Speech, StartTimecode, Tempo,
    TimeOrigin,
};
pub use wav::{Bext, WavError};

use earmark_timeline::notebook::Notebook;
use std::path::Path;

/// Why an export could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A WAV with cue points is a copy of a recording, and none was named.
    #[error("cue points are written into a copy of a recording: name the WAV file that was listened to")]
    NoRecording,
    /// A WAV with cue points is too large for memory.
    #[error("a recording with cue points goes to a file only: name one")]
    FileOnly,
    /// The parts of a project could not be packed.
    #[error("the project could not be packed ({0}): export fewer marks at once")]
    Package(#[from] zip::result::ZipError),
    /// The recording could not be copied.
    #[error(transparent)]
    Wav(#[from] WavError),
    /// The file could not be written.
    #[error(transparent)]
    Save(#[from] SaveError),
}

/// Writes a notebook in a format: text as UTF-8 without a byte order mark, lines ended by `\n`.
///
/// Times are counted from [`Options::origin`]. Where a format has no time before zero, what ends there is
/// left out and what begins there begins at zero; captions come as soon after zero as they can be read.
///
/// # Errors
///
/// [`ExportError::FileOnly`] for [`Format::Wav`], [`ExportError::Package`] if a zip grows too large.
pub fn write(notebook: &Notebook, format: Format, options: &Options) -> Result<Vec<u8>, ExportError> {
    let include = options.include.unwrap_or(format.usual());
    let chosen = &select::select(notebook, options, include);
    let text = match format {
        Format::Txt => txt::write(chosen, options, include),
        Format::Json => json::write(chosen, options, include),
        Format::Srt => srt::write(chosen, options, include),
        Format::Vtt => vtt::write(chosen, options, include),
        Format::Markdown => markdown::write(chosen, options, include),
        Format::Csv => csv::write(chosen, options, include),
        Format::PodcastTranscript => podcast::transcript(chosen, options, include),
        Format::PodcastChapters => podcast::chapters(chosen, options, include),
        Format::YouTube => youtube::write(chosen, options, include),
        Format::Reaper => reaper::write(chosen, options, include),
        Format::Audacity => audacity::write(chosen, options, include),
        Format::Audition => audition::write(chosen, options, include),
        Format::Rx => rx::write(chosen, options, include),
        Format::Edl => edl::write(chosen, options, include),
        Format::DawProject => return Ok(dawproject::write(chosen, options, include)?),
        Format::Midi => return Ok(midi::write(chosen, options, include)),
        Format::Wav => return Err(ExportError::FileOnly),
    };
    Ok(text.into_bytes())
}

/// Writes a notebook in a format to a file: the whole file or, if anything fails, none of it.
///
/// # Errors
///
/// [`ExportError`]; what was at `path` is unchanged.
pub fn export(
    notebook: &Notebook,
    format: Format,
    options: &Options,
    path: &Path,
    existing: Existing,
) -> Result<(), ExportError> {
    if format != Format::Wav {
        return Ok(save(path, write(notebook, format, options)?, existing)?);
    }
    let recording = options.recording.as_deref().ok_or(ExportError::NoRecording)?;
    let include = options.include.unwrap_or(format.usual());
    let chosen = select::select(notebook, options, include);
    wav::export(recording, &label::from_zero(&chosen, options, include), path, existing)
}

/// A label on one line: white space of any kind becomes one space, control characters go.
fn one_line(text: &str) -> String {
    let words =
        text.split_whitespace().map(|word| word.chars().filter(|c| !c.is_control()).collect::<String>());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
