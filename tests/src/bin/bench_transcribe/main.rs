//! The measuring half of `cargo xtask bench transcribe`: runs one engine over a list of clips and writes
//! what it said and cost, one JSON object a line. Scores are made from that by `tests/bench/score.py`.

mod clips;
mod cost;
mod earmark;
mod latency;
mod whisper_cpp;

use clap::{Parser, Subcommand};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Run one transcriber over a list of clips and write down what it said and cost.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    engine: Engine,
}

#[derive(Subcommand)]
enum Engine {
    /// Earmark's own engine, as files go through it
    Earmark(Task),
    /// Earmark's own engine in real time, the clips one after the other; the language is the model's to find
    Latency(Task),
    /// whisper.cpp as it comes: the whole window, beam search, one thread
    WhisperCpp {
        #[command(flatten)]
        task: Task,
        /// How many hypotheses the beam keeps
        #[arg(long, default_value_t = 5)]
        beam: i32,
    },
}

#[derive(clap::Args)]
struct Task {
    /// The model's name in the registry
    #[arg(long)]
    model: String,
    /// The clips, one JSON object a line, as `tests/bench/clips.py` writes them
    #[arg(long)]
    clips: PathBuf,
    /// Where the results go, one JSON object a line
    #[arg(long)]
    out: PathBuf,
    /// Let the model find the language instead of telling it
    #[arg(long)]
    detect: bool,
}

/// What stops a run, as a sentence.
type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let result = match Arguments::parse().engine {
        Engine::Earmark(task) => earmark::run(&task),
        Engine::Latency(task) => latency::run(&task),
        Engine::WhisperCpp { task, beam } => whisper_cpp::run(&task, beam),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            writeln!(io::stderr(), "error: {error}").ok();
            ExitCode::FAILURE
        }
    }
}
