//! `cargo xtask soak`: a host that does everything to the plugin for a long time.

use anyhow::Result;
use clap::Args;

use crate::bundle::{self, Profile};
use crate::workspace::{cargo, run};
use crate::{fixtures, models, setup};

/// What the tracks play: somebody who reads, a speech, and a band with a singer.
const TRACKS: [&str; 3] = [fixtures::DEMO, "jfk.wav", "band.mp3"];

/// How long, and with which numbers.
#[derive(Args)]
pub(crate) struct Options {
    /// How long
    #[arg(long, default_value_t = 5.0)]
    minutes: f64,
    /// What chance begins with, as a run before has printed it; without it, something else each time
    #[arg(long)]
    seed: Option<u32>,
}

/// Brings everything, builds the plugin, and plays host to it until the time is over.
///
/// # Errors
/// When a step fails, or something was lost, left behind or wrong.
pub(crate) fn soak(options: &Options) -> Result<()> {
    setup::setup(false)?;
    models::run()?;
    fixtures::run()?;
    let bundle = bundle::plugin(Profile::Debug)?;
    let folder = fixtures::folder()?;
    let mut host = cargo();
    host.args(["run", "--quiet", "--package", "earmark-tests", "--bin", "soak", "--"]);
    host.arg("--plugin").arg(&bundle.clap).arg("--minutes").arg(options.minutes.to_string());
    for track in TRACKS {
        host.arg("--file").arg(folder.join(track));
    }
    if let Some(seed) = options.seed {
        host.arg("--seed").arg(seed.to_string());
    }
    run(&mut host)
}
