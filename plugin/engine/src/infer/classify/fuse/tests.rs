use super::*;

/// A part with these probabilities in its cells and scores in its seconds.
fn part(probabilities: &[[f32; 3]], scores: &[[f32; GROUPS]]) -> Part {
    let second = |scores: &[f32; GROUPS]| Second { tags: tags(*scores), ..Second::silent() };
    Part {
        probabilities: probabilities.to_vec(),
        levels: vec![-20.0; probabilities.len()],
        seconds: scores.iter().map(second).collect(),
        ..Part::default()
    }
}

/// Log odds and tags of a cell in which the models hear only what is named.
fn cell(aed: [f32; 3], scores: [f32; GROUPS]) -> [f32; KINDS] {
    probabilities(&figures(&part(&[aed; 3], &[scores]), 1..2)[0])
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
fn tags_go_over_into_one_another_from_middle_to_middle() {
    let (one, other) = (tags([0.0; GROUPS]), tags([1.0; GROUPS]));
    let part = part(&[[0.5; 3]; 3 * PATCH_STEP], &[[0.0; GROUPS], [1.0; GROUPS], [1.0; GROUPS]]);
    let figures = figures(&part, 0..3 * PATCH_STEP);
    let check = |cell: usize, expected: f32| {
        assert!((figures[cell][6] - expected).abs() < 1e-6, "cell {cell}: {}", figures[cell][6]);
    };
    check(0, one[0]);
    check(PATCH_REACH, one[0]);
    check(PATCH_REACH + PATCH_STEP / 2, f32::midpoint(one[0], other[0]));
    check(PATCH_REACH + PATCH_STEP, other[0]);
    check(3 * PATCH_STEP - 1, other[0]);
}
