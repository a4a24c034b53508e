//! A program beside the host that drags a file to an editor and drops it there (XDND 5).

use super::window::{Window, WindowError, failed};
use std::path::Path;
use std::time::{Duration, Instant};
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt, EventMask, PropMode, SELECTION_NOTIFY_EVENT,
    SelectionNotifyEvent,
};
use x11rb::wrapper::ConnectionExt as _;

/// How long an editor may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long to wait before looking again.
const LOOK: Duration = Duration::from_millis(5);

impl Window {
    /// Drags the file at `path` to the editor in this window and drops it there; says whether the editor took it.
    ///
    /// # Errors
    ///
    /// [`WindowError::Server`] when the window holds no editor that files can be dropped on, or it does not answer.
    pub fn drop_file(&self, path: &Path) -> Result<bool, WindowError> {
        let what = "drag a file";
        let display = &self.connection;
        let atom = |name: &str| {
            let asked = display.intern_atom(false, name.as_bytes()).map_err(failed(what))?;
            Ok::<_, WindowError>(asked.reply().map_err(failed(what))?.atom)
        };
        let tree = display.query_tree(self.id).map_err(failed(what))?.reply().map_err(failed(what))?;
        let editor = *tree.children.last().ok_or_else(|| failed(what)("there is no editor"))?;
        let proxy = atom("XdndProxy")?;
        let proxy =
            display.get_property(false, editor, proxy, AtomEnum::WINDOW, 0, 1).map_err(failed(what))?;
        let proxy = proxy.reply().map_err(failed(what))?;
        let listens = proxy.value32().and_then(|mut ids| ids.next()).unwrap_or(editor);
        let (selection, list, copy) =
            (atom("XdndSelection")?, atom("text/uri-list")?, atom("XdndActionCopy")?);
        let [enter, position, status] = [atom("XdndEnter")?, atom("XdndPosition")?, atom("XdndStatus")?];
        let [drop, finished] = [atom("XdndDrop")?, atom("XdndFinished")?];
        let say = |word, [a, b, c, d]: [u32; 4]| {
            let message = ClientMessageEvent::new(32, editor, word, [self.id, a, b, c, d]);
            display.send_event(false, listens, EventMask::NO_EVENT, message).map_err(failed(what))?;
            display.flush().map_err(failed(what))
        };
        display.set_selection_owner(self.id, selection, x11rb::CURRENT_TIME).map_err(failed(what))?;
        say(enter, [5 << 24, list, 0, 0])?;
        say(position, [0, 0, x11rb::CURRENT_TIME, copy])?;
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            match display.poll_for_event().map_err(failed(what))? {
                Some(Event::ClientMessage(told)) if told.type_ == status => {
                    if told.data.as_data32()[1] & 1 == 0 {
                        return Ok(false);
                    }
                    say(drop, [0, x11rb::CURRENT_TIME, 0, 0])?;
                }
                Some(Event::ClientMessage(told)) if told.type_ == finished => {
                    return Ok(told.data.as_data32()[1] & 1 == 1);
                }
                Some(Event::SelectionRequest(asked)) => {
                    let uris = format!("file://{}\r\n", path.display());
                    let (to, name) = (asked.requestor, asked.property);
                    display
                        .change_property8(PropMode::REPLACE, to, name, list, uris.as_bytes())
                        .map_err(failed(what))?;
                    let given = SelectionNotifyEvent {
                        response_type: SELECTION_NOTIFY_EVENT,
                        sequence: 0,
                        time: asked.time,
                        requestor: to,
                        selection,
                        target: list,
                        property: name,
                    };
                    display.send_event(false, to, EventMask::NO_EVENT, given).map_err(failed(what))?;
                    display.flush().map_err(failed(what))?;
                }
                Some(_) => {}
                None => std::thread::sleep(LOOK),
            }
        }
        Err(failed(what)("the editor does not answer"))
    }
}
