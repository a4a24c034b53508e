//! `cargo xtask setup`: the system packages that building and testing need.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Result, bail, ensure};

use crate::fetch;
use crate::workspace::run;

/// One thing that the system has to bring.
#[derive(Clone, Copy)]
struct Need {
    /// Debian's packages for it.
    packages: &'static [&'static str],
    /// What it is for.
    why: &'static str,
    /// How to see that it is there, whoever brought it.
    probe: Probe,
}

#[derive(Clone, Copy)]
enum Probe {
    /// Any of these programs is on the path.
    Program(&'static [&'static str]),
    /// pkg-config knows this library.
    Development(&'static str),
    /// This file or folder is among the system's libraries.
    Library(&'static str),
    /// A Python 3 with pip.
    Pip,
}

use Probe::{Development, Library, Pip, Program};

/// What every system needs.
const EVERYWHERE: &[Need] = &[
    Need { packages: &["cmake"], why: "builds whisper.cpp", probe: Program(&["cmake"]) },
    Need {
        packages: &["g++", "make"],
        why: "the C++ compiler for whisper.cpp",
        probe: Program(&["c++", "g++", "clang++", "cl"]),
    },
    Need {
        packages: &["python3", "python3-pip"],
        why: "fetches the models and recordings from their packages",
        probe: Pip,
    },
];

/// What Linux needs besides.
const LINUX: &[Need] = &[
    Need {
        packages: &["pkg-config"],
        why: "finds the libraries for the standalone program",
        probe: Program(&["pkg-config"]),
    },
    Need {
        packages: &["libasound2-dev"],
        why: "ALSA, for the standalone program",
        probe: Development("alsa"),
    },
    Need {
        packages: &["libjack-jackd2-dev"],
        why: "JACK, for the standalone program",
        probe: Development("jack"),
    },
    Need { packages: &["xvfb"], why: "a display for the editor's tests", probe: Program(&["Xvfb"]) },
    Need {
        packages: &["libgl1-mesa-dri"],
        why: "draws the editor without a graphics card",
        probe: Library("dri"),
    },
    Need { packages: &["libgl1"], why: "OpenGL, which the editor draws with", probe: Library("libGL.so.1") },
    Need { packages: &["libegl1"], why: "opens the editor's drawing surface", probe: Library("libEGL.so.1") },
    Need {
        packages: &["libxkbcommon-x11-0"],
        why: "the editor's keyboard",
        probe: Library("libxkbcommon-x11.so.0"),
    },
    Need {
        packages: &["xdotool"],
        why: "moves the mouse in the editor's tests",
        probe: Program(&["xdotool"]),
    },
    Need {
        packages: &["imagemagick"],
        why: "compares the editor's pictures",
        probe: Program(&["import", "magick"]),
    },
    Need {
        packages: &["x11-utils"],
        why: "looks at the editor's window in tests",
        probe: Program(&["xwininfo"]),
    },
    Need {
        packages: &["strace"],
        why: "shows that the audio thread makes no system call",
        probe: Program(&["strace"]),
    },
    Need {
        packages: &["valgrind"],
        why: "watches every access to memory while instances come and go",
        probe: Program(&["valgrind"]),
    },
];

/// Qtractor, and what it needs.
const QTRACTOR: &[Need] = &[
    Need { packages: &["qtractor"], why: "a host for CLAP", probe: Program(&["qtractor"]) },
    Need { packages: &["jackd2"], why: "its sound server", probe: Program(&["jack_wait"]) },
    Need { packages: &["openbox"], why: "manages its windows", probe: Program(&["openbox"]) },
];

/// Ardour.
const ARDOUR: &[Need] =
    &[Need { packages: &["ardour"], why: "a host for VST3", probe: Program(&["ardour7-lua"]) }];

/// Names what is missing and installs it with apt-get when it may; with `check` it only names it.
///
/// # Errors
/// When something is missing in the end; the message holds the one command that brings it.
pub(crate) fn setup(check: bool) -> Result<()> {
    let linux = if cfg!(target_os = "linux") { LINUX } else { &[] };
    bring(&[EVERYWHERE, linux].concat(), check)?;
    println!("the system has everything that building and testing need");
    Ok(())
}

/// The same for a host that `cargo xtask validate` drives by this name, if it takes a package of the system's.
///
/// # Errors
/// As [`setup`].
pub(crate) fn host(name: &str) -> Result<()> {
    match name {
        "ardour" => bring(ARDOUR, false),
        "qtractor" | "tour" => bring(QTRACTOR, false),
        _ => Ok(()),
    }
}

fn bring(needs: &[Need], check: bool) -> Result<()> {
    let missing = || needs.iter().filter(|need| !need.probe.finds());
    let packages = || -> Vec<&str> { missing().flat_map(|need| need.packages).copied().collect() };
    let absent = packages();
    if absent.is_empty() {
        return Ok(());
    }
    println!("missing on this system:");
    for need in missing() {
        println!("  {}: {}", need.packages.join(", "), need.why);
    }
    if !exists("apt-get") {
        bail!("install what is listed above; README.md names the packages for other systems than Debian's");
    }
    let command = format!("sudo apt-get install --no-install-recommends {}", absent.join(" "));
    ensure!(!check, "run `cargo xtask setup`, or `{command}`");
    let Some(prefix) = privileges() else {
        bail!("run `{command}` once, which needs the administrator's password, and then this again");
    };
    install(prefix, &absent)?;
    let left = packages();
    ensure!(left.is_empty(), "{} could not be brought by apt-get", left.join(", "));
    Ok(())
}

impl Probe {
    fn finds(&self) -> bool {
        match self {
            Program(names) => names.iter().any(|name| exists(name)),
            Development(name) => quiet(Command::new("pkg-config").args(["--exists", name])),
            Library(name) => library_folders().any(|folder| Path::new(&folder).join(name).exists()),
            Pip => fetch::is_available(),
        }
    }
}

/// The usual places of shared libraries, with and without Debian's folder for the architecture.
fn library_folders() -> impl Iterator<Item = String> {
    let tuple = format!("{}-linux-gnu", std::env::consts::ARCH);
    ["/usr/lib", "/lib", "/usr/lib64", "/usr/local/lib"]
        .into_iter()
        .flat_map(move |folder| [folder.to_owned(), format!("{folder}/{tuple}")])
}

/// What has to stand before `apt-get`: nothing, or `sudo` where it asks for no password.
fn privileges() -> Option<&'static [&'static str]> {
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    if root { Some(&[]) } else { quiet(Command::new("sudo").args(["-n", "true"])).then_some(&["sudo", "-n"]) }
}

fn install(prefix: &[&str], packages: &[&str]) -> Result<()> {
    let apt = |arguments: &[&str]| {
        let words: Vec<&str> = prefix
            .iter()
            .chain(&["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"])
            .chain(arguments)
            .copied()
            .collect();
        run(Command::new(words[0]).args(&words[1..]).stdin(Stdio::null()).stdout(Stdio::null()))
    };
    println!("installing them with apt-get");
    // A list that is out of date asks for versions that the archive no longer has.
    apt(&["update", "-q"])?;
    apt(&[&["install", "-q", "-y", "--no-install-recommends"], packages].concat())
}

fn exists(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .any(|folder| folder.join(program).is_file() || folder.join(format!("{program}.exe")).is_file())
}

fn quiet(command: &mut Command) -> bool {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_package_is_named_once_and_says_what_it_is_for() {
        let needs = || EVERYWHERE.iter().chain(LINUX).chain(QTRACTOR).chain(ARDOUR);
        let packages: Vec<_> = needs().flat_map(|need| need.packages).collect();
        assert_eq!(packages.iter().collect::<HashSet<_>>().len(), packages.len());
        assert!(needs().all(|need| !need.why.is_empty()));
    }
}
