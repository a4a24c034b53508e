//! The packages that are linked into what people run, out of `cargo metadata` and `Cargo.lock`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::workspace;

/// The packages that people run.
const SHIPPED: [&str; 2] = ["earmark", "earmark-cli"];

/// All packages, in the order of their names and versions.
pub(super) struct Packages(pub(super) Vec<Package>);

/// One of them.
#[derive(Clone)]
pub(super) struct Package {
    /// Its name.
    pub(super) name: String,
    /// Its version.
    pub(super) version: String,
    /// Its terms as an SPDX expression, if it says so.
    pub(super) licence: Option<String>,
    /// The folder of its source.
    pub(super) folder: PathBuf,
    /// Whether it is this workspace's own.
    pub(super) is_own: bool,
    /// SHA-256 of its file at the registry.
    pub(super) checksum: Option<String>,
    /// What it is linked with, by [`Package::id`].
    pub(super) links: Vec<String>,
}

impl Package {
    /// Its name and version, as package URLs put them.
    pub(super) fn id(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Described>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Described {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
    manifest_path: PathBuf,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Link>,
}

#[derive(Deserialize)]
struct Link {
    pkg: String,
    dep_kinds: Vec<LinkKind>,
}

#[derive(Deserialize)]
struct LinkKind {
    /// Absent for what is linked; `build` or `dev` otherwise.
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    checksum: Option<String>,
}

impl Packages {
    /// Reads them for the system that this program was built for.
    ///
    /// # Errors
    /// When cargo cannot read the workspace.
    pub(super) fn read() -> Result<Self> {
        let rustc = Command::new("rustc").arg("-vV").output().context("cannot start rustc")?;
        let text = String::from_utf8_lossy(&rustc.stdout).into_owned();
        let host =
            text.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
        let arguments = ["--locked", "--features", "earmark/standalone", "--filter-platform", host];
        let metadata: Metadata = serde_json::from_slice(&workspace::metadata(&arguments)?)?;
        let lock: Lock = toml::from_str(&std::fs::read_to_string(workspace::root().join("Cargo.lock"))?)?;
        let sums = lock.package.into_iter().map(|locked| ((locked.name, locked.version), locked.checksum));
        Ok(Self::linked(metadata, &sums.collect()))
    }

    fn linked(metadata: Metadata, sums: &BTreeMap<(String, String), Option<String>>) -> Self {
        let nodes: BTreeMap<&str, Vec<&str>> = metadata
            .resolve
            .nodes
            .iter()
            .map(|node| {
                let links =
                    node.deps.iter().filter(|link| link.dep_kinds.iter().any(|kind| kind.kind.is_none()));
                (node.id.as_str(), links.map(|link| link.pkg.as_str()).collect())
            })
            .collect();
        let described: BTreeMap<&str, &Described> =
            metadata.packages.iter().map(|package| (package.id.as_str(), package)).collect();
        let is_shipped =
            |package: &&Described| package.source.is_none() && SHIPPED.contains(&package.name.as_str());
        let mut open: Vec<&str> =
            metadata.packages.iter().filter(is_shipped).map(|package| package.id.as_str()).collect();
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                open.extend(nodes.get(id).into_iter().flatten());
            }
        }
        let name_of =
            |id: &&str| described.get(id).map(|package| format!("{}@{}", package.name, package.version));
        let mut packages: Vec<Package> = seen
            .iter()
            .filter_map(|id| described.get(id))
            .map(|package| Package {
                name: package.name.clone(),
                version: package.version.clone(),
                // An old way to write it.
                licence: package.license.as_ref().map(|licence| licence.replace('/', " OR ")),
                folder: package.manifest_path.parent().unwrap_or(Path::new("")).to_owned(),
                is_own: package.source.is_none(),
                checksum: sums.get(&(package.name.clone(), package.version.clone())).cloned().flatten(),
                links: nodes.get(package.id.as_str()).into_iter().flatten().filter_map(name_of).collect(),
            })
            .collect();
        packages.sort_by_key(Package::id);
        Self(packages)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_linked_is_found_and_what_only_builds_or_tests_is_not() {
        let package = |name: &str, source: Option<&str>| {
            serde_json::json!({
                "id": name, "name": name, "version": "1.0.0", "license": "MIT/Apache-2.0", "source": source,
                "manifest_path": format!("/{name}/Cargo.toml"),
            })
        };
        let link = |name: &str, kind: Option<&str>| serde_json::json!({ "pkg": name, "dep_kinds": [{ "kind": kind }] });
        let metadata = serde_json::json!({
            "packages": [package("earmark", None), package("linked", Some("r")), package("deep", Some("r")), package("cc", Some("r"))],
            "resolve": { "nodes": [
                { "id": "earmark", "deps": [link("linked", None), link("cc", Some("build")), link("cc", Some("dev"))] },
                { "id": "linked", "deps": [link("deep", None)] },
                { "id": "deep", "deps": [] },
                { "id": "cc", "deps": [] },
            ] },
        });
        let sums = [(("deep".to_owned(), "1.0.0".to_owned()), Some("ab".to_owned()))].into();
        let metadata = serde_json::from_value(metadata).expect("as cargo writes it");
        let Packages(found) = Packages::linked(metadata, &sums);
        let ids: Vec<_> = found.iter().map(Package::id).collect();
        assert_eq!(ids, ["deep@1.0.0", "earmark@1.0.0", "linked@1.0.0"]);
        assert_eq!(found[0].checksum.as_deref(), Some("ab"));
        assert_eq!(found[0].licence.as_deref(), Some("MIT OR Apache-2.0"));
        assert_eq!((found[1].is_own, &found[1].links), (true, &vec!["linked@1.0.0".to_owned()]));
    }
}
