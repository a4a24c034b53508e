//! The ruler in bars and beats.

use super::{LABEL_DISTANCE, Tick, label_length};
use crate::view_state::Stretch;
use earmark_timeline::meter::TempoPoint;
use earmark_timeline::units::ProjectTime;

/// The distances between labels within a bar, in hundredths of a beat, and into how many parts small
/// ticks cut each.
const STEPS: [(i64, i64); 5] = [(1, 1), (5, 5), (25, 5), (50, 2), (100, 4)];
/// Labels of two tempos that meet may come this much nearer to each other than others.
const CROWDED: f64 = LABEL_DISTANCE / 2.0;
/// The most bars between two labels: a day at a bar each second.
const MOST_BARS: i64 = 1 << 16;

/// A point of the tempo map in hundredths of a beat, counted from the first beat of the host's bar 0.
struct Pace {
    /// Where the point is.
    from: ProjectTime,
    /// The same in hundredths of a beat.
    at: f64,
    /// How long a hundredth lasts, in seconds.
    seconds: f64,
    /// Hundredths in a bar.
    bar: i64,
}

/// The ticks of a stretch that is `width` points wide, from left to right.
pub(super) fn ticks(shown: Stretch, width: f32, points: &[TempoPoint]) -> Vec<Tick> {
    let mut ticks: Vec<Tick> = Vec::new();
    let mut labelled = f64::NEG_INFINITY;
    for (index, point) in points.iter().enumerate() {
        // Before the first point, its pace holds as well.
        let from = if index == 0 { shown.start } else { point.time.seconds().max(shown.start) };
        let next = points.get(index + 1).map_or(f64::INFINITY, |next| next.time.seconds());
        if from >= next.min(shown.end()) {
            continue;
        }
        let pace = Pace::new(point);
        let (step, parts) = pace.step(label_length(shown, width));
        let small = step / parts;
        let count = |seconds: f64| pace.hundredths(seconds) / small as f64;
        // A tick at the very point of change belongs to what begins there. A thousandth of a tick takes
        // what rounding adds.
        let (first, last) = (count(from) - 1e-3, count(next.min(shown.end())) + 1e-3);
        let last = if next <= shown.end() { last - 2e-3 } else { last };
        for hundredths in (first.ceil() as i64..=last.floor() as i64).map(|count| count * small) {
            let x = shown.x_from_time(pace.time(hundredths), width);
            let is_labelled = hundredths.rem_euclid(step) == 0 && f64::from(x) - labelled >= CROWDED;
            let label = if is_labelled { pace.label(hundredths) } else { String::new() };
            if is_labelled {
                labelled = f64::from(x);
            }
            ticks.push(Tick { x, label });
        }
    }
    ticks
}

impl Pace {
    fn new(point: &TempoPoint) -> Self {
        let (count, note) = (f64::from(point.signature.0), f64::from(point.signature.1));
        // A beat is what the signature counts: a quaver, in six quavers.
        let beats_a_quarter = note / 4.0;
        let in_bar = (point.beats - point.bar_start_beats) * beats_a_quarter;
        Self {
            from: point.time,
            at: (f64::from(point.bar) * count + in_bar) * 100.0,
            seconds: 60.0 / point.tempo_bpm / beats_a_quarter / 100.0,
            bar: i64::from(point.signature.0) * 100,
        }
    }

    fn hundredths(&self, seconds: f64) -> f64 {
        self.at + (seconds - self.from.seconds()) / self.seconds
    }

    fn time(&self, hundredths: i64) -> ProjectTime {
        self.from.plus(ProjectTime::from_seconds((hundredths as f64 - self.at) * self.seconds))
    }

    /// The smallest step that lasts `length` seconds at least, in hundredths, and its parts.
    fn step(&self, length: f64) -> (i64, i64) {
        let least = length / self.seconds;
        let fits = |(step, _): &(i64, i64)| *step as f64 >= least;
        let halves = (self.bar % 200 == 0).then_some((self.bar / 2, self.bar / 200));
        let within_bar = STEPS.into_iter().chain(halves).filter(|(step, _)| *step < self.bar);
        if let Some(step) = within_bar.into_iter().find(fits) {
            return step;
        }
        let (mut bars, beats) = (1, self.bar / 100);
        while ((bars * self.bar) as f64) < least && bars < MOST_BARS {
            bars *= 2;
        }
        (bars * self.bar, if bars == 1 { beats } else { bars.min(4) })
    }

    /// "12" for a bar's first beat, "12|3" for another one, "12|3.50" between two.
    fn label(&self, hundredths: i64) -> String {
        let (bar, rest) = (hundredths.div_euclid(self.bar) + 1, hundredths.rem_euclid(self.bar));
        match (rest / 100 + 1, rest % 100) {
            (1, 0) => bar.to_string(),
            (beat, 0) => format!("{bar}|{beat}"),
            (beat, fraction) => format!("{bar}|{beat}.{fraction:02}"),
        }
    }
}
