//! The one open window, and what a hand does in it.

use super::seat::Seat;
use crate::demo::DemoError;
use crate::host::{Plugin, Window};
use crate::noise::Random;
use std::time::Duration;

/// The one window that may be open, whosever it is.
#[derive(Default)]
pub(super) struct Screen {
    window: Option<(usize, Window)>,
    openings: u32,
}

/// How long a window may take to draw or to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a pointer lies on a button before it presses.
const HOVER: Duration = Duration::from_millis(150);

/// The window's size when it opens, and where in it the buttons "Add mark", "Undo" and "Redo" are.
const SIZE: (u32, u32) = (900, 560);
const ADD_MARK: (i16, i16) = (725, 18);
const UNDO: (i16, i16) = (604, 18);
const REDO: (i16, i16) = (657, 18);

impl Screen {
    /// Whose window is open.
    pub(super) fn whose(&self) -> Option<usize> {
        self.window.as_ref().map(|(whose, _)| *whose)
    }

    /// How often a window was opened.
    pub(super) const fn openings(&self) -> u32 {
        self.openings
    }

    /// Opens the window of the instance `one` in place of whichever is open. Returns what is wrong with it.
    pub(super) fn open(&mut self, one: usize, seats: &mut [Seat]) -> Result<Option<&'static str>, DemoError> {
        self.close(seats)?;
        let window = Window::open(SIZE.0, SIZE.1, "Earmark")?;
        let plugin = &mut seats[one].plugin;
        plugin.open_editor(&window, 1.0, Duration::ZERO)?;
        self.openings += 1;
        let is_drawn = |_: &mut Plugin| window.image().is_ok_and(|image| image.is_drawn());
        let stays_blank = !plugin.pump_until(PATIENCE, is_drawn);
        self.window = Some((one, window));
        Ok(stays_blank.then_some("A window stays blank."))
    }

    /// Closes the window that is open, if any.
    pub(super) fn close(&mut self, seats: &mut [Seat]) -> Result<(), DemoError> {
        if let Some((one, _window)) = self.window.take() {
            seats[one].plugin.gui()?.destroy();
        }
        Ok(())
    }

    /// Sets a mark in the window that is open, and mostly takes it back and sets it again. Returns what is wrong.
    pub(super) fn mark(
        &mut self,
        random: &mut Random,
        seats: &mut [Seat],
    ) -> Result<Vec<&'static str>, DemoError> {
        let Some((one, window)) = &self.window else { return Ok(Vec::new()) };
        let seat = &mut seats[*one];
        let before = seat.notebook()?.marks().len();
        let mut clicks = vec![(ADD_MARK, before + 1, "A mark that was set is not there.")];
        if random.below(4) > 0 {
            clicks.push((UNDO, before, "A mark that was taken back is there."));
            clicks.push((REDO, before + 1, "A mark that was brought back is not there."));
        }
        let mut faults = Vec::new();
        for (place, marks, fault) in clicks {
            if !click(window, &mut seat.plugin, place, marks)? {
                faults.push(fault);
            }
        }
        Ok(faults)
    }
}

/// Clicks in the window and waits until there are so many marks; says whether they came.
fn click(window: &Window, plugin: &mut Plugin, (x, y): (i16, i16), marks: usize) -> Result<bool, DemoError> {
    // A pointer that comes from elsewhere is seen before it presses.
    window.warp(x, y)?;
    plugin.pump(HOVER);
    window.click(x, y)?;
    let has = |plugin: &mut Plugin| {
        let notebook = plugin.save().ok().and_then(|state| crate::saved::read(&state).ok());
        notebook.is_some_and(|notebook| notebook.marks().len() == marks)
    };
    Ok(plugin.pump_until(PATIENCE, has))
}
