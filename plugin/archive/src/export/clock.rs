//! How formats show a time.

/// Hours, minutes, seconds and milliseconds, with two digits each and three: `01:02:03.045`.
pub(super) fn long(ms: i64, decimal: char) -> String {
    format!("{:02}:{}", ms / 3_600_000, minutes(ms, decimal))
}

/// The same with as few digits of hours as there are: `1:02:03.045`.
pub(super) fn short_hours(ms: i64) -> String {
    format!("{}:{}", ms / 3_600_000, minutes(ms, '.'))
}

/// Hours only where there are some, and minutes without a zero before them: `2:03.045`, `1:02:03.045`.
pub fn shortest(ms: i64) -> String {
    match ms / 3_600_000 {
        0 => format!("{}:{:02}.{:03}", ms / 60_000, ms / 1_000 % 60, ms % 1_000),
        _ => short_hours(ms),
    }
}

/// Whole seconds, rounded down, for people: `02:03`, `1:02:03`.
pub fn spoken(ms: i64) -> String {
    let sign = if ms < 0 { "-" } else { "" };
    let seconds = ms.unsigned_abs() / 1_000;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours == 0 {
        format!("{sign}{minutes:02}:{seconds:02}")
    } else {
        format!("{sign}{hours}:{minutes:02}:{seconds:02}")
    }
}

fn minutes(ms: i64, decimal: char) -> String {
    format!("{:02}:{:02}{decimal}{:03}", ms / 60_000 % 60, ms / 1_000 % 60, ms % 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ms: i64, expected: [&str; 4]) {
        assert_eq!([long(ms, ','), short_hours(ms), shortest(ms), spoken(ms)], expected);
    }

    #[test]
    fn a_clock_shows_hours_and_keeps_milliseconds() {
        check(0, ["00:00:00,000", "0:00:00.000", "0:00.000", "00:00"]);
        check(62_500, ["00:01:02,500", "0:01:02.500", "1:02.500", "01:02"]);
        check(3_723_045, ["01:02:03,045", "1:02:03.045", "1:02:03.045", "1:02:03"]);
        check(360_000_999, ["100:00:00,999", "100:00:00.999", "100:00:00.999", "100:00:00"]);
        assert_eq!(spoken(-90_500), "-01:30");
    }
}
