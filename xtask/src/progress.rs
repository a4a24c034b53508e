use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar on a terminal, one line for each finished thing elsewhere.
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar that is full at `bytes`.
    pub(crate) fn new(bytes: u64) -> Self {
        let bar = ProgressBar::new(bytes);
        let template = "{spinner} [{bar:30}] {bytes}/{total_bytes} {msg}";
        bar.set_style(
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()),
        );
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar }
    }

    /// Says what is being done.
    pub(crate) fn now(&self, what: String) {
        self.bar.set_message(what);
    }

    /// Counts a finished thing of `bytes` and leaves a line for it.
    pub(crate) fn done(&self, bytes: u64, what: String) {
        self.bar.suspend(|| println!("  {what}"));
        self.bar.inc(bytes);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
