//! DaVinci Resolve's list of timeline markers, in the shape of an edit decision list (CMX 3600), which
//! is ASCII. Each marker is an event of one frame; its length stands in the line below.

use super::ascii::ascii;
use super::label::{self, Kind, Label};
use super::options::{Include, Options};
use earmark_timeline::notebook::Notebook;
use earmark_timeline::utterance::Origin;

pub(super) fn write(notebook: &Notebook, options: &Options, include: Include) -> String {
    let rate = options.frame_rate;
    let counting = if rate.is_drop() { "DROP FRAME" } else { "NON-DROP FRAME" };
    let title = options.source.as_deref().map(plain).filter(|title| !title.is_empty());
    let mut text = format!("TITLE: {}\nFCM: {counting}\n", title.as_deref().unwrap_or("Markers"));
    let zero = rate.frame_at_timecode(options.start_timecode.seconds());
    for (index, label) in label::from_zero(notebook, options, include).iter().enumerate() {
        let start = rate.frame_at(label.start);
        let frames = (rate.frame_at(label.end) - start).max(1);
        let first = zero.saturating_add(start);
        let (from, to) = (rate.timecode(first), rate.timecode(first.saturating_add(1)));
        text.push_str(&format!("\n{:03}  001      V     C        {from} {to} {from} {to}  \n", index + 1));
        let (note, name) = (plain(&label.made_by()), plain(&label.title()));
        text.push_str(&format!("{note} |C:ResolveColor{} |M:{name} |D:{frames}\n", colour(label)));
    }
    text
}

/// Text that neither begins nor ends a field: without bars, and no digit first, which begins an event.
fn plain(text: &str) -> String {
    ascii(&text.replace('|', "/"))
}

const fn colour(label: &Label) -> &'static str {
    match (label.origin, label.kind) {
        (Origin::Hand, _) => "Yellow",
        (_, Kind::Class) => "Purple",
        _ => "Blue",
    }
}
