//! Takes single files out of wheels (zip) and source distributions (tar.gz) into memory.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail};
use flate2::read::GzDecoder;

/// The content of the members at `paths`; those that are not there are left out.
///
/// # Errors
/// When the archive is of another kind or damaged.
pub(crate) fn read<'a>(
    archive: &Path,
    paths: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, Vec<u8>>> {
    let wanted: HashSet<&str> = paths.collect();
    let file = File::open(archive)?;
    let name = archive.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if name.ends_with(".whl") {
        from_zip(file, &wanted)
    } else if name.ends_with(".tar.gz") {
        from_tar(file, &wanted)
    } else {
        bail!("neither a wheel nor a source distribution")
    }
}

fn from_zip(file: File, wanted: &HashSet<&str>) -> Result<HashMap<String, Vec<u8>>> {
    let mut zip = zip::ZipArchive::new(file)?;
    let mut found = HashMap::new();
    for path in wanted {
        if let Some(index) = zip.index_for_name(path) {
            let mut bytes = Vec::new();
            zip.by_index(index)?.read_to_end(&mut bytes).with_context(|| format!("at {path}"))?;
            found.insert((*path).to_owned(), bytes);
        }
    }
    Ok(found)
}

fn from_tar(file: File, wanted: &HashSet<&str>) -> Result<HashMap<String, Vec<u8>>> {
    let mut tar = tar::Archive::new(GzDecoder::new(file));
    let mut found = HashMap::new();
    for entry in tar.entries()? {
        let mut entry = entry?;
        let path = entry.path()?.to_string_lossy().into_owned();
        if wanted.contains(path.as_str()) {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).with_context(|| format!("at {path}"))?;
            found.insert(path, bytes);
        }
    }
    Ok(found)
}
