//! What a recording is recognised by: its size and time of change, and the samples in it.

use anyhow::{Result, anyhow};
use earmark_archive::export::Recording;
use earmark_engine::decode::{AudioFile, DecodeError};
use earmark_models::Sha256;
use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

/// A file's size and time of change: as long as both stay, it is taken to be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    bytes: u64,
    modified_ms: u64,
}

impl Stamp {
    /// The stamp of a file.
    ///
    /// # Errors
    /// A sentence that names the file and the remedy.
    pub(crate) fn of(path: &Path) -> Result<Self> {
        let told = fs::metadata(path).and_then(|file| Ok((file.len(), file.modified()?)));
        let (bytes, modified) =
            told.map_err(|error| anyhow!("{}: {error}; check the path and its permissions", path.display()))?;
        let modified = modified.duration_since(UNIX_EPOCH).unwrap_or_default();
        Ok(Self { bytes, modified_ms: u64::try_from(modified.as_millis()).unwrap_or(u64::MAX) })
    }

    /// Whether the file holds nothing.
    pub(crate) const fn is_empty(self) -> bool {
        self.bytes == 0
    }

    /// The stamp that was written down.
    pub(crate) const fn known(recording: &Recording) -> Self {
        Self { bytes: recording.bytes, modified_ms: recording.modified_ms }
    }

    /// With the hash of the samples, what is written down.
    pub(crate) const fn with(self, audio_sha256: String) -> Recording {
        Recording { bytes: self.bytes, modified_ms: self.modified_ms, audio_sha256 }
    }
}

/// The SHA-256 of decoded samples in the making, as [`Recording::audio_sha256`] has it.
#[derive(Default)]
pub(crate) struct Fingerprint {
    hash: Sha256,
    bytes: Vec<u8>,
}

impl Fingerprint {
    /// Takes in interleaved samples.
    pub(crate) fn push(&mut self, samples: &[f32]) {
        self.bytes.clear();
        self.bytes.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
        self.hash.update(&self.bytes);
    }

    /// The hash of all samples.
    pub(crate) fn finish(self) -> String {
        self.hash.hexadecimal()
    }
}

/// The hash of all samples of a file.
///
/// # Errors
/// [`DecodeError`] where it cannot be decoded to its end.
pub(crate) fn audio_sha256(mut file: AudioFile) -> Result<String, DecodeError> {
    let (mut fingerprint, mut block) = (Fingerprint::default(), Vec::new());
    while file.next_block(&mut block)? {
        fingerprint.push(&block);
    }
    Ok(fingerprint.finish())
}
