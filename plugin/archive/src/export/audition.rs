//! Adobe Audition's table of markers, between tabs though its files end in `.csv`.

use super::options::{Include, Options};
use super::{clock, label};
use earmark_timeline::notebook::Notebook;

pub(super) fn write(notebook: &Notebook, options: &Options, include: Include) -> String {
    let mut text = "Name\tStart\tDuration\tTime Format\tType\tDescription\n".to_owned();
    for label in label::from_zero(notebook, options, include) {
        let start_ms = label.start.milliseconds();
        let length_ms = (label.end.milliseconds() - start_ms).max(0);
        let (start, length) = (clock::shortest(start_ms), clock::shortest(length_ms));
        let (title, made_by) = (label.title(), label.made_by());
        text.push_str(&format!("{title}\t{start}\t{length}\tdecimal\tCue\t{made_by}\n"));
    }
    text
}
