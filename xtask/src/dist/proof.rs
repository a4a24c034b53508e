//! Whether an archive is what a user can install, use and take out again.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use earmark_models::registry;
use flate2::read::GzDecoder;

use super::{archive, glibc};
use crate::bundle;

/// Unpacks `file` beside itself and looks at everything in it that this system can show; prints a line for each thing.
///
/// # Errors
/// When something does not hold; what was unpacked stays to be looked at.
pub(super) fn prove(file: &Path, name: &str) -> Result<()> {
    let folder = file.with_file_name("proof");
    bundle::remove(&folder)?;
    tar::Archive::new(GzDecoder::new(File::open(file)?))
        .unpack(&folder)
        .context("the archive does not unpack")?;
    let unpacked = folder.join(name);
    if cfg!(target_os = "linux") {
        for file in binaries(&unpacked)? {
            row(&format!("{} needs {}", file.display(), glibc::needed(&unpacked.join(&file))?));
        }
        for arguments in [&[][..], &["--system"]] {
            install_and_uninstall(&unpacked, &folder.join("home"), arguments)?;
        }
    }
    bundle::remove(&folder)
}

fn row(what: &str) {
    println!("  holds: {what}");
}

/// Everything in the archive that the dynamic linker reads.
fn binaries(unpacked: &Path) -> Result<Vec<PathBuf>> {
    let mut files = archive::files(unpacked)?;
    let is_elf =
        |file: &PathBuf| fs::read(unpacked.join(file)).is_ok_and(|bytes| bytes.starts_with(b"\x7fELF"));
    files.retain(is_elf);
    Ok(files)
}

/// Installs into an empty home, uses what is there, and takes it out again.
fn install_and_uninstall(unpacked: &Path, home: &Path, arguments: &[&str]) -> Result<()> {
    bundle::remove(home)?;
    fs::create_dir_all(home)?;
    let what = if arguments.is_empty() { "for a user" } else { "for everybody" };
    let run = |program: &Path, arguments: &[&str]| -> Result<String> {
        let mut command = Command::new(program);
        // Nothing of the machine is to be found but the system's programs.
        command.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", home).env("DESTDIR", home);
        let output = command
            .args(arguments)
            .output()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        ensure!(output.status.success(), "{} {arguments:?} failed: {said}", program.display());
        Ok(said)
    };
    run(&unpacked.join("install.sh"), arguments)?;
    let installed = archive::files(home)?;
    row(&format!("installs {} files {what}", installed.len()));
    let is_there = |end: &str| installed.iter().find(|file| file.ends_with(end)).map(|file| home.join(file));
    for end in ["Earmark.clap", "Earmark.vst3/Contents/Resources/moduleinfo.json", "share/earmark/LICENSE"] {
        ensure!(is_there(end).is_some(), "{end} was not installed");
    }
    let program = is_there("bin/earmark").context("the program was not installed")?;
    let version = run(&program, &["--version"])?;
    ensure!(version.contains(env!("CARGO_PKG_VERSION")), "the program says {version}");
    if arguments.is_empty() {
        // Below DESTDIR nothing is found until it is the system's root.
        let models = run(&program, &["models", "verify"])?;
        let count = models.matches("is the file that the card describes").count();
        ensure!(
            count == registry().iter().filter(|card| card.runs_here()).count(),
            "models are missing:\n{models}"
        );
        row(&format!("{} finds {count} models and reads them", version.trim()));
    }
    let uninstaller = is_there("share/earmark/uninstall.sh").context("the uninstaller was not installed")?;
    run(&uninstaller, arguments)?;
    let left = fs::read_dir(home)?.next();
    ensure!(left.is_none(), "this is left: {left:?}");
    row(&format!("uninstalled {what}, nothing is left"));
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::Output;

    use earmark_models::Sha256;

    use super::super::INSTALLER;
    use super::*;

    /// An archive of that many small files, and an empty home.
    struct Scene {
        base: PathBuf,
    }

    impl Scene {
        fn new(name: &str, files: &[&str]) -> Self {
            let base = std::env::temp_dir().join(format!("earmark-{name}-{}", std::process::id()));
            let scene = Self { base };
            fs::create_dir_all(scene.home()).expect("made");
            scene.unpack(files);
            scene
        }

        fn home(&self) -> PathBuf {
            self.base.join("home")
        }

        fn unpack(&self, files: &[&str]) {
            let unpacked = self.base.join("unpacked");
            bundle::remove(&unpacked).expect("removed");
            let mut sums = String::new();
            for (name, text) in files.iter().map(|name| (*name, *name)).chain([("install.sh", INSTALLER)]) {
                let path = unpacked.join(name);
                fs::create_dir_all(path.parent().expect("a folder")).expect("made");
                fs::write(path, text).expect("written");
                sums += &format!("{}  {name}\n", Sha256::of(text.as_bytes()));
            }
            fs::write(unpacked.join("SHA256SUMS"), sums).expect("written");
        }

        fn run(&self, script: &str, arguments: &[&str]) -> Output {
            let mut shell = Command::new("sh");
            shell.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", self.home());
            shell.arg(self.base.join(script)).args(arguments).output().expect("there is a shell")
        }

        fn installed(&self) -> Vec<String> {
            let files = archive::files(&self.home()).expect("a folder");
            files.iter().map(|file| file.display().to_string()).collect()
        }
    }

    impl Drop for Scene {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.base).ok();
        }
    }

    const INSTALL: &str = "unpacked/install.sh";

    #[test]
    fn a_newer_archive_takes_the_place_of_an_older_one_and_foreign_files_stay() {
        let scene = Scene::new("newer", &["Earmark.clap", "models/old.bin"]);
        let own = scene.home().join(".local/share/earmark/models/own-voice.bin");
        assert!(scene.run(INSTALL, &[]).status.success());
        fs::write(&own, "somebody's own").expect("written");
        scene.unpack(&["Earmark.clap", "models/new.bin", "share/man/man1/earmark.1"]);
        assert!(scene.run(INSTALL, &[]).status.success());
        let expected = [
            ".clap/Earmark.clap",
            ".local/share/earmark/installed",
            ".local/share/earmark/models/new.bin",
            ".local/share/earmark/models/own-voice.bin",
            ".local/share/earmark/uninstall.sh",
            ".local/share/man/man1/earmark.1",
        ];
        assert_eq!(scene.installed(), expected);
        assert!(scene.run("home/.local/share/earmark/uninstall.sh", &[]).status.success());
        assert_eq!(scene.installed(), [".local/share/earmark/models/own-voice.bin"]);
        assert!(!scene.home().join(".clap").exists(), "an empty folder is left");
    }

    #[test]
    fn a_damaged_archive_and_an_unknown_word_install_nothing() {
        let scene = Scene::new("damaged", &["Earmark.clap"]);
        assert_eq!(scene.run(INSTALL, &["--everything"]).status.code(), Some(2));
        fs::write(scene.base.join("unpacked/Earmark.clap"), "damaged").expect("written");
        let output = scene.run(INSTALL, &[]);
        assert!(String::from_utf8_lossy(&output.stderr).contains("This archive is damaged"), "{output:?}");
        assert_eq!((output.status.code(), scene.installed().len()), (Some(1), 0));
    }

    #[test]
    fn what_was_never_installed_can_be_taken_out() {
        let scene = Scene::new("never", &["Earmark.clap"]);
        assert!(scene.run(INSTALL, &["--uninstall"]).status.success());
        assert_eq!(scene.installed().len(), 0);
    }
}
