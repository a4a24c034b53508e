//! What is looked for, and where it is in a notebook.

use earmark_timeline::notebook::Notebook;
use earmark_timeline::script;
use earmark_timeline::spelling::edits;
use earmark_timeline::tag::SoundClass;
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::Word;

/// How many words before and after a place are shown.
const AROUND: usize = 6;

/// Words in a row, which may be the name of a class.
pub(super) struct Query {
    /// The letters of each word, in lower case; none is empty.
    words: Vec<Vec<char>>,
    class: Option<SoundClass>,
    is_fuzzy: bool,
}

/// Where something was found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Place {
    pub(super) at: ProjectTime,
    /// One line.
    pub(super) context: String,
}

impl Query {
    /// A query for the words of a text; `None` if there is no letter in it.
    pub(super) fn new(text: &str, is_fuzzy: bool) -> Option<Self> {
        let words: Vec<Vec<char>> = pieces(text).map(|word| letters(word).collect()).collect();
        let class = SoundClass::ALL
            .into_iter()
            .find(|class| words.len() == 1 && letters(class.name()).eq(words[0].iter().copied()));
        (!words.is_empty()).then_some(Self { words, class, is_fuzzy })
    }

    /// Every place in a notebook, in time order.
    pub(super) fn places(&self, notebook: &Notebook) -> Vec<Place> {
        let said: Vec<&Word> = notebook.utterances().iter().flat_map(|said| &said.words).collect();
        let words: Vec<&str> = said.iter().map(|word| word.text.as_str()).collect();
        let spoken = self
            .matches(&words)
            .into_iter()
            .map(|(first, last)| Place { at: said[first].start, context: around(&words, first, last) });
        let marks = notebook.marks().iter().filter(|mark| !self.matches(&[&mark.label]).is_empty());
        let marks =
            marks.map(|mark| Place { at: mark.start, context: format!("[mark] {}", line(&mark.label)) });
        let spans = notebook.spans().iter().filter(|span| Some(span.class) == self.class);
        let spans = spans.map(|span| Place {
            at: span.start,
            context: format!("[{}] {:.1} s", span.class.name(), span.end.minus(span.start).seconds()),
        });
        let mut places: Vec<Place> = spoken.chain(marks).chain(spans).collect();
        places.sort_by_key(|place| place.at);
        places
    }

    /// The first and the last text of each place where the words stand in a row; places do not overlap.
    fn matches(&self, texts: &[&str]) -> Vec<(usize, usize)> {
        let pieces =
            texts.iter().enumerate().flat_map(|(index, text)| pieces(text).map(move |piece| (index, piece)));
        let pieces: Vec<(usize, &str)> = pieces.collect();
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(row) = pieces.get(from..from + self.words.len()) {
            let is_here = row.iter().zip(&self.words).all(|((_, piece), word)| self.is_alike(piece, word));
            if let (true, Some(first), Some(last)) = (is_here, row.first(), row.last()) {
                found.push((first.0, last.0));
                from += row.len();
            } else {
                from += 1;
            }
        }
        found
    }

    fn is_alike(&self, piece: &str, word: &[char]) -> bool {
        let most = match word.len() {
            _ if !self.is_fuzzy => 0,
            0..4 => 0,
            4..8 => 1,
            _ => 2,
        };
        if most == 0 {
            return letters(piece).eq(word.iter().copied());
        }
        let piece: Vec<char> = letters(piece).collect();
        piece.len().abs_diff(word.len()) <= most && edits(&piece, word) <= most
    }
}

/// The words of a text that have a letter, and each letter of scripts without spaces by itself.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    script::split(text).into_iter().filter(|piece| letters(piece).next().is_some())
}

fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase)
}

fn around(words: &[&str], first: usize, last: usize) -> String {
    let (start, end) = (first.saturating_sub(AROUND), words.len().min(last + 1 + AROUND));
    let (before, after) = (if start > 0 { "…" } else { "" }, if end < words.len() { "…" } else { "" });
    line(&format!("{before}{}{after}", script::join(words[start..end].iter().copied())))
}

/// A text without tabs and line breaks.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use earmark_timeline::mark::Mark;
    use earmark_timeline::notebook::Parts;
    use earmark_timeline::tag::ClassSpan;
    use earmark_timeline::utterance::{ItemId, Origin, Utterance};
    use std::sync::Arc;

    fn at(seconds: u32) -> ProjectTime {
        ProjectTime::from_seconds(f64::from(seconds))
    }

    /// A word a second in utterances of two, a mark, and music before and after.
    fn notebook() -> Notebook {
        let text = "It was the best of times, it was – the “worst” of Gibraltar; 今日は O'Neill said.";
        let words = text.split(' ').zip(0..).map(|(text, second)| Word {
            text: text.to_owned(),
            start: at(second),
            end: at(second + 1),
            confidence: 0.9,
        });
        let words: Vec<Word> = words.collect();
        let utterances = words.chunks(2).zip(1..).map(|(words, id)| Utterance {
            id: ItemId(id),
            start: words[0].start,
            end: words[1].end,
            words: words.to_vec(),
            language: None,
            model: Arc::from("m"),
            origin: Origin::Machine,
            run: None,
        });
        let (label, origin, colour) = ("The best\ttake".to_owned(), Origin::Hand, None);
        let mark = Mark { id: ItemId(99), start: at(5), end: at(5), label, origin, colour, run: None };
        let music = |start, end| ClassSpan {
            start: at(start),
            end: at(end),
            class: SoundClass::Music,
            probability: 0.9,
        };
        Notebook::from_parts(Parts {
            utterances: utterances.collect(),
            marks: vec![mark],
            spans: vec![music(0, 2), music(20, 50)],
            ..Parts::default()
        })
    }

    fn check(query: &str, is_fuzzy: bool, expected: &[(u32, &str)]) {
        let places = Query::new(query, is_fuzzy).expect("letters").places(&notebook());
        let seen: Vec<(ProjectTime, &str)> =
            places.iter().map(|place| (place.at, place.context.as_str())).collect();
        let expected: Vec<_> = expected.iter().map(|(second, context)| (at(*second), *context)).collect();
        assert_eq!(seen, expected, "{query}");
    }

    #[test]
    fn words_are_found_in_a_row_whatever_their_case_and_marks() {
        check("BEST of", false, &[(3, "It was the best of times, it was – the “worst”…")]);
        let best = (3, "It was the best of times, it was – the…");
        check("best", false, &[best, (5, "[mark] The best take")]);
        check(
            "was the worst",
            false,
            &[(7, "…was the best of times, it was – the “worst” of Gibraltar; 今日は O'Neill said.")],
        );
        check("times it", false, &[(5, "It was the best of times, it was – the “worst” of Gibraltar;…")]);
        check("oneill", false, &[(14, "…– the “worst” of Gibraltar; 今日は O'Neill said.")]);
        check("日は", false, &[(13, "…was – the “worst” of Gibraltar; 今日は O'Neill said.")]);
        check("bes", false, &[]);
        check("best times", false, &[]);
    }

    #[test]
    fn words_that_are_spelled_a_little_differently_are_found_if_that_is_asked_for() {
        check("Gibralter", false, &[]);
        check("Gibralter", true, &[(12, "…it was – the “worst” of Gibraltar; 今日は O'Neill said.")]);
        check("Gubralter worst", true, &[]);
        check("thy", true, &[]);
    }

    #[test]
    fn a_class_is_found_by_its_name() {
        check("Music", false, &[(0, "[music] 2.0 s"), (20, "[music] 30.0 s")]);
        check("music best", false, &[]);
    }

    #[test]
    fn what_has_no_letter_is_no_query() {
        assert!(Query::new(" – ", true).is_none());
    }
}
