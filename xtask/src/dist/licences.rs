//! The terms of everything that is linked in, in full, each text once.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::packages::Packages;

/// How the files begin that hold terms.
const BEGINNINGS: [&str; 6] = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"];

/// The beginnings of the usual files with a package's own copyright, to show which packages brought none.
const RULE: &str = "================================================================================";

/// Writes the list of packages with their terms, and then the texts with those that bring them.
///
/// # Errors
/// When a text cannot be read.
pub(super) fn write(packages: &Packages) -> Result<String> {
    let mut list =
        String::from("What Earmark is linked with, and under what terms. The texts follow the list.\n\n");
    let mut texts = BTreeMap::<String, Vec<String>>::new();
    for package in packages.0.iter().filter(|package| !package.is_own) {
        let files = files(&package.folder)?;
        let without = if files.is_empty() { "; brings no text of its own" } else { "" };
        // Writing into memory does not fail.
        let _ = writeln!(
            list,
            "{}: {}{without}",
            package.id(),
            package.licence.as_deref().unwrap_or("see its text")
        );
        for file in files {
            let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            let name = file.strip_prefix(&package.folder).unwrap_or(&file);
            let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
            texts.entry(text.trim().to_owned()).or_default().push(format!(
                "{} ({})",
                package.id(),
                name.display()
            ));
        }
    }
    let mut all: Vec<_> = texts.into_iter().collect();
    all.sort_by(|one, other| one.1.cmp(&other.1));
    for (text, brought_by) in all {
        let _ = write!(list, "\n{RULE}\n{}\n{RULE}\n\n{text}\n", brought_by.join("\n"));
    }
    Ok(list)
}

/// The files with terms in a package's folder, and in those right below it: a library of another language lies there.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            for inner in fs::read_dir(&path)? {
                found.push(inner?.path());
            }
        } else {
            found.push(path);
        }
    }
    let holds_terms = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        path.is_file() && BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
    };
    found.retain(holds_terms);
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::super::packages::Package;
    use super::*;

    #[test]
    fn every_package_is_listed_and_each_text_stands_once_with_all_that_bring_it() {
        let base = std::env::temp_dir().join(format!("earmark-licences-{}", std::process::id()));
        let package = |name: &str, files: &[(&str, &str)]| {
            let folder = base.join(name);
            fs::create_dir_all(&folder).expect("made");
            for (file, text) in files {
                let path = folder.join(file);
                fs::create_dir_all(path.parent().expect("a folder")).expect("made");
                fs::write(path, text).expect("written");
            }
            Package {
                name: name.to_owned(),
                version: "1.0.0".to_owned(),
                licence: Some("MIT".to_owned()),
                folder,
                is_own: false,
                checksum: None,
                links: Vec::new(),
            }
        };
        let packages = Packages(vec![
            package("one", &[("LICENSE-MIT", "Be free.\n"), ("lib.rs", "no terms")]),
            package("two", &[("inner/LICENSE", "Be free.\r\n")]),
            package("three", &[]),
        ]);
        let text = write(&packages).expect("written");
        assert_eq!(text.matches("Be free.").count(), 1, "{text}");
        assert!(text.contains("one@1.0.0 (LICENSE-MIT)\ntwo@1.0.0 (inner/LICENSE)\n"), "{text}");
        assert!(text.contains("three@1.0.0: MIT; brings no text of its own"), "{text}");
        fs::remove_dir_all(base).expect("removed");
    }
}
