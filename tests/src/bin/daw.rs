//! Checks the built plugin in a host that nobody here wrote; `cargo xtask validate` runs this once everything is
//! built, fetched and installed.

use clap::{Parser, ValueEnum};
use earmark_tests::daw::python::{self, Package};
use earmark_tests::daw::{Options, ardour, qtractor};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Check the plugin in a host that nobody here wrote.
#[derive(Parser)]
struct Arguments {
    /// The host.
    host: Host,
    /// The built plugin, a CLAP file or a VST3 bundle, as the host takes it.
    #[arg(long)]
    plugin: PathBuf,
    /// A recording of somebody who speaks.
    #[arg(long)]
    speech: PathBuf,
    /// An empty folder for the host's home, its session and the pictures.
    #[arg(long)]
    folder: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Host {
    Ardour,
    Dawdreamer,
    Minihost,
    Pedalboard,
    Qtractor,
    /// Qtractor once more: a click through the window's panels.
    Tour,
}

fn main() -> ExitCode {
    let Arguments { host, plugin, speech, folder } = Arguments::parse();
    let options = Options { plugin, speech, folder };
    let seen = match host {
        Host::Ardour => ardour::check(&options),
        Host::Dawdreamer => python::check(Package::Dawdreamer, &options),
        Host::Minihost => python::check(Package::Minihost, &options),
        Host::Pedalboard => python::check(Package::Pedalboard, &options),
        Host::Qtractor => qtractor::check(&options),
        Host::Tour => qtractor::tour(&options),
    };
    // A reader that went away must not hide the outcome.
    match seen {
        Ok(seen) => {
            writeln!(io::stdout(), "{seen}").ok();
            ExitCode::SUCCESS
        }
        Err(error) => {
            writeln!(io::stderr(), "{error}").ok();
            ExitCode::FAILURE
        }
    }
}
