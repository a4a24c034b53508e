//! `cargo xtask fixtures`: the recordings that the demo and the tests use.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use earmark_models::{Artifact, Sha256};
use serde::Deserialize;

use crate::fetch::Depot;
use crate::progress::Progress;
use crate::workspace;

/// One recording: what it is, under what terms, and where it comes from.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fixture {
    /// The file's name in the fixtures' folder.
    pub(crate) name: String,
    title: String,
    licence: String,
    language: Option<String>,
    /// What is said in it, word for word.
    text: Option<String>,
    artifact: Artifact,
}

/// The environment variable that names another folder for them.
pub(crate) const VARIABLE: &str = "EARMARK_FIXTURES";

/// The recording that the demo plays.
pub(crate) const DEMO: &str = "sonnet1.mp3";

/// The folder that the recordings lie in: `EARMARK_FIXTURES`, or `fixtures` in cargo's target folder.
///
/// # Errors
/// When cargo cannot read the workspace.
pub(crate) fn folder() -> Result<PathBuf> {
    match std::env::var_os(VARIABLE).filter(|value| !value.is_empty()) {
        Some(named) => Ok(named.into()),
        None => Ok(workspace::target()?.join("fixtures")),
    }
}

/// The file that holds the reference text of a recording.
pub(crate) fn text_beside(recording: &Path) -> PathBuf {
    recording.with_extension("txt")
}

/// Prints what each recording is.
///
/// # Errors
/// When the list cannot be read.
pub(crate) fn list() -> Result<()> {
    for fixture in all()? {
        let (package, version) = (&fixture.artifact.package, &fixture.artifact.version);
        println!("{}: {}", fixture.name, fixture.title);
        println!("  from: {package} {version}\n  terms: {}", fixture.licence);
        if let (Some(language), Some(text)) = (&fixture.language, &fixture.text) {
            println!("  text ({language}): {text}");
        }
    }
    Ok(())
}

/// Fetches and checks the recordings that are not there yet, with their texts; offline when all are.
///
/// # Errors
/// When one cannot be fetched or written, or is not what is pinned.
pub(crate) fn run() -> Result<()> {
    let folder = folder()?;
    let fixtures = all()?;
    let wanting: Vec<&Fixture> = fixtures.iter().filter(|fixture| !is_whole(&folder, fixture)).collect();
    if !wanting.is_empty() {
        let depot =
            Depot::open(&folder, || println!("waiting for another run that works in {}", folder.display()))?;
        let progress = Progress::counting(wanting.len());
        for fixture in wanting {
            progress.now(format!("fetching {}", fixture.name));
            let parts = depot.parts(&fixture.artifact).with_context(|| fixture.name.clone())?;
            let bytes = parts.into_iter().next().map(|part| part.bytes);
            depot.put(&fixture.name, &bytes.with_context(|| format!("{} names no member", fixture.name))?)?;
            if let Some(text) = &fixture.text {
                let name = text_beside(Path::new(&fixture.name));
                depot.put(&name.to_string_lossy(), format!("{}\n", text.trim()).as_bytes())?;
            }
            depot.discard([&fixture.artifact])?;
            progress.done(1, fixture.title.clone());
        }
    }
    println!("{} recordings are in {}", fixtures.len(), folder.display());
    Ok(())
}

fn all() -> Result<Vec<Fixture>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct List {
        fixture: Vec<Fixture>,
    }
    let list: List = toml::from_str(include_str!("../fixtures.toml")).context("xtask/fixtures.toml")?;
    Ok(list.fixture)
}

fn is_whole(folder: &Path, fixture: &Fixture) -> bool {
    let path = folder.join(&fixture.name);
    let found = Sha256::of_file(&path).unwrap_or_default();
    let recording = fixture.artifact.members.iter().any(|member| member.sha256 == found);
    let text = std::fs::read_to_string(text_beside(&path)).ok();
    recording && text.as_deref().map(str::trim) == fixture.text.as_deref().map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_parses_and_holds_the_demos_recording_with_its_text() {
        let fixtures = all().expect("the list parses");
        let demo = fixtures.iter().find(|fixture| fixture.name == DEMO).expect("the demo's recording");
        assert!(demo.text.as_ref().is_some_and(|text| text.split_whitespace().count() > 100));
    }

    #[test]
    fn every_recording_has_one_member() {
        for fixture in all().expect("the list parses") {
            assert_eq!(fixture.artifact.members.len(), 1, "{}", fixture.name);
        }
    }
}
