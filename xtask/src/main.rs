//! `cargo xtask`: the one door for whoever builds Earmark.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is a program for a terminal")]

mod convert;
mod fetch;
mod models;
mod progress;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Everything around Earmark's code. A newcomer needs two: `cargo xtask demo` and `cargo xtask install`.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Fetch the default models (about 165 MB on disk) into your data folder; does nothing when they are there.
    ///
    /// Everything is pinned by SHA-256. EARMARK_MODELS names another folder.
    Models,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Models => models::run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
