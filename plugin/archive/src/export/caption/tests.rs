use super::*;
use crate::sample::{Random, notebook_of, podcast, said, utterance, word};
use earmark_timeline::utterance::ItemId;

const LINE_CHARS: usize = 42;

fn style(speakers: &Speakers, width: usize) -> Style<'_> {
    Style { width, speakers, names_in_text: true }
}

fn cues(utterances: &[Utterance]) -> Vec<Cue> {
    super::cues(utterances, style(&Speakers::default(), LINE_CHARS))
}

fn check(utterances: &[Utterance], expected: &[(i64, i64, &[&str])]) {
    let cues = cues(utterances);
    let seen: Vec<_> = cues
        .iter()
        .map(|cue| (cue.start_ms, cue.end_ms, cue.lines.iter().map(String::as_str).collect::<Vec<_>>()))
        .collect();
    let expected: Vec<_> =
        expected.iter().map(|(start, end, lines)| (*start, *end, lines.to_vec())).collect();
    assert_eq!(seen, expected);
}

/// What holds for the captions of any utterances.
fn check_rules(utterances: &[Utterance]) {
    let cues = cues(utterances);
    let mut end_before = 0;
    for cue in &cues {
        assert!(cue.start_ms >= end_before && cue.end_ms > cue.start_ms, "{cue:?} after {end_before}");
        assert!((1..=LINES).contains(&cue.lines.len()), "{cue:?}");
        assert!(cue.lines.iter().all(|line| (1..=LINE_CHARS).contains(&chars(line))), "{cue:?}");
        end_before = cue.end_ms;
    }
    let letters = |text: String| {
        let mut letters: Vec<char> = text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
        letters.sort_unstable();
        letters
    };
    let said = utterances.iter().map(Utterance::text).collect();
    assert_eq!(letters(cues.iter().flat_map(|cue| cue.lines.clone()).collect()), letters(said));
}

#[test]
fn a_short_utterance_is_one_cue() {
    check(&[said(1, 1.0, 3.0, "Good morning, everybody.")], &[(1_000, 3_000, &["Good morning, everybody."])]);
}

#[test]
fn a_long_utterance_is_cut_at_its_words() {
    let text = "aaaaaaaaa ".repeat(18);
    check(
        &[said(1, 0.0, 9.0, text.trim_end())],
        &[
            (
                0,
                4_000,
                &["aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa", "aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa"],
            ),
            (
                4_000,
                8_000,
                &["aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa", "aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa"],
            ),
            (8_000, 9_000, &["aaaaaaaaa aaaaaaaaa"]),
        ],
    );
}

#[test]
fn a_cue_ends_with_a_clause_rather_than_leave_a_word_alone() {
    let text = "From fairest creatures we desire increase, that thereby beauty's rose might never die.";
    check(
        &[said(1, 0.0, 6.5, text)],
        &[
            (0, 3_000, &["From fairest creatures we desire increase,"]),
            (3_000, 6_500, &["that thereby beauty's", "rose might never die."]),
        ],
    );
}

#[test]
fn slow_speech_is_cut_by_time() {
    check(
        &[said(1, 0.0, 12.0, "one two three four")],
        &[(0, 6_000, &["one two"]), (6_000, 12_000, &["three four"])],
    );
}

#[test]
fn two_lines_are_alike_in_length() {
    check(
        &[said(1, 0.0, 4.0, "the quick brown fox jumps over the lazy old dog")],
        &[(0, 4_000, &["the quick brown fox jumps", "over the lazy old dog"])],
    );
}

#[test]
fn a_word_longer_than_a_line_is_cut_with_its_time() {
    let long = "x".repeat(LINE_CHARS * 2);
    check(
        &[utterance(1, vec![word(&long, 0.0, 2.0), word("end", 2.0, 3.0)])],
        &[(0, 4_000, &[&long[..LINE_CHARS], &long[..LINE_CHARS]]), (4_000, 4_833, &["end"])],
    );
}

#[test]
fn a_quick_word_stands_as_long_as_the_next_leaves_room() {
    check(
        &[said(1, 1.0, 1.1, "Yes."), said(2, 1.5, 1.6, "No."), said(3, 9.0, 10.0, "Well.")],
        &[(1_000, 1_500, &["Yes."]), (1_500, 2_333, &["No."]), (9_000, 10_000, &["Well."])],
    );
}

#[test]
fn nothing_stands_before_the_project_starts() {
    check(
        &[said(1, -9.0, -8.0, "Long before."), said(2, -1.0, 2.0, "Across.")],
        &[(0, 833, &["Long before."]), (833, 2_000, &["Across."])],
    );
}

#[test]
fn speech_over_speech_follows_in_turn() {
    check(
        &[said(1, 1.0, 5.0, "First."), said(2, 1.2, 4.0, "Second.")],
        &[(1_000, 1_833, &["First."]), (1_833, 4_000, &["Second."])],
    );
}

#[test]
fn the_rules_hold_for_talk_without_end_and_for_noise() {
    check_rules(podcast(0.5).utterances());
    let mut random = Random(3);
    for _ in 0..300 {
        let speech = |id: usize, random: &mut Random| {
            let words = (0..1 + random.below(9)).map(|_| {
                let start = random.below(4_000) as f64 / 100.0 - 10.0;
                let letter = ["a", "é", "東", "\n", "\u{7}", "<", "-->", " "][random.below(8)];
                word(&letter.repeat(random.below(60)), start, start + random.below(900) as f64 / 100.0)
            });
            utterance(id as u64, words.collect())
        };
        let utterances = (0..1 + random.below(6)).map(|id| speech(id, &mut random)).collect();
        check_rules(notebook_of(utterances).utterances());
    }
}

#[test]
fn the_ends_of_time_overflow_nothing() {
    let mut ends = said(1, 0.0, 1.0, "a b c");
    for (word, ticks) in ends.words.iter_mut().zip([i64::MIN, 0, i64::MAX]) {
        word.start = earmark_timeline::units::ProjectTime::from_ticks(ticks);
        word.end = earmark_timeline::units::ProjectTime::from_ticks(i64::MAX);
    }
    check_rules(&[ends]);
}

#[test]
fn a_cue_waits_until_the_one_before_could_be_read() {
    let quick = "It was the best of times, it was the worst of times.";
    check(
        &[said(1, 0.0, 1.0, quick), said(2, 1.2, 3.0, "And so on."), said(3, 9.0, 10.0, quick)],
        &[
            (0, 2_600, &["It was the best of times,", "it was the worst of times."]),
            (2_600, 3_433, &["And so on."]),
            (9_000, 11_600, &["It was the best of times,", "it was the worst of times."]),
        ],
    );
}

#[test]
fn talk_at_the_pace_of_a_podcast_can_be_read() {
    for width in [32, 42] {
        let podcast = podcast(0.5);
        let cues = super::cues(podcast.utterances(), style(&Speakers::default(), width));
        assert!(cues.iter().flat_map(|cue| &cue.lines).all(|line| chars(line) <= width));
        let fast = cues.iter().filter(|cue| cue.end_ms - cue.start_ms < reading_ms(cue)).count();
        assert!(fast * 200 < cues.len(), "{fast} of {} stand for too short a time", cues.len());
    }
}

#[test]
fn a_speaker_is_named_at_a_change_and_always_while_another_speaks() {
    let named = [(1, "Anna"), (2, "Anna"), (3, "Bob")].map(|(id, name)| (ItemId(id), name.into())).into();
    let speakers = Speakers { named, otherwise: None };
    let utterances = [
        said(1, 0.0, 1.0, "Hello."),
        said(2, 2.0, 20.0, "One two three four five six seven eight"),
        said(3, 12.0, 14.0, "Yes."),
    ];
    let cues = super::cues(&utterances, style(&speakers, LINE_CHARS));
    let texts: Vec<_> = cues.iter().map(|cue| cue.lines.join("/")).collect();
    assert_eq!(
        texts,
        ["Anna: Hello.", "Anna: One two three", "Anna: four five six", "Bob: Yes.", "Anna: seven eight"]
    );
    assert_eq!(cues[3].speaker.as_deref(), Some("Bob"));
}

#[test]
fn a_long_name_leaves_room_for_words() {
    let name = "x".repeat(500);
    let speakers = Speakers { otherwise: Some(name.as_str().into()), ..Speakers::default() };
    let cues = super::cues(&[said(1, 0.0, 2.0, "Hello there.")], style(&speakers, 32));
    assert_eq!(cues[0].lines, [format!("{}: Hello there.", "x".repeat(16))]);
}

#[test]
fn a_script_without_spaces_gets_none_and_fits_its_lines() {
    let words: Vec<_> =
        (0..60).map(|place| word("東京", f64::from(place) * 0.1, f64::from(place + 1) * 0.1)).collect();
    let cues = cues(&[utterance(1, words)]);
    assert!(cues.iter().flat_map(|cue| &cue.lines).all(|line| !line.contains(' ') && chars(line) <= 42));
    assert_eq!(cues[0].lines.iter().map(|line| chars(line)).collect::<Vec<_>>(), [42, 42]);
}
