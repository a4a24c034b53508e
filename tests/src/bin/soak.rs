//! Plays host to the plugin for a long time and shows what is lost or left behind; this is what `cargo xtask soak`
//! runs once everything is built and fetched.

use clap::Parser;
use earmark_tests::host::on_a_display;
use earmark_tests::soak::{self, Options};
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Do to the plugin all that hosts do, for a long time, and look what is lost or left behind.
#[derive(Parser)]
struct Arguments {
    /// The built plugin, a .clap file.
    #[arg(long)]
    plugin: PathBuf,
    /// What a track plays; once for each track.
    #[arg(long = "file", required = true)]
    files: Vec<PathBuf>,
    /// How long; a round is played in any case.
    #[arg(long)]
    minutes: f64,
    /// What chance begins with; without it, something else each time.
    #[arg(long)]
    seed: Option<u32>,
}

fn main() -> ExitCode {
    let Arguments { plugin, files, minutes, seed } = Arguments::parse();
    on_a_display(|| {
        let time = Duration::try_from_secs_f64(minutes * 60.0)
            .map_err(|error| format!("{minutes} minutes: {error}"))?;
        let seed = seed.unwrap_or_else(|| RandomState::new().hash_one(0) as u32);
        // A reader that went away must not stop the run.
        let mut say = |line: &str| drop(writeln!(io::stdout(), "{line}"));
        say(&format!("seed {seed}"));
        let record =
            soak::run(&Options { plugin, files, time, seed }, &mut say).map_err(|error| error.to_string())?;
        let rows = soak::judge(&record);
        rows.iter().for_each(|row| say(&row.to_string()));
        Ok(rows.iter().all(|row| row.holds))
    })
}
