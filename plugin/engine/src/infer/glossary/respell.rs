//! Writes words that were heard unsurely as the term that they sound like.
//!
//! Nothing comes out of silence this way: only what was heard anyway is spelled anew.

use crate::infer::evidence::plain;
use crate::infer::glossary::MOST_TERMS;
use crate::infer::transcribe::HeardWord;
use earmark_timeline::spelling::edits;
use std::ops::Range;

/// Words that are at least this probable keep their spelling.
const SURE: f32 = 0.7;
/// How alike a term and what was heard must be, from 0 to 1. With 18 names set, over 2,000 words of English and
/// Spanish, mishearings of four of them reached 0.71 to 0.94, and of the other unsure words one as much as 0.72.
const ALIKE: f32 = 0.7;
/// Terms of fewer letters resemble too many words.
const LEAST_LETTERS: usize = 4;
/// An unknown name comes out as that many words more than it has.
const MORE_WORDS: usize = 1;

/// Spells words of low confidence as the term they are alike, the most alike first.
pub(crate) fn respell(words: &mut Vec<HeardWord>, terms: &[String]) {
    let terms: Vec<Term<'_>> = terms.iter().filter_map(|term| Term::new(term)).take(MOST_TERMS).collect();
    let mut found: Vec<Match<'_>> = terms.iter().flat_map(|term| matches_of(term, words)).collect();
    found.sort_by(|one, other| other.likeness.total_cmp(&one.likeness));
    let mut taken: Vec<Match<'_>> = Vec::new();
    for next in found {
        let is_free = |one: &Match<'_>| one.at.end <= next.at.start || next.at.end <= one.at.start;
        if taken.iter().all(is_free) {
            taken.push(next);
        }
    }
    // From the end, so that places before it stay valid.
    taken.sort_by_key(|one| std::cmp::Reverse(one.at.start));
    for one in taken {
        let spelled = spelled(&words[one.at.clone()], one.term);
        words.splice(one.at, spelled);
    }
}

/// A term with what it is compared by.
struct Term<'a> {
    text: &'a str,
    letters: Vec<char>,
    sounds: Vec<char>,
}

/// Words that a term is alike.
struct Match<'a> {
    term: &'a str,
    at: Range<usize>,
    likeness: f32,
}

impl<'a> Term<'a> {
    fn new(text: &'a str) -> Option<Self> {
        let letters: Vec<char> = plain(text).chars().collect();
        let sounds = sounds(&letters);
        (letters.len() >= LEAST_LETTERS).then_some(Self { text: text.trim(), letters, sounds })
    }

    /// From 0 to 1: letters and sounds count the same.
    fn likeness(&self, letters: &[char]) -> f32 {
        (likeness(&self.letters, letters) + likeness(&self.sounds, &sounds(letters))) / 2.0
    }
}

fn matches_of<'a>(term: &Term<'a>, words: &[HeardWord]) -> Vec<Match<'a>> {
    let longest = term.text.split_whitespace().count() + MORE_WORDS;
    let windows = (1..=longest).flat_map(|count| (0..words.len()).map(move |start| start..start + count));
    let unsure = windows.filter_map(|at| {
        let heard = words.get(at.clone())?;
        // A word that is sure stays, whatever stands beside it.
        heard.iter().all(|word| word.confidence < SURE).then_some((at, heard))
    });
    let alike = unsure.filter_map(|(at, heard)| {
        let letters: Vec<char> =
            heard.iter().flat_map(|word| plain(bare(&word.text).1).chars().collect::<Vec<_>>()).collect();
        let likeness = term.likeness(&letters);
        (likeness >= ALIKE).then_some(Match { term: term.text, at, likeness })
    });
    alike.collect()
}

/// The term's words in the place of the heard ones, with the marks around them.
fn spelled(heard: &[HeardWord], term: &str) -> Vec<HeardWord> {
    let (Some(first), Some(last)) = (heard.first(), heard.last()) else { return Vec::new() };
    let confidence = heard.iter().map(|word| word.confidence).sum::<f32>() / heard.len() as f32;
    let terms: Vec<&str> = term.split_whitespace().collect();
    let length = |word: &str| word.chars().count() as f32;
    let all: f32 = terms.iter().map(|word| length(word)).sum();
    let mut end = first.seconds.start;
    let mut words: Vec<HeardWord> = Vec::with_capacity(terms.len());
    for (index, text) in terms.iter().enumerate() {
        let start = end;
        // As many words as were heard keep their times; others share them by their letters.
        end = if terms.len() == heard.len() {
            heard[index].seconds.end
        } else {
            start + (last.seconds.end - first.seconds.start) * length(text) / all
        };
        words.push(HeardWord { text: (*text).to_owned(), seconds: start..end, confidence });
    }
    if let Some(word) = words.first_mut() {
        word.text.insert_str(0, bare(&first.text).0);
    }
    if let Some(word) = words.last_mut() {
        word.text.push_str(bare(&last.text).2);
        word.seconds.end = last.seconds.end;
    }
    words
}

/// A word without the marks around it and without an English genitive, and those on both sides.
fn bare(word: &str) -> (&str, &str, &str) {
    let is_mark = |letter: char| !letter.is_alphanumeric();
    let start = word.len() - word.trim_start_matches(is_mark).len();
    let kept = word.trim_end_matches(is_mark);
    let kept = kept.strip_suffix("'s").or_else(|| kept.strip_suffix("’s")).unwrap_or(kept);
    let end = kept.len().max(start);
    (&word[..start], &word[start..end], &word[end..])
}

/// The consonants, those that are easily misheard for each other as one, none twice in a row.
fn sounds(letters: &[char]) -> Vec<char> {
    let mut sounds: Vec<char> = letters.iter().filter_map(|letter| sound(*letter)).collect();
    sounds.dedup();
    sounds
}

/// What a letter sounds like; `None` if it is a vowel, a half vowel or mute.
const fn sound(letter: char) -> Option<char> {
    Some(match letter {
        'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'h' | 'w' => return None,
        'à'..='æ' | 'è'..='ï' | 'ò'..='ö' | 'ø'..='ý' | 'ÿ' | 'œ' => return None,
        'b' => 'p',
        'd' => 't',
        'g' | 'c' | 'q' | 'x' => 'k',
        'v' => 'f',
        'z' | 'j' | 'ç' => 's',
        'n' => 'm',
        other => other,
    })
}

/// One less the share of letters that must be changed, added or left out.
fn likeness(one: &[char], other: &[char]) -> f32 {
    let longest = one.len().max(other.len());
    if longest == 0 {
        return 0.0;
    }
    1.0 - edits(one, other) as f32 / longest as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of half a second each; those with a question mark before them are unsure.
    fn check(terms: &[&str], heard: &str, expected: &str) {
        let mut words: Vec<HeardWord> = heard
            .split_whitespace()
            .enumerate()
            .map(|(index, word)| HeardWord {
                text: word.trim_start_matches('?').to_owned(),
                seconds: index as f32 / 2.0..(index + 1) as f32 / 2.0,
                confidence: if word.starts_with('?') { 0.4 } else { 0.9 },
            })
            .collect();
        let end = words.last().map(|word| word.seconds.end);
        let terms: Vec<String> = terms.iter().map(|term| (*term).to_owned()).collect();
        respell(&mut words, &terms);
        let seen = words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
        assert_eq!(seen, expected, "{heard} with {terms:?}");
        assert_eq!(words.last().map(|word| word.seconds.end), end, "{heard}");
        assert!(words.iter().all(|word| word.seconds.start <= word.seconds.end), "{words:?}");
        assert!(words.is_sorted_by(|one, other| one.seconds.end <= other.seconds.start), "{words:?}");
    }

    #[test]
    fn what_was_heard_unsurely_is_spelled_as_the_term_it_sounds_like() {
        check(&["Gibraltar"], "the rock of ?Kiberald ?Tower, he said", "the rock of Gibraltar, he said");
        check(&["Drascula"], "?\"Draskula's castle", "\"Drascula's castle");
        check(&["Ménière"], "the ?Meniere disease", "the Ménière disease");
        check(&["Jan Ullrich"], "with ?Jan ?Olrik on it", "with Jan Ullrich on it");
        check(&["Joan Baez"], "by ?Joanbaiez ?today", "by Joan Baez today");
        check(&["Kubernetes", "Kubelet"], "?Kubernetis and ?Cubelet", "Kubernetes and Kubelet");
    }

    #[test]
    fn what_is_sure_or_unlike_or_short_stays() {
        check(&["Gibraltar"], "the Kiberald Tower", "the Kiberald Tower");
        check(&["Gibraltar"], "a ?general ?guitar ?battle", "a general guitar battle");
        check(&["Ann", "", " "], "?and ?an ?in", "and an in");
        check(&["Drascula"], "?... ?a", "... a");
        check(&["Drascula"], "", "");
    }
}
