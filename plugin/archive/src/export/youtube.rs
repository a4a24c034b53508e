//! Chapters for a video's description: lines of time and title, the first at 00:00.
//!
//! YouTube wants three chapters at least, each ten seconds long at least, and ignores the list otherwise:
//! what begins sooner after a chapter than that joins its title.

use super::options::{Include, Options};
use super::{clock, label};
use earmark_timeline::notebook::Notebook;

/// The shortest chapter: YouTube Help, "Video chapters".
const SHORTEST_S: i64 = 10;
/// What stands before the first mark.
const OPENING: &str = "Start";

pub(super) fn write(notebook: &Notebook, options: &Options, include: Include) -> String {
    let mut chapters: Vec<(i64, String)> = Vec::new();
    for label in label::from_zero(notebook, options, include) {
        let start_s = label.start.milliseconds() / 1_000;
        // Angle brackets are not allowed in a description.
        let title = label.title().replace('<', "‹").replace('>', "›");
        if chapters.is_empty() && start_s >= SHORTEST_S {
            chapters.push((0, OPENING.to_owned()));
        }
        match chapters.last_mut() {
            Some((begun_s, titles)) if start_s - *begun_s < SHORTEST_S => {
                titles.push_str(" · ");
                titles.push_str(&title);
            }
            Some(_) => chapters.push((start_s, title)),
            None => chapters.push((0, title)),
        }
    }
    chapters.iter().map(|(start_s, title)| format!("{} {title}\n", clock::spoken(start_s * 1_000))).collect()
}
