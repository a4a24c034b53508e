//! WebVTT (w3.org/TR/webvtt1): a header, then two times with a decimal point and the text, with
//! `&`, `<` and `>` escaped, which also keeps the arrow out of the text. A note says which model wrote it,
//! the class `hand` what a person made, and a voice tag who speaks.

use super::caption::{self, Style};
use super::options::{Include, Options};
use super::{clock, label, one_line, select};
use earmark_timeline::notebook::Notebook;
use earmark_timeline::utterance::Origin;

pub(super) fn write(notebook: &Notebook, options: &Options, include: Include) -> String {
    let mut text = "WEBVTT\n".to_owned();
    if let Some(credit) = label::credit(notebook, options) {
        text.push_str(&format!("\nNOTE {}\n", escaped(&credit)));
    }
    let style = Style { width: options.captions.chars(), speakers: &options.speakers, names_in_text: false };
    for cue in caption::cues(&select::spoken(notebook, include.speech), style) {
        let (start, end) = (clock::long(cue.start_ms, '.'), clock::long(cue.end_ms, '.'));
        let (open, close) = tags(&cue);
        let said = escaped(&cue.lines.join("\n"));
        text.push_str(&format!("\n{start} --> {end}\n{open}{said}{close}\n"));
    }
    text
}

/// What stands around the text of a cue.
fn tags(cue: &caption::Cue) -> (String, &'static str) {
    let class = if cue.origin == Origin::Hand { ".hand" } else { "" };
    match &cue.speaker {
        // The end of a voice that fills its cue may be left out.
        Some(speaker) => (format!("<v{class} {}>", escaped(&one_line(speaker))), ""),
        None if class.is_empty() => (String::new(), ""),
        None => (format!("<c{class}>"), "</c>"),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
