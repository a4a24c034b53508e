//! How many cores inference may use: a choice of this machine's user, not of a session.

use std::collections::HashSet;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Where the choice is kept: one number in a file of its own in the user's configuration folder
/// (`~/.config/earmark/cores` on Linux, `~/Library/Application Support/earmark/cores` on macOS,
/// `%APPDATA%\earmark\config\cores` on Windows). The environment variable [`CoreSetting::VARIABLE`] goes before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CoreSetting {
    file: Option<PathBuf>,
    named: Option<usize>,
}

impl CoreSetting {
    /// The environment variable that goes before the file.
    pub(crate) const VARIABLE: &'static str = "EARMARK_CORES";

    /// The setting of this user; touches no file.
    pub(crate) fn of_this_user() -> Self {
        let folder =
            directories::ProjectDirs::from("", "", "earmark").map(|dirs| dirs.config_dir().to_owned());
        let named = std::env::var(Self::VARIABLE).ok().and_then(|value| parse(&value));
        Self { file: folder.map(|folder| folder.join("cores")), named }
    }

    /// A setting that is kept nowhere.
    #[cfg(test)]
    pub(crate) const fn nowhere() -> Self {
        Self { file: None, named: None }
    }

    /// How many cores inference may use: what was chosen, or half of the physical ones; at least one and at
    /// most all that this process may run on.
    pub(crate) fn read(&self) -> usize {
        let all = available();
        let kept = self.file.as_deref().and_then(|file| std::fs::read_to_string(file).ok());
        let chosen = self.named.or(kept.and_then(|text| parse(&text)));
        chosen.unwrap_or_else(|| physical().min(all) / 2).clamp(1, all)
    }

    /// Keeps another choice, at least one and at most all cores, and returns it.
    ///
    /// # Errors
    /// A sentence that says why it is forgotten when the last session goes.
    pub(crate) fn write(&self, cores: usize) -> Result<usize, String> {
        let cores = cores.clamp(1, available());
        let Some(file) = &self.file else { return Ok(cores) };
        let write = |file: &Path| {
            file.parent().map_or(Ok(()), std::fs::create_dir_all)?;
            std::fs::write(file, format!("{cores}\n"))
        };
        write(file).map(|()| cores).map_err(|error| {
            let file = file.display();
            format!("the number of cores is used but not kept: {file} cannot be written ({error}); make its folder writable")
        })
    }
}

fn parse(text: &str) -> Option<usize> {
    text.trim().parse().ok()
}

/// The logical cores that this process may run on, as they were when it was first asked: to ask the system means to read
/// half a dozen files, and every snapshot says it.
pub(crate) fn available() -> usize {
    static AVAILABLE: OnceLock<usize> = OnceLock::new();
    *AVAILABLE.get_or_init(|| std::thread::available_parallelism().map_or(1, NonZero::get))
}

/// The physical cores, as far as the system tells; otherwise the logical ones.
fn physical() -> usize {
    let mut cores = HashSet::new();
    for cpu in 0.. {
        let siblings = format!("/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list");
        match std::fs::read_to_string(siblings) {
            Ok(siblings) => cores.insert(siblings),
            Err(_) => break,
        };
    }
    if cores.is_empty() { available() } else { cores.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_kept_and_never_beyond_what_there_is() {
        let folder = std::env::temp_dir().join(format!("earmark-cores-{}", std::process::id()));
        let setting = CoreSetting { file: Some(folder.join("new/cores")), named: None };
        let usual = setting.read();
        assert!((1..=available()).contains(&usual));
        for (chosen, expected) in [(0, 1), (1, 1), (usize::MAX, available())] {
            assert_eq!(setting.write(chosen), Ok(expected));
            assert_eq!(setting.read(), expected);
            let named = CoreSetting { named: Some(1), ..setting.clone() };
            assert_eq!(named.read(), 1, "the environment goes before the file");
        }
        for nonsense in ["", "many", "-1", "\0"] {
            assert!(std::fs::write(folder.join("new/cores"), nonsense).is_ok());
            assert_eq!(setting.read(), usual, "{nonsense:?}");
        }
        let _removed = std::fs::remove_dir_all(&folder);
        let blocked = CoreSetting { file: Some("/dev/null/cores".into()), named: None };
        assert!(blocked.write(1).is_err_and(|sentence| sentence.contains("not kept")));
    }
}
