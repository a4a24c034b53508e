//! The program `earmark`: the plugin's engine over files.

mod args;
mod find;
mod listen;
mod models;
mod notes;
mod parallel;
mod plan;
mod progress;
mod recording;
mod shown;
mod stop;
mod tag;
mod transcribe;
mod walk;
mod watch;

use anyhow::{Context as _, Result};
use args::{Cli, Listening, Models, ModelsTask, Tag, Task, Transcribe, Watch};
use clap::error::ErrorKind;
use clap::{Command, CommandFactory as _, Parser as _};
use clap_complete::Shell;
use clap_mangen::Man;
use earmark_archive::export::Existing;
use earmark_models::Store;
use std::fmt::Display;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;
use tag::{Earlier, Tagger};

fn main() -> ExitCode {
    let outcome = Cli::try_parse().map_err(anyhow::Error::from).and_then(|cli| match cli.task {
        Task::Transcribe(args) => transcribe(&args),
        Task::Tag(args) => tag(&args),
        Task::Watch(args) => watch(&args),
        Task::Find(args) => find::run(&args).map_err(|error| misused("find", error)),
        Task::Export(args) => notes::export(&args).map(|()| true).map_err(|error| misused("export", error)),
        Task::Merge(args) => notes::merge(&args).map(|()| true).map_err(|error| misused("merge", error)),
        Task::Models(args) => models(&args),
        Task::Completions { shell } => completions(shell).map(|()| true),
        Task::Man { folder: Some(folder), .. } => manual(&folder).map(|()| true),
        Task::Man { command, .. } => man(command.as_deref()).map(|()| true),
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

fn tag(args: &Tag) -> Result<bool> {
    let earlier = match (args.resume, args.force) {
        (true, _) => Earlier::Resume,
        (_, true) => Earlier::Replace,
        _ => Earlier::Refuse,
    };
    tag::run(args, &tagger("tag", &args.listening, earlier, args.written.write_tags)?)
}

fn watch(args: &Watch) -> Result<bool> {
    watch::run(args, &tagger("watch", &args.listening, Earlier::Resume, args.written.write_tags)?)
}

fn tagger(task: &str, listening: &Listening, earlier: Earlier, write_tags: bool) -> Result<Tagger> {
    let store = store();
    let settings = plan::settings(listening, &store.cards()).map_err(|error| usage(task, error))?;
    Tagger::new(store, settings, earlier, write_tags)
}

fn completions(shell: Shell) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "earmark", &mut script);
    print_bytes(&script)
}

fn man(task: Option<&str>) -> Result<()> {
    let command = match task {
        None => built(),
        Some(task) => command(task).ok_or_else(|| {
            usage("man", format!("there is no command \"{task}\"; `earmark help` lists them"))
        })?,
    };
    let mut page = Vec::new();
    Man::new(command).render(&mut page)?;
    print_bytes(&page)
}

/// All pages of the manual in a folder.
fn manual(folder: &Path) -> Result<()> {
    let kept = || format!("the manual cannot be written to {}; name another folder", folder.display());
    std::fs::create_dir_all(folder).with_context(kept)?;
    clap_mangen::generate_to(built(), folder).with_context(kept)
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
    command(task).unwrap_or_else(built).error(ErrorKind::ValueValidation, error)
}

/// The command line's description of one task.
fn command(task: &str) -> Option<Command> {
    built().find_subcommand(task).cloned()
}

fn built() -> Command {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    command
}

/// The user's and the system's models, and those that came with this program.
fn store() -> Store {
    let beside = std::env::current_exe().ok().and_then(|program| Some(program.parent()?.join("models")));
    beside.into_iter().fold(Store::from_environment(), Store::or_beside)
}
