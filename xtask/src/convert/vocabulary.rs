//! Whisper's tokens, taken from a `tokenizer.json`.

use std::collections::HashMap;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

/// Tokens that whisper.cpp wants in the file; it makes up those above (languages, times) by itself.
pub(crate) const TOKENS: usize = 50_257;

/// The bytes of the first [`TOKENS`] tokens by number.
///
/// # Errors
/// When the file is no byte-level tokenizer with that many tokens.
pub(crate) fn tokens(json: &[u8]) -> Result<Vec<Vec<u8>>> {
    #[derive(Deserialize)]
    struct Tokenizer {
        model: Model,
    }
    #[derive(Deserialize)]
    struct Model {
        vocab: HashMap<String, usize>,
    }
    let tokenizer: Tokenizer = serde_json::from_slice(json).context("tokenizer.json cannot be read")?;
    let alphabet = alphabet();
    let mut tokens = vec![None; TOKENS];
    for (text, number) in &tokenizer.model.vocab {
        if let Some(slot) = tokens.get_mut(*number) {
            let bytes: Option<Vec<u8>> = text.chars().map(|c| alphabet.get(&c).copied()).collect();
            *slot = Some(bytes.with_context(|| format!("the token {text:?} holds a foreign letter"))?);
        }
    }
    let found = tokens.iter().flatten().count();
    ensure!(found == TOKENS, "the tokenizer has {found} of the {TOKENS} tokens");
    Ok(tokens.into_iter().flatten().collect())
}

/// The byte that each letter of GPT-2's alphabet stands for: printable ones for themselves, the
/// others, in their order, for the letters from U+0100 on (`bytes_to_unicode` in GPT-2's `encoder.py`).
fn alphabet() -> HashMap<char, u8> {
    let mut next = 0x100_u32;
    (0..=255_u8)
        .filter_map(|byte| {
            let printable = matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
            let letter = if printable {
                char::from(byte)
            } else {
                next += 1;
                char::from_u32(next - 1)?
            };
            Some((letter, byte))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_one_letter() {
        let bytes: std::collections::HashSet<u8> = alphabet().into_values().collect();
        assert_eq!(bytes.len(), 256);
    }

    #[test]
    fn a_space_is_written_as_a_dotted_g_and_a_line_break_as_a_dotted_c() {
        assert_eq!((alphabet()[&'Ġ'], alphabet()[&'Ċ']), (b' ', b'\n'));
    }

    #[test]
    fn a_tokenizer_with_too_few_tokens_is_refused() {
        assert!(tokens(br#"{"model":{"vocab":{"a":0,"b":1}}}"#).is_err());
    }
}
