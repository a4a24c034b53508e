//! Words that a second microphone heard from the first one's speaker.
//!
//! Microphones in one room hear each other: the same words, at nearly the same time, on two tracks. Where
//! the words of two utterances agree in their order, in a stretch of which most words do, the less sure
//! utterance loses the stretch. Two people who say "yes" at once say it in one word that stands for itself,
//! which is too little to tell; it goes only if its times agree to a syllable.

use super::Voice;
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::{Origin, Utterance, Word};
use std::collections::BTreeSet;
use std::ops::Range;

/// How far apart two microphones may hear a word begin: sound needs 10 ms for each 3 m, the models' own
/// times are good to some 200 ms, and both err.
const APART: ProjectTime = ProjectTime::from_ticks(ProjectTime::TICKS_PER_SECOND * 2 / 5);
/// The same for a single word, about the length of a syllable.
const APART_ALONE: ProjectTime = ProjectTime::from_ticks(ProjectTime::TICKS_PER_SECOND * 3 / 20);
/// The fewest words that are a stretch.
const FEWEST: usize = 3;
/// How many of ten words in a stretch must agree: models hear faint words differently.
const MOST_OF_TEN: usize = 6;

/// Longer utterances than anybody says in a breath come from elsewhere and are not compared: the effort
/// grows with the square.
const LONGEST_WORDS: usize = 1_000;

/// Takes out of each utterance what another track is surer of; what is left in pieces is pieces.
pub(super) fn remove(voices: &mut Vec<Voice>) {
    voices.sort_by_key(|voice| (voice.utterance.start, voice.track));
    let mut lost: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); voices.len()];
    for (index, voice) in voices.iter().enumerate() {
        let until = voice.utterance.end.plus(APART);
        let later = voices.iter().enumerate().skip(index + 1);
        for (other, against) in later.take_while(|(_, later)| later.utterance.start <= until) {
            if voice.track == against.track {
                continue;
            }
            let Some(weaker_is_first) = weaker(&voice.utterance, &against.utterance) else { continue };
            let (weak, strong) = if weaker_is_first { (index, other) } else { (other, index) };
            let words = repeated(&voices[weak].utterance, &voices[strong].utterance, &lost[strong]);
            lost[weak].extend(words);
        }
    }
    let kept = std::mem::take(voices);
    voices.extend(kept.into_iter().zip(&lost).flat_map(|(voice, lost)| pieces(voice, lost)));
}

/// Whether the first of two is the one to lose words; `None` if a person wrote both.
fn weaker(first: &Utterance, second: &Utterance) -> Option<bool> {
    let by_hand = |utterance: &Utterance| utterance.origin == Origin::Hand;
    match (by_hand(first), by_hand(second)) {
        (true, true) => None,
        (true, false) => Some(false),
        (false, true) => Some(true),
        (false, false) => Some(first.confidence() < second.confidence()),
    }
}

/// The places of the words in `weak` that `strong` holds too, and still holds.
fn repeated(weak: &Utterance, strong: &Utterance, strong_lost: &BTreeSet<usize>) -> Range<usize> {
    let strong: Vec<&Word> = strong
        .words
        .iter()
        .enumerate()
        .filter(|(place, _)| !strong_lost.contains(place))
        .map(|(_, word)| word)
        .collect();
    if weak.words.len().max(strong.len()) > LONGEST_WORDS {
        return 0..0;
    }
    let matches = longest_common(&weak.words, &strong);
    let stretch = densest(&matches);
    let count = matches.iter().filter(|place| stretch.contains(place)).count();
    let whole = count == weak.words.len();
    if count >= FEWEST || (whole && count > 1) {
        return stretch;
    }
    let alone = |word: &Word| strong.iter().any(|other| same(word, other, APART_ALONE));
    if whole && weak.words.iter().all(alone) { stretch } else { 0..0 }
}

/// The longest run of places of which most agree.
fn densest(matches: &[usize]) -> Range<usize> {
    let mut best = 0..0;
    let mut best_count = 0;
    for (first, start) in matches.iter().enumerate() {
        for (last, end) in matches.iter().enumerate().skip(first) {
            let (count, length) = (last - first + 1, end - start + 1);
            if count * 10 >= length * MOST_OF_TEN && count > best_count {
                (best, best_count) = (*start..end + 1, count);
            }
        }
    }
    best
}

/// The places in `words` of a longest sequence of words that both hold in one order at one time.
fn longest_common(words: &[Word], others: &[&Word]) -> Vec<usize> {
    let width = others.len() + 1;
    // How many words agree from each pair of places on.
    let mut lengths = vec![0_u32; (words.len() + 1) * width];
    for (i, word) in words.iter().enumerate().rev() {
        for (j, other) in others.iter().enumerate().rev() {
            lengths[i * width + j] = if same(word, other, APART) {
                lengths[(i + 1) * width + j + 1] + 1
            } else {
                lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut places) = (0, 0, Vec::new());
    while i < words.len() && j < others.len() {
        if same(&words[i], others[j], APART) {
            places.push(i);
            (i, j) = (i + 1, j + 1);
        } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    places
}

fn same(word: &Word, other: &Word, apart: ProjectTime) -> bool {
    let distance = word.start.minus(other.start).ticks().unsigned_abs();
    distance <= apart.ticks().unsigned_abs() && letters(&word.text).eq(letters(&other.text))
}

/// A word without its punctuation and case.
fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// What is left of an utterance without some of its words: one for each run of words.
fn pieces(voice: Voice, lost: &BTreeSet<usize>) -> Vec<Voice> {
    if lost.is_empty() {
        return vec![voice];
    }
    let places: Vec<usize> = (0..voice.utterance.words.len()).filter(|place| !lost.contains(place)).collect();
    let piece = |run: &[usize]| {
        let words: Vec<Word> = run.iter().map(|place| voice.utterance.words[*place].clone()).collect();
        let (first, last) = (words.first()?, words.last()?);
        let (start, end) = (first.start, last.end);
        let utterance = Utterance { start, end, words, ..voice.utterance.clone() };
        Some(Voice { utterance, ..voice.clone() })
    };
    places.chunk_by(|before, place| before + 1 == *place).filter_map(piece).collect()
}
