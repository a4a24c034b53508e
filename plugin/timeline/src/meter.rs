//! Bars and beats, as the host told them.

use crate::transport::Transport;
use crate::units::ProjectTime;

/// Two beats that differ by less are the same: 5 ms at 120 a minute, what a host rounds within a buffer.
const SAME_BEATS: f64 = 0.01;

/// The most points that are kept; a ramp of tempo makes one for each of its steps.
const MOST_POINTS: usize = 4_096;

/// Where the project's bars and beats lie, as far as the host told while it played.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TempoMap {
    points: Vec<TempoPoint>,
}

/// From here on, until the next point, beats come at one pace.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TempoPoint {
    /// Where.
    pub time: ProjectTime,
    /// The position there, in quarter notes since the project's start.
    pub beats: f64,
    /// Quarter notes a minute.
    pub tempo_bpm: f64,
    /// The first beat of the bar that this is in, in quarter notes since the project's start.
    pub bar_start_beats: f64,
    /// The number of that bar, counted from 0 as hosts count.
    pub bar: i32,
    /// The time signature: how many of which note, such as 6 of 8.
    pub signature: (u16, u16),
}

/// A place as a musician names it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MusicalPlace {
    /// The bar, counted from 1.
    pub bar: i64,
    /// The beat in the bar, counted from 1.
    pub beat: u32,
    /// How far the next beat is, from 0 up to 1.
    pub fraction: f64,
}

impl TempoPoint {
    /// What `transport` tells of the bars at `time`; `None` unless it tells beats and tempo.
    pub fn from_transport(time: ProjectTime, transport: &Transport) -> Option<Self> {
        let beats = transport.beats.filter(|beats| beats.is_finite())?;
        let tempo_bpm = transport.tempo_bpm.filter(|tempo| tempo.is_finite() && *tempo > 0.0)?;
        let signature = transport.signature.filter(|(count, note)| *count > 0 && *note > 0).unwrap_or((4, 4));
        let bar_beats = quarters_a_bar(signature);
        let told = transport.bar_start_beats.filter(|start| start.is_finite());
        let bar_start_beats = told.unwrap_or_else(|| (beats / bar_beats).floor() * bar_beats);
        let counted = (bar_start_beats / bar_beats).round() as i32;
        let bar = transport.bar_number.unwrap_or(counted);
        Some(Self { time, beats, tempo_bpm, bar_start_beats, bar, signature })
    }

    /// The position in quarter notes at `time`, at this point's pace.
    fn beats_at(&self, time: ProjectTime) -> f64 {
        self.beats + time.minus(self.time).seconds() * self.tempo_bpm / 60.0
    }

    /// The bar that holds `beats`, counted from 0 and with fractions.
    fn bars_at(&self, beats: f64) -> f64 {
        f64::from(self.bar) + (beats - self.bar_start_beats) / quarters_a_bar(self.signature)
    }

    /// Where a bar begins, counted from 0, at this point's pace.
    fn bar_time(&self, bar: f64) -> ProjectTime {
        let beats = self.bar_start_beats + (bar - f64::from(self.bar)) * quarters_a_bar(self.signature);
        self.time.plus(ProjectTime::from_seconds((beats - self.beats) * 60.0 / self.tempo_bpm))
    }

    /// Whether `other`, later on, is what this point foretells.
    fn foretells(&self, other: &Self) -> bool {
        let beats = self.beats_at(other.time);
        let bar = other.bars_at(other.beats);
        // A change of tempo shows in the beats a second later; one too small for that, later still.
        (beats - other.beats).abs() < SAME_BEATS
            && (self.tempo_bpm - other.tempo_bpm).abs() / 60.0 < SAME_BEATS
            && self.signature == other.signature
            && (self.bars_at(other.beats) - bar).abs() * quarters_a_bar(self.signature) < SAME_BEATS
    }
}

fn quarters_a_bar((count, note): (u16, u16)) -> f64 {
    f64::from(count) * 4.0 / f64::from(note)
}

impl TempoMap {
    /// Builds a map from its points, in any order.
    pub fn from_points(mut points: Vec<TempoPoint>) -> Self {
        points.sort_by_key(|point| point.time);
        points.truncate(MOST_POINTS);
        Self { points }
    }

    /// The points, by time.
    pub fn points(&self) -> &[TempoPoint] {
        &self.points
    }

    /// Whether [`TempoMap::note`] would change anything.
    pub fn is_news(&self, since: ProjectTime, point: &TempoPoint) -> bool {
        let after = self.points.partition_point(|other| other.time <= since);
        let until = self.points.partition_point(|other| other.time <= point.time);
        let foretold = self.points[..after].last().is_some_and(|last| last.foretells(point));
        !foretold || self.points[after..until].iter().any(|other| !other.foretells(point))
    }

    /// Writes down what the host told at a point that it played to from `since` on without a jump: what an
    /// earlier pass told of the stretch between and does not hold any more goes.
    pub fn note(&mut self, since: ProjectTime, point: TempoPoint) {
        let after = self.points.partition_point(|other| other.time <= since);
        let until = self.points.partition_point(|other| other.time <= point.time);
        let keep = |other: &TempoPoint| other.foretells(&point);
        let between: Vec<_> = self.points[after..until].iter().copied().filter(keep).collect();
        self.points.splice(after..until, between);
        let at = self.points.partition_point(|other| other.time <= point.time);
        if self.points[..at].last().is_some_and(|last| last.foretells(&point)) {
            return;
        }
        // A point at the very same time that says something else is out of date.
        if at > 0 && self.points[at - 1].time == point.time {
            self.points[at - 1] = point;
        } else if self.points.len() < MOST_POINTS {
            self.points.insert(at, point);
        }
    }

    /// The host's tempo at `time`, in quarter notes a minute; before the first point, that point's. `None` if the host
    /// told of none.
    pub fn tempo_at(&self, time: ProjectTime) -> Option<f64> {
        self.point_at(time).map(|point| point.tempo_bpm)
    }

    /// The beginning of a bar that is nearest to `time`, if one is within `reach` of it.
    pub fn bar_near(&self, time: ProjectTime, reach: ProjectTime) -> Option<ProjectTime> {
        let point = self.point_at(time)?;
        let near = |from: &TempoPoint| from.bar_time(from.bars_at(from.beats_at(time)).round());
        let bar = near(point);
        // Where the pace changes before that bar, its own pace tells where it is.
        let changed = self.point_at(bar).filter(|later| later.time > time).map(near);
        Some(changed.unwrap_or(bar)).filter(|bar| bar.minus(time).ticks().abs() <= reach.ticks())
    }

    fn point_at(&self, time: ProjectTime) -> Option<&TempoPoint> {
        let at = self.points.partition_point(|point| point.time <= time);
        self.points.get(at.saturating_sub(1))
    }

    /// The bar and beat at `time`; before the first point, at that point's pace. `None` if the host told
    /// of no bars.
    pub fn place(&self, time: ProjectTime) -> Option<MusicalPlace> {
        let point = self.point_at(time)?;
        let bars = point.bars_at(point.beats_at(time));
        let beats = (bars - bars.floor()) * f64::from(point.signature.0);
        Some(MusicalPlace {
            bar: (bars.floor() as i64).saturating_add(1),
            beat: (beats.floor() as u32).saturating_add(1),
            fraction: beats - beats.floor(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(seconds: f64, beats: f64, tempo_bpm: f64, signature: (u16, u16)) -> TempoPoint {
        let transport = Transport {
            beats: Some(beats),
            tempo_bpm: Some(tempo_bpm),
            signature: Some(signature),
            ..Transport::default()
        };
        TempoPoint::from_transport(ProjectTime::from_seconds(seconds), &transport).expect("beats and tempo")
    }

    fn check(points: &[TempoPoint], seconds: f64, expected: (i64, u32, f64)) {
        let mut map = TempoMap::default();
        let mut since = points[0].time;
        for point in points {
            map.note(since, *point);
            since = point.time;
        }
        let place = map.place(ProjectTime::from_seconds(seconds)).expect("bars are known");
        assert_eq!((place.bar, place.beat), (expected.0, expected.1), "{place:?}");
        assert!((place.fraction - expected.2).abs() < 1e-6, "{place:?}");
    }

    #[test]
    fn a_time_is_the_bar_and_beat_that_the_host_would_show() {
        let four = [told(0.0, 0.0, 120.0, (4, 4))];
        check(&four, 0.0, (1, 1, 0.0));
        check(&four, 2.25, (2, 1, 0.5));
        check(&four, -0.5, (0, 4, 0.0));
        // Six eighths are three quarters: 1.5 s at 120.
        check(&[told(0.0, 0.0, 120.0, (6, 8))], 1.75, (2, 2, 0.0));
        // From 4 s on half as fast.
        check(&[told(0.0, 0.0, 120.0, (4, 4)), told(4.0, 8.0, 60.0, (4, 4))], 6.0, (3, 3, 0.0));
    }

    #[test]
    fn the_nearest_bar_is_found_within_reach() {
        let check = |points: &[TempoPoint], at: f64, expected: Option<f64>| {
            let map = TempoMap::from_points(points.to_vec());
            let bar = map.bar_near(ProjectTime::from_seconds(at), ProjectTime::from_seconds(1.0));
            assert_eq!(bar.map(ProjectTime::seconds), expected, "{at}");
        };
        check(&[], 1.0, None);
        let four = [told(0.5, 0.0, 120.0, (4, 4))];
        check(&four, 0.7, Some(0.5));
        check(&four, 3.9, Some(4.5));
        check(&four, -1.4, Some(-1.5));
        // A bar of 4 s, and three quarters of 1.5 s.
        check(&[told(0.0, 0.0, 60.0, (4, 4))], 2.0, None);
        check(&[told(0.0, 0.0, 120.0, (6, 8))], 3.4, Some(3.0));
        // From 4 s on half as fast.
        let slower = [told(0.0, 0.0, 120.0, (4, 4)), told(3.0, 6.0, 60.0, (4, 4))];
        check(&slower, 4.6, Some(5.0));
        check(&slower, 2.9, Some(2.0));
    }

    #[test]
    fn a_steady_tempo_is_one_point_and_a_changed_one_takes_the_place_of_the_old() {
        let mut map = TempoMap::default();
        let time = ProjectTime::from_seconds;
        for step in 0..100 {
            map.note(time(f64::from(step - 1)), told(f64::from(step), f64::from(step) * 2.0, 120.0, (4, 4)));
        }
        assert_eq!(map.points().len(), 1);
        map.note(time(50.0), told(50.0, 100.0, 60.0, (4, 4)));
        assert!(map.is_news(time(50.0), &told(51.0, 102.0, 120.0, (4, 4))));
        // The project is at 60 from the start by now, and played through again.
        for step in 0..60 {
            map.note(time(f64::from(step - 1)), told(f64::from(step), f64::from(step), 60.0, (4, 4)));
        }
        assert_eq!(map.points().len(), 1);
        assert!(!map.is_news(time(60.0), &told(61.0, 61.0, 60.0, (4, 4))));
    }

    #[test]
    fn nonsense_from_a_host_is_no_tempo() {
        let transport = Transport { beats: Some(1.0), tempo_bpm: Some(f64::NAN), ..Transport::default() };
        assert_eq!(TempoPoint::from_transport(ProjectTime::ZERO, &transport), None);
        assert_eq!(TempoMap::default().place(ProjectTime::ZERO), None);
    }
}
