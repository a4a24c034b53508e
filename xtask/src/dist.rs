//! `cargo xtask dist`: one archive with all that a user gets, and the proof that it installs and goes again.

mod archive;
mod glibc;
mod licences;
mod packages;
mod proof;
mod sbom;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::Args;
use earmark_models::{Sha256, Store, registry};

use crate::bundle::{self, Profile};
use crate::install::shells;
use crate::{models, setup, workspace};
use packages::Packages;

/// What is put into the archive.
#[derive(Args)]
pub(crate) struct Options {
    /// Build quickly instead of building what runs quickly
    #[arg(long)]
    debug: bool,
    /// Build nothing, and take what lies in this folder as `cargo xtask bundle` leaves it
    #[arg(long, conflicts_with = "debug")]
    bundled: Option<PathBuf>,
    /// Build a second time in another folder, and compare what comes out byte for byte
    #[arg(long, conflicts_with_all = ["debug", "bundled"])]
    twice: bool,
}

/// The installer, which the archive holds on Linux.
const INSTALLER: &str = include_str!("dist/install.sh");

/// What is taken out of the bundle folder; the last one only where it was built.
const BUNDLED: [&str; 3] = ["Earmark.clap", "Earmark.vst3", "earmark"];
const STANDALONE: &str = "earmark-standalone";

/// Builds, packs and proves the archive; prints a line for each thing that was checked.
///
/// # Errors
/// When a step fails, or the archive is not what it has to be.
pub(crate) fn dist(options: &Options) -> Result<()> {
    setup::setup(false)?;
    models::run()?;
    let bundled = match (&options.bundled, options.debug) {
        (Some(folder), _) => folder.clone(),
        (None, true) => bundle::all(Profile::Debug)?.folder,
        (None, false) => build("dist")?,
    };
    if options.twice {
        compare(&bundled, &build("dist-again")?)?;
    }
    pack(&bundled)
}

/// Packs what lies in `bundled`, with the models, and proves the archive.
///
/// # Errors
/// When something is missing or cannot be written, or the archive is not what it has to be.
pub(crate) fn pack(bundled: &Path) -> Result<()> {
    let out = workspace::target()?.join("dist");
    let system = format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS);
    let name = format!("earmark-{}-{system}", env!("CARGO_PKG_VERSION"));
    let stage = out.join(&name);
    bundle::remove(&stage)?;
    fill(&stage, bundled)?;
    let file = out.join(format!("{name}.tar.gz"));
    archive::write(&stage, &name, commit_time()?, &file)?;
    bundle::remove(&stage)?;
    let sum = format!("{}  {name}.tar.gz\n", Sha256::of_file(&file)?);
    fs::write(out.join(format!("{name}.tar.gz.sha256")), &sum)?;
    println!("{} ({:.1} MB)\n{sum}", file.display(), file.metadata()?.len() as f64 / 1e6);
    proof::prove(&file, &name)
}

/// Builds for release in a folder of its own below cargo's, with nothing in it of where and when that was.
fn build(folder: &str) -> Result<PathBuf> {
    let target = workspace::target()?.join(folder);
    let cargo_home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| directories::BaseDirs::new().map(|directories| directories.home_dir().join(".cargo")));
    let mut places = vec![(workspace::root().to_owned(), "earmark"), (target.clone(), "target")];
    places.extend(cargo_home.map(|home| (home, "cargo")));
    let flags = |option: &str, between: &str| {
        let flag = |(from, to): &(PathBuf, &str)| format!("{option}={}=/{to}", from.display());
        places.iter().map(flag).collect::<Vec<_>>().join(between)
    };
    let mut bundle = Command::new(std::env::current_exe()?);
    bundle.arg("bundle").env("CARGO_TARGET_DIR", &target);
    bundle.env("CARGO_ENCODED_RUSTFLAGS", flags("--remap-path-prefix", "\x1f"));
    for variable in ["CFLAGS", "CXXFLAGS"] {
        bundle.env(variable, flags("-ffile-prefix-map", " "));
    }
    workspace::run(bundle.env("SOURCE_DATE_EPOCH", commit_time()?.to_string()))?;
    Ok(target.join("bundled"))
}

/// Compares two bundle folders.
fn compare(one: &Path, other: &Path) -> Result<()> {
    let mut differ = Vec::new();
    for file in archive::files(one)? {
        let same = Sha256::of_file(&one.join(&file))? == Sha256::of_file(&other.join(&file))?;
        println!("{} {}", if same { "the same twice:" } else { "DIFFERS:" }, file.display());
        differ.extend((!same).then_some(file));
    }
    ensure!(differ.is_empty(), "a second build came out otherwise: {differ:?}");
    Ok(())
}

/// When the newest commit was made, in seconds since 1970; everything in the archive bears this time.
fn commit_time() -> Result<u64> {
    let mut git = Command::new("git");
    let output = git.current_dir(workspace::root()).args(["log", "-1", "--format=%ct"]).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim()
        .parse()
        .context("git does not say when the newest commit was made: pack a clone of the repository")
}

/// Lays out below `stage` what the archive holds.
fn fill(stage: &Path, bundled: &Path) -> Result<()> {
    let with_suffix = |name: &str| {
        if name.contains('.') { name.to_owned() } else { format!("{name}{}", std::env::consts::EXE_SUFFIX) }
    };
    for name in BUNDLED.map(with_suffix) {
        bundle::copy_all(&bundled.join(&name), &stage.join(&name))?;
    }
    let standalone = with_suffix(STANDALONE);
    if bundled.join(&standalone).is_file() {
        bundle::copy(&bundled.join(&standalone), &stage.join(&standalone))?;
    }
    let store = Store::from_environment();
    for card in registry().iter().filter(|card| card.runs_here()) {
        bundle::copy(&store.verified_path(card)?, &stage.join("models").join(&card.file))?;
        write(stage, &format!("models/{}.card.toml", card.name), &toml::to_string(card)?)?;
    }
    let packages = Packages::read()?;
    write(stage, "sbom.cdx.json", &sbom::write(&packages, commit_time()?)?)?;
    write(stage, "THIRD-PARTY-LICENCES.txt", &licences::write(&packages)?)?;
    for name in ["LICENSE", "README.md", "CHANGELOG.md"] {
        bundle::copy(&workspace::root().join(name), &stage.join(name))?;
    }
    if cfg!(target_os = "linux") {
        shells::install(&stage.join(with_suffix("earmark")), &stage.join("share"))?;
        write(stage, "install.sh", INSTALLER)?;
    }
    let line = |file: &PathBuf| Ok(format!("{}  {}\n", Sha256::of_file(&stage.join(file))?, file.display()));
    let sums = archive::files(stage)?.iter().map(line).collect::<Result<String>>()?;
    write(stage, "SHA256SUMS", &sums)
}

fn write(stage: &Path, name: &str, text: &str) -> Result<()> {
    fs::write(stage.join(name), text)
        .with_context(|| format!("cannot write {name} below {}", stage.display()))
}
