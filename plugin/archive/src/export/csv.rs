//! CSV (RFC 4180) of everything that has a time: one row an utterance, word, class or mark.
//!
//! Columns: `kind` (`utterance`, `word`, `class`, `mark`), `start` and `end` in seconds with three
//! decimals, `text`, `speaker`, `origin` (`machine`, `hand`), `model`, `confidence` (0 to 1), `language`.

use super::json::origin;
use super::label::{self, Label};
use super::options::{Include, Options};
use earmark_timeline::notebook::Notebook;
use earmark_timeline::units::ProjectTime;

pub(super) fn write(notebook: &Notebook, options: &Options, include: Include) -> String {
    let mut text = "kind,start,end,text,speaker,origin,model,confidence,language\n".to_owned();
    for label in label::labels(notebook, options, include) {
        text.push_str(&row(&label));
        text.push('\n');
    }
    text
}

/// A field with quotes around it where it needs them.
pub(super) fn field(text: &str) -> String {
    // Spaces at the ends are part of a field, but not every reader believes it without quotes.
    let plain = !text.contains([',', '"', '\n', '\r']) && text.trim() == text;
    if plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}

fn row(label: &Label) -> String {
    let optional = |text: Option<&str>| text.map(field).unwrap_or_default();
    let confidence = label.confidence.map(|share| format!("{:.3}", share.clamp(0.0, 1.0)));
    [
        label.kind.name().to_owned(),
        seconds(label.start),
        seconds(label.end),
        field(&label.text),
        optional(label.speaker.as_deref()),
        origin(label.origin).to_owned(),
        optional(label.model.as_deref()),
        confidence.unwrap_or_default(),
        optional(label.language.as_deref()),
    ]
    .join(",")
}

fn seconds(time: ProjectTime) -> String {
    let ms = time.milliseconds();
    let sign = if ms < 0 { "-" } else { "" };
    format!("{sign}{}.{:03}", ms.unsigned_abs() / 1_000, ms.unsigned_abs() % 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_quoted_where_it_must_be() {
        for (text, expected) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"a\"", "\"say \"\"a\"\"\""),
            (" a", "\" a\""),
            ("", ""),
        ] {
            assert_eq!(field(text), expected);
        }
    }

    #[test]
    fn seconds_before_zero_have_their_sign() {
        assert_eq!(seconds(ProjectTime::from_seconds(-0.25)), "-0.250");
        assert_eq!(seconds(ProjectTime::from_seconds(3_723.5)), "3723.500");
    }
}
