//! Earmark without a host, on the system's own audio input.

use std::process::ExitCode;

fn main() -> ExitCode {
    if nice_plug::nice_export_standalone::<earmark::EarmarkPlugin>() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
