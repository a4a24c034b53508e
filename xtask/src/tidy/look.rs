//! Draws the picture of the workspace that the rules look at.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::rules::{House, Member, SourceFile, Use};
use crate::workspace;

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: BTreeSet<String>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    manifest_path: PathBuf,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    uses_default_features: bool,
    features: Vec<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<DependencyKind>,
}

#[derive(Deserialize)]
struct DependencyKind {
    /// `None` for what is linked; "dev" and "build" for the rest.
    kind: Option<String>,
}

/// The workspace as it lies on the disk, with every feature switched on.
///
/// # Errors
/// When cargo or a file cannot be read.
pub(crate) fn workspace() -> Result<House> {
    let deny = deny()?;
    let targets = deny.graph.targets.iter().flat_map(|target| ["--filter-platform", target]);
    let arguments: Vec<&str> = std::iter::once("--all-features").chain(targets).collect();
    let metadata: Metadata = serde_json::from_slice(&workspace::metadata(&arguments)?)?;
    let names: HashMap<&str, &str> =
        metadata.packages.iter().map(|package| (package.id.as_str(), package.name.as_str())).collect();
    let linked: HashMap<&str, Vec<&str>> = metadata
        .resolve
        .nodes
        .iter()
        .map(|node| {
            let is_linked = |edge: &&Edge| edge.dep_kinds.iter().any(|kind| kind.kind.is_none());
            (node.id.as_str(), node.deps.iter().filter(is_linked).map(|edge| edge.pkg.as_str()).collect())
        })
        .collect();
    let mut members = Vec::new();
    for package in metadata.packages.iter().filter(|package| metadata.workspace_members.contains(&package.id))
    {
        let folder = package.manifest_path.parent().context("a manifest lies in a folder")?;
        let mut files = Vec::new();
        source_files(folder, &mut files)?;
        members.push(Member {
            name: package.name.clone(),
            uses: package.dependencies.iter().map(use_from_dependency).collect(),
            inherits_lints: inherits_lints(&package.manifest_path)?,
            linked: reachable(&package.id, &linked)
                .into_iter()
                .filter_map(|id| names.get(id).map(|name| (*name).to_owned()))
                .collect(),
            files,
        });
    }
    Ok(House { members, banned: deny.bans.deny.into_iter().map(|banned| banned.name).collect() })
}

fn use_from_dependency(dependency: &Dependency) -> Use {
    let default = dependency.uses_default_features.then(|| "default".to_owned());
    Use {
        package: dependency.name.clone(),
        features: dependency.features.iter().cloned().chain(default).collect(),
    }
}

/// Everything that `start` reaches, itself left out.
fn reachable<'a>(start: &str, edges: &HashMap<&'a str, Vec<&'a str>>) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&str> = edges.get(start).cloned().unwrap_or_default();
    while let Some(next) = open.pop() {
        if let Some((id, further)) = edges.get_key_value(next)
            && found.insert(*id)
        {
            open.extend(further);
        }
    }
    found
}

fn inherits_lints(manifest: &Path) -> Result<bool> {
    let text = fs::read_to_string(manifest).with_context(|| format!("cannot read {}", manifest.display()))?;
    let manifest: toml::Table = toml::from_str(&text).with_context(|| manifest.display().to_string())?;
    let inherits = manifest.get("lints").and_then(|lints| lints.get("workspace"));
    Ok(inherits.and_then(toml::Value::as_bool).unwrap_or(false))
}

/// What `deny.toml` says, so that cargo-deny and these rules hold the same.
#[derive(Deserialize)]
struct Deny {
    graph: Graph,
    bans: Bans,
}

#[derive(Deserialize)]
struct Graph {
    /// The systems that Earmark runs on; what is linked elsewhere is not looked at.
    targets: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Banned>,
}

#[derive(Deserialize)]
struct Banned {
    name: String,
}

fn deny() -> Result<Deny> {
    let text = fs::read_to_string(workspace::root().join("deny.toml")).context("cannot read deny.toml")?;
    toml::from_str(&text).context("deny.toml")
}

fn source_files(folder: &Path, files: &mut Vec<SourceFile>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            if !path.ends_with("target") {
                source_files(&path, files)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text =
                fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            files.push(SourceFile {
                path: path.strip_prefix(workspace::root()).unwrap_or(&path).display().to_string(),
                lines: text.lines().count(),
                ignored_tests: text.lines().filter(|line| line.trim().starts_with("#[ignore")).count(),
            });
        }
    }
    Ok(())
}
