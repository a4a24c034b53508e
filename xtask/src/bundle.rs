//! `cargo xtask bundle`: builds the plugin and the programs, and lays them out as hosts expect them.

mod layout;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::workspace::{self, cargo, run};
use layout::{Format, System};

/// The plugin's package, which is also the key in `bundler.toml`.
const PLUGIN: &str = "earmark";
/// The program that shows the plugin without a host.
const STANDALONE: &str = "earmark-standalone";
/// The command-line program, and its package.
const CLI: &str = "earmark";
const CLI_PACKAGE: &str = "earmark-cli";

/// The variable that chooses a planted fault; only libraries that have faults name it.
pub(crate) const FAULTS: &str = "EARMARK_PLANTED_FAULT";

/// Which of cargo's two usual profiles.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quick to build.
    Debug,
    /// Quick to run; what people install.
    Release,
}

impl Profile {
    fn folder(self) -> &'static str {
        match self {
            Profile::Debug => "debug",
            Profile::Release => "release",
        }
    }
}

/// What lies in the bundle folder.
pub(crate) struct Bundle {
    /// That folder.
    pub(crate) folder: PathBuf,
    /// The `.clap` file (on macOS a folder).
    pub(crate) clap: PathBuf,
    /// The `.vst3` folder.
    pub(crate) vst3: PathBuf,
    /// The command-line program.
    pub(crate) cli: PathBuf,
    /// The library that both are made of, as cargo names it.
    pub(crate) library: PathBuf,
}

/// Builds everything and lays it out.
///
/// # Errors
/// When something does not build or cannot be written.
pub(crate) fn all(profile: Profile) -> Result<Bundle> {
    build(profile, &["--package", PLUGIN, "--lib"])?;
    build(profile, &["--package", CLI_PACKAGE])?;
    let bundle = lay_out(profile)?;
    build(profile, &["--package", PLUGIN, "--features", "standalone", "--bin", STANDALONE])?;
    let standalone = place_program(profile, STANDALONE)?;
    for path in [&bundle.clap, &bundle.vst3, &standalone, &bundle.cli] {
        println!("{}", path.display());
    }
    Ok(bundle)
}

/// Builds and lays out the plugin and the command-line program only.
///
/// # Errors
/// When something does not build or cannot be written.
pub(crate) fn plugin(profile: Profile) -> Result<Bundle> {
    build(profile, &["--package", PLUGIN, "--lib"])?;
    build(profile, &["--package", CLI_PACKAGE])?;
    lay_out(profile)
}

/// Lays out the plugin and the command-line program as they were built last.
///
/// # Errors
/// When one has not been built, or the folder cannot be written.
pub(crate) fn lay_out(profile: Profile) -> Result<Bundle> {
    let library = library(profile)?;
    ensure!(
        !has_faults(&library)?,
        "{} was built with faults for `cargo xtask validate --planted`; `cargo build --package {PLUGIN}` builds it anew",
        library.display()
    );
    place(library, &folder()?, place_program(profile, CLI)?)
}

/// Builds the plugin with faults in it, lays it out in a folder of its own and builds it without faults again.
///
/// # Errors
/// When something does not build or cannot be written.
pub(crate) fn planted() -> Result<Bundle> {
    let profile = Profile::Debug;
    let sound = plugin(profile)?;
    build(profile, &["--package", PLUGIN, "--lib", "--features", "planted"])?;
    let folder = workspace::target()?.join("planted");
    let library = folder.join(sound.library.file_name().unwrap_or_default());
    copy(&sound.library, &library)?;
    // Who tests next finds the plugin that the sources make.
    build(profile, &["--package", PLUGIN, "--lib"])?;
    ensure!(has_faults(&library)?, "{} has no faults, although it was built with them", library.display());
    place(library, &folder, sound.cli)
}

/// Whether a library was built with the feature that plants faults.
fn has_faults(library: &Path) -> Result<bool> {
    let bytes = fs::read(library).with_context(|| format!("cannot read {}", library.display()))?;
    Ok(bytes.windows(FAULTS.len()).any(|text| text == FAULTS.as_bytes()))
}

fn library(profile: Profile) -> Result<PathBuf> {
    let name = format!("{}{PLUGIN}{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    Ok(workspace::target()?.join(profile.folder()).join(name))
}

fn place(library: PathBuf, folder: &Path, cli: PathBuf) -> Result<Bundle> {
    let (name, system) = (display_name()?, System::here());
    let mut placed = Vec::new();
    for format in [Format::Clap, Format::Vst3] {
        let bundle = folder.join(format!("{name}.{}", format.extension()));
        remove(&bundle)?;
        let inside = layout::binary(system, format, &name);
        copy(&library, &inside.as_ref().map_or(bundle.clone(), |inside| bundle.join(inside)))?;
        for (path, text) in layout::companions(system, format, &name, env!("CARGO_PKG_VERSION")) {
            let path = bundle.join(path);
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::write(path, text)?;
        }
        placed.push(bundle);
    }
    let [clap, vst3] = <[PathBuf; 2]>::try_from(placed).ok().context("two formats make two bundles")?;
    Ok(Bundle { folder: folder.to_owned(), clap, vst3, cli, library })
}

/// Deletes a file or a folder, if it is there.
///
/// # Errors
/// When it cannot be deleted.
pub(crate) fn remove(path: &Path) -> Result<()> {
    let result = if path.is_dir() && !path.is_symlink() {
        fs::remove_dir_all(path)
    } else if path.exists() || path.is_symlink() {
        fs::remove_file(path)
    } else {
        Ok(())
    };
    result.with_context(|| format!("cannot delete {}", path.display()))
}

/// Copies a file, making the folders that it goes into.
///
/// # Errors
/// When it cannot be read or written.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    // A host may hold the old file open: it keeps what it has, the name goes to the new one.
    remove(to)?;
    fs::copy(from, to).with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    Ok(())
}

/// Copies a file, or a folder with all that is in it.
///
/// # Errors
/// When something cannot be read or written.
pub(crate) fn copy_all(from: &Path, to: &Path) -> Result<()> {
    if !from.is_dir() {
        return copy(from, to);
    }
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        copy_all(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

fn build(profile: Profile, arguments: &[&str]) -> Result<()> {
    let mut cargo = cargo();
    cargo.arg("build").args(arguments);
    if profile == Profile::Release {
        cargo.arg("--release");
    }
    run(&mut cargo)
}

fn place_program(profile: Profile, program: &str) -> Result<PathBuf> {
    let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    let to = folder()?.join(&file);
    copy(&workspace::target()?.join(profile.folder()).join(&file), &to)?;
    Ok(to)
}

fn folder() -> Result<PathBuf> {
    Ok(workspace::target()?.join("bundled"))
}

/// The plugin's name for people, out of `bundler.toml`.
fn display_name() -> Result<String> {
    #[derive(Deserialize)]
    struct Names {
        earmark: Entry,
    }
    #[derive(Deserialize)]
    struct Entry {
        name: String,
    }
    let path = workspace::root().join("bundler.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(toml::from_str::<Names>(&text).context("bundler.toml")?.earmark.name)
}
