//! `cargo xtask validate`: the plugin in hosts, our own and those that nobody here wrote, as one table.

mod checks;
mod limited;

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::bundle::{self, Profile};
use crate::progress::Progress;
use crate::workspace::{self, cargo, run};
use crate::{fixtures, models, setup};
use checks::{CHECKS, Check};

/// What is to be checked.
#[derive(Args)]
pub(crate) struct Validate {
    /// Make only this check; may be given again
    #[arg(long, value_name = "NAME", value_parser = names())]
    only: Vec<String>,
    /// Leave this check out; may be given again
    #[arg(long, value_name = "NAME", value_parser = names(), hide_possible_values = true)]
    skip: Vec<String>,
    /// Make each check on a plugin with a fault in it, and fail unless all are seen
    #[arg(long)]
    planted: bool,
}

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Good,
    Bad,
    Skipped,
}

/// A line of the table.
struct Row {
    name: &'static str,
    outcome: Outcome,
    time: Duration,
    note: String,
}

/// What the table calls what went well and what did not.
type Words = [&'static str; 2];

/// Of checks.
const CHECKED: Words = ["holds", "FAILS"];
/// Of faults.
const PLANTED: Words = ["caught", "UNSEEN"];

impl Validate {
    /// Brings what is missing, builds, makes every check that is asked for and prints the table.
    ///
    /// # Errors
    /// When something does not build or a check fails.
    pub(crate) fn run(&self) -> Result<()> {
        setup::setup(false)?;
        models::run()?;
        fixtures::run()?;
        let bundle = if self.planted { bundle::planted()? } else { bundle::plugin(Profile::Debug)? };
        run(cargo().args(["test", "--no-run", "--package", "earmark-tests"]))?;
        let folder = workspace::target()?.join(if self.planted { "planted" } else { "validate" });
        let (words, rows) = if self.planted {
            (PLANTED, self.rows(PLANTED, |check| check.catch(&bundle, &folder)))
        } else {
            (CHECKED, self.rows(CHECKED, |check| check.perform(&bundle, &folder)))
        };
        println!("\n{}", table(words, &rows));
        println!(
            "\nThe plugin is of the dev profile; logs, sessions and pictures are in {}.",
            folder.display()
        );
        ensure!(
            !rows.iter().any(|row| row.outcome == Outcome::Bad),
            "not everything went well; `cargo xtask validate --only NAME` makes one check again"
        );
        Ok(())
    }

    fn rows(&self, words: Words, perform: impl Fn(&Check) -> Result<String>) -> Vec<Row> {
        let progress = Progress::counting(CHECKS.len());
        let mut rows = Vec::new();
        for check in CHECKS {
            let name = check.name;
            let begin = Instant::now();
            let is_named = |names: &[String]| names.iter().any(|it| it == name);
            let (outcome, note) = if is_named(&self.skip) {
                (Outcome::Skipped, "named by --skip".to_owned())
            } else if !(self.only.is_empty() || is_named(&self.only)) {
                (Outcome::Skipped, "not named by --only".to_owned())
            } else {
                progress.now(format!("{name}: {}", check.what));
                match perform(check) {
                    Ok(seen) => (Outcome::Good, seen),
                    Err(error) => (Outcome::Bad, format!("{error:#}")),
                }
            };
            let row = Row { name, outcome, time: begin.elapsed(), note };
            progress.done(1, row.line(words));
            rows.push(row);
        }
        rows
    }
}

impl Row {
    fn line(&self, [good, bad]: Words) -> String {
        let result = match self.outcome {
            Outcome::Good => good,
            Outcome::Bad => bad,
            Outcome::Skipped => "skipped",
        };
        format!("{:<12} {result:<8} {:>5.0} s  {}", self.name, self.time.as_secs_f32(), self.note)
    }
}

fn names() -> PossibleValuesParser {
    CHECKS.iter().map(|check| clap::builder::PossibleValue::new(check.name).help(check.what)).into()
}

fn table(words: Words, rows: &[Row]) -> String {
    let head = format!("{:<12} {:<8} {:>7}  {}", "check", "result", "time", "note");
    std::iter::once(head).chain(rows.iter().map(|row| row.line(words))).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_a_line_for_each_check_under_its_head() {
        let row = |name, outcome, note: &str| Row {
            name,
            outcome,
            time: Duration::from_secs(3),
            note: note.to_owned(),
        };
        let rows = [row("A", Outcome::Good, "2 tests"), row("B", Outcome::Bad, "why")];
        let table = table(CHECKED, &rows);
        let lines: Vec<_> = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).collect();
        assert_eq!(lines[0], ["check", "result", "time", "note"]);
        assert_eq!(lines[1], ["A", "holds", "3", "s", "2", "tests"]);
        assert_eq!(lines[2], ["B", "FAILS", "3", "s", "why"]);
    }

    #[test]
    fn what_is_not_asked_for_is_skipped_and_what_is_said_is_noted() {
        let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let asked = Validate { only: named(&["host", "window"]), skip: named(&["window"]), planted: false };
        let rows = asked.rows(CHECKED, |check| Ok(check.what.to_owned()));
        let made: Vec<_> = rows.iter().filter(|row| row.outcome == Outcome::Good).collect();
        assert_eq!(made.iter().map(|row| row.name).collect::<Vec<_>>(), ["host"]);
        assert_eq!(made[0].note, CHECKS[0].what);
        assert_eq!(rows.len(), CHECKS.len());
    }
}
