//! `cargo xtask`: the one door for whoever builds Earmark.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is a program for a terminal")]

mod bench;
mod bundle;
mod convert;
mod demo;
mod dist;
mod fetch;
mod fixtures;
mod install;
mod models;
mod progress;
mod setup;
mod soak;
mod test;
mod tidy;
mod validate;
mod visit;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use bench::Bench;
use bundle::Profile;
use validate::Validate;

/// Everything around Earmark's code. Whoever is new here wants `cargo xtask demo` to see it at work and
/// `cargo xtask install` to use it in a DAW; both bring what they need by themselves.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Name the system packages that are missing and install them where that is allowed
    ///
    /// Uses apt-get as root or through sudo without a password; otherwise it prints the one command to type.
    /// README.md names the packages for other systems.
    Setup {
        /// Only say what is missing, and fail if something is
        #[arg(long)]
        check: bool,
    },
    /// Fetch the default models (about 165 MB on disk, 250 MB to load) into your data folder
    ///
    /// Every file is pinned by SHA-256 before and after it is converted. What is there is kept, so this is
    /// quick and needs no network the second time. EARMARK_MODELS names another folder.
    Models,
    /// Fetch the recordings that the demo and the tests use (20 MB to load)
    ///
    /// They go to target/fixtures; EARMARK_FIXTURES names another folder.
    Fixtures {
        /// Only print what each recording is, and under what terms
        #[arg(long)]
        list: bool,
    },
    /// Build the plugin (CLAP and VST3), the standalone program and the command line into target/bundled
    Bundle {
        /// Build quickly instead of building what runs quickly
        #[arg(long)]
        debug: bool,
    },
    /// Build and copy the plugin to your plug-in folders and the command line to your programs
    ///
    /// What bash, zsh and fish complete and the manual's pages go below ~/.local/share.
    Install {
        /// Take away what was installed; models and settings stay
        #[arg(long)]
        uninstall: bool,
    },
    /// Make the archive that people install: plugin, programs, models, licences, installer; into target/dist
    ///
    /// On Linux it is then unpacked, installed into an empty home, used and taken out again, and no part of it may
    /// need a newer C library than Ubuntu 22.04 has.
    Dist(dist::Options),
    /// Play a recording through the built plugin in a headless host and show what it hears
    ///
    /// Brings everything that is missing first. Results go to target/demo: the marks as SRT and JSON, and a
    /// picture of the editor.
    Demo {
        /// The recording; without one, a sonnet from LibriVox, whose text is known
        file: Option<PathBuf>,
        /// Play as fast as the machine can, instead of in real time
        #[arg(long)]
        fast: bool,
    },
    /// Click through every panel of the plugin's window and take pictures of them, into target/visit
    Visit,
    /// Check the plugin in hosts, our own and those that nobody here wrote, and print one table
    ///
    /// Brings everything first, the hosts too: with apt-get where it may, and with pip into target/tools. Takes about
    /// a quarter of an hour once all is built, and fails if a check does. Logs, sessions and pictures go to
    /// target/validate, those of --planted to target/planted.
    Validate(Validate),
    /// Run everything that has to hold: formatting, lints, tests with the real models, tidy, licences
    Test {
        /// Only formatting, tidy and the crates' own tests; no host, no window, no picture
        #[arg(long)]
        quick: bool,
    },
    /// Read random mutations of states, imports and audio files until the time is over
    ///
    /// What goes wrong is kept below tests/corpus, which the tests read as well.
    Fuzz {
        /// How long
        #[arg(long, default_value_t = 15.0)]
        minutes: f64,
    },
    /// Have 500 instances come and go while valgrind watches every access to memory (about a quarter of an hour)
    Memcheck,
    /// Do to the built plugin all that hosts do for a long time, and look what is lost, left behind or wrong
    ///
    /// Three tracks play real recordings in real time, with seeks, loops and stops; windows open and close, marks are
    /// set, utterances corrected, projects saved and loaded again, instances come and go. After each round come the
    /// figures, in the end a table.
    Soak(soak::Options),
    /// Check the arrows between the crates and the house rules that no lint knows
    Tidy,
    /// Measure Earmark, and its peers beside it
    #[command(subcommand)]
    Bench(Bench),
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    match task {
        Task::Setup { check } => setup::setup(check),
        Task::Models => models::run(),
        Task::Fixtures { list: true } => fixtures::list(),
        Task::Fixtures { list: false } => fixtures::run(),
        Task::Bundle { debug } => {
            bundle::all(if debug { Profile::Debug } else { Profile::Release })?;
            Ok(())
        }
        Task::Install { uninstall: false } => install::install(),
        Task::Install { uninstall: true } => install::uninstall(),
        Task::Demo { file, fast } => demo::demo(file, fast),
        Task::Dist(options) => dist::dist(&options),
        Task::Visit => visit::visit(),
        Task::Validate(validate) => validate.run(),
        Task::Test { quick } => test::test(quick),
        Task::Fuzz { minutes } => {
            let program = ["run", "--quiet", "--package", "earmark-tests", "--bin", "fuzz", "--"];
            workspace::run(workspace::cargo().args(program).arg(minutes.to_string()))
        }
        Task::Memcheck => {
            fixtures::run()?;
            let program = ["run", "--quiet", "--package", "earmark-tests", "--bin", "lifecycle", "--"];
            let recording = fixtures::folder()?.join("jfk.wav");
            let mut cargo = workspace::cargo();
            workspace::run(cargo.args(program).args(["memcheck", "-"]).arg(recording).arg("500"))
        }
        Task::Soak(options) => soak::soak(&options),
        Task::Tidy => tidy::tidy(),
        Task::Bench(bench) => bench::run(bench),
    }
}
