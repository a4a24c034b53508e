//! The shell around every version's JSON: magic, version, checksum, compression.

use super::{SIZE_LIMIT, StateError};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io::Read as _;

const MAGIC: &str = "EARMARK";

/// On four hours of talk with all versions (2 MB of JSON) level 3 takes half as long again as level 1 and saves a
/// quarter of the bytes, level 9 six times as long and a third (measured). A host saves often, and may hold up
/// everything while it does.
const LEVEL: i32 = 1;

/// The most history a frame may ask for, as a power of two; ours need less than 4 MiB, and the
/// library's own bound would let a hostile one reserve 128 MiB.
const WINDOW_LOG_LIMIT: u32 = 23;

/// Packs `json` under a version.
pub(super) fn seal(version: u32, json: &[u8]) -> String {
    // Compressing into memory has no way to fail; an empty body would at least be reported as damaged.
    let body = STANDARD.encode(zstd::bulk::compress(json, LEVEL).unwrap_or_default());
    format!("{MAGIC}{version}:{}:{body}", checksum(&body))
}

/// Parts a state in its version and the rest, whose shape the version decides.
pub(super) fn split(text: &str) -> Result<(u32, &str), StateError> {
    let rest = text.strip_prefix(MAGIC).ok_or(StateError::NotOurs)?;
    let (digits, body) = rest.split_once(':').ok_or(StateError::damaged("its header is cut off"))?;
    let plain = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    match digits.parse() {
        Ok(version) if plain => Ok((version, body)),
        _ => Err(StateError::damaged("its header names no format")),
    }
}

/// Checks and unpacks the rest of a state.
pub(super) fn unseal(body: &str) -> Result<Vec<u8>, StateError> {
    let (sum, body) = body.split_once(':').ok_or(StateError::damaged("its checksum is missing"))?;
    if sum != checksum(body) {
        return Err(StateError::damaged("its checksum does not match"));
    }
    let packed = STANDARD.decode(body).map_err(StateError::damaged)?;
    decompress(&packed)
}

fn checksum(body: &str) -> String {
    format!("{:08x}", crc32fast::hash(body.as_bytes()))
}

fn decompress(packed: &[u8]) -> Result<Vec<u8>, StateError> {
    let mut decoder = zstd::Decoder::with_buffer(packed).map_err(StateError::damaged)?;
    decoder.window_log_max(WINDOW_LOG_LIMIT).map_err(StateError::damaged)?;
    let mut json = Vec::new();
    decoder.take(SIZE_LIMIT as u64 + 1).read_to_end(&mut json).map_err(StateError::damaged)?;
    if json.len() > SIZE_LIMIT { Err(StateError::TooLarge) } else { Ok(json) }
}
