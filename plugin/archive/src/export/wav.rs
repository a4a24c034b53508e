//! A copy of a WAV file with cue points (RIFF `cue ` and `LIST adtl`, as in "Multimedia Programming
//! Interface and Data Specifications 1.0", 1991), RF64 above 4 GB (EBU Tech 3306). Only the copy is
//! written; every sample and every other chunk is taken over, and so are cue points that were there.

mod bext;
mod chunks;

pub use bext::Bext;

use super::ExportError;
use super::ascii::ascii;
use super::file::{Existing, refusal, save_with};
use super::label::Label;
use chunks::{Chunk, Layout};
use earmark_timeline::units::frames_from_time;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The largest size that a RIFF header can say; RF64 says all above elsewhere.
const RIFF_LIMIT: u64 = u32::MAX as u64;
/// What a size field says when the size stands in the `ds64` chunk.
const SEE_DS64: u32 = u32::MAX;
/// The size of a `ds64` chunk without a table.
const DS64_BYTES: u32 = 28;

/// Why a recording was not copied. Neither it nor the file that was to be written has changed.
#[derive(Debug, thiserror::Error)]
pub enum WavError {
    /// The recording cannot be read.
    #[error("{} cannot be read ({source}): check its name and permissions", path.display())]
    Read {
        /// The recording.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is no WAV, or a damaged one.
    #[error("{} cannot be given cue points: {problem}; save it as WAV (PCM) and try again", path.display())]
    NotWav {
        /// The recording.
        path: PathBuf,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The copy would replace the recording.
    #[error("{} is the recording itself and is never written to: choose another name", .0.display())]
    Original(PathBuf),
    /// There is nothing to mark.
    #[error("none of the marks lies within {}: say where it begins on the timeline", .0.display())]
    NothingInside(PathBuf),
}

/// Copies `recording` to `path` with a cue point for each label.
///
/// # Errors
///
/// [`WavError`], or [`SaveError`](super::SaveError) if the copy cannot be written.
pub(super) fn export(
    recording: &Path,
    labels: &[Label],
    path: &Path,
    existing: Existing,
) -> Result<(), ExportError> {
    let owned = || recording.to_owned();
    let same = |path: &Path| path.canonicalize().ok().zip(recording.canonicalize().ok());
    if same(path).is_some_and(|(copy, original)| copy == original) {
        return Err(WavError::Original(owned()).into());
    }
    let read = |source| WavError::Read { path: owned(), source };
    let mut source = BufReader::new(File::open(recording).map_err(read)?);
    let layout = chunks::scan(&mut source).map_err(read)?;
    let layout = layout.map_err(|problem| WavError::NotWav { path: owned(), problem })?;
    let cues = cues(labels, &layout);
    if cues.is_empty() {
        return Err(WavError::NothingInside(owned()).into());
    }
    save_with(path, existing, |file| {
        copy(&mut source, &layout, &cues, &mut BufWriter::new(file), RIFF_LIMIT)
            .map_err(|error| refusal(path, error).into())
    })
}

/// A cue point: what a label is in frames of the recording.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cue {
    frame: u32,
    /// Zero for a point.
    frames: u32,
    text: String,
    note: String,
}

/// The labels that begin within the recording, cut at its end.
fn cues(labels: &[Label], layout: &Layout) -> Vec<Cue> {
    let end = layout.frames.unwrap_or(u64::MAX).min(u64::from(u32::MAX));
    let frame = |time| u64::try_from(frames_from_time(time, layout.rate).0).unwrap_or(0);
    let cue = |label: &Label| {
        let start = frame(label.start);
        let until = frame(label.end).clamp(start, end.max(start));
        (start < end).then(|| Cue {
            frame: start as u32,
            frames: (until - start) as u32,
            text: ascii(&label.title()),
            note: ascii(&label.made_by()),
        })
    };
    labels.iter().filter_map(cue).collect()
}

/// Writes the copy, its cue points behind everything else. `limit` is the size from which it is RF64.
fn copy(
    source: &mut (impl Read + Seek),
    layout: &Layout,
    cues: &[Cue],
    sink: &mut impl Write,
    limit: u64,
) -> io::Result<()> {
    let (cue_body, adtl_body) = (cue_chunk(layout, cues), adtl_chunk(layout, cues));
    let ours = padded(cue_body.len() as u64) + padded(adtl_body.len() as u64);
    let kept: u64 = layout.kept.iter().map(|chunk| padded(chunk.len)).sum();
    // The four letters that say WAVE.
    let size = 4 + kept + ours;
    let large = size >= limit;
    if large {
        let size = size + padded(u64::from(DS64_BYTES));
        write_all(sink, &[b"RF64", &SEE_DS64.to_le_bytes(), b"WAVE", b"ds64", &DS64_BYTES.to_le_bytes()])?;
        let frames = layout.frames.unwrap_or(0);
        write_all(sink, &[&size.to_le_bytes(), &layout.data_len().to_le_bytes(), &frames.to_le_bytes()])?;
        sink.write_all(&0_u32.to_le_bytes())?;
    } else {
        write_all(sink, &[b"RIFF", &(size as u32).to_le_bytes(), b"WAVE"])?;
    }
    for chunk in &layout.kept {
        let told = if large && chunk.is_data() { SEE_DS64 } else { chunk.len as u32 };
        write_all(sink, &[&chunk.id, &told.to_le_bytes()])?;
        copy_body(source, chunk, sink)?;
    }
    for (id, body) in [(b"cue ", cue_body), (b"LIST", adtl_body)] {
        write_all(sink, &[id, &(body.len() as u32).to_le_bytes(), &body])?;
    }
    sink.flush()
}

fn copy_body(source: &mut (impl Read + Seek), chunk: &Chunk, sink: &mut impl Write) -> io::Result<()> {
    source.seek(SeekFrom::Start(chunk.offset))?;
    if io::copy(&mut source.take(chunk.len), sink)? != chunk.len {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the recording became shorter meanwhile"));
    }
    if chunk.len % 2 == 1 { sink.write_all(&[0]) } else { Ok(()) }
}

fn write_all(sink: &mut impl Write, parts: &[&[u8]]) -> io::Result<()> {
    parts.iter().try_for_each(|part| sink.write_all(part))
}

/// The bytes that a chunk takes with its header, up to the next even place.
const fn padded(len: u64) -> u64 {
    8 + len + len % 2
}

fn cue_chunk(layout: &Layout, cues: &[Cue]) -> Vec<u8> {
    let count = layout.cue_points.len() / chunks::CUE_BYTES + cues.len();
    let mut body = (count as u32).to_le_bytes().to_vec();
    body.extend(&layout.cue_points);
    for (id, cue) in numbered(layout, cues) {
        // Name, place in the play order, chunk, two offsets of wave lists, frame.
        for field in [id, cue.frame, u32::from_le_bytes(*b"data"), 0, 0, cue.frame] {
            body.extend(field.to_le_bytes());
        }
    }
    body
}

/// The texts of the cue points: a label and a note each and, for what lasts, its length.
fn adtl_chunk(layout: &Layout, cues: &[Cue]) -> Vec<u8> {
    let mut body = b"adtl".to_vec();
    body.extend(&layout.cue_texts);
    for (id, cue) in numbered(layout, cues) {
        let id = id.to_le_bytes();
        for (kind, text) in [(b"labl", &cue.text), (b"note", &cue.note)] {
            text_chunk(&mut body, kind, &[&id, text.as_bytes(), &[0]].concat());
        }
        if cue.frames > 0 {
            // Purpose, then country, language, dialect and code page, none of which is said.
            let place = [&id[..], &cue.frames.to_le_bytes(), b"rgn ", &[0; 8]].concat();
            text_chunk(&mut body, b"ltxt", &[&place, cue.text.as_bytes(), &[0]].concat());
        }
    }
    body
}

fn numbered<'a>(layout: &Layout, cues: &'a [Cue]) -> impl Iterator<Item = (u32, &'a Cue)> {
    (layout.first_free_id..).zip(cues)
}

fn text_chunk(body: &mut Vec<u8>, id: &[u8; 4], text: &[u8]) {
    body.extend(id);
    body.extend((text.len() as u32).to_le_bytes());
    body.extend(text);
    if text.len() % 2 == 1 {
        body.push(0);
    }
}

#[cfg(test)]
mod tests;
