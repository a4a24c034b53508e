//! `cargo xtask test`: everything that has to hold before a change goes in.

pub(crate) use tally::Tally;

mod deny;
mod tally;

use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::bundle::{self, Profile};
use crate::workspace::{cargo, run};
use crate::{dist, fixtures, models, setup, tidy};

/// The framework's own guard: a plugin built with it ends its host when its `process` allocates, in whatever test.
const GUARDED: &str = "earmark/assert-process-allocs";

/// How the steps before have gone, and what the tests said.
#[derive(Default)]
struct Round {
    tally: Tally,
    failed: Vec<String>,
}

/// Runs all steps (`quick`: formatting, tidy and the crates' own tests), and ends with how many tests passed.
///
/// # Errors
/// When a step or a test failed.
pub(crate) fn test(quick: bool) -> Result<()> {
    let mut round = Round::default();
    let ready = steps(&mut round, quick);
    println!();
    for failed in &round.failed {
        println!("failed: {failed}");
    }
    if round.tally.ignored > 0 {
        println!("failed: {} tests were switched off; every test runs", round.tally.ignored);
    }
    // Alone on its line and the last of all, for those who read only the end.
    println!("{} passed, {} failed", round.tally.passed, round.tally.failed);
    ready?;
    let tests_ran = round.tally.passed > 0 && round.tally.failed + round.tally.ignored == 0;
    if round.failed.is_empty() && tests_ran { Ok(()) } else { bail!("not everything holds") }
}

/// All steps in order; an error ends the round, for what comes after it could only fail as well.
fn steps(round: &mut Round, quick: bool) -> Result<()> {
    round.step("formatting", || run(cargo().args(["fmt", "--all", "--check"])));
    round.step("tidy", tidy::tidy);
    if quick {
        return round.tests(&["--exclude", "earmark-tests"], &mut cargo());
    }
    round.first("setup", || setup::setup(false))?;
    round.first("models", models::run)?;
    round.first("fixtures", fixtures::run)?;
    round.step("lints", || {
        // The standalone program and the planted faults are built by nothing else here.
        let everything =
            ["clippy", "--workspace", "--all-targets", "--features", "earmark/standalone,earmark/planted"];
        run(cargo().args(everything).args(["--", "-D", "warnings"]))
    });
    // The whole workspace at once: a part of it would build the same libraries again with fewer features.
    round.first("build", || run(cargo().args(["build", "--workspace", "--features", GUARDED])))?;
    let bundle = round.first("bundle", || bundle::lay_out(Profile::Debug))?;
    let mut cargo = cargo();
    cargo.env(fixtures::VARIABLE, fixtures::folder()?).env("EARMARK_VST3", &bundle.vst3);
    round.tests(&["--features", GUARDED], &mut cargo)?;
    round.step("archive", || dist::pack(&bundle.folder));
    round.step("licences and bans", deny::check);
    Ok(())
}

impl Round {
    /// A step that others do not need: its failure is noted and the round goes on.
    fn step(&mut self, name: &str, step: impl FnOnce() -> Result<()>) {
        if let Err(error) = timed(name, step) {
            println!("{error:#}");
            self.failed.push(name.to_owned());
        }
    }

    /// A step that the rest stands on.
    fn first<T>(&mut self, name: &str, step: impl FnOnce() -> Result<T>) -> Result<T> {
        timed(name, step).with_context(|| format!("the step \"{name}\" failed, so the tests were not run"))
    }

    fn tests(&mut self, arguments: &[&str], cargo: &mut Command) -> Result<()> {
        cargo.args(["test", "--workspace", "--no-fail-fast"]).args(arguments);
        let succeeded = timed("tests", || self.tally.count(cargo))?;
        if !succeeded {
            self.failed.push("tests".to_owned());
        }
        Ok(())
    }
}

fn timed<T>(name: &str, step: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("== {name}");
    let begin = Instant::now();
    let result = step();
    println!(
        "== {name}: {} after {:.1} s",
        if result.is_ok() { "done" } else { "failed" },
        begin.elapsed().as_secs_f32()
    );
    result
}
