//! From a decoder's tokens to words.

use earmark_timeline::script::is_unspaced;
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

/// A word before anything is known of how it sounds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Joined {
    /// The word with its punctuation, without surrounding space.
    pub(crate) text: String,
    /// Its place in seconds from the audio's start.
    pub(crate) seconds: Range<f32>,
    /// The mean natural logarithm of its pieces' probabilities.
    pub(crate) logprob: f32,
}

/// Joins pieces into words. A word starts where the one before ends; all of them lie within `speech`.
pub(crate) fn words_from_tokens(tokens: Vec<Token>, speech: Range<f32>) -> Vec<Joined> {
    let mut pieces: Vec<Piece> = Vec::new();
    for piece in whole_characters(tokens) {
        match pieces.last_mut() {
            Some(word) if !piece.starts_word_after(&word.text) => word.absorb(piece),
            _ => pieces.push(piece),
        }
    }
    let mut start = speech.start;
    let mut words = Vec::with_capacity(pieces.len());
    for word in pieces {
        let text = word.text.trim().to_owned();
        let end = word.end.map_or(start, |end| end.clamp(start, speech.end.max(start)));
        if text.is_empty() {
            continue;
        }
        let logprob = word.logprobs.iter().sum::<f32>() / word.logprobs.len() as f32;
        words.push(Joined { text, seconds: start..end, logprob });
        start = end;
    }
    words
}

/// One or more tokens that are whole characters together.
struct Piece {
    text: String,
    /// Where its last spoken token ends. Punctuation is no sound: it is timed with the word it follows, so
    /// its own end does not count.
    end: Option<f32>,
    logprobs: Vec<f32>,
}

/// Joins tokens that share a character. Bytes that are no character become U+FFFD.
fn whole_characters(tokens: Vec<Token>) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(tokens.len());
    let mut open: Vec<Token> = Vec::new();
    let mut bytes = Vec::new();
    for token in tokens {
        // A space never continues a character: what is open stays broken.
        if !open.is_empty() && token.bytes.first().is_some_and(u8::is_ascii) {
            pieces.push(Piece::new(std::mem::take(&mut open), &std::mem::take(&mut bytes)));
        }
        bytes.extend_from_slice(&token.bytes);
        open.push(token);
        let is_open = std::str::from_utf8(&bytes).is_err_and(|error| error.error_len().is_none());
        if !is_open {
            pieces.push(Piece::new(std::mem::take(&mut open), &std::mem::take(&mut bytes)));
        }
    }
    if !open.is_empty() {
        pieces.push(Piece::new(open, &bytes));
    }
    pieces
}

impl Piece {
    fn new(tokens: Vec<Token>, bytes: &[u8]) -> Self {
        let spoken = tokens.iter().filter(|token| token.bytes.iter().any(|byte| is_spoken(*byte)));
        let end = spoken.map(|token| token.end).reduce(f32::max);
        let text = String::from_utf8_lossy(bytes).into_owned();
        // The full-width marks are several bytes and no sound either.
        let end = end.filter(|_| text.chars().any(|letter| letter.is_alphanumeric() || !is_unspaced(letter)));
        Self { text, end, logprobs: tokens.iter().map(|token| token.logprob).collect() }
    }

    fn absorb(&mut self, other: Self) {
        self.text.push_str(&other.text);
        self.end = match (self.end, other.end) {
            (Some(end), Some(other)) => Some(end.max(other)),
            (end, other) => end.or(other),
        };
        self.logprobs.extend(other.logprobs);
    }

    /// Spaces separate words; where a script has none, every token of it is a word, as in OpenAI's own
    /// `split_tokens_on_unicode`, but for marks that belong to what stands before them.
    fn starts_word_after(&self, text: &str) -> bool {
        let (Some(last), Some(first)) = (text.chars().next_back(), self.text.chars().next()) else {
            return true;
        };
        if first == ' ' {
            return true;
        }
        let opens = matches!(first, '「' | '『' | '（' | '《' | '〈' | '【');
        let after_opening = matches!(last, '「' | '『' | '（' | '《' | '〈' | '【');
        let stands_alone = opens || (first.is_alphanumeric() && !leans_back(first));
        is_unspaced(last) && is_unspaced(first) && stands_alone && !after_opening
    }
}

/// Marks that are written after or onto the letter before them: small kana, the long-vowel bar, and the
/// vowel signs and tones of Thai, Lao, Burmese and Khmer.
const fn leans_back(letter: char) -> bool {
    matches!(letter,
        'ぁ' | 'ぃ' | 'ぅ' | 'ぇ' | 'ぉ' | 'っ' | 'ゃ' | 'ゅ' | 'ょ' | 'ァ' | 'ィ' | 'ゥ' | 'ェ' | 'ォ' | 'ッ'
        | 'ャ' | 'ュ' | 'ョ' | 'ー'
        | '\u{0E30}'..='\u{0E3A}' | '\u{0E45}'..='\u{0E4E}' | '\u{0EB0}'..='\u{0EBC}'
        | '\u{0EC8}'..='\u{0ECE}' | '\u{102B}'..='\u{103E}' | '\u{17B6}'..='\u{17D3}')
}

/// Letters, digits and every byte of a character beyond ASCII.
fn is_spoken(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(tokens: &[(&[u8], f32)]) -> Vec<Joined> {
        let tokens = tokens
            .iter()
            .map(|(bytes, end)| Token { bytes: bytes.to_vec(), end: *end, logprob: 0.0 })
            .collect();
        words_from_tokens(tokens, 0.5..3.0)
    }

    fn check(tokens: &[(&[u8], f32)], expected: &[(&str, f32, f32)]) {
        let words = words(tokens);
        let words: Vec<_> =
            words.iter().map(|word| (word.text.as_str(), word.seconds.start, word.seconds.end)).collect();
        assert_eq!(words, expected);
    }

    /// Tokens by their bytes alone, and the words with the text that they make together.
    fn check_text(tokens: &[&[u8]], expected: &[&str], text: &str) {
        let words = words(&tokens.iter().map(|bytes| (*bytes, 1.0)).collect::<Vec<_>>());
        let words: Vec<_> = words.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(words, expected);
        assert_eq!(earmark_timeline::script::join(words), text);
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
        // 東 is E6 9D B1, 京 is E4 BA AC.
        let split: [&[u8]; 4] = [b"\xe6\x9d", b"\xb1", b"\xe4", b"\xba\xac"];
        check_text(&split, &["東", "京"], "東京");
        // An emoji over four tokens, and one that never ends.
        let emoji: [&[u8]; 6] = [b" ok", b" \xf0", b"\x9f", b"\x98", b"\x80", b" \xf0\x9f"];
        check_text(&emoji, &["ok", "😀", "\u{FFFD}"], "ok 😀 \u{FFFD}");
        let broken: [&[u8]; 3] = [b" a\xc3", b" b", b"\xff"];
        check_text(&broken, &["a\u{FFFD}", "b\u{FFFD}"], "a\u{FFFD} b\u{FFFD}");
    }

    #[test]
    fn scripts_without_spaces_become_words_that_join_without_spaces() {
        let token = |text: &'static str| text.as_bytes();
        check_text(
            &["今日", "は", "「", "東京", "」", "に", "行", "った", "。", "コ", "ーヒ", "ー"].map(token),
            &["今日", "は", "「東京」", "に", "行った。", "コーヒー"],
            "今日は「東京」に行った。コーヒー",
        );
        check_text(
            &["我", "们", "去", "Berlin", "。"].map(token),
            &["我", "们", "去Berlin。"],
            "我们去Berlin。",
        );
        check_text(&["สว", "ัส", "ดี"].map(token), &["สวัส", "ดี"], "สวัสดี");
        check_text(&[" 안", "녕", " 하세요"].map(token), &["안녕", "하세요"], "안녕 하세요");
        check_text(&[" при", "вет", ",", " мир"].map(token), &["привет,", "мир"], "привет, мир");
    }

    #[test]
    fn full_width_marks_take_no_time() {
        check(
            &[("はい".as_bytes(), 1.0), ("。".as_bytes(), 2.5), ("ええ".as_bytes(), 2.8)],
            &[("はい。", 0.5, 1.0), ("ええ", 1.0, 2.8)],
        );
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
