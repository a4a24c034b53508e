//! What YAMNet tells once a second, put in order for the rules that ask about it.

use super::Found;
use super::crowd::Crowd;
use super::sections::Sections;
use crate::infer::classify::fuse::PATCH_STEP;
use crate::infer::classify::{CELL_SAMPLES, CrowdScores, Second};
use earmark_timeline::rule::Rules;
use std::collections::BTreeMap;

/// Samples from one second to the next.
const STEP_SAMPLES: u64 = (PATCH_STEP * CELL_SAMPLES) as u64;

/// The same in milliseconds.
const STEP_MS: u64 = PATCH_STEP as u64 * 10;

/// Where what a second stands for begins, in milliseconds of the run: YAMNet heard it around the second itself.
pub(super) const fn begins_at(step: u64) -> u64 {
    (step * STEP_MS).saturating_sub(STEP_MS / 2)
}

/// One run's seconds, which may come in any order.
#[derive(Default)]
pub(crate) struct BySecond {
    /// The first that was not looked at.
    next: u64,
    waiting: BTreeMap<u64, Second>,
    crowd: Crowd,
    sections: Sections,
}

impl BySecond {
    /// Takes the seconds from a sample of the run on; what the rules find is over by then.
    pub(crate) fn hear(&mut self, start: u64, seconds: Vec<Second>, rules: &Rules) -> Vec<Found> {
        self.waiting.extend((start / STEP_SAMPLES..).zip(seconds));
        let mut found = Vec::new();
        while let Some(second) = self.waiting.remove(&self.next) {
            self.look(self.next, second, rules, &mut found);
        }
        found
    }

    /// What lasted until the run's end, and what waited for seconds that never came.
    pub(crate) fn end(mut self, rules: &Rules) -> Vec<Found> {
        let mut found = Vec::new();
        for (step, second) in std::mem::take(&mut self.waiting) {
            self.look(step, second, rules, &mut found);
        }
        self.crowd.look(self.next, CrowdScores::default(), rules, &mut found);
        self.sections.end(rules, &mut found);
        found
    }

    fn look(&mut self, step: u64, second: Second, rules: &Rules, found: &mut Vec<Found>) {
        self.next = step + 1;
        self.crowd.look(step, second.crowd, rules, found);
        self.sections.look(step, second.timbre, rules, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use earmark_timeline::rule::{Rule, Setting};

    fn rules() -> Rules {
        let set = |rules: Rules, rule| rules.with(rule, Setting { is_on: true, threshold: 50 });
        [Rule::Applause, Rule::Laughter].into_iter().fold(Rules::default(), set)
    }

    fn applause(percent: u8) -> Second {
        let crowd = CrowdScores { applause: f32::from(percent) / 100.0, laughter: 0.0 };
        Second { crowd, ..Second::default() }
    }

    /// What is found in these per cents of applause, a second each, given in pieces of so many from the last to the
    /// first.
    fn found(percents: &[u8], piece: usize) -> Vec<(u64, u64)> {
        let seconds: Vec<_> = percents.iter().copied().map(applause).collect();
        let mut heard = BySecond::default();
        let mut found = Vec::new();
        for (index, seconds) in seconds.chunks(piece).enumerate().rev() {
            found.extend(heard.hear((index * piece) as u64 * STEP_SAMPLES, seconds.to_vec(), &rules()));
        }
        found.extend(heard.end(&rules()));
        assert!(found.iter().all(|(rule, _)| *rule == Rule::Applause));
        found.into_iter().map(|(_, place)| (place.start, place.end)).collect()
    }

    #[test]
    fn applause_begins_at_the_threshold_and_lasts_to_half_of_it_in_whatever_order_it_is_told() {
        let check = |percents: &[u8], expected: &[(u64, u64)]| {
            for piece in 1..=percents.len() {
                assert_eq!(found(percents, piece), expected, "{percents:?} by {piece}");
            }
        };
        check(&[0, 49, 0], &[]);
        check(&[0, 50, 0], &[(500, 1_500)]);
        check(&[60, 25, 24, 30, 0], &[(0, 1_500)]);
        check(&[0, 60, 0, 90, 90], &[(500, 1_500), (2_500, 4_500)]);
    }

    #[test]
    fn a_second_that_never_comes_holds_up_nothing_but_the_end() {
        let mut heard = BySecond::default();
        assert_eq!(heard.hear(4 * STEP_SAMPLES, vec![applause(90)], &rules()), []);
        assert_eq!(heard.end(&rules()), [(Rule::Applause, 3_500..4_500)]);
    }

    #[test]
    fn a_rule_that_is_off_finds_nothing() {
        let mut heard = BySecond::default();
        assert_eq!(heard.hear(0, vec![applause(100), applause(0)], &Rules::default()), []);
        assert_eq!(heard.end(&Rules::default()), []);
    }
}
