//! Where a crowd applauds or laughs, by what YAMNet tells once a second.

use super::Found;
use super::seconds::begins_at;
use crate::infer::classify::CrowdScores;
use earmark_timeline::rule::{Rule, Rules};
use std::ops::Range;

/// What began at a score of the threshold lasts while the score is this part of it.
const LASTING: f32 = 0.5;

/// One run's crowd.
#[derive(Default)]
pub(super) struct Crowd {
    /// The seconds of what lasts.
    applause: Option<Range<u64>>,
    laughter: Option<Range<u64>>,
}

impl Crowd {
    /// Takes the scores of a second and adds what is over by then.
    pub(super) fn look(&mut self, step: u64, scores: CrowdScores, rules: &Rules, found: &mut Vec<Found>) {
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
                found.push((rule, begins_at(steps.start)..begins_at(steps.end)));
            }
        }
    }
}
