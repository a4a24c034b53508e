//! Classes and spans from made-up probabilities; `s` stands for speech, `g` singing, `m` music, `b` speech
//! and music, `v` both voices with singing ahead, `o` other sound, `.` silence.

use super::*;

const LOUD: f32 = -20.0;

fn cell(kind: char) -> ([f32; 3], f32) {
    match kind {
        's' => ([0.8, 0.1, 0.1], LOUD),
        'g' => ([0.1, 0.9, 0.1], LOUD),
        'm' => ([0.1, 0.1, 0.9], LOUD),
        'b' => ([0.7, 0.1, 0.9], LOUD),
        'v' => ([0.5, 0.8, 0.9], LOUD),
        'o' => ([0.1, 0.1, 0.1], LOUD),
        _ => ([0.1, 0.1, 0.1], -70.0),
    }
}

/// Cells from pairs of a kind and how many.
fn cells(script: &[(char, usize)]) -> (Vec<[f32; 3]>, Vec<f32>) {
    script.iter().flat_map(|(kind, count)| vec![cell(*kind); *count]).unzip()
}

#[track_caller]
fn check(script: &[(char, usize)], expected: &[(SoundClass, usize)]) {
    let (probabilities, levels) = cells(script);
    let spans = spans(&frame_classes(&probabilities, &levels));
    let found: Vec<_> = spans.iter().map(|span| (span.class, span.frames.len())).collect();
    assert_eq!(found, expected, "{script:?}");
}

use SoundClass::{Music, Other, Silence, Singing, Speech};

#[test]
fn nothing_gives_nothing() {
    check(&[], &[]);
}

#[test]
fn a_cell_has_the_class_that_is_heard_and_a_voice_goes_before_music() {
    for (kind, class) in [
        ('s', Speech),
        ('g', Singing),
        ('m', Music),
        ('b', Speech),
        ('v', Singing),
        ('o', Other),
        ('.', Silence),
    ] {
        check(&[(kind, 40)], &[(class, 40)]);
    }
}

#[test]
fn long_stretches_keep_their_borders() {
    check(
        &[('s', 100), ('m', 200), ('.', 150), ('g', 90)],
        &[(Speech, 100), (Music, 200), (Silence, 150), (Singing, 90)],
    );
}

#[test]
fn a_flicker_goes_with_its_surroundings() {
    check(&[('m', 100), ('s', 8), ('m', 100)], &[(Music, 208)]);
    check(&[('o', 100), ('g', 8), ('o', 100)], &[(Other, 208)]);
}

#[test]
fn a_pause_belongs_to_the_speech_around_it_and_a_longer_one_does_not() {
    check(&[('s', 100), ('.', 79), ('s', 100)], &[(Speech, 279)]);
    check(&[('s', 100), ('o', 70), ('s', 100)], &[(Speech, 270)]);
    check(&[('s', 100), ('.', 80), ('s', 100)], &[(Speech, 100), (Silence, 80), (Speech, 100)]);
    check(&[('s', 100), ('.', 60), ('m', 100)], &[(Speech, 100), (Silence, 60), (Music, 100)]);
}

#[test]
fn quiet_is_silence_only_when_it_lasts() {
    let (mut probabilities, mut levels) = cells(&[('o', 100), ('.', MIN_SILENCE - 1), ('o', 100)]);
    let classes = frame_classes(&probabilities, &levels);
    assert!(classes.iter().all(|cell| cell.class == Other));
    probabilities.insert(110, [0.1; 3]);
    levels.insert(110, -70.0);
    let silent = frame_classes(&probabilities, &levels).iter().filter(|cell| cell.class == Silence).count();
    assert_eq!(silent, MIN_SILENCE);
}

#[test]
fn a_span_has_the_mean_probability_of_its_class() {
    let classes = [(Speech, 0.5), (Speech, 0.7), (Music, 0.9)];
    let classes = classes.map(|(class, probability)| FrameClass { class, probability });
    let spans = spans(&classes);
    assert_eq!(spans.len(), 2);
    assert_eq!((spans[0].frames.clone(), spans[1].frames.clone()), (0..2, 2..3));
    assert!((spans[0].probability - 0.6).abs() < 1e-6);
    assert!((spans[1].probability - 0.9).abs() < 1e-6);
}

#[test]
fn no_cell_depends_on_what_is_further_away_than_the_reach() {
    let script =
        [('s', 90), ('.', 70), ('s', 9), ('o', 75), ('m', 60), ('o', 33), ('.', 31), ('v', 16), ('m', 200)];
    let (probabilities, levels) = cells(&script);
    let whole = frame_classes(&probabilities, &levels);
    for (at, expected) in whole.iter().enumerate() {
        // Levels alone look further, over the shortest silence; the model's own past and future leave room.
        let seen = around(at, REACH + MIN_SILENCE, whole.len());
        let cut = frame_classes(&probabilities[seen.clone()], &levels[seen.clone()]);
        assert_eq!(cut[at - seen.start], *expected, "cell {at}");
    }
}

#[test]
fn levels_are_those_of_full_scale() {
    let mut samples = vec![1.0; CELL_SAMPLES];
    samples.extend([0.001; CELL_SAMPLES]);
    samples.extend([0.0; CELL_SAMPLES]);
    samples.extend([1.0; CELL_SAMPLES / 2]);
    let expected = [0.0, -60.0, -120.0, -3.0103];
    let levels = levels_dbfs(&samples);
    assert_eq!(levels.len(), expected.len());
    for (found, expected) in levels.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-3, "{found} instead of {expected}");
    }
}
