//! Classes and spans from made-up probabilities; `s` stands for speech, `g` singing, `m` music, `o` other sound, `.`
//! silence.

use super::*;

const LOUD: f32 = -20.0;

fn cell(kind: char) -> ([f32; KINDS], f32) {
    match kind {
        's' => ([0.7, 0.1, 0.1, 0.1], LOUD),
        'g' => ([0.1, 0.7, 0.1, 0.1], LOUD),
        'm' => ([0.1, 0.1, 0.7, 0.1], LOUD),
        'o' => ([0.1, 0.1, 0.1, 0.7], LOUD),
        _ => ([0.25; KINDS], -70.0),
    }
}

/// Cells from pairs of a kind and how many.
fn cells(script: &[(char, usize)]) -> (Vec<[f32; KINDS]>, Vec<f32>) {
    script.iter().flat_map(|(kind, count)| vec![cell(*kind); *count]).unzip()
}

#[track_caller]
fn check(script: &[(char, usize)], expected: &[(SoundClass, usize)]) {
    let (probabilities, levels) = cells(script);
    let spans = spans(&frame_classes(&probabilities, &levels, 0..levels.len()));
    let found: Vec<_> = spans.iter().map(|span| (span.class, span.frames.len())).collect();
    assert_eq!(found, expected, "{script:?}");
}

use SoundClass::{Music, Other, Silence, Singing, Speech};

#[test]
fn nothing_gives_nothing() {
    check(&[], &[]);
}

#[test]
fn a_cell_has_the_likeliest_class() {
    for (kind, class) in [('s', Speech), ('g', Singing), ('m', Music), ('o', Other), ('.', Silence)] {
        check(&[(kind, 40)], &[(class, 40)]);
    }
}

#[test]
fn long_stretches_keep_their_borders() {
    check(
        &[('s', 150), ('m', 250), ('.', 150), ('g', 150)],
        &[(Speech, 150), (Music, 250), (Silence, 150), (Singing, 150)],
    );
}

#[test]
fn a_voice_goes_over_to_another_kind_only_for_long() {
    check(&[('s', 250), ('m', 250), ('s', 250)], &[(Speech, 250), (Music, 250), (Speech, 250)]);
    check(&[('s', 250), ('g', 250), ('s', 250)], &[(Speech, 750)]);
    check(&[('s', 600), ('g', 600)], &[(Speech, 600), (Singing, 600)]);
}

#[test]
fn a_flicker_goes_with_its_surroundings() {
    check(&[('m', 100), ('s', 40), ('m', 100)], &[(Music, 240)]);
    check(&[('o', 100), ('g', 40), ('o', 100)], &[(Other, 240)]);
}

#[test]
fn a_pause_belongs_to_the_sound_beside_it_and_a_longer_one_does_not() {
    check(&[('s', 100), ('.', 79), ('s', 100)], &[(Speech, 279)]);
    check(&[('s', 100), ('o', 70), ('s', 100)], &[(Speech, 270)]);
    check(&[('s', 100), ('.', 80), ('s', 100)], &[(Speech, 100), (Silence, 80), (Speech, 100)]);
    check(&[('s', 150), ('.', 60), ('m', 150)], &[(Speech, 210), (Music, 150)]);
    check(&[('m', 150), ('.', 60), ('s', 150)], &[(Music, 150), (Speech, 210)]);
    check(&[('g', 300), ('.', 60), ('s', 300)], &[(Singing, 360), (Speech, 300)]);
}

#[test]
fn quiet_is_silence_only_when_it_lasts() {
    check(&[('o', 100), ('.', MIN_SILENCE - 1), ('o', 100)], &[(Other, 199 + MIN_SILENCE)]);
    check(
        &[('o', 100), ('.', MIN_SILENCE), ('o', 100)],
        &[(Other, 100), (Silence, MIN_SILENCE), (Other, 100)],
    );
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
fn classes_do_not_depend_on_what_is_further_away_than_the_reach_nor_on_how_many_blocks_are_decided_at_once() {
    let script = [
        ('s', 190),
        ('.', 70),
        ('s', 9),
        ('o', 75),
        ('m', 160),
        ('o', 33),
        ('.', 31),
        ('g', 116),
        ('m', 400),
    ];
    let (probabilities, levels) = cells(&script);
    let whole = frame_classes(&probabilities, &levels, 0..levels.len());
    for start in (0..levels.len()).step_by(BLOCK) {
        let end = (start + BLOCK).min(levels.len());
        let seen = start.saturating_sub(REACH)..(end + REACH).min(levels.len());
        let keep = start - seen.start..end - seen.start;
        assert_eq!(frame_classes(&probabilities[seen.clone()], &levels[seen], keep), whole[start..end]);
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
