use super::*;

/// Log odds and tags of a cell in which the models hear only what is named.
fn cell(aed: [f32; 3], scores: [f32; GROUPS]) -> [f32; KINDS] {
    probabilities(&figures(&[aed; 3], 1..2, &[tags(scores); 2])[0])
}

#[track_caller]
fn check(aed: [f32; 3], scores: [f32; GROUPS], expected: usize) {
    let found = cell(aed, scores);
    let best = (0..KINDS).max_by(|one, other| found[*one].total_cmp(&found[*other]));
    assert_eq!(best, Some(expected), "{found:?}");
    assert!((found.iter().sum::<f32>() - 1.0).abs() < 1e-5);
}

#[test]
fn what_both_models_hear_is_likeliest() {
    check([0.95, 0.01, 0.01], [0.9, 0.0, 0.0, 0.0, 0.0, 0.0], 0);
    check([0.1, 0.9, 0.1], [0.1, 0.5, 0.1, 0.0, 0.0, 0.0], 1);
    check([0.01, 0.01, 0.95], [0.0, 0.0, 0.9, 0.3, 0.0, 0.0], 2);
    check([0.01, 0.01, 0.05], [0.0, 0.0, 0.0, 0.0, 0.1, 0.8], 3);
}

#[test]
fn tags_go_over_into_one_another() {
    let (one, other) = (tags([0.0; GROUPS]), tags([1.0; GROUPS]));
    let figures = figures(&[[0.5; 3]; PATCH_STEP + 50], 0..PATCH_STEP + 50, &[one, other, other]);
    let speech = |cell: usize| figures[cell][6];
    assert_eq!((speech(0), speech(PATCH_STEP), speech(PATCH_STEP + 49)), (one[0], other[0], other[0]));
    assert!((speech(PATCH_STEP / 2) - (one[0] + other[0]) / 2.0).abs() < 1e-6);
}

#[test]
fn no_figure_depends_on_probabilities_further_away_than_is_averaged() {
    let course: Vec<[f32; 3]> =
        (0..400).map(|cell| [0, 1, 2].map(|kind| ((cell * 7 + kind * 31) % 97) as f32 / 97.0)).collect();
    let tags = [tags([0.1; GROUPS]); 6];
    let whole = figures(&course, 0..400, &tags);
    let cut = figures(&course[200 - AROUND..300 + AROUND], AROUND..AROUND + 100, &tags);
    assert_eq!(cut, whole[200..300]);
}
