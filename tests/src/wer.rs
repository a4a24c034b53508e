//! Word error rate: the share of the reference's words that a transcript got wrong.

use std::fmt;

/// How a transcript differs from its reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WordErrors {
    /// Words in the reference.
    pub reference: usize,
    /// Words taken for others.
    pub substitutions: usize,
    /// Words that are in the transcript alone.
    pub insertions: usize,
    /// Words that are in the reference alone.
    pub deletions: usize,
}

impl WordErrors {
    /// Errors over reference words; 0 means the same words. Without a reference any word is an error.
    pub fn rate(&self) -> f64 {
        let errors = self.substitutions + self.insertions + self.deletions;
        if self.reference == 0 { errors.min(1) as f64 } else { errors as f64 / self.reference as f64 }
    }
}

impl fmt::Display for WordErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let WordErrors { reference, substitutions, insertions, deletions } = self;
        let percent = self.rate() * 100.0;
        write!(
            f,
            "{percent:.1} % of {reference} words ({substitutions} wrong, {insertions} too many, {deletions} missing)"
        )
    }
}

/// Compares two texts word by word after [`words`] has made them alike.
pub fn word_errors(reference: &str, transcript: &str) -> WordErrors {
    let (reference, transcript) = (words(reference), words(transcript));
    // Levenshtein's table, one row at a time; each cell keeps the kinds of error on its best way.
    let mut row: Vec<WordErrors> =
        (0..=transcript.len()).map(|insertions| WordErrors { insertions, ..WordErrors::default() }).collect();
    let cost = |cell: &WordErrors| cell.substitutions + cell.insertions + cell.deletions;
    for expected in &reference {
        let mut diagonal = row[0];
        row[0].deletions += 1;
        for (at, heard) in transcript.iter().enumerate() {
            let above = row[at + 1];
            let substituted = usize::from(expected != heard);
            let candidates = [
                WordErrors { substitutions: diagonal.substitutions + substituted, ..diagonal },
                WordErrors { deletions: above.deletions + 1, ..above },
                WordErrors { insertions: row[at].insertions + 1, ..row[at] },
            ];
            row[at + 1] = candidates.into_iter().min_by_key(cost).unwrap_or(diagonal);
            diagonal = above;
        }
    }
    WordErrors { reference: reference.len(), ..row[transcript.len()] }
}

/// The words of an English text in the form that comparisons use: lower case, without punctuation,
/// brackets' contents and filled pauses, short forms written out. A simple form of Whisper's English
/// normaliser (Radford et al. 2022, appendix C); numbers stay as they are written.
pub fn words(text: &str) -> Vec<String> {
    let mut plain = String::with_capacity(text.len());
    let mut depth = 0_usize;
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            '[' | '(' => depth += 1,
            ']' | ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            '\'' | '’' => plain.push('\''),
            letter if letter.is_alphanumeric() => plain.push(letter),
            _ => plain.push(' '),
        }
    }
    plain.split_whitespace().flat_map(written_out).filter(|word| !PAUSES.contains(&word.as_str())).collect()
}

/// What people say while they think.
const PAUSES: [&str; 6] = ["hmm", "mm", "mhm", "mmm", "uh", "um"];

/// Endings that stand for a word of their own, and that word.
const ENDINGS: [(&str, &str); 7] = [
    ("n't", "not"),
    ("'re", "are"),
    ("'ll", "will"),
    ("'ve", "have"),
    ("'m", "am"),
    ("'d", "would"),
    ("'s", "is"),
];

/// Short forms that change more than their ending.
const SHORT_FORMS: [(&str, &str); 8] = [
    ("won't", "will not"),
    ("can't", "can not"),
    ("cannot", "can not"),
    ("let's", "let us"),
    ("mr", "mister"),
    ("mrs", "missus"),
    ("dr", "doctor"),
    ("st", "saint"),
];

fn written_out(word: &str) -> Vec<String> {
    let word = word.trim_matches('\'');
    if let Some((_, long)) = SHORT_FORMS.iter().find(|(short, _)| *short == word) {
        return long.split(' ').map(str::to_owned).collect();
    }
    for (ending, long) in ENDINGS {
        if let Some(stem) = word.strip_suffix(ending)
            && !stem.is_empty()
        {
            return vec![stem.replace('\'', ""), long.to_owned()];
        }
    }
    let word = word.replace('\'', "");
    if word.is_empty() { Vec::new() } else { vec![word] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_sound_alike_have_the_same_words() {
        let check = |a: &str, b: &str| assert_eq!(words(a), words(b), "{a:?} and {b:?}");
        check("Hello, World!", "hello world");
        check("I don’t know; he's late.", "i do not know he is late");
        check("Mr. Quilter -- the apostle", "mister quilter the apostle");
        check("[MUSIC] Well, um, (coughs) yes.", "well yes");
        check("We can't, won't and cannot.", "we can not will not and can not");
        check("the boys' 'quoted' words", "the boys quoted words");
        check("", " -- ");
    }

    #[test]
    fn errors_are_counted_by_their_kind() {
        let check = |reference, transcript, substitutions, insertions, deletions| {
            let errors = word_errors(reference, transcript);
            let found = (errors.substitutions, errors.insertions, errors.deletions);
            assert_eq!(found, (substitutions, insertions, deletions), "{reference:?} / {transcript:?}");
        };
        check("a b c d", "a b c d", 0, 0, 0);
        check("a b c d", "a x c d", 1, 0, 0);
        check("a b c d", "a c d", 0, 0, 1);
        check("a b c d", "a b b c d", 0, 1, 0);
        check("a b c d", "", 0, 0, 4);
        check("", "a b", 0, 2, 0);
        check("the quick brown fox", "quick brown the fox", 0, 1, 1);
    }

    #[test]
    fn the_rate_is_errors_over_reference_words() {
        let check = |reference, transcript, rate: f64| {
            let errors = word_errors(reference, transcript);
            assert!((errors.rate() - rate).abs() < 1e-9, "{errors}");
        };
        check("a b c d", "a x c", 0.5);
        check("a b", "a b", 0.0);
        check("", "", 0.0);
        check("", "a", 1.0);
        check("a", "a b c", 2.0);
    }
}
