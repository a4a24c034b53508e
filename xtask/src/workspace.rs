//! Where things are, and how other programs are run.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

/// The folder that the workspace's `Cargo.toml` lies in.
pub(crate) fn root() -> &'static Path {
    // xtask lies right below it, and is run where it was built.
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// The folder that cargo builds into, which need not be the workspace's own.
///
/// # Errors
/// When cargo cannot read the workspace.
pub(crate) fn target() -> Result<PathBuf> {
    #[derive(Deserialize)]
    struct Metadata {
        target_directory: PathBuf,
    }
    let metadata: Metadata = serde_json::from_slice(&metadata(&["--no-deps"])?)?;
    Ok(metadata.target_directory)
}

/// Where a cargo profile's build puts a program.
///
/// # Errors
/// When cargo cannot read the workspace.
pub(crate) fn built(profile: &str, program: &str) -> Result<PathBuf> {
    // The one profile whose folder is called otherwise.
    let folder = if profile == "dev" { "debug" } else { profile };
    Ok(target()?.join(folder).join(format!("{program}{}", std::env::consts::EXE_SUFFIX)))
}

/// What `cargo metadata` says about the workspace, as JSON.
///
/// # Errors
/// When cargo cannot read the workspace.
pub(crate) fn metadata(arguments: &[&str]) -> Result<Vec<u8>> {
    let output = cargo().args(["metadata", "--format-version", "1"]).args(arguments).output()?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(output.stdout)
}

/// The cargo that runs this program, in the workspace's folder.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    cargo
}

/// Runs a command to its end, its output going where ours goes.
///
/// # Errors
/// When it cannot be started or fails; the message holds the whole command.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", words(command)))?;
    ensure!(status.success(), "`{}` failed", words(command));
    Ok(())
}

/// A command as one would type it.
fn words(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let arguments = command.get_args().map(|word| word.to_string_lossy());
    std::iter::once(program.to_string_lossy()).chain(arguments).collect::<Vec<_>>().join(" ")
}
