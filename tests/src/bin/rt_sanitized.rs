//! The audio thread under RealtimeSanitizer: processes blocks, each in a context in which LLVM's runtime
//! ends the process when the C library is asked for something that may wait.
//!
//! `earmark_tests::guard` starts it and judges; the package's build script finds the runtime.

use std::io::Write as _;
use std::process::ExitCode;

#[cfg(rtsan)]
fn main() -> ExitCode {
    use earmark_tests::guard::{Request, perform};

    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(request) = Request::from_arguments(&arguments) else {
        writeln!(std::io::stderr(), "usage: rt-sanitized {}", Request::USAGE).ok();
        return ExitCode::FAILURE;
    };
    match perform(&request, realtime::Context::new(), &mut ()) {
        Ok((_, seen)) => {
            writeln!(std::io::stdout(), "{}", seen.to_line()).ok();
            ExitCode::SUCCESS
        }
        Err(error) => {
            writeln!(std::io::stderr(), "{error}").ok();
            ExitCode::FAILURE
        }
    }
}

#[cfg(not(rtsan))]
fn main() -> ExitCode {
    let sentence =
        "This toolchain has no RealtimeSanitizer; `rustup update stable` brings one for x86-64 Linux.";
    writeln!(std::io::stderr(), "{sentence}").ok();
    ExitCode::FAILURE
}

#[cfg(rtsan)]
mod realtime {
    use earmark_tests::host::Watch;

    #[allow(unsafe_code, reason = "LLVM's runtime is a C library")]
    // SAFETY: declared as LLVM's `sanitizer/rtsan_interface.h` and its runtime declare them.
    unsafe extern "C" {
        safe fn __rtsan_ensure_initialized();
        safe fn __rtsan_realtime_enter();
        safe fn __rtsan_realtime_exit();
    }

    /// Puts the calling thread into a realtime context for each block.
    pub(crate) struct Context(());

    impl Context {
        /// A context whose runtime is ready.
        pub(crate) fn new() -> Self {
            __rtsan_ensure_initialized();
            Self(())
        }
    }

    impl Watch for Context {
        fn before(&mut self) {
            __rtsan_realtime_enter();
        }

        fn after(&mut self) {
            __rtsan_realtime_exit();
        }
    }
}
