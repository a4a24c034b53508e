//! The newest versions of the system's libraries that a program or library asks for.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The C and the C++ library by the names of their versions, and the newest version that Ubuntu 22.04 and Debian 12
/// both have.
const LIBRARIES: [(&str, Version); 2] = [("GLIBC_", [2, 35, 0]), ("GLIBCXX_", [3, 4, 30])];

type Version = [u32; 3];

/// The newest versions that `file` needs, as words such as `GLIBC_2.35`.
///
/// # Errors
/// When one is newer than what the oldest system has, or binutils are missing.
pub(super) fn needed(file: &Path) -> Result<String> {
    let output = Command::new("readelf").args(["--version-info", "--wide"]).arg(file).output();
    let output = output.context("cannot start readelf; binutils come with the compiler")?;
    ensure!(output.status.success(), "readelf cannot read {}", file.display());
    needs(&String::from_utf8_lossy(&output.stdout)).with_context(|| file.display().to_string())
}

/// The same out of what readelf says.
fn needs(said: &str) -> Result<String> {
    let mut found = Vec::new();
    for (prefix, most) in LIBRARIES {
        let versions = said.split_whitespace().filter_map(|word| version(word.strip_prefix(prefix)?));
        if let Some(newest) = versions.max() {
            let words = |[major, minor, patch]: Version| format!("{prefix}{major}.{minor}.{patch}");
            ensure!(
                newest <= most,
                "needs {}, which is newer than {}: build on an older system",
                words(newest),
                words(most)
            );
            found.push(words(newest).trim_end_matches(".0").to_owned());
        }
    }
    ensure!(!found.is_empty(), "names no version of the C library");
    Ok(found.join(" and "))
}

fn version(text: &str) -> Option<Version> {
    let mut version = [0; 3];
    for (part, place) in text.split('.').zip(&mut version) {
        *place = part.parse().ok()?;
    }
    Some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_is_found_by_number_and_one_that_is_too_new_is_refused() {
        let check = |said: &str, expected: Result<&str, &str>| match (needs(said), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{said}"),
            (Err(found), Err(expected)) => assert!(found.to_string().contains(expected), "{found}"),
            (found, _) => panic!("{said}: {found:?}"),
        };
        check("Name: GLIBC_2.4 Flags: none Name: GLIBC_2.35  Name: GLIBC_2.9", Ok("GLIBC_2.35"));
        check("Name: GLIBC_2.2.5 Flags: none Name: GLIBCXX_3.4.29", Ok("GLIBC_2.2.5 and GLIBCXX_3.4.29"));
        check("Name: GLIBC_2.35 Name: GLIBC_2.36", Err("needs GLIBC_2.36.0"));
        check("Name: GLIBC_2.35 Name: GLIBCXX_3.4.31", Err("needs GLIBCXX_3.4.31"));
        check("Name: GLIBC_PRIVATE Name: GCC_3.0", Err("names no version"));
    }
}
