//! `earmark watch`: listens to what is newly put into a folder.

use crate::args::Watch;
use crate::recording::Stamp;
use crate::tag::Tagger;
use crate::walk;
use crate::{complain, print, say, stop};
use anyhow::{Result, bail};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::slice;

/// Looks into the folder again and again until it is asked to stop.
///
/// # Errors
/// What ends it early: no model, no folder, or nobody who reads standard output.
pub(crate) fn run(args: &Watch, tagger: &Tagger) -> Result<bool> {
    let folder = args.folder.as_path();
    if !folder.is_dir() {
        bail!("{} is no folder; name one", folder.display());
    }
    tagger.check_model()?;
    stop::on_interrupt()?;
    let mut watched = Watched::default();
    for file in recordings(folder) {
        watched.done(&file);
    }
    say(&format!("watching {}; Ctrl-C ends it", folder.display()));
    while !stop::requested_within(args.interval) {
        for file in recordings(folder) {
            if watched.is_due(&file) {
                tag(&file, tagger)?;
                watched.done(&file);
            }
        }
    }
    Ok(true)
}

fn recordings(folder: &Path) -> Vec<PathBuf> {
    let found = walk::recordings(slice::from_ref(&folder.to_owned()));
    found.files.into_iter().collect()
}

fn tag(file: &Path, tagger: &Tagger) -> Result<()> {
    match tagger.tag(file, |_| ()) {
        Ok(tagged) => {
            let summary = tagged.summary();
            print(&format!("{}: {}, {}\n", file.display(), summary.length(), summary.line()))
        }
        Err(_) if stop::requested() => Ok(()),
        Err(error) => {
            complain(&error);
            Ok(())
        }
    }
}

/// What is known of the files in the folder.
#[derive(Default)]
struct Watched {
    /// As they were when they were done with.
    done: HashMap<PathBuf, Stamp>,
    /// As they were at the last look, where that is not how they were done with.
    growing: HashMap<PathBuf, Stamp>,
}

impl Watched {
    /// Looks at a file; says whether it is new or changed, and has stopped changing.
    fn is_due(&mut self, file: &Path) -> bool {
        // A file that is gone again comes up anew when it is back.
        let Ok(stamp) = Stamp::of(file) else { return false };
        if self.done.get(file) == Some(&stamp) || stamp.is_empty() {
            return false;
        }
        self.growing.insert(file.to_owned(), stamp) == Some(stamp)
    }

    fn done(&mut self, file: &Path) {
        self.growing.remove(file);
        if let Ok(stamp) = Stamp::of(file) {
            self.done.insert(file.to_owned(), stamp);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_file_is_due_once_it_has_stopped_growing_and_again_when_it_is_written_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a.wav");
        let mut watched = Watched::default();
        let mut look = |contents: Option<&str>, expected: bool| {
            if let Some(contents) = contents {
                fs::write(&file, contents).expect("written");
            }
            let is_due = watched.is_due(&file);
            assert_eq!(is_due, expected, "{contents:?}");
            if is_due {
                watched.done(&file);
            }
        };
        look(None, false);
        look(Some(""), false);
        look(None, false);
        look(Some("half"), false);
        look(Some("half and half"), false);
        look(None, true);
        look(None, false);
        look(Some("another take"), false);
        look(None, true);
        look(None, false);
    }
}
