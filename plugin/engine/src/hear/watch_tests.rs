use super::*;
use earmark_timeline::rule::Setting;
use std::f64::consts::TAU;

/// Sound as stretches of (milliseconds, level): a wave of 440 Hz, cut off at full scale.
fn wave(hz: u32, parts: &[(u32, f64)]) -> Vec<f32> {
    let mut samples = Vec::new();
    for (ms, level) in parts {
        for _ in 0..ms * hz / 1_000 {
            let phase = TAU * 440.0 * samples.len() as f64 / f64::from(hz);
            samples.push((level * phase.sin()).clamp(-1.0, 1.0) as f32);
        }
    }
    samples
}

fn rules() -> Rules {
    let thresholds = [(Rule::FirstSound, 50), (Rule::Silence, 2), (Rule::Clipping, 3), (Rule::DropOut, 5)];
    thresholds.map(|(rule, threshold)| (rule, Setting { is_on: true, threshold })).into_iter().collect()
}

/// What is found in samples, each rule's repetitions left out.
fn found(hz: u32, samples: &[f32], block: usize, rules: &Rules) -> Vec<Found> {
    let mut watch = Watch::new(SampleRate::new(hz).expect("a rate"));
    let mut found = Vec::new();
    samples.chunks(block).for_each(|part| watch.push(part, rules, &mut found));
    found.dedup_by_key(|(rule, _)| *rule);
    found
}

#[track_caller]
fn check(parts: &[(u32, f64)], expected: &[(Rule, u64, u64)]) {
    for hz in [44_100, 48_000, 96_000] {
        let samples = wave(hz, parts);
        let heard = found(hz, &samples, 256, &rules());
        let near = |(rule, place): &Found, expected: &(Rule, u64, u64)| {
            let (wanted, start, end) = *expected;
            *rule == wanted && place.start.abs_diff(start) <= 1 && place.end.abs_diff(end) <= 1
        };
        let is_right = heard.len() == expected.len() && heard.iter().zip(expected).all(|(a, b)| near(a, b));
        assert!(is_right, "{hz} Hz: {heard:?} instead of {expected:?}");
        for block in [1, 7, samples.len()] {
            assert_eq!(found(hz, &samples, block, &rules()), heard, "{hz} Hz in blocks of {block}");
        }
    }
}

#[test]
fn the_first_sound_is_no_click() {
    check(&[(500, 0.0), (100, 0.3)], &[(Rule::FirstSound, 500, 500)]);
    check(&[(500, 0.0), (3, 0.5), (500, 0.002), (100, 0.3)], &[(Rule::FirstSound, 1_003, 1_003)]);
    check(&[(900, 0.002)], &[]);
}

#[test]
fn silence_lies_between_two_sounds_whatever_clicks_or_hums_softly_in_it() {
    let expected = |end| [(Rule::FirstSound, 0, 0), (Rule::Silence, 500, end)];
    check(&[(500, 0.3), (2_500, 0.0), (500, 0.3)], &expected(3_000));
    check(&[(500, 0.3), (2_500, 0.002), (5, 0.5), (500, 0.002), (500, 0.3)], &expected(3_505));
    check(&[(500, 0.3), (1_900, 0.0), (500, 0.3)], &expected(0)[..1]);
    check(&[(2_500, 0.0), (500, 0.3), (2_500, 0.0)], &[(Rule::FirstSound, 2_500, 2_500)]);
}

#[test]
fn a_wave_that_is_cut_off_is_clipped_and_one_that_is_merely_loud_is_not() {
    check(&[(100, 0.3), (50, 3.0), (100, 0.3)], &[(Rule::FirstSound, 0, 0), (Rule::Clipping, 101, 101)]);
    check(&[(100, 0.3), (50, 1.0), (100, 0.3)], &[(Rule::FirstSound, 0, 0)]);
}

#[test]
fn a_drop_out_is_cut_into_a_sound_that_goes_on() {
    let check = |parts: &[(u32, f64)], expected: Option<(u64, u64)>| {
        let dropped = expected.map(|(start, end)| (Rule::DropOut, start, end));
        check(parts, &[(Rule::FirstSound, 0, 0)].into_iter().chain(dropped).collect::<Vec<_>>());
    };
    check(&[(500, 0.3), (8, 0.0), (500, 0.3)], Some((500, 508)));
    check(&[(500, 0.3), (900, 0.0), (500, 0.3)], Some((500, 1_400)));
    // Too short, too long, hardly heard, faded out, as coarse as 8 bits make what fades out.
    check(&[(500, 0.3), (3, 0.0), (500, 0.3)], None);
    check(&[(500, 0.3), (1_100, 0.0), (500, 0.3)], None);
    check(&[(500, 0.006), (8, 0.0), (500, 0.006)], None);
    check(&[(500, 0.3), (2, 0.2), (2, 0.1), (2, 0.01), (8, 0.0), (500, 0.3)], None);
    check(&[(500, 0.015), (8, 0.0), (500, 0.015)], None);
}

#[test]
fn a_rule_that_is_off_finds_nothing_and_what_is_no_number_is_silence() {
    let samples = wave(48_000, &[(500, 0.3), (8, 0.0), (500, 3.0)]);
    let off: Rules =
        Rule::ALL.map(|rule| (rule, Setting { is_on: false, threshold: 5 })).into_iter().collect();
    assert_eq!(found(48_000, &samples, 256, &off), []);
    let broken = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY].repeat(48_000);
    assert_eq!(found(48_000, &broken, 256, &rules()), []);
}
