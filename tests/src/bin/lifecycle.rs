//! A host that is hard on its plugin, in a process of its own: `lifecycle SCENE PLUGIN RECORDING [NUMBER]`,
//! where the scene is one of scan, unload, exit, abandon, fork, memory, cycles, again and memcheck, and the number
//! that of milliseconds or cycles.
//! `tests/tests/lifecycle.rs` starts it and judges by how it ends.

use earmark_engine::command::Command;
use earmark_engine::hub::Hub;
use earmark_engine::session::Session;
use earmark_models::Store;
use earmark_tests::audio::Clip;
use earmark_tests::host::{Instance as _, threads_ended};
use earmark_tests::lifecycle::{SceneError, come_and_go, drop_at_random, hear, memcheck, played, scan};
use earmark_tests::noise::Random;
use earmark_tests::vst3::Plugin as Vst3;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::settings::Settings;
use earmark_timeline::snapshot::{Health, Snapshot};
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
    let (scene, plugin, recording, number) = match arguments.as_slice() {
        [scene, plugin, recording] => (scene, plugin, recording, Ok(0)),
        [scene, plugin, recording, number] => (scene, plugin, recording, number.parse().map_err(broken)),
        _ => {
            writeln!(std::io::stderr(), "usage: lifecycle SCENE PLUGIN RECORDING [NUMBER]").ok();
            return ExitCode::FAILURE;
        }
    };
    match number.and_then(|number| perform(scene, Path::new(plugin), Path::new(recording), number)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            writeln!(std::io::stderr(), "{error}").ok();
            ExitCode::FAILURE
        }
    }
}

fn perform(scene: &str, plugin: &Path, recording: &Path, number: u32) -> Result<(), SceneError> {
    match scene {
        "scan" => return scan(plugin).map(drop),
        "memcheck" => return memcheck(recording, number),
        _ => {}
    }
    let pause = Duration::from_millis(number.into());
    let clip = Clip::read(recording)?.with_channels(2);
    match scene {
        "unload" => unload(plugin, &clip),
        "exit" => exit(plugin, &clip, pause),
        "abandon" => abandon(plugin, &clip, pause),
        "fork" => fork(plugin, &clip),
        "memory" => memory(&clip),
        "cycles" => cycles(&clip, number),
        "again" => again(&clip, number),
        other => Err(broken(format!("there is no scene {other}"))),
    }
}

/// Has many sessions come and go.
fn cycles(clip: &Clip, cycles: u32) -> Result<(), SceneError> {
    let went_at_work = come_and_go(clip, cycles)?;
    writeln!(std::io::stdout(), "{went_at_work} of {cycles} went while a model was at work").ok();
    Ok(())
}

/// The same, and then one that hears.
fn again(clip: &Clip, number: u32) -> Result<(), SceneError> {
    cycles(clip, number)?;
    let session = open()?;
    hear(&session, clip)?;
    match utterances(&session.wait_until_settled(1, |_| ())) {
        0 => Err(broken("nothing is heard any more")),
        _ => Ok(()),
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

/// Drops the last instance while a model is read or loaded, and ends `pause` later.
fn exit(plugin: &Path, clip: &Clip, pause: Duration) -> Result<(), SceneError> {
    let (mut instance, audio) = played(plugin, clip)?;
    instance.deactivate(audio);
    drop(instance);
    std::thread::sleep(pause);
    Ok(())
}

/// Ends `pause` after a model got something to do, and drops nothing.
fn abandon(plugin: &Path, clip: &Clip, pause: Duration) -> Result<(), SceneError> {
    let kept = played(plugin, clip)?;
    std::thread::sleep(pause);
    std::mem::forget(kept);
    Ok(())
}

/// Forks while a model is at work and again when all is done. A child may end with its plug-ins or drop them, and
/// drop its sessions, at any moment; and hear anew if it was made at rest, for a library that is just being loaded,
/// or any other lock that a thread of the parent held, is taken for ever in the child.
fn fork(plugin: &Path, clip: &Clip) -> Result<(), SceneError> {
    let before = earmark_tests::host::threads();
    let mut played = Some(played(plugin, clip)?);
    let mut other = Some(Vst3::load(plugin)?);
    let mut let_go = || {
        if let Some((mut instance, audio)) = played.take() {
            instance.deactivate(audio);
        }
        drop(other.take());
        Ok(())
    };
    in_a_child(|| Ok(()))?;
    in_a_child(&mut let_go)?;
    let_go()?;

    let session = open()?;
    hear(&session, clip)?;
    let mut kept = Some(session);
    in_a_child(|| {
        kept.take();
        open().map(drop)
    })?;
    let said = |session: &Session| utterances(&session.wait_until_settled(1, |_| ()));
    let said_to_parent = kept.as_ref().map_or(0, said);
    in_a_child(|| {
        kept.take();
        let session = open()?;
        hear(&session, clip)?;
        if said(&session) > 0 { Ok(()) } else { Err(broken("the child hears nothing")) }
    })?;
    drop(kept);
    match (said_to_parent, threads_ended(before)) {
        (0, _) => Err(broken("the parent hears nothing")),
        (_, false) => Err(broken("threads are left")),
        _ => Ok(()),
    }
}

/// A model larger than [`TIGHT`], which whoever starts this scene has put where models are looked for.
const HUGE: &str = "own-huge";

/// Memory beyond what the process has, in bytes, with which the smallest model has plenty, but [`HUGE`] has not.
const TIGHT: u64 = 2_000_000_000;

/// Memory beyond what the process has, in bytes, with which nothing is decoded: that takes 168 MB.
const FULL: u64 = 60_000_000;

/// Hears with too little memory for a huge model, with too little for any, and with enough again.
fn memory(clip: &Clip) -> Result<(), SceneError> {
    let unlimited = getrlimit(Resource::As);
    let limit = |more: u64| {
        let current = Some(virtual_bytes_at_rest() + more);
        setrlimit(Resource::As, Rlimit { current, ..unlimited }).map_err(broken)
    };
    let hears = |session: &Session, time: u64| {
        session.send(Command::TryAgain).map_err(broken)?;
        hear(session, clip)?;
        let settled = session.wait_until_settled(time, |_| ());
        match &settled.status.transcriber {
            Health::Ready if utterances(&settled) > 0 => Ok(()),
            other => Err(broken(format!("nothing is heard the {time}. time: {other:?}"))),
        }
    };
    let finds_it_full = |session: &Session, time: u64| {
        hear(session, clip)?;
        match &session.wait_until_settled(time, |_| ()).status.transcriber {
            Health::Unavailable(reason) if reason.contains("not enough memory") => Ok(()),
            other => Err(broken(format!("nobody says the {time}. time that memory is full: {other:?}"))),
        }
    };
    let (small, huge) = (open()?, open()?);
    hears(&small, 1)?;

    limit(TIGHT)?;
    let chosen = Settings { model: HUGE.to_owned(), ..Settings::default() };
    huge.send(Command::Set(chosen)).map_err(broken)?;
    finds_it_full(&huge, 1)?;
    // Else it would be tried again and again, and free what the smallest model keeps for its work.
    drop(huge);
    hears(&small, 2)?;

    limit(FULL)?;
    finds_it_full(&small, 3)?;
    setrlimit(Resource::As, unlimited).map_err(broken)?;
    hears(&small, 4)
}

fn utterances(snapshot: &Snapshot) -> usize {
    snapshot.notebook.utterances().len()
}

fn broken(what: impl std::fmt::Display) -> SceneError {
    SceneError::Broken(what.to_string())
}

fn open() -> Result<Session, SceneError> {
    let hub = Hub::shared(Store::from_environment()).map_err(broken)?;
    Ok(hub.open_session(Notebook::default()))
}

/// The process's address space, in bytes, where a page has 4 kB.
fn virtual_bytes() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = pages.split(' ').next().and_then(|pages| pages.parse().ok()).unwrap_or_default();
    pages * 4_096
}

/// The same once nothing takes or gives back memory any more.
fn virtual_bytes_at_rest() -> u64 {
    let mut seen = virtual_bytes();
    let mut looks = 0;
    while looks < 30 {
        std::thread::sleep(Duration::from_millis(10));
        let now = virtual_bytes();
        looks = if now == seen { looks + 1 } else { 0 };
        seen = now;
    }
    seen
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
            return Err(broken("the child of the fork hangs"));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    if status == 0 { Ok(()) } else { Err(broken(format!("the child ended with status {status}"))) }
}
