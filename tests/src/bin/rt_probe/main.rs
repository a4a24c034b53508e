//! The audio thread under guard: processes blocks, and brackets each with two marker calls that strace
//! sees, while its own `malloc` counts what is allocated and freed in between.
//!
//! `earmark_tests::guard` starts it, reads the trace and judges; see there for what it proves.

mod malloc;
mod marker;

use earmark_tests::guard::{Request, Seen, perform};
use marker::{Bracket, Saving};
use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(request) = Request::from_arguments(&arguments) else {
        writeln!(std::io::stderr(), "usage: rt-probe {}", Request::USAGE).ok();
        return ExitCode::FAILURE;
    };
    let mut saving = Saving::default();
    match perform(&request, Bracket::default(), &mut saving) {
        Ok((bracket, seen)) => {
            let (allocations, seen_in_plugin) = (bracket.allocations(), saving.allocations());
            let seen = Seen { allocations, seen_in_plugin, ..seen };
            writeln!(std::io::stdout(), "{}", seen.to_line()).ok();
            ExitCode::SUCCESS
        }
        Err(error) => {
            writeln!(std::io::stderr(), "{error}").ok();
            ExitCode::FAILURE
        }
    }
}
