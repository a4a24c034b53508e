//! Sessions that come and go in crowds, and valgrind's opinion of it.

use super::SceneError;
use crate::audio::Clip;
use crate::fixtures;
use crate::host::{threads, threads_ended};
use crate::noise::Random;
use earmark_engine::hub::Hub;
use earmark_engine::session::Session;
use earmark_models::Store;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::transport::{ChannelChoice, Listen, Transport};
use earmark_timeline::units::{FramePos, SampleRate};
use std::panic::resume_unwind;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

/// From how many threads sessions come and go.
const HOSTS: u32 = 4;

/// Names a fault that is planted to see that it is found; here `leak` loses memory with each session.
const PLANTED: &str = "EARMARK_PLANTED_FAULT";

/// How often the last threads are given five seconds to end: valgrind runs one of them at a time, and fifty times
/// slower than the processor.
const LOOKS: u32 = 24;

/// Has `cycles` sessions come, hear a part of `clip` (its first channel) and go, at random moments and from several
/// threads; the first half of them while another session has words to work at, which goes before it has them.
/// Returns how many went while a model was at work.
///
/// # Errors
/// [`SceneError`] when the system gives no thread, or one is left.
pub fn come_and_go(clip: &Clip, cycles: u32) -> Result<usize, SceneError> {
    let before = threads();
    let stays = hub()?.open_session(Notebook::default());
    hear(&stays, clip)?;
    stays.wait_while(|snapshot| snapshot.status.engine.at_work == 0 && snapshot.finished == 0);
    let mut went_at_work = crowd(clip, cycles / 2)?;
    drop(stays);
    went_at_work += crowd(clip, cycles - cycles / 2)?;
    if (0..LOOKS).any(|_| threads_ended(before)) {
        Ok(went_at_work)
    } else {
        Err(SceneError::Broken(format!("{} threads are left", threads() - before)))
    }
}

/// Plays the whole of `clip` (its first channel) to a session, as fast as it takes it.
///
/// # Errors
/// [`SceneError`] when the session takes no command, or the rate is an odd one.
pub fn hear(session: &Session, clip: &Clip) -> Result<(), SceneError> {
    session.feed(rate(clip)?, 1)?.push(&clip.channels[0]);
    Ok(())
}

fn rate(clip: &Clip) -> Result<SampleRate, SceneError> {
    SampleRate::new(clip.rate_hz).ok_or_else(|| SceneError::Broken("an odd rate".to_owned()))
}

fn hub() -> Result<Arc<Hub>, SceneError> {
    Ok(Hub::shared(Store::from_environment())?)
}

fn crowd(clip: &Clip, cycles: u32) -> Result<usize, SceneError> {
    let host = |number: u32| {
        // Each begins elsewhere in the numbers.
        let mut random = Random::default();
        for _ in 0..number * 1_000 {
            random.below(2);
        }
        let cycles = (number..cycles).step_by(HOSTS as usize);
        cycles.map(|_| live(clip, &mut random).map(usize::from)).sum::<Result<usize, _>>()
    };
    std::thread::scope(|scope| {
        let hosts = [0, 1, 2, 3].map(|number| scope.spawn(move || host(number)));
        hosts.into_iter().map(|host| host.join().unwrap_or_else(|panic| resume_unwind(panic))).sum()
    })
}

/// One session's life as seen by its host: it comes, hears a part of `clip`, and goes; says whether a model was at
/// work then.
fn live(clip: &Clip, random: &mut Random) -> Result<bool, SceneError> {
    let session = hub()?.open_session(Notebook::default());
    if std::env::var_os(PLANTED).is_some_and(|fault| fault == "leak") {
        std::mem::forget(std::hint::black_box(vec![0_u8; 64]));
    }
    let mut tap = None;
    for _ in 0..random.below(4) {
        let tap = match &mut tap {
            Some(tap) => tap,
            none => none.insert(session.connect(rate(clip)?, FramePos(0))?),
        };
        let from = random.below(clip.frames() as u32 / 2) as usize;
        let samples = &clip.channels[0][from..][..random.below(clip.frames() as u32 / 2) as usize];
        let transport =
            Transport { playing: true, project: Some(FramePos(from as i64)), ..Transport::default() };
        tap.process(&[samples], samples.len(), transport, ChannelChoice::Mix, Listen::WhilePlaying);
        // Some stay until a model is loaded and infers.
        let longest_ms = if random.below(8) == 0 { 500 } else { 20 };
        std::thread::sleep(Duration::from_millis(random.below(longest_ms).into()));
    }
    let at_work = session.snapshot().status.engine.at_work > 0;
    // In either order, as hosts do.
    if random.below(2) == 0 {
        drop(tap);
        drop(session);
    } else {
        drop(session);
        drop(tap);
    }
    Ok(at_work)
}

/// Has as many sessions come and go in a process in which valgrind watches every access to memory.
///
/// # Errors
/// [`SceneError`] when memory was read or written that is not there or was never filled, or is lost in the end, or
/// what [`come_and_go`] says; and when there is no valgrind.
pub fn memcheck(recording: &Path, cycles: u32) -> Result<(), SceneError> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--quiet", "--fair-sched=try", "--leak-check=full", "--show-leak-kinds=definite"]);
    valgrind.args(["--errors-for-leak-kinds=definite", "--error-exitcode=9", "--num-callers=30"]);
    valgrind.arg(fixtures::program("lifecycle")).arg("cycles").arg("-").arg(recording);
    let output = valgrind
        .arg(cycles.to_string())
        .output()
        .map_err(|error| SceneError::Broken(format!("{error}; `cargo xtask setup` installs valgrind")))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(()) } else { Err(SceneError::Broken(said.into_owned())) }
}
