//! WebVTT (w3.org/TR/webvtt1): a header, then two times with a decimal point and the text, with
//! `&`, `<` and `>` escaped, which also keeps the arrow out of the text.

use super::caption::{self, Clock};
use earmark_timeline::notebook::Notebook;

const CLOCK: Clock = Clock { decimal: '.' };

pub(super) fn write(notebook: &Notebook) -> String {
    let mut text = "WEBVTT\n".to_owned();
    for cue in caption::cues(notebook.utterances()) {
        let (start, end) = (CLOCK.show(cue.start_ms), CLOCK.show(cue.end_ms));
        text.push_str(&format!("\n{start} --> {end}\n"));
        for line in cue.lines {
            text.push_str(&line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
            text.push('\n');
        }
    }
    text
}
