//! Which words of an open utterance can be believed: LocalAgreement-2.
//!
//! Two decodings in a row, each of more audio than the one before, are compared word by word; what both
//! begin with is agreed and stays as it is until the utterance settles (Liu et al. 2020, "Low-latency
//! sequence-to-sequence speech recognition"; Macháček et al. 2023, "Turning Whisper into real-time
//! transcription system").

/// A word that may still turn out otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Guessed {
    /// The word with its punctuation.
    pub(super) text: String,
    /// Where it ends, in samples of the run's 16 kHz stream.
    pub(super) end: u64,
}

/// What was made out of one utterance so far.
#[derive(Debug, Default)]
pub(super) struct Agreement {
    words: Vec<Guessed>,
    agreed: usize,
}

impl Agreement {
    /// The words that were agreed on, and after them those of the newest decoding.
    pub(super) fn words(&self) -> &[Guessed] {
        &self.words
    }

    /// How many words are agreed on.
    pub(super) const fn agreed(&self) -> usize {
        self.agreed
    }

    /// Takes in the newest decoding, which began after the first `skipped` agreed words.
    pub(super) fn hear(&mut self, skipped: usize, words: Vec<Guessed>) {
        let tail = words.into_iter().skip(self.agreed.saturating_sub(skipped)).collect::<Vec<_>>();
        let before = &self.words[self.agreed..];
        let common = before.iter().zip(&tail).take_while(|(old, new)| sound_alike(old, new)).count();
        self.words.truncate(self.agreed);
        self.words.extend(tail);
        self.agreed += common;
    }

    /// From where to decode the speech that began at `start` and goes on until `now`, if a decoding is
    /// not to be longer than `longest` samples: how many agreed words to skip, and the sample to begin
    /// at. Longer than that only where too little is agreed on.
    pub(super) fn window(&self, start: u64, now: u64, longest: u64) -> (usize, u64) {
        let fits = |from: u64| now.saturating_sub(from) <= longest;
        if fits(start) {
            return (0, start);
        }
        let agreed = &self.words[..self.agreed];
        let skipped = agreed.iter().position(|word| fits(word.end)).map_or(self.agreed, |index| index + 1);
        (skipped, agreed[..skipped].last().map_or(start, |word| word.end.max(start)))
    }
}

/// Case and punctuation change with what follows; the word is the same.
fn sound_alike(a: &Guessed, b: &Guessed) -> bool {
    let letters = |word: &Guessed| {
        word.text
            .chars()
            .filter(|letter| letter.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    letters(a) == letters(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A second a word.
    fn guessed(text: &str) -> Vec<Guessed> {
        let words = text.split_whitespace().zip(1..);
        words.map(|(text, second)| Guessed { text: text.to_owned(), end: second * 16_000 }).collect()
    }

    /// Decodings with how many agreed words each skipped; then the agreed and the tentative words.
    fn check(decodings: &[(usize, &str)], agreed: &str, tentative: &str) {
        let mut agreement = Agreement::default();
        for (skipped, text) in decodings {
            agreement.hear(*skipped, guessed(text));
        }
        let text =
            |words: &[Guessed]| words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
        let (first, rest) = agreement.words().split_at(agreement.agreed());
        assert_eq!((text(first).as_str(), text(rest).as_str()), (agreed, tentative));
    }

    #[test]
    fn what_two_decodings_begin_with_is_agreed() {
        check(&[(0, "And so my")], "", "And so my");
        check(&[(0, "And so my"), (0, "And so, my fellow")], "And so, my", "fellow");
        check(&[(0, "And so my"), (0, "And sew my fellow")], "And", "sew my fellow");
        check(&[(0, "And so"), (0, "An so my"), (0, "An so my fellow")], "An so my", "fellow");
    }

    #[test]
    fn what_is_agreed_stays_whatever_comes_later() {
        check(&[(0, "a b"), (0, "a b c"), (0, "x y c d")], "a b c", "d");
        check(&[(0, "a b"), (0, "a b c"), (0, "")], "a b", "");
        check(&[(0, "a b"), (0, "a b c"), (0, ""), (0, "a b c")], "a b", "c");
    }

    #[test]
    fn a_decoding_may_skip_what_is_agreed() {
        check(&[(0, "a b c"), (0, "a b c d"), (2, "c d e")], "a b c d", "e");
    }

    #[test]
    fn the_window_begins_after_an_agreed_word_once_the_whole_is_too_long() {
        let check = |agreed: &str, seconds: u64, expected: (usize, u64)| {
            let mut agreement = Agreement::default();
            agreement.hear(0, guessed(agreed));
            agreement.hear(0, guessed(agreed));
            let (skipped, from) = agreement.window(0, seconds * 16_000, 5 * 16_000);
            assert_eq!((skipped, from / 16_000), expected);
        };
        check("a b c d", 4, (0, 0));
        check("a b c d", 7, (2, 2));
        check("a b c d", 20, (4, 4));
        check("", 20, (0, 0));
    }
}
