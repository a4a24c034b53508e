//! Words that are said while the next one is looked for.
//!
//! A transcript that is not verbatim hides them; it never deletes them, so that the choice can be changed
//! later. Listed are hesitations alone, which mean nothing in any sentence. Discourse markers ("like",
//! "you know", "also", "bueno", "du coup") are not: in most sentences they mean something.

use crate::utterance::Word;

/// Hesitations by language, in lower case and without punctuation, as Whisper spells them.
const FILLERS: [(&str, &[&str]); 4] = [
    ("en", &["uh", "uhh", "um", "umm", "uhm", "er", "err", "erm", "hm", "hmm", "mm", "mmm"]),
    ("de", &["äh", "ähh", "ähm", "öh", "öhm", "eh", "ehm", "hm", "hmm", "mm", "mmm"]),
    ("es", &["eh", "ehh", "em", "emm", "ehm", "mm", "mmm", "hm", "hmm"]),
    ("fr", &["euh", "heu", "euhm", "hum", "hm", "hmm", "mm", "mmm"]),
];

/// Whether `word`, with or without punctuation, is a hesitation in `language` (ISO 639-1; English where
/// nothing is known, nothing in a language that has no list).
pub fn is_filler(word: &str, language: Option<&str>) -> bool {
    let language = language.unwrap_or("en");
    let Some((_, fillers)) = FILLERS.iter().find(|(code, _)| *code == language) else { return false };
    let plain = word.trim_matches(|letter: char| !letter.is_alphanumeric());
    if plain.is_ascii() {
        // Most words are, and this makes no copy of them.
        return fillers.iter().any(|filler| filler.eq_ignore_ascii_case(plain));
    }
    fillers.contains(&plain.to_lowercase().as_str())
}

/// The words that a view or an export shows: all of them in a verbatim transcript, all but hesitations otherwise.
pub fn shown<'a>(
    words: &'a [Word],
    language: Option<&'a str>,
    verbatim: bool,
) -> impl Iterator<Item = &'a Word> + Clone {
    words.iter().filter(move |word| verbatim || !is_filler(&word.text, language))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::ProjectTime;

    fn check(text: &str, language: Option<&str>, expected: &str) {
        let (start, end) = (ProjectTime::ZERO, ProjectTime::ZERO);
        let words: Vec<Word> =
            text.split(' ').map(|text| Word { text: text.to_owned(), start, end, confidence: 1.0 }).collect();
        let read = |verbatim| {
            shown(&words, language, verbatim).map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(read(false), expected, "{language:?}");
        assert_eq!(read(true), text, "{language:?}");
    }

    #[test]
    fn hesitations_are_hidden_in_their_own_language_and_nothing_else_is() {
        check("Um, so I, uh, I went like this.", Some("en"), "so I, I went like this.");
        check("Hmm... yes, er, no", None, "yes, no");
        check("Ähm, ja, er geht um acht.", Some("de"), "ja, er geht um acht.");
        check("Eh, vale, um", Some("es"), "vale, um");
        check("Euh... oui, hum, il a eu", Some("fr"), "oui, il a eu");
        check("um er", Some("pt"), "um er");
    }
}
