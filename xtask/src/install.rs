//! `cargo xtask install`: the bundle into the user's own plug-in folders, and what shells and `man` know of it.

pub(crate) mod shells;

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::bundle::{self, Bundle, Profile};
use crate::{models, setup};

/// Where things go for this user.
struct Places {
    clap: PathBuf,
    vst3: PathBuf,
    programs: PathBuf,
    /// Below it are completions and the manual; Windows has no place for them.
    shared: Option<PathBuf>,
}

/// Brings what is missing, builds, and copies the result to where hosts and shells look; prints what went where.
///
/// # Errors
/// When something does not build, or a folder cannot be written.
pub(crate) fn install() -> Result<()> {
    let places = places()?;
    setup::setup(false)?;
    models::run()?;
    let bundle = bundle::plugin(Profile::Release)?;
    for (from, to) in moves(&bundle, &places)? {
        bundle::remove(&to)?;
        bundle::copy_all(&from, &to)?;
        println!("installed {}", to.display());
    }
    if let Some(shared) = &places.shared {
        shells::install(&bundle.cli, shared)?;
    }
    println!("let your DAW look for new plug-ins; it lists Earmark among the effects");
    let path = std::env::var_os("PATH").unwrap_or_default();
    if !std::env::split_paths(&path).any(|folder| folder == places.programs) {
        println!("{} is not on your PATH: add it to call `earmark` by its name", places.programs.display());
    }
    Ok(())
}

/// Deletes what [`install`] copied; models and settings stay.
///
/// # Errors
/// When something cannot be deleted.
pub(crate) fn uninstall() -> Result<()> {
    let places = places()?;
    let name = |extension: &str| format!("Earmark.{extension}");
    let program = format!("earmark{}", std::env::consts::EXE_SUFFIX);
    let copied =
        [places.clap.join(name("clap")), places.vst3.join(name("vst3")), places.programs.join(program)];
    let written = places.shared.map(|shared| shells::files(&shared)).transpose()?.unwrap_or_default();
    for path in copied.into_iter().chain(written) {
        if path.exists() {
            bundle::remove(&path)?;
            println!("removed {}", path.display());
        } else {
            println!("not there: {}", path.display());
        }
    }
    Ok(())
}

/// Each bundled thing, and where it goes.
fn moves(bundle: &Bundle, places: &Places) -> Result<Vec<(PathBuf, PathBuf)>> {
    [(&bundle.clap, &places.clap), (&bundle.vst3, &places.vst3), (&bundle.cli, &places.programs)]
        .into_iter()
        .map(|(from, folder)| {
            let name = from.file_name().with_context(|| format!("{} has no name", from.display()))?;
            Ok((from.clone(), folder.join(name)))
        })
        .collect()
}

/// The user's plug-in folders, as the makers of the formats name them (`clap/entry.h`; "Plug-in Locations"
/// in Steinberg's VST 3 developer portal).
fn places() -> Result<Places> {
    let directories =
        directories::BaseDirs::new().context("this account has no home folder to install into")?;
    let home = directories.home_dir();
    // Where bash-completion and `man` look on macOS too, beside the folder of programs.
    let shared = Some(if cfg!(target_os = "macos") {
        home.join(".local/share")
    } else {
        directories.data_dir().to_owned()
    });
    Ok(if cfg!(target_os = "macos") {
        let (plug_ins, programs) = (home.join("Library/Audio/Plug-Ins"), home.join(".local/bin"));
        Places { clap: plug_ins.join("CLAP"), vst3: plug_ins.join("VST3"), programs, shared }
    } else if cfg!(windows) {
        let local = directories.data_local_dir().join("Programs");
        let common = local.join("Common");
        let programs = local.join("Earmark");
        Places { clap: common.join("CLAP"), vst3: common.join("VST3"), programs, shared: None }
    } else {
        let programs = home.join(".local/bin");
        Places { clap: home.join(".clap"), vst3: home.join(".vst3"), programs, shared }
    })
}
