//! Times and amounts as text.

use earmark_timeline::units::{ProjectTime, Seconds};

/// A time as "m:ss.t", or "h:mm:ss.t" from the first hour on, with `decimals` digits (at most 3) after
/// the point; cut and not rounded, as a clock does, so that a place is never told to be later than it is.
pub(crate) fn clock_from_time(time: ProjectTime, decimals: usize) -> String {
    let decimals = decimals.min(3);
    let parts = 10_i128.pow(decimals as u32);
    // 128 bits: a host may report any position at all.
    let count = (i128::from(time.ticks()) * parts).div_euclid(i128::from(ProjectTime::TICKS_PER_SECOND));
    let sign = if count < 0 { "-" } else { "" };
    let (whole, part) = (count.abs() / parts, count.abs() % parts);
    let (hours, minutes, seconds) = (whole / 3_600, whole / 60 % 60, whole % 60);
    let point = if decimals > 0 { format!(".{part:0decimals$}") } else { String::new() };
    if hours > 0 {
        format!("{sign}{hours}:{minutes:02}:{seconds:02}{point}")
    } else {
        format!("{sign}{minutes}:{seconds:02}{point}")
    }
}

/// A length in words: "0.4 s", "42 s", "12 min", "3 h 05 min".
pub(crate) fn words_from_length(length: Seconds) -> String {
    let seconds = length.0.max(0.0);
    if seconds < 10.0 {
        let tenths = (seconds * 10.0).round() / 10.0;
        return if tenths.fract() == 0.0 { format!("{tenths:.0} s") } else { format!("{tenths:.1} s") };
    }
    let minutes = (seconds / 60.0).floor() as u64;
    match (minutes / 60, minutes % 60) {
        (0, 0) => format!("{seconds:.0} s"),
        (0, minutes) if minutes < 10 => format!("{minutes} min {:.0} s", (seconds % 60.0).floor()),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes:02} min"),
    }
}

/// `count` and the fitting form of a noun.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_clock(seconds: f64, decimals: usize, expected: &str) {
        assert_eq!(clock_from_time(ProjectTime::from_seconds(seconds), decimals), expected);
    }

    #[test]
    fn a_clock_cuts_and_shows_hours_only_when_there_are_some() {
        check_clock(0.0, 1, "0:00.0");
        check_clock(65.29, 1, "1:05.2");
        check_clock(3_599.99, 0, "59:59");
        check_clock(3_600.0, 1, "1:00:00.0");
        check_clock(36_061.5, 3, "10:01:01.500");
        check_clock(-1.0, 1, "-0:01.0");
    }

    #[test]
    fn the_ends_of_the_timeline_have_a_text_too() {
        assert!(!clock_from_time(ProjectTime::from_ticks(i64::MAX), 3).is_empty());
        assert!(!clock_from_time(ProjectTime::from_ticks(i64::MIN), 3).is_empty());
    }

    #[test]
    fn a_length_is_told_as_exactly_as_one_would_say_it() {
        for (seconds, expected) in [
            (0.0, "0 s"),
            (0.44, "0.4 s"),
            (3.0, "3 s"),
            (59.4, "59 s"),
            (83.0, "1 min 23 s"),
            (754.0, "12 min"),
            (11_100.0, "3 h 05 min"),
            (-1.0, "0 s"),
        ] {
            assert_eq!(words_from_length(Seconds(seconds)), expected);
        }
    }
}
