//! A host that does to the plugin all that hosts do, for as long as it is told to, and looks after each round whether
//! anything is lost, left behind or wrong.

mod book;
mod judge;
mod screen;
mod seat;
mod stage;
mod track;

pub use judge::{KEPT_BY_AN_OPENING, Look, Record, Row, judge};

use crate::demo::DemoError;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// What is to be done.
#[derive(Debug, Clone)]
pub struct Options {
    /// The built plugin.
    pub plugin: PathBuf,
    /// What the tracks play, one recording each.
    pub files: Vec<PathBuf>,
    /// For how long; one round is played in any case.
    pub time: Duration,
    /// What chance begins with: the same rounds come of the same seed.
    pub seed: u32,
}

/// After how many rounds all instances go at once, and the library with them.
const ALL_GO: u32 = 5;

/// Does it, on the display that the environment names, and tells `say` a line after each round, and each fault.
///
/// # Errors
/// [`DemoError`] when the plugin refuses something or there is no window; what goes otherwise wrong is in the record.
pub fn run(options: &Options, say: &mut dyn FnMut(&str)) -> Result<Record, DemoError> {
    let mut stage = stage::Stage::open(options)?;
    let begun = Instant::now();
    let (mut round, mut told) = (0, 0);
    while round == 0 || begun.elapsed() < options.time {
        round += 1;
        stage.round()?;
        if round % ALL_GO == 0 {
            stage.all_go_and_come()?;
        }
        stage.faults()[told..].iter().for_each(|fault| say(fault));
        told = stage.faults().len();
        say(&format!("{:5.1} min  round {round}: {}", begun.elapsed().as_secs_f64() / 60.0, stage.figures()));
    }
    let record = stage.close()?;
    record.faults[told..].iter().for_each(|fault| say(fault));
    Ok(record)
}
