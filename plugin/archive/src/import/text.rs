//! Text of other programs: its encoding, its lines and its times.

use super::ImportError;
use earmark_timeline::mark::Colour;
use earmark_timeline::units::ProjectTime;

/// The text of a file, without its byte order mark.
pub(super) fn decode(contents: &[u8]) -> Result<&str, ImportError> {
    const REMEDY: &str = "save the file as UTF-8";
    if contents.starts_with(&[0xff, 0xfe]) || contents.starts_with(&[0xfe, 0xff]) {
        return Err(ImportError::at(1, "the file is written in UTF-16", REMEDY));
    }
    let contents = contents.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(contents);
    std::str::from_utf8(contents).map_err(|error| {
        let line = 1 + contents[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        ImportError::at(line, "a letter is not written in UTF-8", REMEDY)
    })
}

/// The lines of a text with their numbers from 1, ended by `\n`, `\r\n` or `\r`.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = Some(text);
    let mut number = 0;
    std::iter::from_fn(move || {
        let now = rest?;
        number += 1;
        let Some(at) = now.find(['\n', '\r']) else {
            rest = None;
            return (!now.is_empty()).then_some((number, now));
        };
        let ended = &now[at..];
        rest = Some(ended.strip_prefix("\r\n").unwrap_or(&ended[1..]));
        Some((number, &now[..at]))
    })
}

/// A time of seconds, or of minutes or hours and seconds between colons, with decimals after a point or
/// comma and a sign: `-1.5`, `1:02.5`, `0:01:02,500`. `None` for anything else.
pub fn time(text: &str) -> Option<ProjectTime> {
    let text = text.trim();
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |text| (true, text));
    let mut fields = text.rsplit(':');
    let seconds = fields.next()?;
    let (whole, decimals) = seconds.split_once(['.', ',']).unwrap_or((seconds, ""));
    let mut total = i128::from(digits(whole)?);
    for unit in [60, 3_600] {
        let Some(field) = fields.next() else { break };
        total += i128::from(digits(field)?) * unit;
    }
    if fields.next().is_some() || decimals.len() > 12 {
        return None;
    }
    let mut ticks = total * i128::from(ProjectTime::TICKS_PER_SECOND);
    if !decimals.is_empty() {
        let scale = 10_i128.pow(decimals.len() as u32);
        let part = i128::from(digits(decimals)?) * i128::from(ProjectTime::TICKS_PER_SECOND);
        ticks += (part + scale / 2) / scale;
    }
    let ticks = i64::try_from(ticks).ok()?;
    Some(ProjectTime::from_ticks(if negative { -ticks } else { ticks }))
}

/// A colour as RRGGBB, with or without `#` before it.
pub(super) fn colour(text: &str) -> Option<Colour> {
    let text = text.trim().trim_start_matches('#');
    let hexadecimal = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let value = hexadecimal.then(|| u32::from_str_radix(text, 16).ok()).flatten()?;
    let [_, red, green, blue] = value.to_be_bytes();
    Some(Colour([red, green, blue]))
}

/// A number of at most twelve digits and nothing else.
fn digits(text: &str) -> Option<i64> {
    let plain = (1..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, seconds: Option<f64>) {
        assert_eq!(time(text), seconds.map(ProjectTime::from_seconds), "{text}");
    }

    #[test]
    fn times_are_read_as_programs_write_them() {
        check("1.5", Some(1.5));
        check("-0.25", Some(-0.25));
        check(" 1:02.5 ", Some(62.5));
        check("00:01:02,500", Some(62.5));
        check("100:00:00.001", Some(360_000.001));
        check("7", Some(7.0));
        for nonsense in ["", "-", "1.2.3", "1:2:3:4", "a", "1:", "+1", "1e9", "٣", "9999999999999", "1.0x"] {
            check(nonsense, None);
        }
    }

    #[test]
    fn colours_are_six_digits() {
        assert_eq!(colour("#FF8800"), Some(Colour([255, 136, 0])));
        assert_eq!(colour(" 0a0b0c "), Some(Colour([10, 11, 12])));
        assert!(["", "FF880", "+F8800", "GG8800"].into_iter().all(|text| colour(text).is_none()));
    }

    #[test]
    fn lines_are_counted_whatever_ends_them() {
        let lines: Vec<_> = lines("a\r\nb\rc\n\nd").collect();
        assert_eq!(lines, [(1, "a"), (2, "b"), (3, "c"), (4, ""), (5, "d")]);
        assert_eq!(super::lines("").count(), 0);
        assert_eq!(super::lines("\n").count(), 1);
    }

    #[test]
    fn an_encoding_that_is_not_utf_8_is_named_with_its_line() {
        assert_eq!(decode("\u{feff}ä".as_bytes()), Ok("ä"));
        assert_eq!(decode(b"a\nb\xe4").expect_err("Latin-1").line, Some(2));
        assert!(decode(b"\xff\xfea\0").expect_err("UTF-16").to_string().contains("UTF-16"));
    }
}
