//! A host that is hard on its plugin, in a process of its own: `lifecycle scan|unload|exit|fork|memory PLUGIN
//! RECORDING`.
//! `tests/tests/lifecycle.rs` starts it and judges by how it ends.

use earmark_engine::command::Command;
use earmark_engine::hub::Hub;
use earmark_engine::session::Session;
use earmark_models::Store;
use earmark_tests::audio::Clip;
use earmark_tests::host::threads_ended;
use earmark_tests::lifecycle::{SceneError, drop_at_random, played, scan};
use earmark_tests::noise::Random;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::snapshot::Health;
use earmark_timeline::units::SampleRate;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// How many times the library is unloaded while a model is at work.
const UNLOADS: usize = 6;

/// How long the child of a fork may take: it loads a model.
const CHILD: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [scene, plugin, recording] = arguments.as_slice() else {
        writeln!(std::io::stderr(), "usage: lifecycle scan|unload|exit|fork|memory PLUGIN RECORDING").ok();
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
        "memory" => memory(&clip),
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

/// Forks while a model is at work. The child of a host that has plug-ins ends without them, for the framework
/// joins a thread of its own when an instance goes; a child of ours may drop its sessions and hear anew.
fn fork(plugin: &Path, clip: &Clip) -> Result<(), SceneError> {
    let before = earmark_tests::host::threads();
    let (mut instance, audio) = played(plugin, clip)?;
    in_a_child(|| Ok(()))?;
    instance.deactivate(audio);
    drop(instance);

    let hub =
        || Hub::shared(Store::from_environment()).map_err(|error| SceneError::Broken(error.to_string()));
    let session = hub()?.open_session(Notebook::default());
    hear(&session, clip)?;
    let mut kept = Some(session);
    in_a_child(|| {
        kept.take();
        let session = hub()?.open_session(Notebook::default());
        hear(&session, clip)?;
        let said = session.wait_until_settled(1, |_| ()).notebook.utterances().len();
        if said > 0 { Ok(()) } else { Err(SceneError::Broken("the child hears nothing".to_owned())) }
    })?;
    let settled = kept.as_ref().map(|session| session.wait_until_settled(1, |_| ()));
    let said = settled.map_or(0, |snapshot| snapshot.notebook.utterances().len());
    drop(kept);
    match (said, threads_ended(before)) {
        (0, _) => Err(SceneError::Broken("the parent hears nothing".to_owned())),
        (_, false) => Err(SceneError::Broken("threads are left".to_owned())),
        _ => Ok(()),
    }
}

/// Memory beyond what the process has when it gets tight, in bytes: less than the smallest transcriber's file.
const TIGHT: u64 = 40_000_000;

/// Hears with too little memory, and again with enough.
fn memory(clip: &Clip) -> Result<(), SceneError> {
    let hub =
        Hub::shared(Store::from_environment()).map_err(|error| SceneError::Broken(error.to_string()))?;
    let session = hub.open_session(Notebook::default());
    let before = getrlimit(Resource::As);
    let limit = |limit: Rlimit| {
        setrlimit(Resource::As, limit).map_err(|error| SceneError::Broken(format!("no limit: {error}")))
    };
    limit(Rlimit { current: Some(virtual_bytes() + TIGHT), ..before })?;
    hear(&session, clip)?;
    let tight = session.wait_until_settled(1, |_| ());
    limit(before)?;
    if !matches!(&tight.status.transcriber, Health::Unavailable(reason) if reason.contains("not enough memory"))
    {
        return Err(SceneError::Broken(format!("nobody says that memory is full: {:?}", tight.status)));
    }
    session.send(Command::TryAgain).map_err(|error| SceneError::Broken(error.to_string()))?;
    hear(&session, clip)?;
    let enough = session.wait_until_settled(2, |_| ());
    match enough.notebook.utterances().len() {
        0 => Err(SceneError::Broken(format!("it hears nothing with enough memory: {:?}", enough.status))),
        _ => Ok(()),
    }
}

/// The process's address space, in bytes, where a page has 4 kB.
fn virtual_bytes() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = pages.split(' ').next().and_then(|pages| pages.parse().ok()).unwrap_or_default();
    pages * 4_096
}

fn hear(session: &Session, clip: &Clip) -> Result<(), SceneError> {
    let rate = SampleRate::new(clip.rate_hz).ok_or_else(|| SceneError::Broken("an odd rate".to_owned()))?;
    let mut feed = session.feed(rate, 1).map_err(|error| SceneError::Broken(error.to_string()))?;
    feed.push(&clip.channels[0]);
    Ok(())
}

/// Forks; the child does `work` and ends in an orderly way, and must end well soon.
#[allow(unsafe_code, reason = "there is no safe fork")]
#[allow(clippy::disallowed_methods, reason = "the child ends here, and not where its parent goes on")]
fn in_a_child(work: impl FnOnce() -> Result<(), SceneError>) -> Result<(), SceneError> {
    // SAFETY: the child does what a host's child does that did not mean to take its plug-ins along.
    let child = unsafe { libc::fork() };
    if child == 0 {
        std::process::exit(i32::from(work().is_err()));
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
    if status == 0 {
        Ok(())
    } else {
        Err(SceneError::Broken(format!("the child ended with status {status}")))
    }
}
