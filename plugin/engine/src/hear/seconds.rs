//! What YAMNet tells once a second, for the rules that ask about it.

use super::Found;
use super::crowd::Crowd;
use super::sections::Sections;
use crate::infer::classify::{CrowdScores, Second};
use earmark_timeline::rule::Rules;

/// Where a second begins, in milliseconds of the run.
pub(super) const fn begins_at(step: u64) -> u64 {
    step * 1_000
}

/// One run's seconds, one after the other.
#[derive(Default)]
pub(crate) struct BySecond {
    /// The one after the last that was looked at.
    next: u64,
    crowd: Crowd,
    sections: Sections,
}

impl BySecond {
    /// Takes a second, of which there may be holes before; what the rules find is over by then.
    pub(crate) fn hear(&mut self, step: u64, second: &mut Second, rules: &Rules, found: &mut Vec<Found>) {
        self.next = step + 1;
        self.crowd.look(step, second.crowd, rules, found);
        self.sections.look(step, second.timbre.take(), rules, found);
    }

    /// What lasted until the run's end.
    pub(crate) fn end(mut self, rules: &Rules, found: &mut Vec<Found>) {
        self.crowd.look(self.next, CrowdScores::default(), rules, found);
        self.sections.end(rules, found);
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

    /// What is found in these per cents of applause, a second each, the first so many seconds into the run.
    fn found(first: u64, percents: &[u8], rules: &Rules) -> Vec<Found> {
        let mut heard = BySecond::default();
        let mut found = Vec::new();
        for (step, percent) in (first..).zip(percents) {
            let crowd = CrowdScores { applause: f32::from(*percent) / 100.0, laughter: 0.0 };
            heard.hear(step, &mut Second { crowd, ..Second::silent() }, rules, &mut found);
        }
        heard.end(rules, &mut found);
        found
    }

    #[test]
    fn applause_begins_at_the_threshold_and_lasts_to_half_of_it() {
        let check = |first: u64, percents: &[u8], expected: &[(u64, u64)]| {
            let found = found(first, percents, &rules()).into_iter();
            let places: Vec<_> = found.map(|(rule, place)| (rule, place.start, place.end)).collect();
            let expected: Vec<_> = expected.iter().map(|place| (Rule::Applause, place.0, place.1)).collect();
            assert_eq!(places, expected, "{percents:?}");
        };
        check(0, &[0, 49, 0], &[]);
        check(0, &[0, 50, 0], &[(1_000, 2_000)]);
        check(0, &[60, 25, 24, 30, 0], &[(0, 2_000)]);
        check(0, &[0, 60, 0, 90, 90], &[(1_000, 2_000), (3_000, 5_000)]);
        check(4, &[90], &[(4_000, 5_000)]);
    }

    #[test]
    fn a_rule_that_is_off_finds_nothing() {
        assert_eq!(found(0, &[100, 0], &Rules::default()), []);
    }
}
