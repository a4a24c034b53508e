//! What holds of a notebook at any moment, and of one whose whole timeline was just played.

use earmark_timeline::notebook::Notebook;
use earmark_timeline::utterance::{Utterance, Word};
use std::collections::BTreeSet;

/// By how much a word's start may differ between two passes that say the same, in seconds: the step of the alignment.
const STEP_S: f64 = 0.02;

/// What is wrong with a notebook, whatever was done to it: lists in order, spans apart, names that name one thing.
pub(super) fn faults(notebook: &Notebook) -> Vec<String> {
    let said = notebook.utterances();
    let past = notebook.versions().iter().flat_map(|version| &version.utterances);
    let ids = said.iter().chain(past).map(|utterance| utterance.id);
    let ids = ids.chain(notebook.marks().iter().map(|mark| mark.id));
    let ids: Vec<_> = ids.chain(notebook.versions().iter().map(|version| version.id)).collect();
    let in_order = |utterance: &Utterance| {
        let words = &utterance.words;
        utterance.start <= utterance.end
            && !words.is_empty()
            && words.iter().all(|word| word.start <= word.end)
            && words.windows(2).all(|pair| pair[0].start <= pair[1].start)
    };
    let checks = [
        ("Utterances are out of order.", said.windows(2).all(|pair| pair[0].start <= pair[1].start)),
        ("Something is said twice at one place.", said.windows(2).all(|pair| !is_twice(&pair[0], &pair[1]))),
        ("Words are out of order.", said.iter().all(in_order)),
        ("Marks are out of order.", notebook.marks().windows(2).all(|pair| pair[0].start <= pair[1].start)),
        ("Classes overlap.", notebook.spans().windows(2).all(|pair| pair[0].end <= pair[1].start)),
        ("Two things have one name.", ids.iter().collect::<BTreeSet<_>>().len() == ids.len()),
    ];
    checks.iter().filter(|(_, holds)| !holds).map(|(fault, _)| (*fault).to_owned()).collect()
}

/// Whether two utterances say one thing: they are the same, or a machine's of which each holds the other's middle, for
/// the later one's pass takes out what has its middle there. While a pass has not come by that middle, a shorter one may
/// stand at the same start.
fn is_twice(one: &Utterance, other: &Utterance) -> bool {
    let holds = |one: &Utterance, other: &Utterance| (one.start..one.end).contains(&other.middle());
    (one.start, one.end, one.text()) == (other.start, other.end, other.text())
        || (one.origin.yields() && other.origin.yields() && holds(one, other) && holds(other, one))
}

/// Which parts of two notebooks are not the same.
pub(super) fn differing(one: &Notebook, other: &Notebook) -> Vec<&'static str> {
    let parts = [
        ("settings", one.settings() == other.settings()),
        ("utterances", one.utterances() == other.utterances()),
        ("classes", one.spans() == other.spans()),
        ("roles", one.roles() == other.roles()),
        ("loudness", one.loudness() == other.loudness()),
        ("marks", one.marks() == other.marks()),
        ("what was dropped", one.dropped() == other.dropped()),
        ("what was missed", one.missed() == other.missed()),
        ("versions", one.versions() == other.versions()),
        ("tempo", one.tempo() == other.tempo()),
        ("reading", one.reading() == other.reading()),
    ];
    parts.iter().filter(|(_, same)| !same).map(|(part, _)| *part).collect()
}

/// What was missed, in seconds.
pub(super) fn missed_s(notebook: &Notebook) -> f64 {
    // Not `sum`, which is minus zero for nothing.
    notebook.missed().iter().fold(0.0, |sum, range| sum + range.end.minus(range.start).seconds())
}

/// Compares what a pass over the whole timeline left with what a first pass said: a machine's words are the first
/// pass's but where a person's stand. Returns how many are the same, or what is not.
///
/// # Errors
/// A sentence on what differs.
pub(super) fn compare(notebook: &Notebook, first: &[Word]) -> Result<usize, String> {
    let (machine, hand): (Vec<_>, Vec<_>) =
        notebook.utterances().iter().partition(|utterance| utterance.origin.yields());
    let is_taken =
        |word: &&Word| hand.iter().any(|stands| (stands.start..stands.end).contains(&word.middle()));
    let expected: Vec<_> = first.iter().filter(|word| !is_taken(word)).collect();
    let found: Vec<_> = machine.iter().flat_map(|utterance| &utterance.words).collect();
    let is_same = |(found, expected): &(&&Word, &&Word)| {
        let apart = found.start.seconds() - expected.start.seconds();
        found.text == expected.text && apart.abs() <= STEP_S
    };
    let same = found.iter().zip(&expected).take_while(is_same).count();
    if same == found.len() && same == expected.len() {
        return Ok(same);
    }
    let rest = |all: &[&Word]| {
        let next: Vec<_> =
            all[same..].iter().take(3).map(|word| (&word.text, word.start.seconds())).collect();
        format!("{} words, then {next:?}", all.len())
    };
    Err(format!(
        "The last pass says something else after {same} words: it has {}; the first had {}.",
        rest(&found),
        rest(&expected)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use earmark_timeline::edit::Edit;
    use earmark_timeline::notebook::Parts;
    use earmark_timeline::units::ProjectTime;
    use earmark_timeline::utterance::{ItemId, Origin};

    fn word(text: &str, start: f64) -> Word {
        let place = ProjectTime::from_seconds;
        Word { text: text.to_owned(), start: place(start), end: place(start + 0.5), confidence: 1.0 }
    }

    fn utterance(id: u64, words: &[Word]) -> Utterance {
        Utterance {
            id: ItemId(id),
            start: words[0].start,
            end: words[words.len() - 1].end,
            words: words.to_vec(),
            language: None,
            model: "a model".into(),
            origin: Origin::Machine,
            run: None,
        }
    }

    fn notebook(utterances: Vec<Utterance>) -> Notebook {
        Notebook::from_parts(Parts { utterances, ..Parts::default() })
    }

    #[test]
    fn a_notebook_that_says_something_twice_or_names_two_things_alike_is_wrong() {
        let (one, two) = (utterance(1, &[word("one", 0.0)]), utterance(2, &[word("two", 1.0)]));
        let check = |utterances: &[&Utterance], expected: &[&str]| {
            assert_eq!(faults(&notebook(utterances.iter().copied().cloned().collect())), expected);
        };
        check(&[&one, &two], &[]);
        check(&[&one, &utterance(3, &[word("one", 0.0)])], &["Something is said twice at one place."]);
        let late = utterance(5, &[word("won", 0.2)]);
        check(&[&one, &late], &["Something is said twice at one place."]);
        check(&[&one, &Utterance { origin: Origin::Hand, ..late }], &[]);
        check(&[&one, &utterance(6, &[word("won", 0.4)])], &[]);
        check(&[&one, &utterance(1, &[word("two", 1.0)])], &["Two things have one name."]);
        check(&[&utterance(4, &[word("late", 3.0), word("early", 2.0)])], &["Words are out of order."]);
    }

    #[test]
    fn a_last_pass_is_the_first_but_for_what_a_hand_wrote() {
        let words = [word("one", 0.0), word("two", 1.0), word("three", 2.0)];
        let mut book = notebook(
            words.iter().zip(1..).map(|(word, id)| utterance(id, std::slice::from_ref(word))).collect(),
        );
        assert_eq!(compare(&book, &words), Ok(3));
        assert!(compare(&book, &words[..2]).is_err_and(|fault| fault.contains("after 2 words")));
        book.edit(&Edit::Correct { utterance: ItemId(2), text: "too".to_owned() }).expect("it is there");
        assert_eq!(compare(&book, &words), Ok(2));
        book.edit(&Edit::Delete(ItemId(1))).expect("it is there");
        assert!(compare(&book, &words).is_err());
    }
}
