use super::*;

/// Probabilities as runs of (frames, probability), at a level that equals the probability.
fn check(stream: &[(usize, f32)], expected: &[(Range<u64>, Range<u64>)]) {
    let mut cutter = Cutter::new(CutRule::default());
    let mut found = Vec::new();
    for (frames, probability) in stream {
        for _ in 0..*frames {
            if let Some(Cut::Closed(segment)) = cutter.push(*probability, *probability) {
                found.push(segment);
            }
        }
    }
    found.extend(cutter.finish());
    let frames = |range: &Range<u64>| range.start / FRAME as u64..range.end / FRAME as u64;
    let found: Vec<_> =
        found.iter().map(|segment| (frames(&segment.audio), frames(&segment.speech))).collect();
    assert_eq!(found, expected);
}

#[test]
fn speech_between_silences_is_one_segment_with_room_around_it() {
    check(&[(40, 0.0), (50, 0.9), (40, 0.0)], &[(31..95, 40..90)]);
}

#[test]
fn a_breath_or_click_is_no_segment() {
    check(&[(40, 0.0), (7, 0.9), (40, 0.0)], &[]);
}

#[test]
fn a_short_pause_or_a_dip_does_not_cut() {
    check(&[(20, 0.9), (13, 0.0), (20, 0.9), (5, 0.4), (9, 0.9)], &[(0..67, 0..67)]);
}

#[test]
fn segments_never_overlap() {
    check(&[(20, 0.9), (14, 0.0), (20, 0.9), (30, 0.0)], &[(0..25, 0..20), (25..59, 34..54)]);
}

#[test]
fn endless_speech_is_cut_where_it_is_quietest_and_nothing_is_lost() {
    check(&[(400, 0.9), (1, 0.6), (99, 0.9)], &[(0..400, 0..400), (400..500, 400..500)]);
}

#[test]
fn what_is_open_at_the_end_of_a_run_is_kept() {
    check(&[(10, 0.0), (30, 0.9)], &[(1..40, 10..40)]);
}

#[test]
fn what_may_still_be_asked_for_is_kept() {
    let mut cutter = Cutter::new(CutRule::default());
    for _ in 0..100 {
        assert!(cutter.push(0.0, 0.0).is_none());
    }
    assert_eq!(cutter.keep_from(), 91 * FRAME as u64);
    assert!(cutter.push(0.9, 0.9).is_none());
    assert_eq!(cutter.keep_from(), 91 * FRAME as u64);
}

/// Everything that is decided, with the frame that decided it and the frames of the segment's audio.
fn check_cuts(stream: &[(usize, f32)], expected: &[(usize, &str, Range<u64>)]) {
    let mut cutter = Cutter::new(CutRule::default());
    let mut cuts = Vec::new();
    let frames = stream.iter().flat_map(|(frames, probability)| std::iter::repeat_n(probability, *frames));
    for (at, probability) in frames.enumerate() {
        let (name, audio) = match cutter.push(*probability, *probability) {
            Some(Cut::Paused(segment)) => ("paused", segment.audio),
            Some(Cut::Closed(segment)) => ("closed", segment.audio),
            Some(Cut::Resumed) => ("resumed", 0..0),
            None => continue,
        };
        cuts.push((at + 1, name, audio.start / FRAME as u64..audio.end / FRAME as u64));
    }
    assert_eq!(cuts, expected);
}

#[test]
fn a_silence_that_holds_closes_what_the_pause_foretold() {
    check_cuts(&[(20, 0.9), (30, 0.0)], &[(25, "paused", 0..25), (34, "closed", 0..25)]);
}

#[test]
fn who_speaks_on_takes_the_pause_back() {
    check_cuts(
        &[(20, 0.9), (4, 0.0), (20, 0.9), (6, 0.0), (9, 0.9), (30, 0.0)],
        &[(49, "paused", 0..49), (51, "resumed", 0..0), (64, "paused", 0..64), (73, "closed", 0..64)],
    );
}

#[test]
fn too_little_speech_foretells_nothing() {
    check_cuts(&[(7, 0.9), (6, 0.0), (1, 0.9), (6, 0.0)], &[(19, "paused", 0..19)]);
}

#[test]
fn endless_speech_is_cut_in_its_pauses_and_never_in_the_middle_of_one() {
    // The longest is reached in the pause; the cut waits for what comes after it.
    check_cuts(
        &[(465, 0.9), (8, 0.0), (20, 0.9), (14, 0.0)],
        &[
            (470, "paused", 0..470),
            (474, "closed", 0..465),
            (498, "paused", 465..498),
            (507, "closed", 465..498),
        ],
    );
}

#[test]
fn the_rule_keeps_what_its_parts_promise_each_other() {
    let rule = CutRule::default();
    assert!(rule.post_roll <= rule.pause && rule.pause < rule.end_silence);
    assert!(rule.end_silence < rule.cut_zone && rule.cut_zone < rule.longest);
}
