//! What the classifiers hear of a run, part by part: its classes, what plays, and what rules ask about.

use super::Track;
use crate::hear::{BySecond, Found, Plays, Roles, Shares};
use crate::infer::classify::{CELL_SAMPLES, Course, Part, SECOND_SAMPLES, Stretch};
use crate::session::annotate::write_stretch;
use earmark_timeline::clock::Run;
use earmark_timeline::rule::Rules;
use earmark_timeline::sound::{Role, Stem};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// What a part came to: both models' answer and who tells from it what plays, or nothing where they failed.
pub(super) type Answer = Option<(Part, Arc<dyn Roles>)>;

/// A run as far as the classifiers have heard it; parts may come in any order, and count in their own.
pub(super) struct Sounding {
    /// Where the next part begins, in samples of the run's 16 kHz stream.
    next: u64,
    /// Parts that came before their turn, by their starts, with their ends.
    waiting: BTreeMap<u64, (u64, Answer)>,
    /// The classes since the run's beginning, or since the last part that failed.
    course: Option<Course>,
    seconds: BySecond,
    plays: Option<Plays>,
}

/// What is known anew.
#[derive(Default)]
struct News {
    stretches: Vec<(Stretch, Option<(Role, f32)>)>,
    found: Vec<Found>,
}

impl Sounding {
    fn beginning_at(next: u64) -> Self {
        Self { next, waiting: BTreeMap::new(), course: None, seconds: BySecond::default(), plays: None }
    }

    /// What plays in what was heard so far, in which classes have these shares.
    pub(super) fn stem(&self, shares: &Shares) -> Option<Stem> {
        self.plays.as_ref()?.stem(shares)
    }

    fn hear(&mut self, range: &Range<u64>, answer: Answer, rules: &Rules) -> News {
        self.waiting.insert(range.start, (range.end, answer));
        let mut news = News::default();
        while let Some((end, answer)) = self.waiting.remove(&self.next) {
            match answer {
                Some((part, roles)) => self.hear_part(part, roles, rules, &mut news),
                None => self.end_course(&mut news),
            }
            self.next = end;
        }
        news
    }

    fn hear_part(&mut self, mut part: Part, roles: Arc<dyn Roles>, rules: &Rules, news: &mut News) {
        let plays = self.plays.get_or_insert_with(|| Plays::new(roles));
        for (step, second) in (self.next / SECOND_SAMPLES as u64..).zip(&mut part.seconds) {
            plays.hear(second);
            self.seconds.hear(step, second, rules, &mut news.found);
        }
        let first = self.next as usize / CELL_SAMPLES;
        let course = self.course.get_or_insert_with(|| Course::beginning_at(first));
        news.tell(course.hear(part), plays);
    }

    /// Ends what goes on no further, because the run ends or a part of it failed.
    fn end_course(&mut self, news: &mut News) {
        if let Some((course, plays)) = self.course.take().zip(self.plays.as_ref()) {
            news.tell(course.end(), plays);
        }
    }

    fn end(&mut self, rules: &Rules) -> News {
        let mut news = News::default();
        self.end_course(&mut news);
        std::mem::take(&mut self.seconds).end(rules, &mut news.found);
        news
    }
}

impl News {
    fn tell(&mut self, stretches: Vec<Stretch>, plays: &Plays) {
        self.stretches.extend(stretches.into_iter().map(|stretch| {
            let role = plays.role(&stretch);
            (stretch, role)
        }));
    }
}

impl Track {
    /// Takes note that a part of a run that begins at this sample goes to the classifiers.
    pub(super) fn expect_sound(&mut self, run: &Run, start: u64) {
        self.readings.sounding.entry(run.id).or_insert_with(|| Sounding::beginning_at(start));
    }

    /// Takes in what the classifiers say of these samples of a run.
    pub(super) fn hear_sound(&mut self, run: &Run, range: Range<u64>, answer: Answer) {
        let Some(sounding) = self.readings.sounding.get_mut(&run.id) else { return };
        let news = sounding.hear(&range, answer, &self.state.notebook.settings().rules);
        self.write_down(run, news);
    }

    /// Takes note that nothing more is heard in a run.
    pub(super) fn end_sound(&mut self, run: &Run) {
        let Some(sounding) = self.readings.sounding.get_mut(&run.id) else { return };
        let news = sounding.end(&self.state.notebook.settings().rules);
        self.write_down(run, news);
    }

    fn write_down(&mut self, run: &Run, news: News) {
        if !news.stretches.is_empty() {
            self.write(|notebook| {
                for (stretch, role) in &news.stretches {
                    write_stretch(notebook, run, stretch, *role);
                }
            });
        }
        self.mark(run, news.found);
    }
}

#[cfg(test)]
#[path = "sounding_tests.rs"]
mod tests;
