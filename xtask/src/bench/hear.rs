//! What is heard besides words, against what a corpus says: tempo, key, loudness, classes of sound, roles.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::scripts;
use super::section::Section;
use super::tools::environment;
use crate::workspace::{self, cargo, run};
use crate::{fixtures, models};

/// The tables of what the program `earmark` of a cargo profile hears in the recordings of `corpus`; without one, in the
/// fixtures, of which fewer things are known.
///
/// # Errors
/// When the program cannot be built, or it or the scores fail.
pub(super) fn tables(corpus: Option<&Path>, profile: &str) -> Result<Vec<Section>> {
    models::run()?;
    run(cargo().args(["build", "--quiet", "--package", "earmark-cli", "--profile", profile]))?;
    let listener = ["build", "--quiet", "--package", "earmark-tests", "--bin", "hearing-figures"];
    run(cargo().args(listener).args(["--profile", profile]))?;
    let target = workspace::target()?;
    let python = environment(&target)?;
    let folder = target.join("bench/hear");
    fs::create_dir_all(&folder)?;
    let small = folder.join("small");
    if corpus.is_none() {
        fixtures::run()?;
        let mut make = Command::new(&python);
        make.arg(scripts().join("small.py")).arg("--fixtures").arg(fixtures::folder()?);
        run(make.arg("--out").arg(&small))?;
    }
    let tables = folder.join("tables.json");
    let mut score = Command::new(&python);
    score.arg(scripts().join("hear.py")).arg("--corpus").arg(corpus.unwrap_or(&small));
    score.arg("--program").arg(workspace::built(profile, "earmark")?);
    score.arg("--listener").arg(workspace::built(profile, "hearing-figures")?);
    score.arg("--heard").arg(folder.join("heard")).arg("--out").arg(&tables);
    run(&mut score)?;
    let mut sections: Vec<Section> =
        serde_json::from_slice(&fs::read(&tables)?).context("the scores make no sense")?;
    if corpus.is_none() {
        sections.iter_mut().for_each(|section| section.title.push_str(" (fixtures)"));
    }
    Ok(sections)
}
