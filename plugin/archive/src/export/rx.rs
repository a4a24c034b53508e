//! iZotope RX's list of markers: name, start and, for a region, end, between tabs.

use super::options::{Include, Options};
use super::{clock, label};
use earmark_timeline::notebook::Notebook;

pub(super) fn write(notebook: &Notebook, options: &Options, include: Include) -> String {
    let mut text = "Marker file version: 1\nTime format: Time\n".to_owned();
    for label in label::from_zero(notebook, options, include) {
        let (start_ms, end_ms) = (label.start.milliseconds(), label.end.milliseconds());
        text.push_str(&format!("{}\t{}", label.title(), clock::long(start_ms, '.')));
        if end_ms > start_ms {
            text.push_str(&format!("\t{}", clock::long(end_ms, '.')));
        }
        text.push('\n');
    }
    text
}
