//! `earmark find`: words, marks and classes of sound in what was written down beside recordings.

mod query;

use crate::args::Find;
use crate::parallel::in_order;
use crate::plan::UsageError;
use crate::walk::{self, Found};
use crate::{complain, notes, print, say};
use anyhow::Result;
use earmark_archive::export::clock;
use query::Query;
use std::path::PathBuf;
use std::thread;

/// Prints a line for each place; says whether every file could be read.
///
/// # Errors
/// [`UsageError`] if there is nothing to be found; nobody who reads standard output.
pub(crate) fn run(args: &Find) -> Result<bool> {
    let query = Query::new(&args.words, args.fuzzy).ok_or(UsageError::NoWords)?;
    let Found { files, refused } = walk::sidecars(&args.folders);
    refused.iter().for_each(complain);
    let mut all_well = refused.is_empty();
    let mut is_found = false;
    let files = Vec::from_iter(files);
    let jobs = thread::available_parallelism().map_or(1, usize::from);
    let search = |file: &PathBuf| Ok(query.places(&notes::read(file)?.notebook));
    in_order(&files, jobs, search, |file, places: Result<_>| {
        let places = match places {
            Ok(places) => places,
            Err(error) => {
                all_well = false;
                complain(&error);
                return Ok(());
            }
        };
        let name = walk::recording(file);
        let line = |place: query::Place| {
            format!("{name}\t{}\t{}\n", clock::shortest(place.at.milliseconds().max(0)), place.context)
        };
        let lines: String = places.into_iter().map(line).collect();
        is_found |= !lines.is_empty();
        if lines.is_empty() { Ok(()) } else { print(&lines) }
    })?;
    if !is_found {
        say(&format!("not found in {} files that `earmark tag` wrote", files.len()));
    }
    Ok(all_well)
}
