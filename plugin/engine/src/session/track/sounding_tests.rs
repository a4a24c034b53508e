use super::*;
use crate::infer::classify::course::STRETCH;
use crate::infer::classify::fuse::{self, PATCH_STEP};
use crate::infer::classify::{CrowdScores, Second};
use crate::session::scripted::LevelRoles;
use earmark_timeline::rule::{Rule, Setting};
use earmark_timeline::tag::SoundClass;

const STRETCH_SAMPLES: u64 = (STRETCH * CELL_SAMPLES) as u64;

fn rules() -> Rules {
    Rules::default().with(Rule::Applause, Setting { is_on: true, threshold: 50 })
}

/// A stretch of speech, with so much applause throughout.
fn part(applause: f32) -> Answer {
    let second = Second {
        tags: fuse::tags([0.9, 0.0, 0.0, 0.0, 0.0, 0.0]),
        crowd: CrowdScores { applause, laughter: 0.0 },
        ..Second::silent()
    };
    let part = Part {
        probabilities: vec![[0.99, 0.01, 0.01]; STRETCH],
        levels: vec![0.0; STRETCH],
        seconds: vec![second; STRETCH / PATCH_STEP],
        ..Part::default()
    };
    Some((part, Arc::new(LevelRoles)))
}

/// Cells and marks after stretches in this order, numbered from the run's first; those in `failed` come to nothing.
fn told(order: &[u64], failed: &[u64]) -> (Vec<Range<usize>>, Vec<Found>) {
    let first = *order.iter().min().expect("a stretch");
    let mut sounding = Sounding::beginning_at(first * STRETCH_SAMPLES);
    let (mut cells, mut found) = (Vec::new(), Vec::new());
    let mut take = |news: News| {
        for (stretch, _) in news.stretches {
            assert!(stretch.classes.iter().all(|cell| cell.class == SoundClass::Speech));
            cells.push(stretch.cells);
        }
        found.extend(news.found);
    };
    for number in order {
        let start = number * STRETCH_SAMPLES;
        let answer = if failed.contains(number) { None } else { part(if *number == 2 { 0.9 } else { 0.0 }) };
        take(sounding.hear(&(start..start + STRETCH_SAMPLES), answer, &rules()));
    }
    take(sounding.end(&rules()));
    take(sounding.end(&rules()));
    (cells, found)
}

fn stretches(numbers: impl IntoIterator<Item = usize>) -> Vec<Range<usize>> {
    numbers.into_iter().map(|number| number * STRETCH..(number + 1) * STRETCH).collect()
}

#[test]
fn parts_count_in_their_own_order_whatever_order_they_come_in() {
    let applause = vec![(Rule::Applause, 8_000..12_000)];
    for order in [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [1, 0, 4, 2, 3]] {
        assert_eq!(told(&order, &[]), (stretches(0..5), applause.clone()), "{order:?}");
    }
}

#[test]
fn a_run_that_is_heard_from_its_middle_on_is_told_from_there_on() {
    assert_eq!(told(&[3, 4], &[]), (stretches(3..5), Vec::new()));
}

#[test]
fn a_part_that_failed_leaves_a_hole_and_holds_nothing_up() {
    let applause = vec![(Rule::Applause, 8_000..12_000)];
    assert_eq!(told(&[0, 1, 2, 3], &[1]), (stretches([0, 2, 3]), applause));
    assert_eq!(told(&[0, 1, 2], &[0, 1, 2]), (Vec::new(), Vec::new()));
}
