//! A plain X11 window to put an editor into, and pictures of it.

use std::fs::File;
use std::io::{BufWriter, IoSlice};
use std::path::{Path, PathBuf};
use x11rb::connection::{Connection, RequestConnection};
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ChangeWindowAttributesAux, ConfigureWindowAux,
    ConnectionExt, CreateWindowAux, EventMask, ImageFormat, InputFocus, KEY_PRESS_EVENT, KEY_RELEASE_EVENT,
    PropMode, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

/// The number of the left mouse button.
const LEFT_BUTTON: u8 = 1;

/// A mapped top-level window on the display that the environment names.
pub struct Window {
    pub(super) connection: RustConnection,
    pub(super) id: u32,
}

/// What a window showed, row by row from the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Red, green and blue, three bytes a pixel.
    pub rgb: Vec<u8>,
}

/// Why there is no window or no picture.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// The X server did not answer or said no.
    #[error(
        "The X server refused to {what}: {reason}. Is there a display? `Xvfb` serves one without a screen."
    )]
    Server {
        /// The request, as a verb.
        what: &'static str,
        /// What the server said.
        reason: String,
    },
    /// The picture could not be written.
    #[error("The picture {path} cannot be written: {reason}.")]
    Write {
        /// The picture's file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
}

pub(super) fn failed<E: ToString>(what: &'static str) -> impl FnOnce(E) -> WindowError {
    move |error| WindowError::Server { what, reason: error.to_string() }
}

impl Window {
    /// Opens and maps a window of that many pixels.
    ///
    /// # Errors
    ///
    /// [`WindowError::Server`] when there is no display.
    pub fn open(width: u32, height: u32, title: &str) -> Result<Self, WindowError> {
        let (connection, screen) = x11rb::connect(None).map_err(failed("connect"))?;
        let root = &connection.setup().roots[screen];
        let id = connection.generate_id().map_err(failed("name a window"))?;
        let what = "open a window";
        connection
            .create_window(
                root.root_depth,
                id,
                root.root,
                0,
                0,
                u16::try_from(width).unwrap_or(u16::MAX),
                u16::try_from(height).unwrap_or(u16::MAX),
                0,
                WindowClass::INPUT_OUTPUT,
                root.root_visual,
                &CreateWindowAux::new().background_pixel(root.black_pixel),
            )
            .map_err(failed(what))?
            .check()
            .map_err(failed(what))?;
        connection
            .change_property8(PropMode::REPLACE, id, AtomEnum::WM_NAME, AtomEnum::STRING, title.as_bytes())
            .map_err(failed(what))?;
        connection.map_window(id).map_err(failed(what))?.check().map_err(failed(what))?;
        Ok(Self { connection, id })
    }

    /// The window's number on its display.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Takes the window off the screen, or puts it back.
    ///
    /// # Errors
    ///
    /// [`WindowError::Server`] when the window is gone.
    pub fn set_shown(&self, shown: bool) -> Result<(), WindowError> {
        let what = "show a window";
        let sent =
            if shown { self.connection.map_window(self.id) } else { self.connection.unmap_window(self.id) };
        sent.map_err(failed(what))?.check().map_err(failed(what))
    }

    /// Gives the window another size in pixels.
    ///
    /// # Errors
    ///
    /// [`WindowError::Server`] when the window is gone.
    pub fn resize(&self, width: u32, height: u32) -> Result<(), WindowError> {
        let what = "resize a window";
        let size = ConfigureWindowAux::new().width(width).height(height);
        let sent = self.connection.configure_window(self.id, &size).map_err(failed(what))?;
        sent.check().map_err(failed(what))
    }

    /// Gives the window the keyboard, and has it told of keys.
    ///
    /// # Errors
    ///
    /// [`WindowError::Server`] when the window is gone.
    pub fn take_keyboard(&self) -> Result<(), WindowError> {
        let what = "give a window the keyboard";
        let keys = ChangeWindowAttributesAux::new().event_mask(EventMask::KEY_PRESS);
        let sent = self.connection.change_window_attributes(self.id, &keys).map_err(failed(what))?;
        sent.check().map_err(failed(what))?;
        let sent = self.connection.set_input_focus(InputFocus::PARENT, self.id, x11rb::CURRENT_TIME);
        sent.map_err(failed(what))?.check().map_err(failed(what))
    }

    /// Moves the pointer to a place in the window and clicks there, as a hand does.
    ///
    /// # Errors
    ///
    /// [`WindowError::Server`] when the display lets nobody play a hand.
    pub fn click(&self, x: i16, y: i16) -> Result<(), WindowError> {
        self.warp(x, y)?;
        for press in [true, false] {
            self.fake(if press { BUTTON_PRESS_EVENT } else { BUTTON_RELEASE_EVENT }, LEFT_BUTTON)?;
        }
        Ok(())
    }

    /// Moves the pointer to a place in the window.
    ///
    /// # Errors
    ///
    /// [`WindowError::Server`] when the window is gone.
    pub fn warp(&self, x: i16, y: i16) -> Result<(), WindowError> {
        let what = "move the pointer";
        let sent =
            self.connection.warp_pointer(x11rb::NONE, self.id, 0, 0, 0, 0, x, y).map_err(failed(what))?;
        sent.check().map_err(failed(what))
    }

    /// Presses and releases a key, given by its code.
    ///
    /// # Errors
    ///
    /// [`WindowError::Server`] when the display lets nobody play a hand.
    pub fn press_key(&self, code: u8) -> Result<(), WindowError> {
        self.fake(KEY_PRESS_EVENT, code)?;
        self.fake(KEY_RELEASE_EVENT, code)
    }

    /// How many times a key was pressed in this window since it was asked last.
    ///
    /// # Errors
    ///
    /// [`WindowError::Server`] when the server is gone.
    pub fn keys_pressed(&self, code: u8) -> Result<usize, WindowError> {
        let mut count = 0;
        while let Some(event) = self.connection.poll_for_event().map_err(failed("tell of keys"))? {
            count += usize::from(matches!(event, Event::KeyPress(key) if key.detail == code));
        }
        Ok(count)
    }

    /// Has the server's test extension make an event (`XTestFakeInput`, request 2 of XTEST 2.2).
    fn fake(&self, kind: u8, detail: u8) -> Result<(), WindowError> {
        let what = "play a hand";
        let mut event = [0; 32];
        event[..2].copy_from_slice(&[kind, detail]);
        let request = self.extended("XTEST", 2, &event, what)?;
        let sent = self.connection.send_request_without_reply(&[IoSlice::new(&request)], Vec::new());
        sent.map_err(failed(what))?.check().map_err(failed(what))
    }

    /// A request of an extension that the protocol library was built without: its number, and what follows.
    pub(super) fn extended(
        &self,
        extension: &'static str,
        number: u8,
        rest: &[u8],
        what: &'static str,
    ) -> Result<Vec<u8>, WindowError> {
        let found = self.connection.extension_information(extension).map_err(failed(what))?;
        let opcode = found.ok_or_else(|| failed(what)(format!("it has no {extension}")))?.major_opcode;
        // The length, in words, stands between the number and the rest.
        let length = (1 + rest.len() / 4) as u16;
        Ok([&[opcode, number], &length.to_ne_bytes()[..], rest].concat())
    }

    /// What the window shows now, its editor included.
    ///
    /// # Errors
    ///
    /// [`WindowError::Server`] when the window is gone or has no 32 bits a pixel.
    pub fn image(&self) -> Result<Image, WindowError> {
        let what = "take a picture";
        let ask = self.connection.get_geometry(self.id).map_err(failed(what))?;
        let geometry = ask.reply().map_err(failed(what))?;
        let (width, height) = (geometry.width, geometry.height);
        let ask = self
            .connection
            .get_image(ImageFormat::Z_PIXMAP, self.id, 0, 0, width, height, u32::MAX)
            .map_err(failed(what))?;
        let bgrx = ask.reply().map_err(failed(what))?.data;
        if bgrx.len() != usize::from(width) * usize::from(height) * 4 {
            return Err(failed(what)("the display has no 32 bits a pixel"));
        }
        let rgb = bgrx.chunks_exact(4).flat_map(|pixel| [pixel[2], pixel[1], pixel[0]]).collect();
        Ok(Image { width: width.into(), height: height.into(), rgb })
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // A server that is gone has taken the window with it.
        self.connection.destroy_window(self.id).ok();
        self.connection.flush().ok();
    }
}

/// A blank window has one colour and a border two; text on a ground has many.
const FEWEST_COLOURS: usize = 16;

impl Image {
    /// Whether there is more to see than a ground.
    pub fn is_drawn(&self) -> bool {
        let mut colours: Vec<&[u8]> = Vec::new();
        for pixel in self.rgb.chunks_exact(3) {
            if !colours.contains(&pixel) {
                colours.push(pixel);
                if colours.len() >= FEWEST_COLOURS {
                    return true;
                }
            }
        }
        false
    }

    /// Writes the picture as a PNG file.
    ///
    /// # Errors
    ///
    /// [`WindowError::Write`] when the file cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), WindowError> {
        let failed = |reason: String| WindowError::Write { path: path.to_owned(), reason };
        let file = File::create(path).map_err(|error| failed(error.to_string()))?;
        let mut encoder = png::Encoder::new(BufWriter::new(file), self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header().map_err(|error| failed(error.to_string()))?;
        writer.write_image_data(&self.rgb).map_err(|error| failed(error.to_string()))?;
        writer.finish().map_err(|error| failed(error.to_string()))
    }
}
