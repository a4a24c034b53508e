//! Show notes in Markdown (CommonMark): the marks as a list, then what was said, by speaker and pause.

use super::label::{self, Kind, Label};
use super::options::{Include, Options};
use super::{clock, one_line, txt};
use earmark_timeline::notebook::Notebook;
use earmark_timeline::utterance::Origin;

/// What tells a hand from a machine.
const HAND: &str = "✎";

pub(super) fn write(notebook: &Notebook, options: &Options, include: Include) -> String {
    let title = options.source.as_deref().map(one_line).filter(|title| !title.is_empty());
    let mut text = format!("# {}\n", escaped(title.as_deref().unwrap_or("Show notes")));
    let labels = label::labels(notebook, options, include);
    list(&mut text, "Marks", labels.iter().filter(|label| label.kind == Kind::Mark));
    list(&mut text, "Sounds", labels.iter().filter(|label| label.kind == Kind::Class));
    let spoken: Vec<&Label> =
        labels.iter().filter(|label| matches!(label.kind, Kind::Utterance | Kind::Word)).collect();
    if !spoken.is_empty() {
        text.push_str("\n## Transcript\n");
    }
    for paragraph in spoken.chunk_by(|before, label| goes_on(before, label)) {
        let first = paragraph[0];
        let speaker = first.speaker.as_ref().map(|name| format!(" {}", escaped(name))).unwrap_or_default();
        text.push_str(&format!("\n**{}{speaker}**{}", time(first), by_hand(first)));
        for label in paragraph {
            text.push(' ');
            text.push_str(&escaped(&label.text));
        }
        text.push('\n');
    }
    if let Some(credit) = label::credit(notebook, options) {
        let hands = labels.iter().any(|label| label.origin == Origin::Hand);
        let legend = if hands { format!(" {HAND} was written or corrected by hand.") } else { String::new() };
        text.push_str(&format!("\n---\n\n*{}{legend}*\n", escaped(&credit)));
    }
    text
}

/// Whether a label belongs to the paragraph of the one before.
fn goes_on(before: &Label, label: &Label) -> bool {
    label.speaker == before.speaker
        && label.origin == before.origin
        && label.start.minus(before.end) < txt::PARAGRAPH_PAUSE
}

fn list<'a>(text: &mut String, title: &str, labels: impl Iterator<Item = &'a Label>) {
    for (index, label) in labels.enumerate() {
        if index == 0 {
            text.push_str(&format!("\n## {title}\n\n"));
        }
        let until = if label.is_point() {
            String::new()
        } else {
            format!("–{}", clock::spoken(label.end.milliseconds()))
        };
        text.push_str(&format!("- **{}{until}**{} {}\n", time(label), by_hand(label), escaped(&label.text)));
    }
}

fn time(label: &Label) -> String {
    clock::spoken(label.start.milliseconds())
}

fn by_hand(label: &Label) -> String {
    if label.origin == Origin::Hand { format!(" {HAND}") } else { String::new() }
}

/// Text in which nothing is markup. No text stands at the start of a line, so that what is markup only
/// there needs no care.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if r"\`*_[]<>#|~&$".contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}
