use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar on a terminal, one line for each finished thing elsewhere.
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar that is full at `bytes`.
    pub(crate) fn weighing(bytes: u64) -> Self {
        Self::new(bytes, "{spinner} [{bar:30}] {bytes}/{total_bytes} {msg}")
    }

    /// A bar that is full at `things`.
    pub(crate) fn counting(things: usize) -> Self {
        Self::new(things as u64, "{spinner} [{bar:30}] {pos}/{len} {msg}")
    }

    fn new(length: u64, template: &str) -> Self {
        let bar = ProgressBar::new(length);
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

    /// Counts a finished thing by its weight and leaves a line for it.
    pub(crate) fn done(&self, weight: u64, what: String) {
        self.bar.suspend(|| println!("  {what}"));
        self.bar.inc(weight);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
