//! Plays a recording through the built plugin in a headless host and reports what came of it; this is
//! what `cargo xtask demo` runs once everything is built and fetched.

use clap::Parser;
use earmark_tests::demo::{self, Options};
use earmark_tests::host::Xvfb;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Command, ExitCode};

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
    if std::env::var_os("DISPLAY").is_none_or(|display| display.is_empty()) {
        return under_xvfb();
    }
    let options = Options {
        plugin: arguments.plugin,
        file: arguments.file,
        reference: arguments.reference,
        speed: if arguments.fast { FAST } else { 1.0 },
        out: arguments.out,
    };
    match demo::run(&options, &mut |line| say(line)) {
        Ok(summary) => {
            say(&format!("\n{summary}\nwritten to {}", options.out.display()));
            let good = summary.checks().iter().all(|check| check.met);
            if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => fail(&error.to_string()),
    }
}

/// Starts this program anew with a display of its own, as a plugin looks for it in the environment.
fn under_xvfb() -> ExitCode {
    let xvfb = match Xvfb::start() {
        Ok(xvfb) => xvfb,
        Err(error) => return fail(&error.to_string()),
    };
    let again = std::env::current_exe().and_then(|this| {
        Command::new(this).args(std::env::args_os().skip(1)).env("DISPLAY", xvfb.display()).status()
    });
    match again {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => fail(&format!("The demonstration does not start: {error}.")),
    }
}

fn say(line: &str) {
    // A reader that went away must not stop the measurements.
    writeln!(io::stdout(), "{line}").ok();
}

fn fail(line: &str) -> ExitCode {
    writeln!(io::stderr(), "{line}").ok();
    ExitCode::FAILURE
}
