//! `cargo xtask demo`: from a fresh clone to a transcript, in one command.

use std::path::PathBuf;

use anyhow::{Result, ensure};

use crate::bundle::{self, Profile};
use crate::workspace::{self, cargo, run};
use crate::{fixtures, models, setup};

/// Brings everything, builds the plugin, and plays a recording through it in a headless host.
///
/// # Errors
/// When a step fails; the message says which.
pub(crate) fn demo(file: Option<PathBuf>, fast: bool) -> Result<()> {
    if let Some(file) = &file {
        // Said before the long part, not after it.
        ensure!(file.is_file(), "there is no file {}", file.display());
    }
    setup::setup(false)?;
    models::run()?;
    let (file, reference) = match file {
        Some(file) => {
            // The host runs in the workspace's folder, wherever this was called from.
            (std::path::absolute(file)?, None)
        }
        None => {
            fixtures::run()?;
            let file = fixtures::folder()?.join(fixtures::DEMO);
            let text = fixtures::text_beside(&file);
            (file, Some(text))
        }
    };
    let bundle = bundle::plugin(Profile::Release)?;
    let mut host = cargo();
    host.args(["run", "--release", "--quiet", "--package", "earmark-tests", "--bin", "earmark-demo", "--"])
        .arg("--plugin")
        .arg(&bundle.clap)
        .arg("--file")
        .arg(&file)
        .arg("--out")
        .arg(workspace::target()?.join("demo"));
    if let Some(reference) = reference {
        host.arg("--reference").arg(reference);
    }
    if fast {
        host.arg("--fast");
    }
    run(&mut host)
}
