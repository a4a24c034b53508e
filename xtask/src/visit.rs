//! `cargo xtask visit`: pictures of every panel of the window, for people to look at.

use anyhow::Result;

use crate::bundle::{self, Profile};
use crate::workspace::{self, cargo, run};
use crate::{fixtures, models, setup};

/// Brings everything, builds the plugin, and clicks through its window in a headless host.
///
/// # Errors
/// When a step fails; the message says which.
pub(crate) fn visit() -> Result<()> {
    setup::setup(false)?;
    models::run()?;
    fixtures::run()?;
    let bundle = bundle::plugin(Profile::Debug)?;
    let mut host = cargo();
    host.args(["run", "--quiet", "--package", "earmark-tests", "--bin", "earmark-visit", "--"])
        .arg("--plugin")
        .arg(&bundle.clap)
        .arg("--file")
        .arg(fixtures::folder()?.join(fixtures::DEMO))
        .arg("--out")
        .arg(workspace::target()?.join("visit"));
    run(&mut host)
}
