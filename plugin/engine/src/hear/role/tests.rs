use super::*;

/// Every name of the groups once, in the order of the groups.
fn names() -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in GROUPS.iter().flat_map(|group| group.iter()).flat_map(|(first, last)| [first, last]) {
        if !names.iter().any(|other| other == name) {
            names.push((*name).to_owned());
        }
    }
    names
}

#[test]
fn a_recording_like_the_mean_of_a_role_has_that_role() {
    for (role, centre) in Role::ALL.into_iter().zip(&CENTRES) {
        let stem = stem(centre, &[], std::iter::empty());
        let (likeliest, probability) = stem.likely[0];
        assert_eq!((likeliest, stem.role), (role, Some(role)), "{probability}");
        assert!(stem.likely.is_sorted_by(|one, other| one.1 >= other.1) && probability < 1.0);
    }
}

#[test]
fn probabilities_add_up_to_one_however_strange_the_figures_are() {
    for figure in [-1e3, 0.0, 1e3] {
        let all: f32 = probabilities(&[figure; FIGURES]).iter().sum();
        assert!((all - 1.0).abs() < 1e-5, "{figure}: {all}");
    }
}

#[test]
fn what_lies_between_all_roles_is_not_sure() {
    let middle =
        std::array::from_fn(|at| CENTRES.iter().map(|centre| centre[at]).sum::<f32>() / CENTRES.len() as f32);
    let stem = stem(&middle, &[], std::iter::empty());
    assert_eq!((stem.role, stem.likely.len()), (None, LIKELY));
}

#[test]
fn the_most_heard_names_are_told_and_faint_ones_are_not() {
    let names: Vec<String> = (0..12).map(|name| name.to_string()).collect();
    let scores = [0.2, 0.049, 0.9, 0.05];
    let tags = |scores: &[f32]| stem(&CENTRES[0], &names, scores.iter().copied()).tags;
    let told: Vec<_> = tags(&scores).into_iter().map(|tag| (tag.name, tag.score)).collect();
    assert_eq!(told, [("2", 0.9), ("0", 0.2), ("3", 0.05)].map(|(name, score)| (name.to_owned(), score)));
    assert_eq!(tags(&[0.5; 12]).len(), TAGS);
}

#[test]
fn a_class_that_is_missing_is_noticed() {
    let names = names();
    assert!(Groups::find(&names).is_some());
    for missing in 0..names.len() {
        let rest = [&names[..missing], &names[missing + 1..]].concat();
        assert!(Groups::find(&rest).is_none(), "{}", names[missing]);
    }
}

#[test]
fn log_odds_of_shares_are_even_at_a_half_and_have_an_end() {
    assert_eq!(log_odds(0.5), 0.0);
    assert!((log_odds(1.0) + log_odds(0.0)).abs() < 1e-6 && log_odds(1.0) < 2.4);
}
