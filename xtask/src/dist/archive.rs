//! A `.tar.gz` whose bytes depend on what is in it and on nothing else.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

/// Packs the files below `folder` under the name `root`: in the order of their names, all of one time, nobody's, and
/// such that everybody can read them; programs and scripts can be run.
///
/// # Errors
/// When a file cannot be read or the archive cannot be written.
pub(super) fn write(folder: &Path, root: &str, time: u64, to: &Path) -> Result<()> {
    let cannot = || format!("cannot write {}", to.display());
    let gzip = GzBuilder::new()
        .write(BufWriter::new(File::create(to).with_context(cannot)?), Compression::default());
    let mut archive = Builder::new(gzip);
    for file in files(folder)? {
        let path = folder.join(&file);
        let mut content = File::open(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut header = Header::new_gnu();
        header.set_entry_type(EntryType::Regular);
        header.set_size(content.metadata()?.len());
        header.set_mode(if is_run(&file) { 0o755 } else { 0o644 });
        header.set_mtime(time);
        archive.append_data(&mut header, Path::new(root).join(&file), &mut content).with_context(cannot)?;
    }
    archive.into_inner()?.finish()?.into_inner().map_err(|error| error.into_error()).with_context(cannot)?;
    Ok(())
}

/// All files below `folder`, relative to it and in the order of their names.
///
/// # Errors
/// When a folder cannot be read.
pub(super) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(inside) = folders.pop() {
        let path = folder.join(&inside);
        for entry in fs::read_dir(&path).with_context(|| format!("cannot read {}", path.display()))? {
            let entry = entry?;
            let list = if entry.file_type()?.is_dir() { &mut folders } else { &mut found };
            list.push(inside.join(entry.file_name()));
        }
    }
    found.sort();
    Ok(found)
}

/// Whether a file is one that the system runs; told by its name, as not every system's files say so.
fn is_run(file: &Path) -> bool {
    let ends = ["sh", "so", "clap", "vst3", "exe"];
    let in_macos_bundle = file.parent().is_some_and(|folder| folder.ends_with("Contents/MacOS"));
    let is_program =
        file.parent() == Some(Path::new("")) && file.to_str().is_some_and(|name| name.starts_with("earmark"));
    in_macos_bundle
        || is_program
        || file.extension().is_some_and(|end| ends.iter().any(|other| end == *other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_files_make_the_same_bytes_wherever_and_whenever_they_were_written() {
        let base = std::env::temp_dir().join(format!("earmark-archive-{}", std::process::id()));
        let pack = |turn: &str, names: &[&str]| {
            let folder = base.join(turn);
            for name in names {
                let path = folder.join(name);
                fs::create_dir_all(path.parent().expect("a folder")).expect("made");
                fs::write(path, *name).expect("written");
            }
            let to = base.join(format!("{turn}.tar.gz"));
            write(&folder, "earmark-1", 1_000, &to).expect("packed");
            fs::read(to).expect("there")
        };
        let one = pack("one", &["earmark", "models/a.bin", "install.sh"]);
        assert_eq!(one, pack("other", &["models/a.bin", "install.sh", "earmark"]));
        assert_ne!(one, pack("less", &["earmark"]));
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(&one[..]));
        let entries = archive.entries().expect("an archive").map(|entry| {
            let header = entry.expect("whole").header().clone();
            let path = header.path().expect("a path").display().to_string();
            (path, header.mode().expect("a mode"), header.mtime().expect("a time"))
        });
        let expected = [("earmark", 0o755), ("install.sh", 0o755), ("models/a.bin", 0o644)];
        let expected = expected.map(|(name, mode)| (format!("earmark-1/{name}"), mode, 1_000));
        assert_eq!(entries.collect::<Vec<_>>(), expected);
        fs::remove_dir_all(base).expect("removed");
    }
}
