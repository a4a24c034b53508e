//! Plays a recording through the built plugin in a headless host and reports what came of it; this is
//! what `cargo xtask demo` runs once everything is built and fetched.

use clap::Parser;
use earmark_tests::demo::{self, Options};
use earmark_tests::host::on_a_display;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Play a recording through the plugin and show what it makes of it.
#[derive(Parser)]
struct Arguments {
    /// The built plugin, a .clap file.
    #[arg(long)]
    plugin: PathBuf,
    /// The recording to play.
    #[arg(long)]
    file: PathBuf,
    /// A text file with what is said in it, to count word errors by.
    #[arg(long)]
    reference: Option<PathBuf>,
    /// Play twenty times faster than it sounds.
    #[arg(long)]
    fast: bool,
    /// Where the state, the exports and the picture go.
    #[arg(long)]
    out: PathBuf,
}

/// As fast as the plugin surely keeps up with on two cores, without filling its ring.
const FAST: f64 = 20.0;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let options = Options {
        plugin: arguments.plugin,
        file: arguments.file,
        reference: arguments.reference,
        speed: if arguments.fast { FAST } else { 1.0 },
        out: arguments.out,
    };
    on_a_display(|| {
        let summary = demo::run(&options, &mut say).map_err(|error| error.to_string())?;
        say(&format!("\n{summary}\nwritten to {}", options.out.display()));
        Ok(summary.checks().iter().all(|check| check.met))
    })
}

fn say(line: &str) {
    // A reader that went away must not stop the measurements.
    writeln!(io::stdout(), "{line}").ok();
}
