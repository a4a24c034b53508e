//! Where the tests find what was fetched and built before them.

use std::path::{Path, PathBuf};

/// Why a test has nothing to work on.
#[derive(Debug, thiserror::Error)]
pub enum FixtureError {
    /// A recording or reference is not there.
    #[error("The fixture {0} is missing. `cargo xtask fixtures` fetches it.")]
    Fixture(PathBuf),
    /// The plugin is not built.
    #[error("The plugin {0} is missing. `cargo build -p earmark` builds it.")]
    Plugin(PathBuf),
    /// The plugin's VST3 bundle is not built.
    #[error("The bundle {0} is missing. `cargo xtask bundle` builds it.")]
    Bundle(PathBuf),
}

/// The path of a fixture by its name below the fixtures' folder: `EARMARK_FIXTURES`, or `fixtures` in
/// the target folder.
///
/// # Errors
///
/// [`FixtureError::Fixture`] when it is not there.
pub fn fixture(name: &str) -> Result<PathBuf, FixtureError> {
    let folder = from_env("EARMARK_FIXTURES").unwrap_or_else(|| target().join("fixtures"));
    let path = folder.join(name);
    if path.exists() { Ok(path) } else { Err(FixtureError::Fixture(path)) }
}

/// The files that the command line names, or those fixtures where it names none.
///
/// # Errors
/// As of [`fixture`].
pub fn named_or(fixtures: &[&str]) -> Result<Vec<PathBuf>, FixtureError> {
    let named = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).map(PathBuf::from);
    let named: Vec<PathBuf> = named.collect();
    if named.is_empty() { fixtures.iter().copied().map(fixture).collect() } else { Ok(named) }
}

/// The path of the built plugin: `EARMARK_PLUGIN`, or the library that `cargo build -p earmark` leaves
/// in the target folder, of the profile that the tests were built in.
///
/// # Errors
///
/// [`FixtureError::Plugin`] when it is not there.
pub fn plugin() -> Result<PathBuf, FixtureError> {
    let built =
        || profile().join(format!("{}earmark{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX));
    let path = from_env("EARMARK_PLUGIN").unwrap_or_else(built);
    if path.exists() { Ok(path) } else { Err(FixtureError::Plugin(path)) }
}

/// The path of the VST3 bundle: `EARMARK_VST3`, or what `cargo xtask bundle` leaves in the target folder.
///
/// # Errors
///
/// [`FixtureError::Bundle`] when it is not there.
pub fn vst3() -> Result<PathBuf, FixtureError> {
    let path = from_env("EARMARK_VST3").unwrap_or_else(|| target().join("bundled/Earmark.vst3"));
    if path.exists() { Ok(path) } else { Err(FixtureError::Bundle(path)) }
}

/// The path of a program of this workspace, which `cargo xtask test` builds before the tests run.
pub fn program(name: &str) -> PathBuf {
    profile().join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// The target folder, which need not be the workspace's own.
pub fn target() -> PathBuf {
    profile().parent().map(Path::to_owned).unwrap_or_default()
}

/// The folder of this build's profile: test binaries lie in its `deps`, programs in itself.
fn profile() -> PathBuf {
    let this = std::env::current_exe().unwrap_or_default();
    let folder = this.parent().unwrap_or(Path::new("."));
    let is_deps = folder.file_name().is_some_and(|name| name == "deps");
    if is_deps { folder.parent().unwrap_or(folder).to_owned() } else { folder.to_owned() }
}

fn from_env(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_its_remedy() {
        let error = fixture("no-such-file.wav").expect_err("there is none");
        let text = error.to_string();
        assert!(text.contains("no-such-file.wav") && text.contains("cargo xtask fixtures"), "{text}");
    }
}
