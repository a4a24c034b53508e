//! From a decoder's tokens to words.

use crate::infer::transcribe::HeardWord;
use std::ops::Range;

/// A word piece as the decoder gave it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    /// Its bytes, which may be part of a character; a leading space starts a word.
    pub(crate) bytes: Vec<u8>,
    /// Where it ends, in seconds from the audio's start.
    pub(crate) end: f32,
    /// The natural logarithm of its probability.
    pub(crate) logprob: f32,
}

/// Joins pieces into words. A word starts where the one before ends; all of them lie within `speech`.
pub(crate) fn words_from_tokens(tokens: Vec<Token>, speech: Range<f32>) -> Vec<HeardWord> {
    let mut pieces: Vec<Vec<Token>> = Vec::new();
    for token in tokens {
        match pieces.last_mut() {
            Some(word) if !token.bytes.starts_with(b" ") => word.push(token),
            _ => pieces.push(vec![token]),
        }
    }
    let mut start = speech.start;
    let mut words = Vec::with_capacity(pieces.len());
    for word in pieces {
        let bytes: Vec<u8> = word.iter().flat_map(|token| token.bytes.iter().copied()).collect();
        let text = String::from_utf8_lossy(&bytes).trim().to_owned();
        // Punctuation is no sound: it is timed with the word it follows, so its own end does not count.
        let ends = word.iter().filter(|token| token.bytes.iter().any(|byte| is_spoken(*byte)));
        let end = ends.map(|token| token.end).fold(start, f32::max).clamp(start, speech.end.max(start));
        if text.is_empty() {
            continue;
        }
        let logprob = word.iter().map(|token| token.logprob).sum::<f32>() / word.len() as f32;
        words.push(HeardWord { text, seconds: start..end, confidence: logprob.exp().clamp(0.0, 1.0) });
        start = end;
    }
    words
}

/// Letters, digits and every byte of a character beyond ASCII.
fn is_spoken(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(tokens: &[(&[u8], f32)], expected: &[(&str, f32, f32)]) {
        let tokens = tokens
            .iter()
            .map(|(bytes, end)| Token { bytes: bytes.to_vec(), end: *end, logprob: 0.0 })
            .collect();
        let words = words_from_tokens(tokens, 0.5..3.0);
        let words: Vec<_> =
            words.iter().map(|word| (word.text.as_str(), word.seconds.start, word.seconds.end)).collect();
        assert_eq!(words, expected);
    }

    #[test]
    fn pieces_join_and_each_word_starts_where_the_last_ended() {
        check(
            &[(b" Ear", 0.8), (b"mark", 1.0), (b" list", 1.5), (b"ens", 1.7), (b".", 2.9)],
            &[("Earmark", 0.5, 1.0), ("listens.", 1.0, 1.7)],
        );
    }

    #[test]
    fn characters_split_across_pieces_are_whole_again() {
        check(&[(b" caf", 1.0), (b"\xc3", 1.1), (b"\xa9", 1.2)], &[("café", 0.5, 1.2)]);
    }

    #[test]
    fn times_stay_in_order_and_within_the_speech() {
        check(
            &[(b" a", 0.1), (b" b", 2.0), (b" c", 1.0), (b" d", 9.0)],
            &[("a", 0.5, 0.5), ("b", 0.5, 2.0), ("c", 2.0, 2.0), ("d", 2.0, 3.0)],
        );
    }

    #[test]
    fn space_alone_is_no_word() {
        check(&[(b" ", 1.0), (b" yes", 1.5)], &[("yes", 0.5, 1.5)]);
    }
}
