//! REAPER's table of markers and regions: what lasts is a region, what does not a marker. Times have
//! colons whatever the project's ruler shows, and the colour tells who made it.

use super::options::{Include, Options};
use super::{clock, csv, label};
use earmark_timeline::notebook::Notebook;

pub(super) fn write(notebook: &Notebook, options: &Options, include: Include) -> String {
    let mut text = "#,Name,Start,End,Length,Color\n".to_owned();
    let (mut markers, mut regions) = (0, 0);
    for label in label::from_zero(notebook, options, include) {
        let (start_ms, end_ms) = (label.start.milliseconds(), label.end.milliseconds());
        let (name, start) = (csv::field(&label.title()), clock::short_hours(start_ms));
        let colour = label.colour();
        let row = if end_ms <= start_ms {
            markers += 1;
            format!("M{markers},{name},{start},,,{colour}\n")
        } else {
            regions += 1;
            let (end, length) = (clock::short_hours(end_ms), clock::short_hours(end_ms - start_ms));
            format!("R{regions},{name},{start},{end},{length},{colour}\n")
        };
        text.push_str(&row);
    }
    text
}
