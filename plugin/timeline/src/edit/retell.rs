//! New words in the place of old ones.

use crate::script;
use crate::units::ProjectTime;
use crate::utterance::Word;
use std::ops::Range;

/// The words of `text` in the place of `old`, which lies in `place`: a word that stays keeps its time and
/// confidence, those between two that stay share what lies between by their letters, and are certain.
pub(super) fn retell(old: &[Word], text: &str, place: Range<ProjectTime>) -> Vec<Word> {
    let fresh = script::split(text);
    let mut words = Vec::with_capacity(fresh.len());
    let (mut done, mut used) = (0, 0usize);
    for (new, kept) in common(old, &fresh).into_iter().chain([(fresh.len(), old.len())]) {
        let before = used.checked_sub(1).map_or(place.start, |last| old[last].end);
        let after = old.get(kept).map_or(place.end, |word| word.start);
        let gap = match &old[used..kept] {
            [first, .., last] => first.start..last.end,
            [only] => only.start..only.end,
            [] => before..after.max(before),
        };
        spread(&fresh[done..new], gap, &mut words);
        words.extend(old.get(kept).cloned());
        (done, used) = (new + 1, kept + 1);
    }
    words
}

/// Words in a stretch, each as long as its letters.
fn spread(texts: &[&str], place: Range<ProjectTime>, words: &mut Vec<Word>) {
    let letters = |text: &str| text.chars().count() as i128;
    let all = texts.iter().map(|text| letters(text)).sum::<i128>().max(1);
    let length = i128::from(place.end.minus(place.start).ticks());
    let after = |passed: i128| place.start.plus(ProjectTime::from_ticks((length * passed / all) as i64));
    let mut passed = 0;
    for text in texts {
        let start = after(passed);
        passed += letters(text);
        words.push(Word { text: (*text).to_owned(), start, end: after(passed), confidence: 1.0 });
    }
}

/// The longest common subsequence of the two: pairs of an index into `fresh` and one into `old`.
fn common(old: &[Word], fresh: &[&str]) -> Vec<(usize, usize)> {
    let width = old.len() + 1;
    let mut longest = vec![0u32; (fresh.len() + 1) * width];
    for new in (0..fresh.len()).rev() {
        for kept in (0..old.len()).rev() {
            longest[new * width + kept] = if fresh[new] == old[kept].text {
                longest[(new + 1) * width + kept + 1] + 1
            } else {
                longest[(new + 1) * width + kept].max(longest[new * width + kept + 1])
            };
        }
    }
    let (mut pairs, mut new, mut kept) = (Vec::new(), 0, 0);
    while new < fresh.len() && kept < old.len() {
        if fresh[new] == old[kept].text {
            pairs.push((new, kept));
            (new, kept) = (new + 1, kept + 1);
        } else if longest[(new + 1) * width + kept] >= longest[new * width + kept + 1] {
            new += 1;
        } else {
            kept += 1;
        }
    }
    pairs
}
