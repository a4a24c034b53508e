//! Files that are dragged to the window and dropped on it, on X11.
//!
//! The window library takes part in a drag and egui's adapter tells nobody what came of it. So the window names another
//! one as its proxy, which a source then speaks to instead (XDND 5: freedesktop.org/wiki/Specifications/XDND).

use earmark_editor::DroppedPath;
use egui::{DroppedFileHandle, HoveredFile, RawInput};
use parking_lot::Mutex;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use x11rb::connection::Connection as _;
use x11rb::errors::{ReplyError, ReplyOrIdError};
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ClientMessageEvent, ConnectionExt as _, CreateWindowAux, EventMask, PropMode, Window,
    WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

/// The version of the protocol that is spoken: the newest, of 2002.
const VERSION: u32 = 5;

/// The longest list of files that is read, in bytes.
const LONGEST_LIST: u32 = 1 << 20;

x11rb::atom_manager! {
    /// The protocol's words.
    Words: WordsCookie {
        XdndActionCopy,
        XdndAware,
        XdndDrop,
        XdndEnter,
        XdndFinished,
        XdndLeave,
        XdndPosition,
        XdndProxy,
        XdndSelection,
        XdndStatus,
        XdndTypeList,
        LIST: b"text/uri-list",
    }
}

/// Takes what is dropped on one window, until this is dropped itself.
pub(super) struct Drops {
    connection: Arc<RustConnection>,
    proxy: Window,
    seen: Arc<Mutex<Seen>>,
    thread: Option<JoinHandle<()>>,
}

/// What the window has yet to show.
#[derive(Default)]
struct Seen {
    /// Something that can be dropped is over the window.
    hovers: bool,
    dropped: Vec<PathBuf>,
}

impl Drops {
    /// Takes what is dropped on `window` and calls `wake` at each news; `None` where there is no X server to ask.
    pub(super) fn on(window: Window, wake: impl Fn() + Send + 'static) -> Option<Self> {
        let (connection, screen) = x11rb::connect(None).ok()?;
        let words = Words::new(&connection).ok()?.reply().ok()?;
        let root = connection.setup().roots.get(screen)?.root;
        let proxy = stand_in(&connection, &words, root, window).ok()?;
        let (connection, seen) = (Arc::new(connection), Arc::<Mutex<Seen>>::default());
        let (drag, shared) = (None, Arc::clone(&seen));
        let mut side = Side { connection: Arc::clone(&connection), words, proxy, drag, seen: shared };
        let listen = move || {
            // It ends with an error as well when the display goes.
            while let Ok(true) = side.answer() {
                wake();
            }
        };
        let thread = std::thread::Builder::new().name("earmark-drop".to_owned()).spawn(listen).ok()?;
        Some(Self { connection, proxy, seen, thread: Some(thread) })
    }

    /// Adds what has happened to what a frame is told.
    pub(super) fn tell(&self, input: &mut RawInput) {
        let mut seen = self.seen.lock();
        // Who drags holds the pointer: where it moves again, a source has ended without a word.
        seen.hovers &= !input.events.iter().any(|event| matches!(event, egui::Event::PointerMoved(_)));
        let file = |path| Arc::new(DroppedPath(path)) as DroppedFileHandle;
        input.dropped_files.extend(std::mem::take(&mut seen.dropped).into_iter().map(file));
        input.hovered_files.extend(seen.hovers.then(HoveredFile::default));
    }
}

impl Drop for Drops {
    fn drop(&mut self) {
        // That the proxy is gone ends the thread; so does a display that is gone.
        let _gone = self.connection.destroy_window(self.proxy).map(|_| ());
        let _sent = self.connection.flush();
        // The library may be unloaded next. A panic over there has been told already.
        let _ended = self.thread.take().map(JoinHandle::join);
    }
}

/// Makes a window that nobody sees, and has it stand in for `window`.
fn stand_in(
    connection: &RustConnection,
    words: &Words,
    root: Window,
    window: Window,
) -> Result<Window, ReplyOrIdError> {
    let proxy = connection.generate_id()?;
    let aux = CreateWindowAux::new().event_mask(EventMask::STRUCTURE_NOTIFY);
    let class = WindowClass::INPUT_ONLY;
    connection.create_window(0, proxy, root, 0, 0, 1, 1, 0, class, x11rb::COPY_FROM_PARENT, &aux)?.check()?;
    let tell = |window, word, kind, value| {
        connection.change_property32(PropMode::REPLACE, window, word, kind, &[value])
    };
    tell(proxy, words.XdndAware, Atom::from(AtomEnum::ATOM), VERSION)?;
    // A proxy counts only if it names itself as well: the name of one that is gone may be another's by now.
    tell(proxy, words.XdndProxy, Atom::from(AtomEnum::WINDOW), proxy)?;
    tell(window, words.XdndProxy, Atom::from(AtomEnum::WINDOW), proxy)?.check()?;
    Ok(proxy)
}

/// Files that are over a window.
#[derive(Clone, Copy)]
struct Drag {
    source: Window,
    target: Window,
}

/// The window's side of the conversation. Lives on a thread of its own.
struct Side {
    connection: Arc<RustConnection>,
    words: Words,
    proxy: Window,
    /// The files that are over the window, while some are.
    drag: Option<Drag>,
    seen: Arc<Mutex<Seen>>,
}

impl Side {
    /// Waits for what is said next and answers it; says whether there is more to wait for.
    fn answer(&mut self) -> Result<bool, ReplyOrIdError> {
        match self.connection.wait_for_event()? {
            Event::DestroyNotify(gone) if gone.window == self.proxy => return Ok(false),
            Event::ClientMessage(said) => self.hear(said.type_, said.window, said.data.as_data32())?,
            Event::SelectionNotify(given) if given.requestor == self.proxy => self.take(given.property)?,
            _ => {}
        }
        self.connection.flush()?;
        Ok(true)
    }

    /// Answers what the source, which every message names first, says to the window `to`.
    fn hear(&mut self, word: Atom, to: Window, data: [u32; 5]) -> Result<(), ReplyOrIdError> {
        let (words, from) = (self.words, data[0]);
        let taken = self.drag.is_some_and(|drag| drag.source == from);
        if word == words.XdndEnter {
            self.drag = self.brings_files(data)?.then_some(Drag { source: from, target: to });
            self.seen.lock().hovers = self.drag.is_some();
        } else if word == words.XdndPosition {
            let action = if taken { words.XdndActionCopy } else { x11rb::NONE };
            // Without a rectangle it is told of every move.
            self.say(from, words.XdndStatus, [to, taken.into(), 0, 0, action])?;
        } else if word == words.XdndLeave {
            self.leave();
        } else if word == words.XdndDrop && taken {
            let (selection, time) = (words.XdndSelection, data[2]);
            self.connection.convert_selection(self.proxy, selection, words.LIST, selection, time)?;
        } else if word == words.XdndDrop {
            self.say(from, words.XdndFinished, [to, 0, x11rb::NONE, 0, 0])?;
        }
        Ok(())
    }

    /// Whether who enters offers a list of files, among the three kinds that it names or in its own list.
    fn brings_files(&self, [from, flags, kinds @ ..]: [u32; 5]) -> Result<bool, ReplyOrIdError> {
        if flags & 1 == 0 {
            return Ok(kinds.contains(&self.words.LIST));
        }
        let list = self.property(from, self.words.XdndTypeList, false)?;
        Ok(list.chunks_exact(4).any(|kind| kind == self.words.LIST.to_ne_bytes()))
    }

    /// Takes over the list of files that the source has written down.
    fn take(&mut self, property: Atom) -> Result<(), ReplyOrIdError> {
        let Some(Drag { source, target }) = self.drag else { return Ok(()) };
        let list =
            if property == x11rb::NONE { Vec::new() } else { self.property(self.proxy, property, true)? };
        let paths = paths_from_list(&list);
        let action = if paths.is_empty() { x11rb::NONE } else { self.words.XdndActionCopy };
        self.say(source, self.words.XdndFinished, [target, (!paths.is_empty()).into(), action, 0, 0])?;
        self.leave();
        self.seen.lock().dropped.extend(paths);
        Ok(())
    }

    fn leave(&mut self) {
        self.drag = None;
        self.seen.lock().hovers = false;
    }

    fn property(&self, of: Window, name: Atom, delete: bool) -> Result<Vec<u8>, ReplyOrIdError> {
        let asked = self.connection.get_property(delete, of, name, AtomEnum::ANY, 0, LONGEST_LIST / 4)?;
        match asked.reply() {
            Ok(reply) => Ok(reply.value),
            // Who dragged something has gone meanwhile.
            Err(ReplyError::X11Error(_)) => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }

    fn say(&self, to: Window, word: Atom, data: [u32; 5]) -> Result<(), ReplyOrIdError> {
        let message = ClientMessageEvent::new(32, to, word, data);
        self.connection.send_event(false, to, EventMask::NO_EVENT, message)?;
        Ok(())
    }
}

/// The files of a list of URIs, a line each (RFC 2483, section 5); those of other computers and what is no file are
/// left out.
fn paths_from_list(list: &[u8]) -> Vec<PathBuf> {
    let lines = list.split(|byte| matches!(byte, b'\r' | b'\n'));
    lines.filter_map(|line| path_from_uri(line.strip_prefix(b"file://")?)).collect()
}

/// The path after `file://` and perhaps the name of this computer (RFC 8089).
fn path_from_uri(rest: &[u8]) -> Option<PathBuf> {
    let escaped = rest.strip_prefix(b"localhost").unwrap_or(rest);
    let mut path = Vec::new();
    let mut bytes = escaped.iter().copied();
    while let Some(byte) = bytes.next() {
        path.push(match byte {
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                (digit(bytes.next())? * 16 + digit(bytes.next())?) as u8
            }
            byte => byte,
        });
    }
    path.starts_with(b"/").then(|| PathBuf::from(OsString::from_vec(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_names_files_of_this_computer() {
        let check = |list: &str, expected: &[&str]| {
            let paths = paths_from_list(list.as_bytes());
            assert_eq!(paths, expected.iter().map(PathBuf::from).collect::<Vec<_>>(), "{list:?}");
        };
        check("file:///a%20b/%C3%A9.wav\r\n", &["/a b/é.wav"]);
        check("# two\r\nfile:///one.wav\r\nfile://localhost/two.wav", &["/one.wav", "/two.wav"]);
        check("file://elsewhere/one.wav\r\nhttps://example.org/a.wav\r\n", &[]);
        check("file:///broken%2\r\nfile:///broken%zz\r\n", &[]);
        check("", &[]);
    }
}
