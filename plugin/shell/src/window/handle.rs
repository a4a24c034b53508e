//! What the host does to an open window.

#[cfg(target_os = "linux")]
use super::late::Late;
use super::owned::EarmarkWindow;
use super::{Shape, Shown};
use crate::unsaved::Herald;
use earmark_engine::session::Session;
use egui_baseview::baseview::Error;
#[cfg(target_os = "linux")]
use egui_baseview::baseview::Window;
use nice_plug::editor::dpi::NativeSize;
use nice_plug::editor::{EditorHandle, ParentWindowHandle, ResizeHint};
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// One open window, as the framework holds it. Used on the host's main thread.
pub struct EarmarkEditorHandle {
    session: Arc<Session>,
    herald: Arc<Herald>,
    shape: Arc<Mutex<Shape>>,
    shown: Shown,
    /// What the window is in.
    #[cfg(target_os = "linux")]
    parent: Mutex<Option<u32>>,
    #[cfg(target_os = "linux")]
    late: Mutex<Option<Late>>,
}

impl EarmarkEditorHandle {
    pub(super) fn new(
        session: Arc<Session>,
        herald: Arc<Herald>,
        shape: Arc<Mutex<Shape>>,
        shown: Shown,
    ) -> Self {
        herald.note_window(true);
        Self {
            session,
            herald,
            shape,
            shown,
            #[cfg(target_os = "linux")]
            parent: Mutex::new(None),
            #[cfg(target_os = "linux")]
            late: Mutex::new(None),
        }
    }

    /// Takes note of the window that this one is in.
    pub(super) fn note_parent(&self, parent: &ParentWindowHandle) {
        #[cfg(target_os = "linux")]
        {
            *self.parent.lock() = match parent {
                ParentWindowHandle::XlibWindow(id) => u32::try_from(*id).ok(),
                ParentWindowHandle::XcbWindow(id) => Some(id.get()),
                _ => None,
            };
        }
        #[cfg(not(target_os = "linux"))]
        let _nobody_asks = parent;
    }

    /// Leaves it to a thread to show the window, if its parent is not on the screen yet.
    #[cfg(target_os = "linux")]
    fn show_late(&self, window: &Window) -> bool {
        let (shown, waker) = (Arc::clone(&self.shown), window.waker());
        let late = self.parent.lock().and_then(|parent| {
            Late::map(parent, move || {
                shown.store(true, Ordering::Relaxed);
                waker.request_redraw();
            })
        });
        let is_late = late.is_some();
        *self.late.lock() = late;
        is_late
    }
}

impl EditorHandle for EarmarkEditorHandle {
    type Window = EarmarkWindow;
    type Error = Error;

    fn run_until_closed(window: EarmarkWindow) -> Result<(), Error> {
        window.into_inner().map_or(Ok(()), |window| window.run_until_closed())
    }

    fn set_parent(&self, parent: ParentWindowHandle, window: &EarmarkWindow) -> Result<(), Error> {
        self.note_parent(&parent);
        window.get().map_or(Ok(()), |window| window.set_parent(&parent))
    }

    fn show(&self, window: &EarmarkWindow) -> Result<(), Error> {
        let Some(window) = window.get() else { return Ok(()) };
        #[cfg(target_os = "linux")]
        if self.show_late(window) {
            return Ok(());
        }
        window.show()?;
        self.shown.store(true, Ordering::Relaxed);
        window.waker().request_redraw();
        Ok(())
    }

    fn hide(&self, window: &EarmarkWindow) -> Result<(), Error> {
        self.shown.store(false, Ordering::Relaxed);
        window.get().map_or(Ok(()), |window| window.hide())
    }

    fn set_size(&self, new_size: NativeSize<u32>, window: &EarmarkWindow) -> Result<(), Error> {
        window.get().map_or(Ok(()), |window| window.resize(new_size))
    }

    fn adjust_size(&self, new_size: NativeSize<u32>, window: &EarmarkWindow) -> Option<NativeSize<u32>> {
        let now = window.get()?.size();
        let size = NativeSize::from_logical_or_physical(now.logical, now.physical);
        Some(ResizeHint::RESIZABLE.adjust_size(new_size, size, now.scale_factor))
    }

    fn set_fallback_scale_factor(&self, scale_factor: f64, window: &EarmarkWindow) -> Result<(), Error> {
        self.shape.lock().scale = scale_factor;
        window.get().map_or(Ok(()), |window| window.suggest_fallback_scale_factor(scale_factor))
    }

    fn host_main_thread_callback(&self, window: &EarmarkWindow) {
        if let Some(window) = window.get() {
            window.host_main_thread_callback();
        }
    }

    fn state_changed(&self) {}

    fn param_value_changed(&self, _id: &str, _normalized_value: f32) {}

    fn param_modulation_changed(&self, _id: &str, _modulation_offset: f32) {}
}

impl Drop for EarmarkEditorHandle {
    fn drop(&mut self) {
        self.shown.store(false, Ordering::Relaxed);
        self.session.observe(None);
        self.herald.note_window(false);
    }
}
