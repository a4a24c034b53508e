//! The program `earmark`: the plugin's engine over files.

mod args;
mod models;
mod notes;
mod plan;
mod progress;
mod shown;
mod transcribe;

use anyhow::Result;
use args::{Cli, Models, ModelsTask, Task, Transcribe};
use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser as _};
use earmark_archive::export::Existing;
use earmark_models::Store;
use std::fmt::Display;
use std::io::{self, Write as _};
use std::process::ExitCode;

fn main() -> ExitCode {
    let outcome = Cli::try_parse().map_err(anyhow::Error::from).and_then(|cli| match cli.task {
        Task::Transcribe(args) => transcribe(&args),
        Task::Export(args) => notes::export(&args).map(|()| true).map_err(|error| misused("export", error)),
        Task::Merge(args) => notes::merge(&args).map(|()| true).map_err(|error| misused("merge", error)),
        Task::Models(args) => models(&args),
    });
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => exit_code(&error),
    }
}

/// Says what stopped the program, to whom it concerns, and how it ends.
fn exit_code(error: &anyhow::Error) -> ExitCode {
    if let Some(usage) = error.downcast_ref::<clap::Error>() {
        // Help and version come this way too, and go to standard output. Nothing is left to do if nobody reads it.
        let _ = usage.print();
        return ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(2));
    }
    let broken_pipe = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    if error.downcast_ref::<io::Error>().is_some_and(broken_pipe) {
        // Whoever read has read enough, as `head` does.
        return ExitCode::SUCCESS;
    }
    complain(error);
    ExitCode::FAILURE
}

/// Writes text to standard output.
fn print(text: &str) -> Result<()> {
    print_bytes(text.as_bytes())
}

/// Writes what is text already encoded to standard output.
fn print_bytes(text: &[u8]) -> Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text).and_then(|()| stdout.flush()).map_err(|error| {
        let sentence =
            format!("standard output cannot be written ({error}); name a file after --output instead");
        anyhow::Error::from(error).context(sentence)
    })
}

/// Says one sentence on standard error.
fn complain(error: &anyhow::Error) {
    say(&error.to_string());
}

/// Says one sentence on standard error.
fn say(sentence: &str) {
    // There is nobody left to tell that standard error is closed.
    let _ = writeln!(io::stderr(), "earmark: {sentence}");
}

fn transcribe(args: &Transcribe) -> Result<bool> {
    let plan = plan::plan(args, &store().cards(), |path| path.is_dir())
        .map_err(|error| usage("transcribe", error))?;
    let existing = if args.force { Existing::Replace } else { Existing::Keep };
    transcribe::run(&plan, store(), existing)
}

fn models(args: &Models) -> Result<bool> {
    let store = store();
    match &args.task {
        None | Some(ModelsTask::List) => print(&models::list(&store))?,
        Some(ModelsTask::Show { name }) => {
            print(&models::show(&store, &store.card(name).map_err(|error| usage("models", error))?))?;
        }
        Some(ModelsTask::Verify) => {
            let (text, all_well) = models::verify(&store);
            print(&text)?;
            return Ok(all_well);
        }
        Some(ModelsTask::Add { file }) => print(&models::show(&store, &store.add(file)?))?,
        Some(ModelsTask::Remove { name }) => store.remove(name)?,
    }
    Ok(true)
}

/// A mistake in the use of `task` told as such; any other error as it is.
fn misused(task: &str, error: anyhow::Error) -> anyhow::Error {
    match error.downcast::<plan::UsageError>() {
        Ok(error) => usage(task, error).into(),
        Err(error) => error,
    }
}

/// A mistake that only shows once the command line was parsed, told as clap tells its own.
fn usage(task: &str, error: impl Display) -> clap::Error {
    let mut command = Cli::command();
    command.build();
    let mut command = command.find_subcommand(task).cloned().unwrap_or(command);
    command.error(ErrorKind::ValueValidation, error)
}

/// The user's and the system's models, and those that came with this program.
fn store() -> Store {
    let beside = std::env::current_exe().ok().and_then(|program| Some(program.parent()?.join("models")));
    beside.into_iter().fold(Store::from_environment(), Store::or_beside)
}
