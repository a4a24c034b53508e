//! `earmark transcribe`: one file after the other through the engine, into text.

use crate::listen::{self, Ears, Heard};
use crate::plan::{Item, Plan, Target};
use crate::progress::Progress;
use crate::{complain, print_bytes, say};
use anyhow::{Result, anyhow, bail};
use earmark_archive::export::{self, Existing, Format, Options};
use earmark_engine::decode;
use earmark_models::Store;
use earmark_timeline::snapshot::Health;
use std::fs;
use std::path::Path;

/// Carries out a plan. What fails on one file is said, names it, and does not stop the rest; the answer
/// is whether nothing failed.
///
/// # Errors
/// What stops everything: no model, no folder to write to, or nobody who reads standard output.
pub(crate) fn run(plan: &Plan, store: Store, existing: Existing) -> Result<bool> {
    store.find(&store.card(&plan.settings.model)?)?;
    if let Some(folder) = &plan.folder {
        fs::create_dir_all(folder).map_err(|error| {
            anyhow!("the folder {} cannot be made ({error}); choose another", folder.display())
        })?;
    }
    let ears = Ears::new(&store)?;
    let mut all_well = true;
    for (index, item) in plan.items.iter().enumerate() {
        let heard = check_target(plan, item, existing).and_then(|()| transcribe(&ears, plan, &item.input));
        let written = heard.and_then(|heard| write(plan, item, &heard, &store, existing));
        match written {
            Ok(None) => {}
            Ok(Some(text)) => print_bytes(&titled(plan, index, text))?,
            Err(error) => {
                complain(&error);
                all_well = false;
            }
        }
    }
    Ok(all_well)
}

/// Refuses a target that could not be written in the end, before the work instead of after it.
fn check_target(plan: &Plan, item: &Item, existing: Existing) -> Result<()> {
    let Target::File(path) = &item.target else { return Ok(()) };
    let Ok(target) = path.canonicalize() else { return Ok(()) };
    if existing == Existing::Keep {
        bail!("{} is there already; choose another name, or add --force to replace it", path.display());
    }
    if plan.items.iter().any(|other| other.input.canonicalize().is_ok_and(|input| input == target)) {
        bail!("{} is a recording and is not replaced by a transcript; choose another name", path.display());
    }
    Ok(())
}

/// Writes a transcript to its file, or gives back what is to be printed, and says what it cost.
fn write(
    plan: &Plan,
    item: &Item,
    heard: &Heard,
    store: &Store,
    existing: Existing,
) -> Result<Option<Vec<u8>>> {
    let notebook = &heard.snapshot.notebook;
    let source = item.input.file_name().map(|name| name.to_string_lossy().into_owned());
    let recording = plan.options.recording.clone().or_else(|| Some(item.input.clone()));
    let made = heard.making(store);
    if let Some(cost) = &made.cost {
        say(&format!("{}: {}", item.input.display(), listen::cost(cost)));
    }
    let (made, sound) = (Some(made), Some(heard.sound.clone()));
    let options = Options { source, recording, made, sound, ..plan.options.clone() };
    match &item.target {
        Target::Stdout => Ok(Some(export::write(notebook, plan.format, &options)?)),
        Target::File(path) => {
            export::export(notebook, plan.format, &options, path, existing)?;
            Ok(None)
        }
    }
}

/// Listens to one file and says what was not heard in it.
fn transcribe(ears: &Ears, plan: &Plan, input: &Path) -> Result<Heard> {
    let file = decode::open(input)?;
    let name = input.file_name().unwrap_or(input.as_os_str()).to_string_lossy();
    let progress = Progress::new(&name, file.duration().map(|duration| duration.0));
    let heard = ears.listen(&plan.settings, input, file, |done, words| {
        progress.show(done, format!("{words} words"));
    });
    drop(progress);
    let heard = heard?;
    if let Health::Unavailable(reason) = &heard.snapshot.status.classifier {
        complain(&anyhow!("{}: no classes of sound were found: {reason}", input.display()));
    }
    if heard.snapshot.notebook.utterances().is_empty() {
        complain(&anyhow!("{}: nobody speaks in it, as far as Earmark can hear", input.display()));
    }
    Ok(heard)
}

/// What goes to standard output for one transcript: below its file's name where several texts follow each other.
fn titled(plan: &Plan, index: usize, text: Vec<u8>) -> Vec<u8> {
    if plan.items.len() == 1 || plan.format != Format::Txt {
        return text;
    }
    let gap = if index == 0 { "" } else { "\n" };
    let title = format!("{gap}==> {} <==\n", plan.items[index].input.display());
    [title.into_bytes(), text].concat()
}
