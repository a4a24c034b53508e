//! What is painted in a window, as its server counts it.

use super::Window;
use super::window::{WindowError, failed};
use std::io::IoSlice;
use x11rb::connection::{Connection, RequestConnection};

/// X's extension that tells of whatever is painted.
const DAMAGE: &str = "DAMAGE";

/// Tells of what is painted in a window from its making on, the editor's own window included.
pub struct Painting<'a> {
    window: &'a Window,
    event: u8,
}

impl<'a> Painting<'a> {
    /// Has the server tell (`DamageQueryVersion` and `DamageCreate` for all rectangles, requests 0 and 1 of DAMAGE 1.1).
    ///
    /// # Errors
    ///
    /// [`WindowError::Server`] when the server has no such extension.
    pub fn in_window(window: &'a Window) -> Result<Self, WindowError> {
        let (what, connection) = ("tell what is painted", &window.connection);
        let found = connection.extension_information(DAMAGE).map_err(failed(what))?;
        let event = found.ok_or_else(|| failed(what)("it has no DAMAGE"))?.first_event;
        let words = |words: [u32; 2]| words.map(u32::to_ne_bytes).concat();
        let version = window.extended(DAMAGE, 0, &words([1, 1]), what)?;
        let asked = connection.send_request_with_reply::<u8>(&[IoSlice::new(&version)], Vec::new());
        asked.map_err(failed(what))?.raw_reply().map_err(failed(what))?;
        let id = connection.generate_id().map_err(failed(what))?;
        let create = window.extended(DAMAGE, 1, &[words([id, window.id]), vec![0; 4]].concat(), what)?;
        let sent = connection.send_request_without_reply(&[IoSlice::new(&create)], Vec::new());
        sent.map_err(failed(what))?.check().map_err(failed(what))?;
        Ok(Self { window, event })
    }

    /// How many times something was painted since it was asked last.
    ///
    /// # Errors
    ///
    /// [`WindowError::Server`] when the server is gone.
    pub fn count(&self) -> Result<usize, WindowError> {
        let mut count = 0;
        let polled = || self.window.connection.poll_for_raw_event().map_err(failed("tell what is painted"));
        while let Some(event) = polled()? {
            count += usize::from(event.first() == Some(&self.event));
        }
        Ok(count)
    }
}
