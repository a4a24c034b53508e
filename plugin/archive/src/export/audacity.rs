//! An Audacity label track: start, end and text between tabs, in seconds; a point ends where it starts.

use super::label;
use super::options::{Include, Options};
use earmark_timeline::notebook::Notebook;
use earmark_timeline::units::ProjectTime;

pub(super) fn write(notebook: &Notebook, options: &Options, include: Include) -> String {
    let row = |label: &label::Label| {
        let (start, end) = (seconds(label.start), seconds(label.end.max(label.start)));
        format!("{start}\t{end}\t{}\n", label.title())
    };
    label::from_zero(notebook, options, include).iter().map(row).collect()
}

/// Seconds with the six decimals that Audacity itself writes.
fn seconds(time: ProjectTime) -> String {
    const TICKS: i128 = ProjectTime::TICKS_PER_SECOND as i128;
    let us = (i128::from(time.ticks()) * 1_000_000 + TICKS / 2) / TICKS;
    format!("{}.{:06}", us / 1_000_000, us % 1_000_000)
}
