//! What shells complete and what `man` shows, written by the program itself.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::workspace;

/// Each shell, and where below the user's data it looks (bash-completion's README, "Installation"; fish's manual of
/// `complete`). Zsh has no such place of its own; this one is named as in its system folders.
const COMPLETIONS: [(&str, &str); 3] = [
    ("bash", "bash-completion/completions/earmark"),
    ("fish", "fish/vendor_completions.d/earmark.fish"),
    ("zsh", "zsh/site-functions/_earmark"),
];

/// Where `man` looks for pages of programs in `~/.local/bin`.
const PAGES: &str = "man/man1";

/// Has `program` write its completions and its manual below `shared`; prints what went where.
///
/// # Errors
/// When the program fails, or a folder cannot be written.
pub(crate) fn install(program: &Path, shared: &Path) -> Result<()> {
    for (shell, place) in COMPLETIONS {
        let output = Command::new(program).args(["completions", shell]).output()?;
        ensure!(output.status.success(), "{} has no completions for {shell}", program.display());
        let to = shared.join(place);
        let written =
            to.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&to, output.stdout));
        written.with_context(|| format!("cannot write {}", to.display()))?;
    }
    workspace::run(Command::new(program).args(["man", "--folder"]).arg(shared.join(PAGES)))?;
    for file in files(shared)? {
        println!("installed {}", file.display());
    }
    let functions = shared.join("zsh/site-functions");
    println!("zsh completes `earmark` with this before compinit: fpath+=({})", functions.display());
    Ok(())
}

/// The files that [`install`] wrote and that are there.
///
/// # Errors
/// When the folder of pages cannot be read.
pub(super) fn files(shared: &Path) -> Result<Vec<PathBuf>> {
    let mut files: Vec<_> = COMPLETIONS.iter().map(|(_, place)| shared.join(place)).collect();
    files.retain(|file| file.exists());
    let pages = shared.join(PAGES);
    let entries = match fs::read_dir(&pages) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(files),
        entries => entries.with_context(|| format!("cannot read {}", pages.display()))?,
    };
    let first = files.len();
    for entry in entries {
        let name = entry?.file_name();
        let is_ours =
            |name: &str| name == "earmark.1" || name.starts_with("earmark-") && name.ends_with(".1");
        if name.to_str().is_some_and(is_ours) {
            files.push(pages.join(name));
        }
    }
    files[first..].sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_found_and_nothing_else() {
        let shared = std::env::temp_dir().join(format!("earmark-shells-{}", std::process::id()));
        assert_eq!(files(&shared).expect("nothing is there"), Vec::<PathBuf>::new());
        let ours = [COMPLETIONS[0].1, "man/man1/earmark-tag.1", "man/man1/earmark.1"];
        for place in ours.into_iter().chain(["man/man1/earmarked.1", "man/man1/ear.1"]) {
            let file = shared.join(place);
            fs::create_dir_all(file.parent().expect("a folder")).expect("made");
            fs::write(file, "").expect("written");
        }
        assert_eq!(files(&shared).expect("they are there"), ours.map(|place| shared.join(place)));
    }
}
