//! A display without a screen, for editors.

use super::threads::{threads, threads_ended};
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, Command, ExitCode, Stdio};

/// A running Xvfb; it ends when this is dropped.
pub struct Xvfb {
    server: Child,
    display: String,
}

/// Why there is no display.
#[derive(Debug, thiserror::Error)]
pub enum DisplayError {
    /// Xvfb is not installed or does not start.
    #[error("Xvfb does not start ({0}). `cargo xtask setup` installs it.")]
    Start(String),
}

impl Xvfb {
    /// Starts an Xvfb of 3840×2400 pixels, so that an editor at twice its size is wholly on it, on a display
    /// number that is free.
    ///
    /// # Errors
    ///
    /// [`DisplayError::Start`] when it is not installed or does not come up.
    pub fn start() -> Result<Self, DisplayError> {
        let mut server = Command::new("Xvfb")
            // The server chooses the number and writes it to its standard output once it is up.
            // Without "-noreset" it starts anew whenever its last window closes, and refuses the next.
            .args(["-displayfd", "1", "-screen", "0", "3840x2400x24", "-nolisten", "tcp", "-noreset"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| DisplayError::Start(error.to_string()))?;
        let mut number = String::new();
        let read = server.stdout.take().map(|out| BufReader::new(out).read_line(&mut number));
        if !matches!(read, Some(Ok(_))) || number.trim().is_empty() {
            server.kill().ok();
            server.wait().ok();
            return Err(DisplayError::Start("it ended at once".to_owned()));
        }
        Ok(Self { server, display: format!(":{}", number.trim()) })
    }

    /// What the variable `DISPLAY` must hold for a program to use it.
    pub fn display(&self) -> &str {
        &self.display
    }
}

impl Drop for Xvfb {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

/// Runs `body`, the work of a program, where there is a display: here, or else in the same program started anew with
/// an Xvfb of its own, as a plugin looks for it in the environment. `body` says whether all went well; what went
/// wrong is written to the standard error output.
pub fn on_a_display(body: impl FnOnce() -> Result<bool, String>) -> ExitCode {
    let went = if std::env::var_os("DISPLAY").is_some_and(|display| !display.is_empty()) {
        body()
    } else {
        again_under_xvfb()
    };
    match went {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // A reader that went away must not hide the outcome.
            writeln!(io::stderr(), "{error}").ok();
            ExitCode::FAILURE
        }
    }
}

fn again_under_xvfb() -> Result<bool, String> {
    let xvfb = Xvfb::start().map_err(|error| error.to_string())?;
    let again = std::env::current_exe().and_then(|this| {
        Command::new(this).args(std::env::args_os().skip(1)).env("DISPLAY", xvfb.display()).status()
    });
    Ok(again.map_err(|error| format!("The program does not start: {error}."))?.success())
}

/// Runs `body` in a process whose display is an Xvfb of its own: the test `name` starts itself anew
/// there, because a plugin finds its display through the environment of the whole process.
///
/// # Panics
///
/// Panics when Xvfb does not start, when the test fails there, or when it leaves threads behind.
pub fn under_display(name: &str, body: impl FnOnce()) {
    const INSIDE: &str = "EARMARK_TEST_DISPLAY";
    if std::env::var_os(INSIDE).is_some() {
        let before = threads();
        body();
        assert!(threads_ended(before), "{name} left threads behind");
        return;
    }
    let outcome = Xvfb::start().map(|xvfb| {
        let this = std::env::current_exe().expect("a test knows its own file");
        Command::new(this)
            .args(["--exact", name, "--nocapture"])
            .env("DISPLAY", xvfb.display())
            .env(INSIDE, "1")
            // Software rendering: what is drawn must not depend on the machine's card.
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .status()
    });
    match outcome {
        Err(error) => panic!("{error}"),
        Ok(status) => assert!(status.is_ok_and(|status| status.success()), "{name} failed on its display"),
    }
}
