//! A host that is hard on its plugin, in a process of its own: `lifecycle scan|unload|exit|fork PLUGIN
//! RECORDING`.
//! `tests/tests/lifecycle.rs` starts it and judges by how it ends.

use earmark_tests::audio::Clip;
use earmark_tests::host::threads_ended;
use earmark_tests::lifecycle::{SceneError, drop_at_random, played, scan};
use earmark_tests::noise::Random;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// How many times the library is unloaded while a model is at work.
const UNLOADS: usize = 6;

/// How long the child of a fork may take to drop an instance and end.
const CHILD: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [scene, plugin, recording] = arguments.as_slice() else {
        writeln!(std::io::stderr(), "usage: lifecycle scan|unload|exit|fork PLUGIN RECORDING").ok();
        return ExitCode::FAILURE;
    };
    match perform(scene, Path::new(plugin), Path::new(recording)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            writeln!(std::io::stderr(), "{error}").ok();
            ExitCode::FAILURE
        }
    }
}

fn perform(scene: &str, plugin: &Path, recording: &Path) -> Result<(), SceneError> {
    if scene == "scan" {
        return scan(plugin).map(drop);
    }
    let clip = Clip::read(recording)?.with_channels(2);
    match scene {
        "unload" => unload(plugin, &clip),
        "exit" => exit(plugin, &clip),
        "fork" => fork(plugin, &clip),
        other => Err(SceneError::Broken(format!("there is no scene {other}"))),
    }
}

/// Drops the last instance and the library with it, again and again, whatever is at work.
fn unload(plugin: &Path, clip: &Clip) -> Result<(), SceneError> {
    let mut random = Random::default();
    for _ in 0..UNLOADS {
        let dropped = drop_at_random(plugin, clip, &mut random)?;
        writeln!(std::io::stdout(), "{dropped:?}").ok();
    }
    Ok(())
}

/// Drops the last instance while the model is loaded, and ends at once.
fn exit(plugin: &Path, clip: &Clip) -> Result<(), SceneError> {
    let (mut instance, audio) = played(plugin, clip)?;
    instance.deactivate(audio);
    drop(instance);
    Ok(())
}

/// Forks while a model is at work; the child drops the instance and ends, the parent goes on.
#[allow(unsafe_code, reason = "there is no safe fork")]
fn fork(plugin: &Path, clip: &Clip) -> Result<(), SceneError> {
    let before = earmark_tests::host::threads();
    let (mut instance, audio) = played(plugin, clip)?;
    // SAFETY: the child does what a host's child may do that did not mean to take its plug-ins along: it drops
    // them and ends.
    let child = unsafe { libc::fork() };
    instance.deactivate(audio);
    if child == 0 {
        drop(instance);
        return Ok(());
    }
    let begun = Instant::now();
    let mut status = 0;
    // SAFETY: the child is this process's own, and the status is written to a place of its own.
    while unsafe { libc::waitpid(child, &raw mut status, libc::WNOHANG) } == 0 {
        if begun.elapsed() > CHILD {
            // SAFETY: as above.
            unsafe { libc::kill(child, libc::SIGKILL) };
            return Err(SceneError::Broken("the child of the fork hangs".to_owned()));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    if status != 0 {
        return Err(SceneError::Broken(format!("the child of the fork ended with status {status}")));
    }
    drop(instance);
    if threads_ended(before) { Ok(()) } else { Err(SceneError::Broken("threads are left".to_owned())) }
}
