//! Where a crowd applauds or laughs, by what YAMNet tells once a second.

use super::Found;
use crate::infer::classify::fuse::PATCH_STEP;
use crate::infer::classify::{CELL_SAMPLES, CrowdScores};
use earmark_timeline::rule::{Rule, Rules};
use std::collections::BTreeMap;
use std::ops::Range;

/// Samples from one score to the next one's.
const STEP_SAMPLES: u64 = (PATCH_STEP * CELL_SAMPLES) as u64;

/// A score stands for so many milliseconds, with its sample in the middle.
const STEP_MS: u64 = PATCH_STEP as u64 * 10;

/// What began at a score of the threshold lasts while the score is this part of it.
const LASTING: f32 = 0.5;

/// One run's crowd. Scores may come in any order.
#[derive(Default)]
pub(crate) struct Crowd {
    /// The first step that was not looked at.
    next: u64,
    waiting: BTreeMap<u64, CrowdScores>,
    /// The steps of what lasts.
    applause: Option<Range<u64>>,
    laughter: Option<Range<u64>>,
}

impl Crowd {
    /// Takes the scores from a sample of the run on; what the rules find is over by then.
    pub(crate) fn hear(&mut self, start: u64, scores: &[CrowdScores], rules: &Rules) -> Vec<Found> {
        self.waiting.extend((start / STEP_SAMPLES..).zip(scores.iter().copied()));
        let mut found = Vec::new();
        while let Some(scores) = self.waiting.remove(&self.next) {
            self.look(self.next, scores, rules, &mut found);
        }
        found
    }

    /// What lasted until the run's end, and what waited for scores that never came.
    pub(crate) fn end(mut self, rules: &Rules) -> Vec<Found> {
        let mut found = Vec::new();
        for (step, scores) in std::mem::take(&mut self.waiting) {
            self.look(step, scores, rules, &mut found);
        }
        self.look(self.next, CrowdScores::default(), rules, &mut found);
        found
    }

    fn look(&mut self, step: u64, scores: CrowdScores, rules: &Rules, found: &mut Vec<Found>) {
        self.next = step + 1;
        let heard = [
            (Rule::Applause, &mut self.applause, scores.applause),
            (Rule::Laughter, &mut self.laughter, scores.laughter),
        ];
        for (rule, lasting, score) in heard {
            let threshold = rules.threshold(rule).map(|percent| f32::from(percent) / 100.0);
            let least = threshold.map(|least| if lasting.is_some() { LASTING * least } else { least });
            if least.is_some_and(|least| score >= least) {
                lasting.get_or_insert(step..step).end = step + 1;
            } else if let Some(steps) = lasting.take() {
                let at = |step: u64| (step * STEP_MS).saturating_sub(STEP_MS / 2);
                found.push((rule, at(steps.start)..at(steps.end)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use earmark_timeline::rule::Setting;

    /// What is found in these per cents of applause, a second each, given in pieces of so many from the last to the
    /// first.
    fn found(percents: &[u8], piece: usize) -> Vec<(u64, u64)> {
        let set = |rules: Rules, rule| rules.with(rule, Setting { is_on: true, threshold: 50 });
        let rules = [Rule::Applause, Rule::Laughter].into_iter().fold(Rules::default(), set);
        let scores = |percent: &u8| CrowdScores { applause: f32::from(*percent) / 100.0, laughter: 0.0 };
        let scores: Vec<_> = percents.iter().map(scores).collect();
        let mut crowd = Crowd::default();
        let mut found = Vec::new();
        for (index, scores) in scores.chunks(piece).enumerate().rev() {
            found.extend(crowd.hear((index * piece) as u64 * STEP_SAMPLES, scores, &rules));
        }
        found.extend(crowd.end(&rules));
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
    fn a_score_that_never_comes_holds_up_nothing_but_the_end() {
        let rules = Rules::default().with(Rule::Applause, Setting { is_on: true, threshold: 50 });
        let mut crowd = Crowd::default();
        let loud = CrowdScores { applause: 0.9, laughter: 0.0 };
        assert_eq!(crowd.hear(4 * STEP_SAMPLES, &[loud], &rules), []);
        assert_eq!(crowd.end(&rules), [(Rule::Applause, 3_500..4_500)]);
    }

    #[test]
    fn a_rule_that_is_off_finds_nothing() {
        let loud = CrowdScores { applause: 1.0, laughter: 1.0 };
        let mut crowd = Crowd::default();
        assert_eq!(crowd.hear(0, &[loud, CrowdScores::default()], &Rules::default()), []);
        assert_eq!(crowd.end(&Rules::default()), []);
    }
}
