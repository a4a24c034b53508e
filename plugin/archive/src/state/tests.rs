mod any;

use super::*;
use crate::sample::{self, Random, heard_before, podcast, small, word};
use earmark_timeline::notebook::Parts;
use earmark_timeline::rule::{Rule, Rules, Setting};
use earmark_timeline::settings::Settings;
use earmark_timeline::units::ProjectTime;
use earmark_timeline::version::Version;

/// A long session, of which every version is kept.
const LONG_HOURS: f64 = 4.0;

fn check_stable(notebook: &Notebook) -> String {
    let text = encode(notebook);
    let back = decode(&text).expect("our own state");
    assert_eq!(encode(&back), text);
    text
}

fn check_refused(text: &str, expected: StateError) {
    assert_eq!(decode(text), Err(expected), "{text:?}");
}

fn check_damaged(text: &str, about: &str) {
    match decode(text) {
        Err(StateError::Damaged { what }) => assert!(what.contains(about), "{what:?} is not about {about:?}"),
        other => panic!("{text:?} gave {other:?}"),
    }
}

/// A well-packed state with any JSON inside.
fn packed(json: &str) -> String {
    container::seal(VERSION, json.as_bytes())
}

#[test]
fn a_notebook_comes_back_as_it_was() {
    let mut named = small();
    named.set_settings(Settings { speaker: Some("Anna".to_owned()), ..Settings::default() });
    for notebook in [small(), named] {
        assert_eq!(decode(&encode(&notebook)), Ok(notebook));
    }
}

#[test]
fn a_fresh_instance_has_an_empty_notebook() {
    assert_eq!(decode(""), Ok(Notebook::default()));
    check_stable(&Notebook::default());
}

#[test]
fn saving_again_gives_the_same_bytes() {
    check_stable(&small());
    check_stable(&podcast(0.1));
    let mut unordered = sample::notebook_of(Vec::new());
    for id in [7, 3, 5] {
        unordered.settle(sample::said(id, 1.0, 2.0, "at once"));
    }
    check_stable(&unordered);
}

#[test]
fn the_ends_of_time_and_broken_probabilities_survive() {
    let ends = [i64::MIN, -1, 0, 1, i64::MAX];
    let mut words = Vec::new();
    for (start, end) in ends.iter().flat_map(|start| ends.map(|end| (*start, end))) {
        let mut word = word("x", 0.0, 0.0);
        (word.start, word.end) = (ProjectTime::from_ticks(start), ProjectTime::from_ticks(end));
        word.confidence = [f32::NAN, f32::INFINITY, -1.0, 2.0][words.len() % 4];
        words.push(word);
    }
    let text = check_stable(&sample::notebook_of(vec![sample::utterance(1, words.clone())]));
    let back = decode(&text).expect("our own state");
    for (was, is) in words.iter().zip(&back.utterances()[0].words) {
        assert_eq!((is.start, is.end), (was.start, was.end.max(was.start)));
        assert!((0.0..=1.0).contains(&is.confidence));
    }
}

#[test]
fn the_run_of_an_utterance_ends_with_its_session() {
    let back = decode(&encode(&podcast(0.01))).expect("our own state");
    assert!(!back.is_empty() && back.utterances().iter().all(|utterance| utterance.run.is_none()));
}

#[test]
fn an_hour_of_talk_fits_a_project() {
    let notebook = podcast(1.0);
    let words: usize = notebook.utterances().iter().map(|utterance| utterance.words.len()).sum();
    let size = check_stable(&notebook).len();
    assert!((8_000..10_000).contains(&words), "{words} words an hour is not how people talk");
    assert!(size < 200_000, "{words} words take {size} bytes");
    let long = heard_before(&podcast(LONG_HOURS));
    let past: usize = long.versions().iter().map(Version::words).sum();
    assert!(past > 30_000, "only {past} words are in earlier passes");
    let size = check_stable(&long).len();
    assert!(size < 2_000_000, "{LONG_HOURS} hours take {size} bytes with all versions");
}

#[test]
fn what_is_not_ours_is_told_from_what_is_damaged() {
    for text in [" ", "{}", "null", "earmark1:", "EARMAR", "\u{0}", "東京"] {
        check_refused(text, StateError::NotOurs);
    }
    check_damaged("EARMARK", "header");
    check_damaged("EARMARK1", "header");
    check_damaged("EARMARK:", "header");
    check_damaged("EARMARK+1:00000000:", "header");
    check_damaged("EARMARK99999999999:00000000:", "header");
    check_damaged("EARMARK0:00000000:", "format 0");
    check_damaged("EARMARK1:", "checksum");
    check_damaged("EARMARK3:12345678:AAAA", "checksum");
}

#[test]
fn a_newer_version_is_named() {
    check_refused("EARMARK4:", StateError::Newer { version: 4 });
    check_refused("EARMARK4000000000:whatever it may be", StateError::Newer { version: 4_000_000_000 });
}

#[test]
fn a_state_of_version_1_says_what_it_said() {
    let read = decode(include_str!("fixtures/v1.txt")).expect("a released version loads for ever");
    let mut expected = sample::parts_of(&small());
    for dropped in &mut expected.dropped {
        // Version 1 kept the text alone.
        let text = dropped.text();
        let mut only = word(&text, 0.0, 0.0);
        (only.start, only.end, only.confidence) = (dropped.start, dropped.end, 0.0);
        (dropped.words, dropped.language, dropped.model) = (vec![only], None, "".into());
    }
    // It knew nothing of these.
    (expected.versions, expected.tempo, expected.reading) = Default::default();
    (expected.roles, expected.loudness) = Default::default();
    expected.marks.iter_mut().for_each(|mark| mark.colour = None);
    let model = expected.settings.model.clone();
    expected.settings =
        Settings { model, language: expected.settings.language.clone(), ..Settings::default() };
    assert_eq!(read, Notebook::from_parts(expected));
    check_stable(&read);
}

#[test]
fn a_state_of_version_2_says_what_it_said() {
    let read = decode(include_str!("fixtures/v2.txt")).expect("a released version loads for ever");
    let mut expected = Parts { reading: None, ..sample::parts_of(&small()) };
    (expected.roles, expected.loudness) = Default::default();
    expected.settings.rules = Rules::default();
    assert_eq!(read, Notebook::from_parts(expected));
    check_stable(&read);
}

#[test]
fn usual_rules_take_no_room_and_unknown_ones_are_passed_over() {
    let json = |notebook: &Notebook| String::from_utf8(v3::write(notebook)).expect("JSON");
    let usual = json(&Notebook::default());
    assert!(!usual.contains("rules"), "{usual}");
    let mut notebook = Notebook::default();
    let rules = Rules::default().with(Rule::DropOut, Setting { is_on: false, threshold: 20 });
    notebook.set_settings(Settings { rules, ..Settings::default() });
    let set = json(&notebook);
    assert_eq!(decode(&packed(&set)), Ok(notebook));
    let unknown = decode(&packed(&set.replace("drop_out", "barking"))).expect("a later version's");
    assert_eq!(unknown, Notebook::default());
}

#[test]
fn wrong_types_inside_are_damage() {
    let state = |version, speech: &str| {
        let json = format!(
            r#"{{"settings":{{"model":"m","language":null,"translate":false,"verbatim":false,"glossary":[]}},
            {speech},"spans":[],"marks":[],"dropped":[],"missed":[],"versions":[],"tempo":[]}}"#
        );
        container::seal(version, json.as_bytes())
    };
    let check = |version, good: &str, wrong: &[(&str, &str, &str)]| {
        assert_eq!(decode(&state(version, good)).map(|read| read.utterances().len()), Ok(1));
        for (part, instead, about) in wrong {
            assert!(good.contains(part), "{part}");
            check_damaged(&state(version, &good.replace(part, instead)), about);
        }
    };
    let no_words = r#""text":"","gaps":[],"lengths":[],"thousandths":[]"#;
    check(
        2,
        r#""utterances":[{"id":1,"start":0,"end":9,"words":{"text":"a\n","gaps":[0],"lengths":[9],"thousandths":[500]},
        "model":"m","origin":"machine"}]"#,
        &[
            (r#""id":1"#, r#""id":18446744073709551615"#, "name"),
            (r#""id":1"#, r#""id":-1"#, "invalid value"),
            ("[0]", "[0,0]", "match"),
            (r#""text":"a\n","gaps":[0],"lengths":[9],"thousandths":[500]"#, no_words, "no words"),
            ("[9]", "[-9]", "ends before"),
            ("[500]", "[99999]", "invalid value"),
        ],
    );
    check(
        3,
        r#""speech":{"ids":[1],"leads":{"samples":[2]},"tails":{"samples":[0]},"counts":[1],
        "words":{"text":"a\n","gaps":{"samples":[7]},"lengths":{"samples":[9],"between":[[0,5]]},"thousandths":[500]},
        "made":[{"count":1,"model":"m","origin":"machine"}]}"#,
        &[
            (r#""ids":[1]"#, r#""ids":[-1]"#, "name"),
            (r#""ids":[1]"#, r#""ids":[1,1]"#, "match"),
            ("[2]", "[]", "match"),
            (r#""counts":[1]"#, r#""counts":[2]"#, "match"),
            (r#""counts":[1]"#, r#""counts":[-1]"#, "invalid value"),
            (r#""count":1"#, r#""count":18446744073709551615"#, "match"),
            (
                r#"[1],
        "words""#,
                r#"[0],
        "words""#,
                "match",
            ),
            ("[7]", "[7,7]", "match"),
            ("[9]", "[-9]", "ends before"),
            ("[[0,5]]", "[[1,5]]", "missing"),
            ("[500]", "[99999]", "invalid value"),
        ],
    );
    // As many words as are counted, but one for the other.
    let two = r#""speech":{"ids":[1,1],"leads":{"samples":[0,0]},"tails":{"samples":[0,0]},"counts":[0,1],
        "words":{"text":"a\n","gaps":{"samples":[0]},"lengths":{"samples":[9]},"thousandths":[500]},
        "made":[{"count":2,"model":"m","origin":"machine"}]}"#;
    check_damaged(&state(3, two), "no words");
    check_damaged(&packed("[]"), "invalid length");
    check_damaged(&packed("{}"), "missing field");
    check_damaged(&packed(""), "EOF");
    check_damaged(&packed(&"[".repeat(100_000)), "");
}

#[test]
fn a_bomb_is_refused_before_it_goes_off() {
    let bomb = container::seal(VERSION, &vec![b' '; SIZE_LIMIT + 1]);
    assert!(bomb.len() < 20_000, "{} bytes are no bomb", bomb.len());
    check_refused(&bomb, StateError::TooLarge);
}

#[test]
fn every_refusal_is_one_sentence_that_says_that_nothing_is_lost() {
    let damaged = StateError::damaged("its checksum does not match");
    for error in [StateError::NotOurs, StateError::Newer { version: 9 }, damaged, StateError::TooLarge] {
        let sentence = error.to_string();
        assert!(sentence.contains("kept unchanged in the project") && !sentence.contains('\n'), "{sentence}");
    }
}

#[test]
fn no_mutation_panics_or_passes_for_the_truth() {
    let notebook = small();
    let text = encode(&notebook);
    let mut random = Random(1);
    for round in 0..10_000 {
        let mut bytes = text.clone().into_bytes();
        for _ in 0..1 + random.below(3) {
            let at = random.below(bytes.len());
            match random.below(4) {
                0 => bytes.truncate(at.max(1)),
                1 => bytes[at] ^= 1 << random.below(7),
                2 => bytes.insert(at, b' ' + random.below(95) as u8),
                _ => _ = bytes.remove(at),
            }
            if bytes.is_empty() {
                bytes.push(b'E');
            }
        }
        let mutated = String::from_utf8(bytes).expect("ASCII stays ASCII");
        let result = decode(&mutated);
        assert!(result.is_err() || result.as_ref() == Ok(&notebook), "round {round}: {mutated}");
    }
}

/// The checksum stops most damage at the door; this walks through the rooms behind it.
#[test]
fn no_mutation_behind_the_checksum_panics() {
    let json = v3::write(&small());
    let mut random = Random(2);
    for _ in 0..10_000 {
        let mut mutated = json.clone();
        for _ in 0..1 + random.below(4) {
            let at = random.below(mutated.len());
            mutated[at] = json[random.below(json.len())];
        }
        if let Ok(mut notebook) = v3::read(&mutated).and_then(v3::Document::revive) {
            notebook.fresh_id();
            check_stable(&notebook);
        }
    }
    let frame = container::seal(VERSION, &json);
    let (_, body) = container::split(&frame).expect("our own");
    for _ in 0..2_000 {
        let mut body = body.as_bytes()[9..].to_vec();
        let at = random.below(body.len());
        body[at] = body[random.below(body.len())];
        let body = String::from_utf8(body).expect("base64 is ASCII");
        let _ = decode(&format!("EARMARK{VERSION}:{:08x}:{body}", crc32fast::hash(body.as_bytes())));
    }
}
