//! Writing an export to disk: the whole file or none of it.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// What to do with a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Leave it, and say so.
    Keep,
    /// Put the new one in its place.
    Replace,
}

/// Why an export was not written. Nothing was changed on disk.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// There is a file, and it was not to be replaced.
    #[error("{} is there already and was left as it is: choose another name, or allow to replace it", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The folder is missing.
    #[error("{} cannot be written because its folder does not exist: create the folder first", path.display())]
    NoFolder {
        /// The file that was to be written.
        path: PathBuf,
    },
    /// The system refused.
    #[error(
        "{} cannot be written ({source}): choose a folder that you may write to and that has room",
        path.display()
    )]
    Io {
        /// The file that was to be written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Writes a file through a temporary one beside it and a rename, so that at every moment, a crash or a
/// full disk included, `path` holds the old content, the new one, or nothing if there was nothing.
///
/// # Errors
///
/// [`SaveError`]; the temporary file is removed.
pub fn save(path: &Path, contents: impl AsRef<[u8]>, existing: Existing) -> Result<(), SaveError> {
    save_with(path, existing, |file| file.write_all(contents.as_ref()).map_err(|error| refusal(path, error)))
}

/// The same for contents that are made while they are written; whatever `fill` refuses, nothing is left.
pub(super) fn save_with<E: From<SaveError>>(
    path: &Path,
    existing: Existing,
    fill: impl FnOnce(&mut File) -> Result<(), E>,
) -> Result<(), E> {
    let mut file = begin(path, existing).map_err(|error| refusal(path, error))?;
    fill(file.as_file_mut())?;
    finish(file, path, existing).map_err(|error| refusal(path, error))?;
    Ok(())
}

/// Why `path` was not written, from what the system said.
pub(super) fn refusal(path: &Path, source: io::Error) -> SaveError {
    let path = path.to_owned();
    match source.kind() {
        io::ErrorKind::AlreadyExists => SaveError::Exists { path },
        io::ErrorKind::NotFound => SaveError::NoFolder { path },
        _ => SaveError::Io { path, source },
    }
}

fn begin(path: &Path, existing: Existing) -> io::Result<NamedTempFile> {
    if existing == Existing::Keep && path.symlink_metadata().is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".earmark-");
    // Temporary files are private to their maker; an export is as open as the user's other files.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

fn finish(file: NamedTempFile, path: &Path, existing: Existing) -> io::Result<()> {
    file.as_file().sync_all()?;
    match existing {
        // Checks again while renaming: two exports may run at once.
        Existing::Keep => file.persist_noclobber(path).map_err(|error| error.error)?,
        Existing::Replace => file.persist(path).map_err(|error| error.error)?,
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_only_when_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.srt");
        save(&path, "one", Existing::Keep).expect("new");
        let refusal = save(&path, "two", Existing::Keep).expect_err("there already");
        assert!(matches!(refusal, SaveError::Exists { .. }) && refusal.to_string().contains("a.srt"));
        assert_eq!(fs::read(&path).expect("kept"), b"one");
        save(&path, "three", Existing::Replace).expect("replaced");
        assert_eq!(fs::read(&path).expect("replaced"), b"three");
        assert_eq!(names(folder.path()), ["a.srt"]);
    }

    #[test]
    fn a_refusal_names_the_file_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let missing = folder.path().join("no/such/a.srt");
        let refusal = save(&missing, "x", Existing::Keep).expect_err("no folder");
        assert!(matches!(refusal, SaveError::NoFolder { .. }) && refusal.to_string().contains("a.srt"));
        fs::create_dir(folder.path().join("taken")).expect("a folder");
        let taken = save(&folder.path().join("taken"), "x", Existing::Replace).expect_err("a folder");
        assert!(matches!(taken, SaveError::Io { .. }) && taken.to_string().contains("taken"));
        assert_eq!(names(folder.path()), ["taken"]);
    }

    #[cfg(unix)]
    #[test]
    fn an_export_is_as_open_as_a_file_made_the_plain_way() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let mode = |name: &str| fs::metadata(folder.path().join(name)).expect("a file").permissions().mode();
        fs::write(folder.path().join("plain"), "x").expect("written");
        save(&folder.path().join("ours"), "x", Existing::Keep).expect("written");
        assert_eq!(mode("ours"), mode("plain"));
    }
}
