//! The ruler: round places, as many as there is room for.

mod bars;

use super::Tick;
use crate::view_model::units::Measure;
use crate::view_model::words::clock_from_time;
use crate::view_state::Stretch;
use earmark_timeline::meter::TempoMap;
use earmark_timeline::units::{FramePos, ProjectTime, SampleRate, time_from_frames};

/// The least distance between two labels, in points.
const LABEL_DISTANCE: f64 = 84.0;
/// Into how many parts a frozen fit is cut at least; see [`calm_step`].
const CALM_PARTS: f64 = 16.0;
/// The distances between labels, in seconds, and into how many parts small ticks cut each.
const STEPS: [(f64, u32); 22] = [
    (0.01, 5),
    (0.02, 4),
    (0.05, 5),
    (0.1, 5),
    (0.2, 4),
    (0.5, 5),
    (1.0, 5),
    (2.0, 4),
    (5.0, 5),
    (10.0, 5),
    (15.0, 3),
    (30.0, 6),
    (60.0, 6),
    (120.0, 4),
    (300.0, 5),
    (600.0, 5),
    (900.0, 3),
    (1_800.0, 6),
    (3_600.0, 6),
    (7_200.0, 4),
    (14_400.0, 4),
    (43_200.0, 6),
];

/// The ticks of a stretch that is `width` points wide, from left to right.
pub(super) fn ticks(shown: Stretch, width: f32, measure: Measure, tempo: &TempoMap) -> Vec<Tick> {
    match measure {
        Measure::Time => time_ticks(shown, width),
        Measure::Samples(rate) => sample_ticks(shown, width, rate),
        Measure::Bars => bars::ticks(shown, width, tempo.points()),
    }
}

/// The step on which the ends of a stretch of `length` seconds may stand without wasting much of it.
pub(super) fn calm_step(length: f64) -> f64 {
    step_from_length(length / CALM_PARTS).0
}

fn time_ticks(shown: Stretch, width: f32) -> Vec<Tick> {
    let (step, parts) = step_from_length(label_length(shown, width));
    let decimals = match step {
        step if step < 0.1 => 2,
        step if step < 1.0 => 1,
        _ => 0,
    };
    let small = step / f64::from(parts);
    let time = |count: i64| ProjectTime::from_seconds(count as f64 * small);
    counted_ticks(shown, width, small, i64::from(parts), time, |_, time| clock_from_time(time, decimals))
}

/// Ticks at round counts of frames: 1, 2 or 5 times a power of ten.
fn sample_ticks(shown: Stretch, width: f32, rate: SampleRate) -> Vec<Tick> {
    let hz = f64::from(rate.hz());
    let least = (label_length(shown, width) * hz).max(1.0);
    let ten = 10.0_f64.powf(least.log10().floor());
    let (factor, parts) = [(1.0, 5), (2.0, 4), (5.0, 5), (10.0, 5)]
        .into_iter()
        .find(|(f, _)| f * ten >= least)
        .unwrap_or((10.0, 5));
    let step = (factor * ten).round().max(1.0) as i64;
    // There is nothing between two neighbouring frames.
    let parts = if step % parts == 0 { parts } else { 1 };
    let small = step / parts;
    let time = |count: i64| time_from_frames(FramePos(count * small), rate);
    counted_ticks(shown, width, small as f64 / hz, parts, time, |count, _| (count * small).to_string())
}

/// Ticks every `small` seconds, each `parts`th with a label. Counted, not summed up, so that the hundredth
/// tick is as exact as the first.
fn counted_ticks(
    shown: Stretch,
    width: f32,
    small: f64,
    parts: i64,
    time: impl Fn(i64) -> ProjectTime,
    label: impl Fn(i64, ProjectTime) -> String,
) -> Vec<Tick> {
    let (first, last) = ((shown.start / small).ceil() as i64, (shown.end() / small).floor() as i64);
    let tick = |count: i64| {
        let time = time(count);
        let label = if count.rem_euclid(parts) == 0 { label(count, time) } else { String::new() };
        Tick { x: shown.x_from_time(time, width), label }
    };
    (first..=last).map(tick).collect()
}

/// How many seconds lie between two labels at least.
fn label_length(shown: Stretch, width: f32) -> f64 {
    shown.length / (f64::from(width) / LABEL_DISTANCE).max(1.0)
}

/// The smallest step of at least `length` seconds.
fn step_from_length(length: f64) -> (f64, u32) {
    STEPS.into_iter().find(|(step, _)| *step >= length).unwrap_or(STEPS[STEPS.len() - 1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use earmark_timeline::meter::TempoPoint;
    use earmark_timeline::transport::Transport;

    /// Four quarters at 120, and from 8 s on three quarters at 60.
    fn tempo() -> TempoMap {
        let point = |seconds, beats, tempo, bar_start, bar, count| {
            let told = Transport {
                beats: Some(beats),
                tempo_bpm: Some(tempo),
                bar_start_beats: Some(bar_start),
                bar_number: Some(bar),
                signature: Some((count, 4)),
                ..Transport::default()
            };
            TempoPoint::from_transport(ProjectTime::from_seconds(seconds), &told).expect("tempo and beats")
        };
        TempoMap::from_points(vec![point(0.0, 0.0, 120.0, 0.0, 0, 4), point(8.0, 16.0, 60.0, 16.0, 4, 3)])
    }

    fn check(measure: Measure, start: f64, length: f64, width: f32, expected: &[&str]) {
        let ticks = ticks(Stretch { start, length }, width, measure, &tempo());
        let labels: Vec<_> =
            ticks.iter().map(|tick| tick.label.as_str()).filter(|label| !label.is_empty()).collect();
        assert_eq!(labels, expected);
        assert!(ticks.is_sorted_by(|a, b| a.x < b.x), "{ticks:?}");
    }

    #[test]
    fn labels_are_round_times_and_never_crowd() {
        check(Measure::Time, 0.0, 30.0, 400.0, &["0:00", "0:10", "0:20", "0:30"]);
        check(Measure::Time, 3.2, 1.0, 500.0, &["0:03.2", "0:03.4", "0:03.6", "0:03.8", "0:04.0", "0:04.2"]);
        check(Measure::Time, 0.0, 14_400.0, 460.0, &["0:00", "1:00:00", "2:00:00", "3:00:00", "4:00:00"]);
        check(Measure::Time, -2.0, 4.0, 400.0, &["-0:02", "-0:01", "0:00", "0:01", "0:02"]);
    }

    #[test]
    fn labels_are_round_counts_of_samples() {
        let samples = Measure::Samples(SampleRate::new(48_000).expect("a rate"));
        check(samples, 0.0, 30.0, 400.0, &["0", "500000", "1000000"]);
        check(samples, 1.0, 0.0005, 400.0, &["48000", "48010", "48020"]);
        check(samples, -0.1, 0.2, 300.0, &["0"]);
    }

    #[test]
    fn labels_are_bars_and_beats_where_the_host_has_them() {
        // A bar lasts 2 s and, from 8 s on, 3 s.
        check(Measure::Bars, 0.0, 16.0, 800.0, &["1", "2", "3", "4", "5", "6", "7"]);
        check(Measure::Bars, -2.0, 4.0, 500.0, &["0", "0|3", "1", "1|3", "2"]);
        check(Measure::Bars, 0.0, 2.0, 500.0, &["1", "1|2", "1|3", "1|4", "2"]);
        check(Measure::Bars, 0.0, 0.5, 500.0, &["1", "1|1.25", "1|1.50", "1|1.75", "1|2"]);
        check(Measure::Bars, 0.0, 400.0, 600.0, &["1", "33", "65", "97", "129"]);
    }

    #[test]
    fn no_stretch_has_too_many_ticks() {
        let samples = Measure::Samples(SampleRate::new(48_000).expect("a rate"));
        for measure in [Measure::Time, samples, Measure::Bars] {
            for length in [Stretch::LEAST, 1.0, 3_600.0, Stretch::MOST] {
                for width in [1.0, 480.0, 3_840.0] {
                    let ticks = ticks(Stretch { start: -7.0, length }, width, measure, &tempo());
                    assert!(ticks.len() < 400, "{measure:?}: {} for {length} s on {width}", ticks.len());
                }
            }
        }
    }
}
