//! What is read, and what must hold whatever is in it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use earmark_archive::export::{self, Format, Options};
use earmark_archive::import::{self, Source};
use earmark_archive::state;
use earmark_engine::decode;
use std::path::Path;

/// States that versions 1 and 2 wrote.
const STATE_V1: &str = include_str!("../../../plugin/archive/src/state/fixtures/v1.txt");
const STATE_V2: &str = include_str!("../../../plugin/archive/src/state/fixtures/v2.txt");

/// A few kilobytes of audio have few blocks; a decoder that makes more of them has stopped reading.
const MOST_BLOCKS: usize = 100_000;

/// Something that Earmark reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A saved state, checksum and all.
    State,
    /// The JSON in a saved state of that version.
    Inside(u32),
    /// A file that is imported.
    Import(Source),
    /// An audio file whose name ends so.
    Audio(&'static str),
}

impl Target {
    /// Everything that is read.
    pub const ALL: [Self; 12] = [
        Self::State,
        Self::Inside(1),
        Self::Inside(2),
        Self::Inside(3),
        Self::Import(Source::Json),
        Self::Import(Source::Srt),
        Self::Import(Source::Vtt),
        Self::Import(Source::Audacity),
        Self::Import(Source::Reaper),
        Self::Audio("wav"),
        Self::Audio("flac"),
        Self::Audio("mp3"),
    ];

    /// Its name, which is that of its folder in the corpus and the end of its files' names.
    pub const fn name(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Inside(1) => "state-v1",
            Self::Inside(2) => "state-v2",
            Self::Inside(_) => "state-v3",
            Self::Import(Source::Json) => "json",
            Self::Import(Source::Srt) => "srt",
            Self::Import(Source::Vtt) => "vtt",
            Self::Import(Source::Audacity) => "audacity",
            Self::Import(Source::Reaper) => "reaper",
            Self::Audio(name) => name,
        }
    }

    /// Inputs that are right; those of audio lie in the corpus.
    pub(super) fn seeds(self) -> Vec<Vec<u8>> {
        macro_rules! golden {
            ($file:literal) => {
                include_bytes!(concat!("../../../plugin/archive/src/export/golden/", $file)).to_vec()
            };
        }
        match self {
            Self::State => vec![STATE_V1.into(), STATE_V2.into(), newest().into()],
            Self::Inside(1) => vec![unsealed(STATE_V1)],
            Self::Inside(2) => vec![unsealed(STATE_V2)],
            Self::Inside(_) => vec![unsealed(&newest())],
            Self::Import(Source::Json) => vec![golden!("small.json")],
            Self::Import(Source::Srt) => vec![golden!("small.srt")],
            Self::Import(Source::Vtt) => vec![golden!("small.vtt")],
            Self::Import(Source::Audacity) => vec![golden!("small.audacity.txt")],
            Self::Import(Source::Reaper) => vec![golden!("small.reaper.csv")],
            Self::Audio(_) => Vec::new(),
        }
    }

    /// Reads `input`, which lies in `file` as well if it is audio, and goes on with what came of it.
    ///
    /// # Panics
    ///
    /// Panics where something does not hold.
    pub(super) fn read(self, input: &[u8], file: &Path) {
        match self {
            Self::State => keeps(&String::from_utf8_lossy(input)),
            Self::Inside(version) => keeps(&sealed(version, input)),
            Self::Import(source) => {
                let Ok(read) = import::read(source, input) else { return };
                let text = state::encode(&read.notebook);
                assert!(state::decode(&text).is_ok(), "what was imported is not saved");
                for format in Format::ALL.into_iter().filter(|format| !format.needs().recording) {
                    // A format may refuse what it cannot hold.
                    let _written = export::write(&read.notebook, format, &Options::default());
                }
            }
            Self::Audio(_) => {
                let Ok(mut audio) = decode::open(file) else { return };
                let mut block = Vec::new();
                for _ in 0..MOST_BLOCKS {
                    match audio.next_block(&mut block) {
                        Ok(true) => assert_eq!(block.len() % audio.channels(), 0, "half a frame"),
                        Ok(false) | Err(_) => return,
                    }
                }
                panic!("it never ends");
            }
        }
    }
}

/// A state that can be read is kept to the byte from then on.
fn keeps(text: &str) {
    if let Ok(mut notebook) = state::decode(text) {
        let written = state::encode(&notebook);
        let again = state::decode(&written).map(|notebook| state::encode(&notebook));
        assert_eq!(again, Ok(written), "it is not saved as it was loaded");
        notebook.fresh_id();
    }
}

/// What the newest version makes of a state that has one of everything.
fn newest() -> String {
    state::encode(&state::decode(STATE_V2).unwrap_or_default())
}

/// A saved state with that JSON in it, right from its checksum to its compression.
///
/// # Panics
///
/// Panics if memory cannot be compressed.
pub fn sealed(version: u32, json: &[u8]) -> String {
    let body = STANDARD.encode(zstd::encode_all(json, 1).expect("memory is compressed"));
    format!("EARMARK{version}:{:08x}:{body}", crc32fast::hash(body.as_bytes()))
}

/// The JSON in a saved state of ours.
fn unsealed(state: &str) -> Vec<u8> {
    let body = state.trim_end().rsplit(':').next().unwrap_or_default();
    let packed = STANDARD.decode(body).expect("our own state");
    zstd::decode_all(packed.as_slice()).expect("our own state")
}
