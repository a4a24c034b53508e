//! The progress bar: on a terminal's standard error, and nowhere else.

use indicatif::{ProgressBar, ProgressStyle};

const BAR: &str = "{prefix} [{wide_bar}] {percent:>3} %  {msg}  {eta} left";
const SPINNER: &str = "{prefix} {spinner} {msg}";

/// Shows how much of the audio is done. It is gone when dropped.
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar of that name for `seconds` of audio, or one without an end where that is not known.
    pub(crate) fn new(name: &str, seconds: Option<f64>) -> Self {
        let (bar, template) = match seconds {
            Some(seconds) => (ProgressBar::new(ms(seconds)), BAR),
            None => (ProgressBar::no_length(), SPINNER),
        };
        // Both templates are constants that a test parses.
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { bar: bar.with_prefix(name.to_owned()) }
    }

    /// Shows that `done` seconds are worked off, and `what` came of it.
    pub(crate) fn show(&self, done: f64, what: String) {
        self.bar.set_message(what);
        self.bar.set_position(ms(done));
        // Without an end only a tick shows that something happens.
        self.bar.tick();
    }

    /// Takes the bar away while something is written to the terminal.
    pub(crate) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn ms(seconds: f64) -> u64 {
    // `as` saturates, and a negative time is the start.
    (seconds * 1_000.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_looks_can_be_drawn() {
        for template in [BAR, SPINNER] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }

    #[test]
    fn a_time_that_makes_no_sense_is_still_a_position() {
        assert_eq!([ms(1.5), ms(-1.0), ms(f64::NAN)], [1_500, 0, 0]);
    }
}
