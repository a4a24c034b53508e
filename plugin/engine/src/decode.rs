//! Audio files, opened and decoded block by block.

use earmark_timeline::units::{SampleRate, Seconds};
use std::fs::File;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;

/// How the names of files that can be read end, without the dot, in lower case.
pub const EXTENSIONS: [&str; 10] = ["aif", "aifc", "aiff", "flac", "m4a", "m4b", "mp3", "oga", "ogg", "wav"];

/// Formats that can be read, for messages.
const READABLE: &str = "WAV, AIFF, FLAC, MP3, OGG Vorbis or M4A (AAC, ALAC)";

/// Why a file cannot be heard; the sentence names the file and the remedy.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The system does not hand it out.
    #[error("{}: {source}; check the path and its permissions", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is nothing in it.
    #[error("{}: the file holds no audio; export it again", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// It is no audio file, one of a kind that is not read, or one that breaks off in its header.
    #[error("{}: this is no audio file that Earmark can read, or a damaged one; export it again as {READABLE}", path.display())]
    Unknown {
        /// The file.
        path: PathBuf,
    },
    /// It begins well and breaks off or makes no sense.
    #[error("{}: the file is damaged ({reason}); export or copy it again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the decoder said.
        reason: String,
    },
    /// Its sample rate is beyond what can be heard.
    #[error("{}: the sample rate of {hz} Hz is not supported; convert it to 48 kHz", path.display())]
    Rate {
        /// The file.
        path: PathBuf,
        /// Its rate.
        hz: u32,
    },
}

/// An audio file being read from its start to its end.
pub struct AudioFile {
    path: PathBuf,
    format: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    rate: SampleRate,
    channels: usize,
    duration: Option<Seconds>,
    decoded: u64,
}

/// Opens an audio file.
///
/// # Errors
/// [`DecodeError`], as a sentence for the user.
pub fn open(path: &Path) -> Result<AudioFile, DecodeError> {
    let file = File::open(path).map_err(|source| DecodeError::Open { path: path.to_owned(), source })?;
    read(file, path)
}

/// Reads an open audio file from where it stands; messages and guesses of its format take it to be `path`.
///
/// # Errors
/// As [`open`].
pub fn read(file: File, path: &Path) -> Result<AudioFile, DecodeError> {
    guarded(path, || probe(file, path))
}

fn probe(file: File, path: &Path) -> Result<AudioFile, DecodeError> {
    let owned = || path.to_owned();
    let length = file.metadata().map_err(|source| DecodeError::Open { path: owned(), source })?;
    if length.is_dir() {
        let source = io::Error::new(io::ErrorKind::IsADirectory, "this is a folder");
        return Err(DecodeError::Open { path: owned(), source });
    }
    if length.len() == 0 {
        return Err(DecodeError::Empty { path: owned() });
    }
    let mut hint = Hint::new();
    if let Some(extension) = path.extension().and_then(|extension| extension.to_str()) {
        hint.with_extension(extension);
    }
    let stream = MediaSourceStream::new(Box::new(file), MediaSourceStreamOptions::default());
    let format = symphonia::default::get_probe()
        .probe(&hint, stream, FormatOptions::default(), MetadataOptions::default())
        .map_err(|error| trouble(path, error))?;
    let unknown = || DecodeError::Unknown { path: owned() };
    let track = format.default_track(TrackType::Audio).ok_or_else(unknown)?;
    let parameters =
        track.codec_params.as_ref().and_then(|parameters| parameters.audio()).ok_or_else(unknown)?;
    let hz = parameters.sample_rate.ok_or_else(unknown)?;
    let rate = SampleRate::new(hz).ok_or(DecodeError::Rate { path: owned(), hz })?;
    let channels = parameters.channels.as_ref().map_or(1, |channels| channels.count());
    let duration = track.num_frames.map(|frames| Seconds(frames as f64 / f64::from(hz)));
    let decoder = symphonia::default::get_codecs()
        .make_audio_decoder(parameters, &AudioDecoderOptions::default())
        .map_err(|error| trouble(path, error))?;
    let track = track.id;
    Ok(AudioFile { path: owned(), format, decoder, track, rate, channels, duration, decoded: 0 })
}

impl AudioFile {
    /// The file, as it was named.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Frames a second.
    pub const fn rate(&self) -> SampleRate {
        self.rate
    }

    /// Channels in a frame.
    pub const fn channels(&self) -> usize {
        self.channels
    }

    /// How long it says it is, where it says.
    pub const fn duration(&self) -> Option<Seconds> {
        self.duration
    }

    /// Replaces `interleaved` by the file's next samples; `false` at its end.
    ///
    /// # Errors
    /// [`DecodeError::Damaged`] where it breaks off, [`DecodeError::Empty`] if it ends without a sample.
    pub fn next_block(&mut self, interleaved: &mut Vec<f32>) -> Result<bool, DecodeError> {
        let path = self.path.clone();
        guarded(&path, || self.decode_next(interleaved))
    }

    fn decode_next(&mut self, interleaved: &mut Vec<f32>) -> Result<bool, DecodeError> {
        loop {
            let packet = match self.format.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => return self.ended(),
                Err(Error::IoError(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    return self.ended();
                }
                Err(error) => return Err(self.damaged(&error)),
            };
            if packet.track_id != self.track {
                continue;
            }
            let audio = match self.decoder.decode(&packet) {
                Ok(audio) => audio,
                Err(error) => return Err(damaged(&self.path, &error)),
            };
            if audio.frames() == 0 {
                continue;
            }
            audio.copy_to_vec_interleaved(interleaved);
            self.decoded += audio.frames() as u64;
            return Ok(true);
        }
    }

    fn ended(&self) -> Result<bool, DecodeError> {
        if self.decoded == 0 { Err(DecodeError::Empty { path: self.path.clone() }) } else { Ok(false) }
    }

    fn damaged(&self, error: &Error) -> DecodeError {
        damaged(&self.path, error)
    }
}

/// Reads what a decoder may fall over: one bad file of many must not end the program.
fn guarded<T>(path: &Path, read: impl FnOnce() -> Result<T, DecodeError>) -> Result<T, DecodeError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        let reason = "its decoder cannot make sense of it".to_owned();
        Err(DecodeError::Damaged { path: path.to_owned(), reason })
    })
}

fn damaged(path: &Path, error: &Error) -> DecodeError {
    DecodeError::Damaged { path: path.to_owned(), reason: error.to_string() }
}

fn trouble(path: &Path, error: Error) -> DecodeError {
    match error {
        Error::Unsupported(_) => DecodeError::Unknown { path: path.to_owned() },
        // The probe reads to the end of what is no audio file.
        Error::IoError(source) if source.kind() == io::ErrorKind::UnexpectedEof => {
            DecodeError::Unknown { path: path.to_owned() }
        }
        Error::IoError(source) => DecodeError::Open { path: path.to_owned(), source },
        other => damaged(path, &other),
    }
}
