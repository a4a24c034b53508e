//! SubRip: a number, two times with a decimal comma, the text, an empty line.

use super::caption::{self, Clock};
use earmark_timeline::notebook::Notebook;

const CLOCK: Clock = Clock { decimal: ',' };

pub(super) fn write(notebook: &Notebook) -> String {
    let cues = caption::cues(notebook.utterances());
    let block = |(index, cue): (usize, &caption::Cue)| {
        // SubRip has no escapes, and readers find cues by their arrows.
        let text = cue.lines.join("\n").replace("-->", "→");
        format!("{}\n{} --> {}\n{text}\n\n", index + 1, CLOCK.show(cue.start_ms), CLOCK.show(cue.end_ms))
    };
    cues.iter().enumerate().map(block).collect()
}
