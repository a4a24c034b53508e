//! Proof that the audio thread neither allocates, frees, waits nor makes a system call.
//!
//! The program `rt-probe` processes blocks on a thread of its own and brackets each with two marker
//! calls. Two instruments watch what happens in between:
//!
//! * **Memory**: the program has a `malloc` of its own, which the plugin uses too. It counts while the
//!   bracket is open.
//! * **System calls**: the program runs under strace; between the markers nothing may show on that
//!   thread. A lock that has to wait shows here as `futex`, a sleep as `clock_nanosleep`, and memory
//!   that comes from the kernel as `mmap` or `brk`.
//!
//! A lock that happens to be free shows in neither, as taking it is one atomic instruction; counting
//! `pthread_mutex_lock` would not help, because Rust's locks do not use it. What is ours on the audio
//! thread is therefore kept without locks by construction: `earmark-capture` has no `std` and no crate
//! with a lock in it, which `tests/realtime.rs` checks.
//!
//! Each instrument is tried on a planted [`Fault`] as well, to show that it would see one.

mod trace;

pub use trace::{Finding, findings};

use crate::fixtures;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What `rt-probe` shall do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What is put under guard.
    pub subject: Subject,
    /// How many blocks are processed.
    pub blocks: u64,
    /// Frames in a block.
    pub frames: u32,
    /// Whether nobody empties the tap's ring. A plugin's own ring fills when blocks are long and come as
    /// fast as they can.
    pub full: bool,
    /// A fault to make half-way through.
    pub fault: Option<Fault>,
}

/// What is put under guard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The capture crate's tap by itself.
    Tap,
    /// The `process` of the built plugin in that file, framework included.
    Plugin(PathBuf),
}

/// Something that the audio thread must not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Allocate and free.
    Allocation,
    /// Wait for a lock that another thread holds.
    Lock,
    /// Write to a file.
    Write,
}

/// What `rt-probe` counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Blocks processed.
    pub blocks: u64,
    /// Allocations and releases inside the brackets.
    pub allocations: u64,
    /// Allocations and releases that the plugin made in one save of its state, which is the proof that
    /// those of its `process` would have been counted.
    pub seen_in_plugin: u64,
}

/// What both instruments saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What was counted inside the program.
    pub counts: Counts,
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
        "{program} does not start ({reason}). `cargo xtask setup` installs strace; cargo builds rt-probe with the tests."
    )]
    Start {
        /// The program.
        program: String,
        /// What the system said.
        reason: String,
    },
    /// The probe failed.
    #[error("rt-probe failed on {request:?}: {stderr}")]
    Probe {
        /// What it was to do.
        request: Request,
        /// What it said.
        stderr: String,
    },
}

impl Fault {
    /// Every fault.
    pub const ALL: [Fault; 3] = [Self::Allocation, Self::Lock, Self::Write];

    const fn name(self) -> &'static str {
        match self {
            Self::Allocation => "allocation",
            Self::Lock => "lock",
            Self::Write => "write",
        }
    }
}

impl Request {
    /// The order of the program's arguments.
    pub const USAGE: &str = "tap|PLUGIN BLOCKS FRAMES full|drained [allocation|lock|write]";

    /// Reads the program's arguments; `None` when they are not as [`Request::USAGE`] says.
    pub fn from_arguments(arguments: &[String]) -> Option<Self> {
        let (subject, blocks, frames, full, fault) = match arguments {
            [subject, blocks, frames, full] => (subject, blocks, frames, full, None),
            [subject, blocks, frames, full, fault] => (subject, blocks, frames, full, Some(fault)),
            _ => return None,
        };
        let fault = match fault {
            None => None,
            Some(name) => Some(Fault::ALL.into_iter().find(|fault| fault.name() == name)?),
        };
        let subject = if subject == "tap" { Subject::Tap } else { Subject::Plugin(subject.into()) };
        Some(Self {
            subject,
            blocks: blocks.parse().ok()?,
            frames: frames.parse().ok()?,
            full: full == "full",
            fault,
        })
    }

    fn to_arguments(&self) -> Vec<String> {
        let subject = match &self.subject {
            Subject::Tap => "tap".to_owned(),
            Subject::Plugin(path) => path.display().to_string(),
        };
        let full = if self.full { "full" } else { "drained" };
        let mut arguments = vec![subject, self.blocks.to_string(), self.frames.to_string(), full.to_owned()];
        arguments.extend(self.fault.map(|fault| fault.name().to_owned()));
        arguments
    }
}

impl Counts {
    /// The line that the program prints.
    pub fn to_line(&self) -> String {
        format!("{} {} {}", self.blocks, self.allocations, self.seen_in_plugin)
    }

    fn from_line(line: &str) -> Option<Self> {
        let mut numbers = line.split_whitespace().map(|number| number.parse().ok());
        let mut next = || numbers.next().flatten();
        Some(Self { blocks: next()?, allocations: next()?, seen_in_plugin: next()? })
    }
}

/// Runs the program under strace in `folder`, where the trace is left, and reads what was seen.
///
/// # Errors
///
/// [`GuardError`] when strace or the program is missing or fails.
pub fn watch(request: &Request, folder: &Path) -> Result<Verdict, GuardError> {
    let trace = folder.join("trace");
    let probe = fixtures::program("rt-probe");
    let started = |program: &str| {
        let program = program.to_owned();
        move |error: std::io::Error| GuardError::Start { program, reason: error.to_string() }
    };
    let output = Command::new("strace")
        // Only what the program's threads do themselves: signals are the kernel's doing.
        .args(["-f", "-qq", "-e", "signal=none", "-o"])
        .arg(&trace)
        .arg(&probe)
        .args(request.to_arguments())
        .output()
        .map_err(started("strace"))?;
    let failed = || GuardError::Probe {
        request: request.clone(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    };
    let counts = Counts::from_line(&String::from_utf8_lossy(&output.stdout));
    let counts = counts.filter(|_| output.status.success()).ok_or_else(failed)?;
    let text = std::fs::read(&trace).map_err(started("strace"))?;
    let (brackets, findings) = findings(&String::from_utf8_lossy(&text));
    Ok(Verdict { counts, brackets, findings })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_survives_the_command_line() {
        let check = |request: Request| {
            assert_eq!(Request::from_arguments(&request.to_arguments()), Some(request));
        };
        check(Request { subject: Subject::Tap, blocks: 9, frames: 64, full: true, fault: None });
        let subject = Subject::Plugin("a b.clap".into());
        for fault in Fault::ALL {
            let subject = subject.clone();
            check(Request { subject, blocks: 1, frames: 1, full: false, fault: Some(fault) });
        }
    }
}
