//! Where a new section begins: what was alike before and is alike after, and is not the same.
//!
//! Foote, "Automatic audio segmentation using a measure of audio novelty" (2000): a checkerboard is drawn along the
//! diagonal of what each second has in common with each other one. Seconds in which nothing is to be heard are left
//! out, so that a pause is no section.

use super::Found;
use super::seconds::begins_at;
use crate::infer::classify::timbre::Timbre;
use earmark_timeline::rule::{Rule, Rules};
use std::collections::VecDeque;
use std::ops::Range;

/// So many seconds to each side are looked at; of ten fewer borders were found, of six more were made up.
const REACH: usize = 8;

/// So many are enough where the run begins or ends.
const LEAST: usize = 4;

/// How wide the checkerboard is, as the spread of a normal distribution, in seconds.
const SPREAD: f32 = REACH as f32 / 2.0;

/// One run's sections. What is found comes [`REACH`] seconds twice over after it was heard.
#[derive(Default)]
pub(super) struct Sections {
    /// The newest seconds in which something was heard, and which they are.
    heard: VecDeque<(u64, Timbre)>,
    /// How new the newest seconds are against those before each.
    novelty: VecDeque<(u64, f32)>,
}

impl Sections {
    /// Takes the next second.
    pub(super) fn look(&mut self, step: u64, timbre: Option<Timbre>, rules: &Rules, found: &mut Vec<Found>) {
        let Some(threshold) = rules.threshold(Rule::Section) else { return *self = Self::default() };
        let Some(timbre) = timbre else { return };
        self.heard.push_back((step, timbre));
        if self.heard.len() > 2 * REACH {
            self.heard.pop_front();
        }
        if self.heard.len() >= LEAST + REACH {
            self.measure(self.heard.len() - REACH);
            if let Some(judged) = self.novelty.len().checked_sub(REACH + 1) {
                self.judge(judged, threshold, found);
            }
            if self.novelty.len() > 2 * REACH {
                self.novelty.pop_front();
            }
        }
    }

    /// Takes note that no second follows.
    pub(super) fn end(mut self, rules: &Rules, found: &mut Vec<Found>) {
        let Some(threshold) = rules.threshold(Rule::Section) else { return };
        let unjudged = self.novelty.len().saturating_sub(REACH);
        let first = LEAST.max((self.heard.len() + 1).saturating_sub(REACH));
        for border in first..=self.heard.len().saturating_sub(LEAST) {
            self.measure(border);
        }
        for judged in unjudged..self.novelty.len() {
            self.judge(judged, threshold, found);
        }
    }

    /// Measures how new what is heard from `border` on is.
    fn measure(&mut self, border: usize) {
        let before = border.saturating_sub(REACH)..border;
        let after = border..self.heard.len().min(border + REACH);
        // How alike they are in the mean, weighed by how near they are to the border.
        let alike = |ones: &Range<usize>, others: &Range<usize>| {
            let weight = |at: usize| {
                let away = (at as f32 + 0.5 - border as f32) / SPREAD;
                (-0.5 * away * away).exp()
            };
            let (mut sum, mut weights) = (0.0, 0.0);
            for one in ones.clone() {
                // A second is like itself, which says nothing.
                for other in others.clone().filter(|other| *other != one) {
                    let weight = weight(one) * weight(other);
                    sum += weight * self.heard[one].1.likeness(&self.heard[other].1);
                    weights += weight;
                }
            }
            sum / weights
        };
        let within = f32::midpoint(alike(&before, &before), alike(&after, &after));
        self.novelty.push_back((self.heard[border].0, within - alike(&before, &after)));
    }

    /// A section begins where nothing within reach is newer. What is newest at the very first or last border may have
    /// begun beyond it.
    fn judge(&self, judged: usize, threshold: u16, found: &mut Vec<Found>) {
        let (step, novelty) = self.novelty[judged];
        let is_inner = (1..self.novelty.len() - 1).contains(&judged);
        let reach = judged.saturating_sub(REACH)..(judged + REACH + 1).min(self.novelty.len());
        let mut around = self.novelty.range(reach);
        let is_newest = around.all(|(other, new)| *new < novelty || (*new == novelty && *other >= step));
        if is_inner && is_newest && novelty * 100.0 >= f32::from(threshold) {
            found.push((Rule::Section, begins_at(step)..begins_at(step)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infer::classify::yamnet::{CLASSES, MEL_BINS};
    use earmark_timeline::rule::Setting;

    /// A second of an instrument, which wavers from one second to the next.
    fn timbre(instrument: usize, second: u64) -> Timbre {
        let mut scores = [0.0; CLASSES];
        let waver = [0.0, 0.05, -0.1, 0.02, 0.08][second as usize % 5];
        scores[instrument] = 0.7 + waver;
        // Neighbours share a name, so that no border is as sharp as it could be.
        scores[instrument / 2] = 0.4 - waver;
        let bright = if instrument.is_multiple_of(2) { 0.5 } else { -0.5 };
        let frame: Vec<f32> = (0..MEL_BINS).map(|band| bright * band as f32 / 32.0 + waver).collect();
        Timbre::new(&scores, &frame)
    }

    fn rules(threshold: u16) -> Rules {
        Rules::default().with(Rule::Section, Setting { is_on: true, threshold })
    }

    /// Where sections begin in passages of (instrument or silence, seconds).
    fn found(passages: &[(Option<usize>, u64)], rules: &Rules) -> Vec<u64> {
        let (mut sections, mut found, mut second) = (Sections::default(), Vec::new(), 0);
        for (instrument, length) in passages {
            for _ in 0..*length {
                let timbre = instrument.map(|instrument| timbre(instrument, second));
                sections.look(second, timbre, rules, &mut found);
                second += 1;
            }
        }
        sections.end(rules, &mut found);
        found.into_iter().map(|(_, place)| place.start).collect()
    }

    #[track_caller]
    fn check(passages: &[(Option<usize>, u64)], expected: &[u64]) {
        assert_eq!(found(passages, &rules(12)), expected, "{passages:?}");
    }

    #[test]
    fn a_section_begins_where_another_instrument_takes_over() {
        check(&[(Some(20), 60)], &[]);
        check(&[(Some(20), 12), (Some(31), 12)], &[12_000]);
        check(&[(Some(20), 16), (Some(31), 20), (Some(20), 9), (Some(53), 40)], &[16_000, 36_000, 45_000]);
        // A fill is no section, nor is what has hardly begun.
        check(&[(Some(20), 20), (Some(31), 1), (Some(20), 20)], &[]);
        check(&[(Some(20), 20), (Some(31), 3)], &[]);
        check(&[(Some(20), 3), (Some(31), 20)], &[]);
        check(&[(Some(20), 5), (Some(31), 5)], &[5_000]);
    }

    #[test]
    fn a_pause_is_no_section_and_what_is_new_begins_after_it() {
        check(&[(Some(20), 12), (None, 30), (Some(20), 12)], &[]);
        check(&[(None, 5), (Some(20), 12), (None, 3), (Some(31), 12), (None, 9)], &[20_000]);
        check(&[(None, 40)], &[]);
    }

    #[test]
    fn a_higher_threshold_asks_for_more_and_a_rule_that_is_off_for_everything() {
        let passages = [(Some(20), 12), (Some(21), 12)];
        assert_eq!(found(&passages, &rules(12)), [12_000]);
        assert_eq!(found(&passages, &rules(60)), []);
        assert_eq!(found(&passages, &Rules::default()), []);
    }
}
