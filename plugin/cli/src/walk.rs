//! The files below folders.

use anyhow::{Error, anyhow};
use earmark_archive::export;
use earmark_engine::decode;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// How the name of what was heard in a recording ends, after the recording's whole name.
const SIDECAR: &str = ".earmark.json";

/// What was found.
#[derive(Default)]
pub(crate) struct Found {
    /// The files, sorted, each once.
    pub(crate) files: BTreeSet<PathBuf>,
    /// A sentence for each folder that could not be looked into.
    pub(crate) refused: Vec<Error>,
}

/// The recordings below folders, by their names, and every file that is named itself. Temporary files that were left
/// behind in these folders are removed.
pub(crate) fn recordings(paths: &[PathBuf]) -> Found {
    let is_recording = |path: &Path| {
        let extension = path.extension().and_then(|extension| extension.to_str());
        extension.is_some_and(|it| decode::EXTENSIONS.iter().any(|known| it.eq_ignore_ascii_case(known)))
    };
    walk(paths, is_recording, export::sweep)
}

/// What was written down below folders.
pub(crate) fn sidecars(paths: &[PathBuf]) -> Found {
    walk(paths, |path| path.to_string_lossy().ends_with(SIDECAR), |_| ())
}

/// The file beside a recording that says what was heard in it.
pub(crate) fn sidecar(recording: &Path) -> PathBuf {
    let mut name = recording.as_os_str().to_owned();
    name.push(SIDECAR);
    name.into()
}

/// The name of the recording that a sidecar is of.
pub(crate) fn recording(sidecar: &Path) -> String {
    let name = sidecar.display().to_string();
    name.strip_suffix(SIDECAR).map(str::to_owned).unwrap_or(name)
}

fn walk(paths: &[PathBuf], is_wanted: impl Fn(&Path) -> bool, enter: impl Fn(&Path)) -> Found {
    let mut found = Found::default();
    let (mut open, named): (Vec<PathBuf>, _) = paths.iter().cloned().partition(|path| path.is_dir());
    found.files = named.into_iter().collect();
    while let Some(folder) = open.pop() {
        enter(&folder);
        if let Err(error) = look(&folder, &is_wanted, &mut found.files, &mut open) {
            let folder = folder.display();
            found.refused.push(anyhow!("{folder} cannot be read ({error}); check its permissions"));
        }
    }
    found
}

fn look(
    folder: &Path,
    is_wanted: impl Fn(&Path) -> bool,
    files: &mut BTreeSet<PathBuf>,
    folders: &mut Vec<PathBuf>,
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // Hidden ones are other programs' own, such as the `._` twins that macOS writes.
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        // A link to a folder is not followed, for it may lead in a circle.
        if entry.file_type()?.is_dir() {
            folders.push(entry.path());
        } else if is_wanted(&entry.path()) && entry.path().is_file() {
            files.insert(entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recording_below_is_found_once_and_in_order() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("b/c.wav/d")).expect("made");
        fs::create_dir_all(at(".trash")).expect("made");
        for name in [
            "b/z.WAV",
            "b/c.wav/d/a.mp3",
            "a.flac",
            "a.flac.earmark.json",
            "._a.flac",
            ".trash/x.wav",
            "n.txt",
        ] {
            fs::write(at(name), "x").expect("written");
        }
        let found = recordings(&[at("b"), folder.path().to_owned(), at("n.txt"), at("gone.wav")]);
        let expected = ["a.flac", "b/c.wav/d/a.mp3", "b/z.WAV", "gone.wav", "n.txt"];
        assert!(found.files.into_iter().eq(expected.map(at)) && found.refused.is_empty());
        assert!(sidecars(&[folder.path().to_owned()]).files.into_iter().eq([sidecar(&at("a.flac"))]));
        assert_eq!(recording(&sidecar(Path::new("b/a.flac"))), "b/a.flac");
    }
}
