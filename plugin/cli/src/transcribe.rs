//! `earmark transcribe`: one file after the other through the engine, into text.

use crate::plan::{Item, Plan, Target};
use crate::progress::Progress;
use crate::{complain, print_bytes, say};
use anyhow::{Result, anyhow, bail};
use earmark_archive::export::{self, Cost, Existing, Format, Making, Options};
use earmark_engine::decode;
use earmark_engine::hub::Hub;
use earmark_models::Store;
use earmark_timeline::notebook::{Notebook, Parts};
use earmark_timeline::snapshot::{Health, Snapshot};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

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
    // Held until the last file is done, so that each model is loaded once.
    let hub = Hub::shared(store.clone())?;
    let mut all_well = true;
    for (index, item) in plan.items.iter().enumerate() {
        let heard = check_target(plan, item, existing).and_then(|()| transcribe(&hub, plan, &item.input));
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

/// Writes a transcript to its file, or gives back what is to be printed.
fn write(
    plan: &Plan,
    item: &Item,
    heard: &Snapshot,
    store: &Store,
    existing: Existing,
) -> Result<Option<Vec<u8>>> {
    let notebook = &heard.notebook;
    let source = item.input.file_name().map(|name| name.to_string_lossy().into_owned());
    let recording = plan.options.recording.clone().or_else(|| Some(item.input.clone()));
    let made = Some(making(heard, store));
    let options = Options { source, recording, made, ..plan.options.clone() };
    match &item.target {
        Target::Stdout => Ok(Some(export::write(notebook, plan.format, &options)?)),
        Target::File(path) => {
            export::export(notebook, plan.format, &options, path, existing)?;
            Ok(None)
        }
    }
}

/// How a transcript was made, and what it cost.
fn making(heard: &Snapshot, store: &Store) -> Making {
    let ms = |seconds: f64| (seconds * 1_000.0).round() as u64;
    let usage = &heard.usage;
    let cost = Cost {
        audio_ms: ms(usage.audio.0),
        cpu_ms: ms(usage.inference_cpu.0 + usage.listening_cpu.0),
        models_ms: usage.models.iter().map(|used| (used.model.to_string(), ms(used.cpu.0))).collect(),
        millijoules: ms(usage.joules),
        measured: usage.measured,
    };
    let cards = store.cards().into_iter().map(|card| (card.name, card.sha256));
    let used = |name: &str| usage.models.iter().any(|used| &*used.model == name);
    Making { date: Some(today()), sha256: cards.filter(|(name, _)| used(name)).collect(), cost: Some(cost) }
}

/// The day in Greenwich, as ISO 8601 writes it.
fn today() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let (year, month, day) = civil_from_days((since.as_secs() / 86_400) as i64);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The date so many days after 1 January 1970 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year_of_era + era * 400 + (month <= 2) as i64, month, day)
}

/// One line for a person: what a transcript cost.
fn cost(input: &Path, heard: &Snapshot) -> String {
    let usage = &heard.usage;
    let cpu = usage.inference_cpu.0 + usage.listening_cpu.0;
    let kind = if usage.measured { "measured" } else { "an estimate" };
    let (audio, joules) = (usage.audio.0, usage.joules);
    format!("{}: {audio:.1} s of audio took {cpu:.1} CPU seconds and {joules:.0} J ({kind})", input.display())
}

/// Listens to one file and gives back what was said.
fn transcribe(hub: &Arc<Hub>, plan: &Plan, input: &Path) -> Result<Arc<Snapshot>> {
    let mut file = decode::open(input)?;
    let progress = Progress::new(input, file.duration().map(|duration| duration.0));
    let session =
        hub.open_session(Notebook::from_parts(Parts { settings: plan.settings.clone(), ..Parts::default() }));
    let mut feed = session.feed(file.rate(), file.channels())?;
    let mut block = Vec::new();
    while file.next_block(&mut block)? {
        feed.push(&block);
        show(&progress, &session.snapshot());
        check_health(input, &session.snapshot())?;
    }
    drop(feed);
    let end = session.wait_until_settled(1, |snapshot| show(&progress, snapshot));
    drop(progress);
    check_health(input, &end)?;
    if let Health::Unavailable(reason) = &end.status.classifier {
        complain(&anyhow!("{}: no classes of sound were found: {reason}", input.display()));
    }
    if end.notebook.utterances().is_empty() {
        complain(&anyhow!("{}: nobody speaks in it, as far as Earmark can hear", input.display()));
    }
    say(&cost(input, &end));
    Ok(end)
}

fn show(progress: &Progress, snapshot: &Snapshot) {
    let heard = snapshot.status.heard_until.map_or(0.0, |time| time.seconds());
    let words = snapshot.notebook.utterances().iter().map(|utterance| utterance.words.len()).sum();
    progress.show(heard - snapshot.status.behind.0, words);
}

fn check_health(input: &Path, snapshot: &Snapshot) -> Result<()> {
    match &snapshot.status.transcriber {
        Health::Unavailable(reason) => bail!("{}: not transcribed: {reason}", input.display()),
        _ => Ok(()),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_called_by_its_date() {
        for (days, date) in
            [(0, (1970, 1, 1)), (11_016, (2000, 2, 29)), (20_779, (2026, 11, 22)), (-1, (1969, 12, 31))]
        {
            assert_eq!(civil_from_days(days), date);
        }
    }
}
