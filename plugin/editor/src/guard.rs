//! What stands between a fault in the window and the host.

use crate::views::fault;
use egui::Ui;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Catches panics of one window's frames. Lives on the GUI thread, which the host shares and a panic would end.
#[derive(Debug, Default)]
pub struct Guard {
    fault: Option<String>,
}

impl Guard {
    /// Runs a `frame`. Once one has panicked, what went wrong is shown in its place, until the person asks for
    /// the window again.
    pub fn show(&mut self, ui: &mut Ui, frame: impl FnOnce(&mut Ui)) {
        if self.fault.is_none() {
            // What was left half-done is this frame's shapes, which are painted over, and what the window
            // remembers, which is plain data.
            let Err(panic) = catch_unwind(AssertUnwindSafe(|| frame(ui))) else { return };
            self.fault = Some(report(&*panic));
            ui.ctx().request_repaint();
        }
        fault::show(ui, &mut self.fault);
    }
}

/// What somebody needs who mends it.
fn report(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or(panic.downcast_ref::<String>().map(String::as_str));
    let (version, system) = (env!("CARGO_PKG_VERSION"), std::env::consts::OS);
    format!("Earmark {version} on {system}: {}", text.unwrap_or("a fault without a message"))
}
