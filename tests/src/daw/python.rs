//! Hosts that are Python packages, each in an environment of its own below the target folder.

use super::{DawError, Options, at, name, wrong};
use crate::{fixtures, saved};
use clap::ValueEnum;
use earmark_archive::state;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[path = "../../../plugin/archive/src/sample/podcast.rs"]
mod podcast;

/// A host from a Python package; all load the VST3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Package {
    /// Spotify's pedalboard.
    Pedalboard,
    /// minihost, which tells a transport.
    Minihost,
    /// DawDreamer.
    Dawdreamer,
}

/// What all of them are asked to do.
const SCRIPT: &str = include_str!("python/foreign.py");
/// Nobody has as many displays.
const NO_DISPLAY: &str = ":9999";
/// How long the talk in the large notebook is, which holds the words of two passes.
const HOURS: f64 = 4.0;

/// Plays noise at several rates, block sizes and layouts, and has two processes after each other load and save a large
/// notebook; returns what was seen, in a sentence.
///
/// # Errors
///
/// [`DawError`] when the noise comes back altered or late, or the notebook does not come back.
pub fn check(package: Package, options: &Options) -> Result<String, DawError> {
    let passed = passes(package, &options.plugin)?;
    let path = |name: &str| options.folder.join(name);
    let save = |to: &Path, from: Option<&Path>| {
        let files = std::iter::once(to).chain(from).map(Path::as_os_str);
        run(package, &options.plugin, "state", files)
    };
    let read = |path: &Path| fs::read(path).map_err(at(path));
    let [fresh, large, once, twice] = ["fresh", "large", "once", "twice"].map(path);
    save(&fresh, None)?;
    let notebook = state::encode(&podcast::heard_before(&podcast::podcast(HOURS)));
    let given = saved::with_notebook(&read(&fresh)?, &notebook)?;
    fs::write(&large, &given).map_err(at(&large))?;
    save(&once, Some(&large))?;
    save(&twice, Some(&once))?;
    let state = read(&once)?;
    if saved::read(&state)? != saved::read(&given)? {
        return Err(wrong("the notebook that is saved is not the one that was loaded"));
    }
    if read(&twice)? != state {
        return Err(wrong("a new process saves another state than it has loaded"));
    }
    Ok(format!("{passed}; {} bytes of state, the same in a new process", state.len()))
}

/// Plays noise through the plugin at several rates, block sizes and layouts and says how many were tried.
///
/// # Errors
///
/// [`DawError`] when it does not come back bit for bit, or comes back late.
pub fn passes(package: Package, plugin: &Path) -> Result<String, DawError> {
    run(package, plugin, "passes", [])
}

/// What the script says at its end.
fn run<'a>(
    package: Package,
    plugin: &Path,
    task: &str,
    files: impl IntoIterator<Item = &'a OsStr>,
) -> Result<String, DawError> {
    let mut python = Command::new(environment(package)?);
    // Told of none they take the first display that there is, which may be another test's and goes with it.
    python.env("DISPLAY", NO_DISPLAY);
    python.args(["-c", SCRIPT, package.name()]).arg(plugin).arg(task).args(files);
    finish(&mut python)
}

/// The Python of an environment that has the package; made on first use, kept for the next.
fn environment(package: Package) -> Result<PathBuf, DawError> {
    let folder = fixtures::target().join("tools").join(package.name());
    let (python, pins) = (folder.join("bin/python"), folder.join("pinned.txt"));
    // Written last: what was broken off is made anew, and so is what other versions are wanted of.
    if fs::read_to_string(&pins).is_ok_and(|text| text == package.pins()) {
        return Ok(python);
    }
    finish(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    let wanted = folder.join("wanted.txt");
    fs::write(&wanted, package.pins()).map_err(at(&wanted))?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]);
    finish(pip.args(["--require-hashes", "--only-binary", ":all:", "--requirement"]).arg(&wanted))?;
    fs::rename(&wanted, &pins).map_err(at(&pins))?;
    Ok(python)
}

/// Runs a program to its end and returns the last line that it prints; the last that it complains with is the error.
fn finish(command: &mut Command) -> Result<String, DawError> {
    let program = name(command);
    let output = command.output().map_err(|reason| DawError::Start { program: program.clone(), reason })?;
    let last = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default().to_owned()
    };
    if output.status.success() {
        return Ok(last(&output.stdout));
    }
    Err(DawError::Wrong(format!("{program} says: {}", last(&output.stderr))))
}

impl Package {
    fn name(self) -> &'static str {
        match self {
            Self::Pedalboard => "pedalboard",
            Self::Minihost => "minihost",
            Self::Dawdreamer => "dawdreamer",
        }
    }

    /// The versions that were seen to work, by their files' hashes.
    fn pins(self) -> &'static str {
        match self {
            Self::Pedalboard => include_str!("python/pedalboard.txt"),
            Self::Minihost => include_str!("python/minihost.txt"),
            Self::Dawdreamer => include_str!("python/dawdreamer.txt"),
        }
    }
}
