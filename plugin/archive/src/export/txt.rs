//! Plain text: one utterance a line, below its speaker's name if that is known, and an empty line where
//! nobody spoke for a while.

use super::options::{Include, Options};
use super::{one_line, select};
use earmark_timeline::notebook::Notebook;
use earmark_timeline::units::ProjectTime;

/// A pause that begins a new paragraph: longer than a breath between two sentences of read speech.
pub(super) const PARAGRAPH_PAUSE: ProjectTime = ProjectTime::from_ticks(2 * ProjectTime::TICKS_PER_SECOND);

pub(super) fn write(notebook: &Notebook, options: &Options, include: Include) -> String {
    let mut text = String::new();
    let mut before: Option<ProjectTime> = None;
    for utterance in &select::spoken(notebook, include.speech) {
        let line = one_line(&utterance.text());
        if line.is_empty() {
            continue;
        }
        if before.is_some_and(|end| utterance.start.minus(end) >= PARAGRAPH_PAUSE) {
            text.push('\n');
        }
        if let Some(speaker) = options.speakers.of(utterance) {
            text.push_str(&format!("{}: ", one_line(speaker)));
        }
        text.push_str(&line);
        text.push('\n');
        before = Some(utterance.end);
    }
    text
}
