//! Proof that the audio thread neither allocates, frees, waits nor makes a system call.
//!
//! Two programs process blocks on a thread of their own and bracket each, while their main thread saves the
//! plugin's state over and over. Three instruments watch what happens inside the brackets:
//!
//! * **Memory**: `rt-probe` has a `malloc` of its own, which the plugin uses too. It counts while the
//!   bracket is open.
//! * **System calls**: `rt-probe` runs under strace; between two marker calls nothing may show on that
//!   thread. A lock that has to wait shows here as `futex`, a sleep as `clock_nanosleep`, and memory
//!   that comes from the kernel as `mmap` or `brk`.
//! * **RealtimeSanitizer**: `rt-sanitized` is linked with LLVM's runtime, which ends the process when
//!   the C library is asked for something that may wait.
//!
//! A lock that happens to be free shows in none, as taking it is one atomic instruction; counting
//! `pthread_mutex_lock` would not help, because Rust's locks do not use it. What is ours on the audio
//! thread is therefore kept without locks by construction: `earmark-capture` has no `std` and no crate
//! with a lock in it, which `tests/realtime.rs` checks.
//!
//! Each instrument is tried on a planted [`Fault`] as well, to show that it would see one.

mod plant;
mod request;
mod stage;
mod tap;
mod trace;

pub use request::{Fault, Request, Seen, Subject};
pub use stage::{ProbeError, perform};
pub use trace::{Finding, findings};

use crate::fixtures;
use crate::host::{DisplayError, Xvfb};
use std::path::Path;
use std::process::{Command, Output};

/// What `rt-probe` and strace saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What was counted inside the program.
    pub seen: Seen,
    /// How many brackets the trace holds.
    pub brackets: u64,
    /// The system calls inside them.
    pub findings: Vec<Finding>,
}

/// Why there is no verdict.
#[derive(Debug, thiserror::Error)]
pub enum GuardError {
    /// strace or the probe does not start.
    #[error(
        "{program} does not start ({reason}). `cargo xtask setup` installs strace; cargo builds the probes with the tests."
    )]
    Start {
        /// The program.
        program: String,
        /// What the system said.
        reason: String,
    },
    /// There is no display for the editor.
    #[error(transparent)]
    Display(#[from] DisplayError),
    /// The probe failed.
    #[error("the probe failed on {request:?}: {stderr}")]
    Probe {
        /// What it was to do.
        request: Request,
        /// What it said.
        stderr: String,
    },
}

/// How RealtimeSanitizer's runtime ends a process in which it found something.
const FOUND: i32 = 43;

/// Runs `rt-probe` under strace in `folder`, where the trace is left, and reads what was seen.
///
/// # Errors
///
/// [`GuardError`] when strace or the program is missing or fails.
pub fn watch(request: &Request, folder: &Path) -> Result<Verdict, GuardError> {
    let trace = folder.join("trace");
    let mut strace = Command::new("strace");
    // Only what the program's threads do themselves: signals are the kernel's doing.
    strace.args(["-f", "-qq", "-e", "signal=none", "-o"]).arg(&trace).arg(fixtures::program("rt-probe"));
    let output = run(strace, request)?;
    let seen = seen(&output, request)?;
    let text = std::fs::read(&trace).map_err(|error| start_error("strace", &error))?;
    let (brackets, findings) = findings(&String::from_utf8_lossy(&text));
    Ok(Verdict { seen, brackets, findings })
}

/// Runs `rt-sanitized`: what it saw, or else what RealtimeSanitizer says of the fault that it ended with.
///
/// # Errors
///
/// [`GuardError`] when the program is missing, fails otherwise, or was built without the runtime.
pub fn sanitize(request: &Request) -> Result<Result<Seen, String>, GuardError> {
    let output = run(Command::new(fixtures::program("rt-sanitized")), request)?;
    if output.status.code() == Some(FOUND) {
        return Ok(Err(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    seen(&output, request).map(Ok)
}

/// Runs the program with the request as its arguments, on a display of its own if it opens an editor.
fn run(mut program: Command, request: &Request) -> Result<Output, GuardError> {
    let display = request.recording.is_some().then(Xvfb::start).transpose()?;
    if let Some(display) = &display {
        program.env("DISPLAY", display.display()).env("LIBGL_ALWAYS_SOFTWARE", "1");
    }
    let name = program.get_program().to_string_lossy().into_owned();
    program.args(request.to_arguments()).output().map_err(|error| start_error(&name, &error))
}

fn start_error(program: &str, error: &std::io::Error) -> GuardError {
    GuardError::Start { program: program.to_owned(), reason: error.to_string() }
}

fn seen(output: &Output, request: &Request) -> Result<Seen, GuardError> {
    let seen = Seen::from_line(&String::from_utf8_lossy(&output.stdout));
    seen.filter(|_| output.status.success()).ok_or_else(|| GuardError::Probe {
        request: request.clone(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}
