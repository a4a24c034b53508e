//! Writing an export to disk: the whole file or none of it.

use std::fs::{self, DirEntry, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::NamedTempFile;

/// How the names of temporary files begin; random letters follow.
const PREFIX: &str = ".earmark-";
const RANDOM_LETTERS: usize = 6;
/// A temporary file that was not written to for so long has nobody any more.
const LEFT_BEHIND: Duration = Duration::from_secs(60 * 60);

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
///
/// # Errors
///
/// What `fill` refuses, or [`SaveError`]; the temporary file is removed.
pub fn save_with<E: From<SaveError>>(
    path: &Path,
    existing: Existing,
    fill: impl FnOnce(&mut File) -> Result<(), E>,
) -> Result<(), E> {
    let mut file = begin(path, existing).map_err(|error| refusal(path, error))?;
    fill(file.as_file_mut())?;
    finish(file, path, existing).map_err(|error| refusal(path, error))?;
    Ok(())
}

/// Removes the temporary files that a process which was killed left in `folder`: those that were last written an
/// hour ago, by when every living one is done. What cannot be removed stays.
pub fn sweep(folder: &Path) {
    let is_left = |entry: &DirEntry| {
        let written = entry.metadata().and_then(|file| file.modified()).ok();
        is_temporary(&entry.file_name().to_string_lossy())
            && written.and_then(|time| time.elapsed().ok()).is_some_and(|age| age >= LEFT_BEHIND)
    };
    for entry in fs::read_dir(named(folder)).into_iter().flatten().flatten().filter(is_left) {
        // Another process may have removed it just now.
        let _ = fs::remove_file(entry.path());
    }
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
    let folder = named(path.parent().unwrap_or(Path::new("")));
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).rand_bytes(RANDOM_LETTERS);
    // Temporary files are private to their maker; an export is as open as the user's other files.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// A folder as the system wants it named, for which nothing is not the working folder.
fn named(folder: &Path) -> &Path {
    if folder == Path::new("") { Path::new(".") } else { folder }
}

fn is_temporary(name: &str) -> bool {
    name.strip_prefix(PREFIX).is_some_and(|rest| {
        rest.len() == RANDOM_LETTERS && rest.bytes().all(|letter| letter.is_ascii_alphanumeric())
    })
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
    use std::time::SystemTime;

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

    #[test]
    fn only_temporary_files_that_nobody_writes_are_swept_away() {
        let folder = tempfile::tempdir().expect("a folder");
        let long_ago = SystemTime::now() - 2 * LEFT_BEHIND;
        let kept = [".earmark-", ".earmark-a.json", ".earmark-abcdefg", "a.earmark-abcdef", "a.wav"];
        for (name, written) in kept
            .map(|name| (name, long_ago))
            .into_iter()
            .chain([(".earmark-aB3xYz", long_ago), (".earmark-inwork", SystemTime::now())])
        {
            let file = File::create(folder.path().join(name)).expect("made");
            file.set_modified(written).expect("a time");
        }
        sweep(folder.path());
        assert_eq!(names(folder.path()), [&kept[..3], &[".earmark-inwork"], &kept[3..]].concat());
        sweep(&folder.path().join("no such folder"));
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
