//! What is heard besides words, against what a corpus says: tempo, key, loudness, classes of sound, roles.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::scripts;
use super::section::Section;
use super::tools::environment;
use crate::models;
use crate::workspace::{self, cargo, run};

/// The tables of what the program `earmark` of a cargo profile hears in the recordings of `corpus`.
///
/// # Errors
/// When the program cannot be built, or it or the scores fail.
pub(super) fn tables(corpus: &Path, profile: &str) -> Result<Vec<Section>> {
    models::run()?;
    run(cargo().args(["build", "--quiet", "--package", "earmark-cli", "--profile", profile]))?;
    let target = workspace::target()?;
    let folder = target.join("bench/hear");
    fs::create_dir_all(&folder)?;
    let tables = folder.join("tables.json");
    let mut score = Command::new(environment(&target)?);
    score.arg(scripts().join("hear.py")).arg("--corpus").arg(corpus);
    score.arg("--program").arg(workspace::built(profile, "earmark")?);
    score.arg("--heard").arg(folder.join("heard")).arg("--out").arg(&tables);
    run(&mut score)?;
    serde_json::from_slice(&fs::read(&tables)?).context("the scores make no sense")
}
