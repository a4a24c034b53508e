//! The waveform at a glance: one peak for each twentieth of a second that was heard.

use crate::units::ProjectTime;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Bins in one minute.
const MINUTE: usize = 60 * Overview::BINS_PER_SECOND as usize;
/// Length of one bin in ticks.
const BIN_TICKS: i64 = ProjectTime::TICKS_PER_SECOND / Overview::BINS_PER_SECOND;

/// Peaks by project time. A clone shares all minutes that neither side writes to again.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Overview {
    minutes: BTreeMap<i64, Arc<[u8; MINUTE]>>,
}

impl Overview {
    /// How finely the waveform is kept.
    pub const BINS_PER_SECOND: i64 = 20;

    /// Notes that `peak` (0 to 1, linear) was heard at `time`; the larger of two peaks in a bin stays.
    pub fn note(&mut self, time: ProjectTime, peak: f32) {
        let bin = time.ticks().div_euclid(BIN_TICKS);
        let minute =
            self.minutes.entry(bin.div_euclid(MINUTE as i64)).or_insert_with(|| Arc::new([0; MINUTE]));
        // 0 says "not heard", so what was heard starts at 1. The square root keeps quiet detail in 8 bits.
        let level = 1 + (peak.clamp(0.0, 1.0).sqrt() * 254.0) as u8;
        let slot = &mut Arc::make_mut(minute)[bin.rem_euclid(MINUTE as i64) as usize];
        *slot = level.max(*slot);
    }

    /// Takes over all that was heard in `other`; where both heard something, the larger peak stays.
    pub fn absorb(&mut self, other: &Self) {
        for (minute, bins) in &other.minutes {
            match self.minutes.get_mut(minute) {
                None => drop(self.minutes.insert(*minute, Arc::clone(bins))),
                Some(own) => {
                    let both = Arc::make_mut(own).iter_mut().zip(bins.iter());
                    both.for_each(|(own, other)| *own = (*own).max(*other));
                }
            }
        }
    }

    /// The largest peak in a range, from 0 to 1; `None` where nothing was heard.
    pub fn peak(&self, range: Range<ProjectTime>) -> Option<f32> {
        let first = range.start.ticks().div_euclid(BIN_TICKS);
        let last = (range.end.ticks().saturating_sub(1)).div_euclid(BIN_TICKS).max(first);
        let minutes = first.div_euclid(MINUTE as i64)..=last.div_euclid(MINUTE as i64);
        let level = self
            .minutes
            .range(minutes)
            .filter_map(|(minute, bins)| {
                let base = minute * MINUTE as i64;
                let from = (first - base).clamp(0, MINUTE as i64) as usize;
                let to = (last + 1 - base).clamp(0, MINUTE as i64) as usize;
                bins[from..to].iter().copied().max()
            })
            .max()?;
        (level > 0).then(|| (f32::from(level - 1) / 254.0).powi(2))
    }

    /// From the first to the last bin heard; `None` while nothing was.
    pub fn extent(&self) -> Option<Range<ProjectTime>> {
        let (first, bins) = self.minutes.first_key_value()?;
        let start = first * MINUTE as i64 + bins.iter().position(|level| *level > 0)? as i64;
        let (last, bins) = self.minutes.last_key_value()?;
        let end = last * MINUTE as i64 + bins.iter().rposition(|level| *level > 0)? as i64 + 1;
        Some(ProjectTime::from_ticks(start * BIN_TICKS)..ProjectTime::from_ticks(end * BIN_TICKS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: f64) -> ProjectTime {
        ProjectTime::from_seconds(seconds)
    }

    #[test]
    fn the_largest_peak_of_a_range_is_found_across_minutes() {
        let mut overview = Overview::default();
        overview.note(at(59.99), 0.25);
        overview.note(at(60.01), 1.0);
        overview.note(at(-0.01), 0.5);
        let near = |range, expected: f32| {
            let peak = overview.peak(range).expect("heard");
            assert!((peak - expected).abs() < 0.01, "{peak} is not {expected}");
        };
        near(at(59.0)..at(60.0), 0.25);
        near(at(59.0)..at(61.0), 1.0);
        near(at(-1.0)..at(0.0), 0.5);
        assert_eq!(overview.peak(at(61.0)..at(62.0)), None);
        assert_eq!(overview.extent(), Some(at(-0.05)..at(60.05)));
    }

    #[test]
    fn heard_silence_is_not_the_same_as_not_heard() {
        let mut overview = Overview::default();
        overview.note(at(1.0), 0.0);
        assert_eq!(overview.peak(at(1.0)..at(1.05)), Some(0.0));
        assert_eq!(overview.peak(at(2.0)..at(2.05)), None);
    }
}
