//! Goes through the panels of the plugin's window in a headless host and takes pictures of them; this is what
//! `cargo xtask visit` runs once everything is built and fetched.

use clap::Parser;
use earmark_tests::host::on_a_display;
use earmark_tests::visit::{self, Options};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Take pictures of every panel of the plugin's window.
#[derive(Parser)]
struct Arguments {
    /// The built plugin, a .clap file.
    #[arg(long)]
    plugin: PathBuf,
    /// A recording of somebody who speaks.
    #[arg(long)]
    file: PathBuf,
    /// Where the pictures go.
    #[arg(long)]
    out: PathBuf,
}

fn main() -> ExitCode {
    let Arguments { plugin, file, out } = Arguments::parse();
    on_a_display(|| {
        // A reader that went away must not stop the visit.
        let mut say = |line: &str| drop(writeln!(io::stdout(), "{line}"));
        visit::run(&Options { plugin, file, out }, &mut say).map(|()| true).map_err(|error| error.to_string())
    })
}
