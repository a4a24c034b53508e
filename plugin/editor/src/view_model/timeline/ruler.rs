//! The ruler: round times, as many as there is room for.

use super::Tick;
use crate::view_model::words::clock_from_time;
use crate::view_state::Stretch;
use earmark_timeline::units::ProjectTime;

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
pub(super) fn ticks(shown: Stretch, width: f32) -> Vec<Tick> {
    let (step, parts) = step_from_length(shown.length / (f64::from(width) / LABEL_DISTANCE).max(1.0));
    let small = step / f64::from(parts);
    let decimals = match step {
        step if step < 0.1 => 2,
        step if step < 1.0 => 1,
        _ => 0,
    };
    // Counted, not summed up, so that the hundredth tick is as exact as the first.
    let (first, last) = ((shown.start / small).ceil() as i64, (shown.end() / small).floor() as i64);
    (first..=last)
        .map(|count| {
            let time = ProjectTime::from_seconds(count as f64 * small);
            let label = if count.rem_euclid(i64::from(parts)) == 0 {
                clock_from_time(time, decimals)
            } else {
                String::new()
            };
            Tick { x: shown.x_from_time(time, width), label }
        })
        .collect()
}

/// The step on which the ends of a stretch of `length` seconds may stand without wasting much of it.
pub(super) fn calm_step(length: f64) -> f64 {
    step_from_length(length / CALM_PARTS).0
}

/// The smallest step of at least `length` seconds.
fn step_from_length(length: f64) -> (f64, u32) {
    STEPS.into_iter().find(|(step, _)| *step >= length).unwrap_or(STEPS[STEPS.len() - 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(start: f64, length: f64, width: f32, expected: &[&str]) {
        let ticks = ticks(Stretch { start, length }, width);
        let labels: Vec<_> =
            ticks.iter().map(|tick| tick.label.as_str()).filter(|label| !label.is_empty()).collect();
        assert_eq!(labels, expected);
    }

    #[test]
    fn labels_are_round_times_and_never_crowd() {
        check(0.0, 30.0, 400.0, &["0:00", "0:10", "0:20", "0:30"]);
        check(3.2, 1.0, 500.0, &["0:03.2", "0:03.4", "0:03.6", "0:03.8", "0:04.0", "0:04.2"]);
        check(0.0, 14_400.0, 460.0, &["0:00", "1:00:00", "2:00:00", "3:00:00", "4:00:00"]);
        check(-2.0, 4.0, 400.0, &["-0:02", "-0:01", "0:00", "0:01", "0:02"]);
    }

    #[test]
    fn no_stretch_has_too_many_ticks() {
        for length in [Stretch::LEAST, 1.0, 3_600.0, Stretch::MOST] {
            for width in [1.0, 480.0, 3_840.0] {
                assert!(ticks(Stretch { start: -7.0, length }, width).len() < 400, "{length} s on {width}");
            }
        }
    }
}
