//! The plugin's editor: every call a host can make, in whatever order a test wants them.

use super::{HostError, Plugin, Window};
use clack_extensions::gui::{GuiApiType, GuiConfiguration, GuiSize, PluginGui, Window as ParentWindow};
use std::time::Duration;

/// The editor's calls; get it anew from [`Plugin::gui`] for each, and pump in between.
pub struct Gui<'a> {
    plugin: &'a mut Plugin,
    gui: PluginGui,
}

/// An embedded X11 window, the only kind of editor that the host opens.
const EMBEDDED: GuiConfiguration<'static> =
    GuiConfiguration { api_type: GuiApiType::X11, is_floating: false };

impl Plugin {
    /// The editor's calls.
    ///
    /// # Errors
    ///
    /// [`HostError::Missing`] when the plugin has no editor.
    pub fn gui(&mut self) -> Result<Gui<'_>, HostError> {
        let gui = self.extension::<PluginGui>("editor")?;
        Ok(Gui { plugin: self, gui })
    }

    /// Opens the editor the way hosts do: create, scale, size, parent, `delay`, map, show.
    ///
    /// # Errors
    ///
    /// [`HostError`] when the plugin refuses a step; the window's own errors count as a refusal.
    pub fn open_editor(&mut self, window: &Window, scale: f64, delay: Duration) -> Result<(), HostError> {
        self.gui()?.create()?;
        // A plugin may ignore the scale; the size it tells next is in pixels either way.
        self.gui()?.set_scale(scale).ok();
        if let Some((width, height)) = self.gui()?.size() {
            let resized = window.resize(width, height);
            resized.map_err(|error| self.refused(format!("open its editor ({error})")))?;
        }
        self.gui()?.set_parent(window)?;
        self.pump(delay);
        self.gui()?.show()
    }
}

impl Gui<'_> {
    /// Makes the editor.
    ///
    /// # Errors
    ///
    /// [`HostError::Refused`], as when there is one already.
    pub fn create(self) -> Result<(), HostError> {
        let made = self.gui.create(&self.plugin.instance.plugin_handle(), EMBEDDED);
        made.map_err(|_| self.plugin.refused("create its editor".to_owned()))
    }

    /// Tells how many pixels a point has.
    ///
    /// # Errors
    ///
    /// [`HostError::Refused`] when the plugin ignores it.
    pub fn set_scale(self, scale: f64) -> Result<(), HostError> {
        let set = self.gui.set_scale(&self.plugin.instance.plugin_handle(), scale);
        set.map_err(|_| self.plugin.refused(format!("scale its editor by {scale}")))
    }

    /// The editor's size in pixels; `None` when it has none.
    pub fn size(self) -> Option<(u32, u32)> {
        let size = self.gui.get_size(&self.plugin.instance.plugin_handle())?;
        Some((size.width, size.height))
    }

    /// Whether the editor takes other sizes.
    pub fn can_resize(self) -> bool {
        self.gui.can_resize(&self.plugin.instance.plugin_handle())
    }

    /// The size nearest to the one given that the editor takes.
    pub fn adjust_size(self, width: u32, height: u32) -> Option<(u32, u32)> {
        let size = GuiSize { width, height };
        let size = self.gui.adjust_size(&self.plugin.instance.plugin_handle(), size)?;
        Some((size.width, size.height))
    }

    /// Gives the editor a size in pixels.
    ///
    /// # Errors
    ///
    /// [`HostError::Refused`] when it does not take it.
    pub fn set_size(self, width: u32, height: u32) -> Result<(), HostError> {
        let set = self.gui.set_size(&self.plugin.instance.plugin_handle(), GuiSize { width, height });
        set.map_err(|_| self.plugin.refused(format!("show its editor at {width}×{height}")))
    }

    /// Puts the editor into `window`, which must stay open until [`Gui::destroy`].
    ///
    /// # Errors
    ///
    /// [`HostError::Refused`] when the plugin cannot.
    #[allow(unsafe_code)]
    pub fn set_parent(self, window: &Window) -> Result<(), HostError> {
        let parent = ParentWindow::from_x11_handle(window.id().into());
        // SAFETY: the handle names a window of a running X server; X answers for a window that is gone
        // with an error, not with a broken pointer.
        let set = unsafe { self.gui.set_parent(&self.plugin.instance.plugin_handle(), parent) };
        set.map_err(|_| self.plugin.refused("put its editor into a window".to_owned()))
    }

    /// Shows the editor.
    ///
    /// # Errors
    ///
    /// [`HostError::Refused`] when the plugin cannot.
    pub fn show(self) -> Result<(), HostError> {
        let shown = self.gui.show(&self.plugin.instance.plugin_handle());
        shown.map_err(|_| self.plugin.refused("show its editor".to_owned()))
    }

    /// Hides the editor.
    ///
    /// # Errors
    ///
    /// [`HostError::Refused`] when the plugin cannot.
    pub fn hide(self) -> Result<(), HostError> {
        let hidden = self.gui.hide(&self.plugin.instance.plugin_handle());
        hidden.map_err(|_| self.plugin.refused("hide its editor".to_owned()))
    }

    /// Takes the editor down.
    pub fn destroy(self) {
        self.gui.destroy(&self.plugin.instance.plugin_handle());
    }
}
