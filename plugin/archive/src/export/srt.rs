//! SubRip: a number, two times with a decimal comma, the text, an empty line. The format has no room for
//! who made it; a speaker is named in the text.

use super::caption::{self, Style};
use super::options::{Include, Options};
use super::{clock, select};
use earmark_timeline::notebook::Notebook;

pub(super) fn write(notebook: &Notebook, options: &Options, include: Include) -> String {
    let style = Style { width: options.captions.chars(), speakers: &options.speakers, names_in_text: true };
    let cues = caption::cues(&select::spoken(notebook, include.speech), style);
    let block = |(index, cue): (usize, &caption::Cue)| {
        // SubRip has no escapes, and readers find cues by their arrows.
        let text = cue.lines.join("\n").replace("-->", "→");
        let (start, end) = (clock::long(cue.start_ms, ','), clock::long(cue.end_ms, ','));
        format!("{}\n{start} --> {end}\n{text}\n\n", index + 1)
    };
    cues.iter().enumerate().map(block).collect()
}
