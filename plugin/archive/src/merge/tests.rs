use super::*;
use crate::export::{self, Format, Options};
use crate::sample::{at, notebook_of, podcast, said, small};
use earmark_timeline::utterance::Origin;

fn track(speaker: &str, utterances: Vec<Utterance>) -> Track {
    Track { speaker: speaker.to_owned(), notebook: notebook_of(utterances), speakers: Speakers::default() }
}

fn sure(mut utterance: Utterance, confidence: f32) -> Utterance {
    utterance.words.iter_mut().for_each(|word| word.confidence = confidence);
    utterance
}

fn lines(merged: &Merged) -> Vec<String> {
    let said = merged.notebook.utterances().iter();
    said.map(|said| format!("{}: {}", merged.speakers.of(said).expect("a name"), said.text())).collect()
}

fn check(tracks: Vec<Track>, expected: &[&str]) {
    let backwards = tracks.iter().rev().cloned().collect();
    assert_eq!(lines(&merge(tracks)), expected);
    assert_eq!(lines(&merge(backwards)), expected, "in the other order");
}

#[test]
fn tracks_become_one_transcript_in_time_order() {
    check(
        vec![
            track("Anna", vec![said(1, 0.0, 2.0, "How are you?"), said(2, 6.0, 7.0, "Good.")]),
            track("Bob", vec![said(1, 3.0, 5.0, "Fine, and you?")]),
        ],
        &["Anna: How are you?", "Bob: Fine, and you?", "Anna: Good."],
    );
}

#[test]
fn speech_over_speech_stays_whole() {
    check(
        vec![
            track("Anna", vec![said(1, 0.0, 4.0, "I have been thinking about it")]),
            track("Bob", vec![said(1, 1.0, 3.0, "No wait a moment please")]),
        ],
        &["Anna: I have been thinking about it", "Bob: No wait a moment please"],
    );
}

#[test]
fn what_two_microphones_heard_appears_once_where_it_is_surer() {
    check(
        vec![
            track("Anna", vec![sure(said(1, 0.0, 2.0, "Let us begin, then."), 0.95)]),
            track("Bob", vec![sure(said(1, 0.1, 2.1, "let us begin then"), 0.5)]),
        ],
        &["Anna: Let us begin, then."],
    );
}

#[test]
fn faint_words_may_be_misheard_and_the_rest_of_the_utterance_stays() {
    // Bob's microphone hears Anna first, one word of it wrongly, and then Bob.
    check(
        vec![
            track("Anna", vec![sure(said(1, 0.0, 5.0, "we met in the park"), 0.95)]),
            track("Bob", vec![sure(said(1, 0.1, 10.1, "we met on the park yes I do remember that"), 0.6)]),
        ],
        &["Anna: we met in the park", "Bob: yes I do remember that"],
    );
    check(
        vec![
            track("Anna", vec![sure(said(1, 3.0, 6.0, "we met there"), 0.95)]),
            track("Bob", vec![sure(said(1, 0.0, 9.0, "well I think we met there last summer too"), 0.6)]),
        ],
        &["Bob: well I think", "Anna: we met there", "Bob: last summer too"],
    );
}

#[test]
fn the_same_words_at_another_time_are_said_twice() {
    check(
        vec![
            track("Anna", vec![said(1, 0.0, 2.0, "See you tomorrow then")]),
            track("Bob", vec![said(1, 2.0, 4.0, "See you tomorrow then")]),
        ],
        &["Anna: See you tomorrow then", "Bob: See you tomorrow then"],
    );
}

#[test]
fn one_word_at_once_is_one_only_to_the_syllable() {
    let tracks = |later: f64| {
        vec![
            track("Anna", vec![sure(said(1, 1.0, 1.4, "Yes!"), 0.9)]),
            track("Bob", vec![sure(said(1, 1.0 + later, 1.4 + later, "yes"), 0.8)]),
        ]
    };
    check(tracks(0.05), &["Anna: Yes!"]);
    check(tracks(0.3), &["Anna: Yes!", "Bob: yes"]);
}

#[test]
fn what_a_person_wrote_wins_and_stays() {
    let by_hand = |mut utterance: Utterance| {
        utterance.origin = Origin::Hand;
        sure(utterance, 0.1)
    };
    let machine = || track("Anna", vec![sure(said(1, 0.0, 2.0, "Let us begin then"), 0.99)]);
    let hand = |name| track(name, vec![by_hand(said(1, 0.01, 2.0, "Let us begin then"))]);
    check(vec![machine(), hand("Bob")], &["Bob: Let us begin then"]);
    check(
        vec![track("Anna", vec![by_hand(said(1, 0.0, 2.0, "Let us begin then"))]), hand("Bob")],
        &["Anna: Let us begin then", "Bob: Let us begin then"],
    );
}

#[test]
fn three_microphones_leave_one_speaker() {
    check(
        vec![
            track("Anna", vec![sure(said(1, 0.0, 2.0, "all of us hear this"), 0.7)]),
            track("Bob", vec![sure(said(1, 0.1, 2.1, "all of us hear this"), 0.9)]),
            track("Cleo", vec![sure(said(1, 0.2, 2.2, "all of us hear this"), 0.8)]),
        ],
        &["Bob: all of us hear this"],
    );
}

#[test]
fn classes_marks_and_names_of_items_are_those_of_one_notebook() {
    let track = |name: &str| Track {
        speaker: name.to_owned(),
        notebook: small(),
        speakers: Speakers { named: [(ItemId(5), "Guest".into())].into(), ..Speakers::default() },
    };
    let merged = merge(vec![track("Anna"), track("Bob")]);
    let notebook = &merged.notebook;
    assert_eq!(notebook.marks().len(), small().marks().len());
    assert_eq!(notebook.spans(), small().spans());
    assert_eq!(notebook.settings(), small().settings());
    assert_eq!(notebook.missed(), small().missed());
    let mut ids: Vec<_> = notebook.utterances().iter().map(|said| said.id.0).collect();
    ids.extend(notebook.marks().iter().map(|mark| mark.id.0));
    ids.sort_unstable();
    assert_eq!(ids, (1..=ids.len() as u64).collect::<Vec<_>>());
    assert_eq!(lines(&merged).last().map(String::as_str), Some("Guest: Straße, naïve 東京."));
    assert_eq!(merge(Vec::new()), Merged::default());
}

#[test]
fn where_two_hear_differently_speech_wins() {
    let heard = |class, start, end| ClassSpan { start: at(start), end: at(end), class, probability: 0.5 };
    let with = |spans: Vec<ClassSpan>| Track {
        notebook: Notebook::from_parts(Parts { spans, ..Parts::default() }),
        ..track("x", Vec::new())
    };
    let merged = merge(vec![
        with(vec![heard(SoundClass::Silence, 0.0, 4.0), heard(SoundClass::Speech, 4.0, 6.0)]),
        with(vec![heard(SoundClass::Speech, 1.0, 5.0), heard(SoundClass::Music, 5.0, 8.0)]),
    ]);
    let lane: Vec<_> =
        merged.notebook.spans().iter().map(|span| (span.start, span.end, span.class)).collect();
    assert_eq!(
        lane,
        [
            (at(0.0), at(1.0), SoundClass::Silence),
            (at(1.0), at(6.0), SoundClass::Speech),
            (at(6.0), at(8.0), SoundClass::Music),
        ]
    );
}

#[test]
fn a_podcast_and_its_echo_are_the_podcast() {
    let podcast = podcast(0.5);
    let echo = |confidence: f32, later: f64| {
        let later_by = |mut said: Utterance| {
            let late = at(later);
            (said.start, said.end) = (said.start.plus(late), said.end.plus(late));
            for word in &mut said.words {
                (word.start, word.end) = (word.start.plus(late), word.end.plus(late));
            }
            sure(said, confidence)
        };
        notebook_of(podcast.utterances().iter().cloned().map(later_by).collect())
    };
    let with = |name: &str, notebook| Track { notebook, ..track(name, Vec::new()) };
    let merged = merge(vec![with("Anna", echo(0.9, 0.0)), with("Bob", echo(0.3, 0.05))]);
    assert!(merged.speakers.named.values().all(|name| &**name == "Anna"), "{:?}", lines(&merged));
    assert_eq!(merged.notebook.utterances().len(), podcast.utterances().len());
    let text = export::write(&merged.notebook, Format::Txt, &Options::default()).expect("written");
    assert_eq!(text, export::write(&podcast, Format::Txt, &Options::default()).expect("written"));
}
