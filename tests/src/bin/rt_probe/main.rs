//! The audio thread under guard: processes blocks, and brackets each with two marker calls that strace
//! sees, while its own `malloc` counts what is allocated and freed in between.
//!
//! `earmark_tests::guard` starts it, reads the trace and judges; see there for what it proves.

mod malloc;
mod marker;
mod plant;
mod tap;

use earmark_tests::guard::{Counts, Fault, Request, Subject};
use earmark_tests::host::{HostError, Playhead, Plugin, Setup};
use marker::Bracket;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(request) = Request::from_arguments(&arguments) else {
        writeln!(std::io::stderr(), "usage: rt-probe {}", Request::USAGE).ok();
        return ExitCode::FAILURE;
    };
    let counts = match &request.subject {
        Subject::Tap => Ok(tap::run(&request)),
        Subject::Plugin(path) => plugin(path, &request),
    };
    match counts {
        Ok(counts) => {
            writeln!(std::io::stdout(), "{}", counts.to_line()).ok();
            ExitCode::SUCCESS
        }
        Err(error) => {
            writeln!(std::io::stderr(), "{error}").ok();
            ExitCode::FAILURE
        }
    }
}

/// Plays on one thread while this one, the main thread, saves the state over and over.
fn plugin(path: &Path, request: &Request) -> Result<Counts, HostError> {
    let mut plugin = Plugin::load(path)?;
    let mut audio = plugin.activate(Setup::stereo(48_000.0, request.frames))?;
    let (blocks, frames, fault) = (request.blocks, request.frames, request.fault);
    let player = std::thread::spawn(move || {
        audio.playhead = Playhead::playing_from(0);
        let mut bracket = Bracket::new(fault, blocks / 2);
        let mut done = audio.start();
        for _ in 0..blocks {
            done = done.and_then(|()| audio.block_watched(frames, &mut bracket));
        }
        (audio, bracket, done)
    });
    let mut state = Vec::with_capacity(1 << 20);
    let mut seen_in_plugin = 0;
    while !player.is_finished() {
        state.clear();
        // The buffer is there already, so what is counted here was allocated by the plugin's own code:
        // it shows that the plugin's allocations come by this program's `malloc`.
        let before = malloc::counted();
        malloc::arm(true);
        let saved = plugin.save_into(&mut state);
        malloc::arm(false);
        saved?;
        seen_in_plugin = malloc::counted() - before;
        plugin.pump(std::time::Duration::from_millis(1));
    }
    let Ok((audio, bracket, done)) = player.join() else { unreachable!("the audio thread has no panics") };
    plugin.deactivate(audio);
    done?;
    Ok(Counts { blocks, allocations: bracket.allocations(), seen_in_plugin })
}

impl Bracket {
    fn new(fault: Option<Fault>, at: u64) -> Self {
        Self::with(fault.map(|fault| (at, plant::Plant::new(fault))))
    }
}
