//! The editor's window: our own glue between the framework, baseview and the editor's views.
//!
//! The framework's stock glue asks for a frame before the window is on the screen, whose answer never
//! comes on X11 when the host takes its time to show it, and tells its size in logical pixels where
//! hosts expect physical ones. This one asks for frames only while it is shown, whenever the listener
//! publishes something, and not on a timer: an idle editor costs nothing.

mod app;
mod cards;
#[cfg(target_os = "linux")]
mod dropped;
mod files;
mod handle;
mod host;
#[cfg(target_os = "linux")]
mod keyboard;
#[cfg(target_os = "linux")]
mod late;
mod owned;
mod shape;

pub(crate) use shape::{Shape, ShapeField};

use crate::cycle::Cycle;
use crate::params::EarmarkParams;
use crate::unsaved::Herald;
use app::App;
use earmark_editor::EditorView;
use earmark_engine::session::Session;
use egui_baseview::baseview::Window;
use egui_baseview::{EguiWindow, EguiWindowSettings, baseview};
use files::Files;
use handle::EarmarkEditorHandle;
use nice_plug::context::gui::GuiContext;
use nice_plug::editor::dpi::{LogicalSize, NativeSize, Size};
use nice_plug::editor::{Editor, HostMethods, ParentWindowHandle, ResizeHint, SpawnedEditor};
use nice_plug::plugin::TrackInfo;
use owned::EarmarkWindow;
use parking_lot::Mutex;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Opens Earmark's window.
pub struct EarmarkEditor {
    instance: Instance,
    herald: Arc<Herald>,
}

/// What the windows of one instance share, one after the other.
#[derive(Clone)]
struct Instance {
    session: Arc<Session>,
    params: Arc<EarmarkParams>,
    cycle: Arc<Cycle>,
    files: Arc<Files>,
    shape: Arc<Mutex<Shape>>,
}

/// Frames are asked for only while this is raised.
type Shown = Arc<AtomicBool>;

impl EarmarkEditor {
    pub(crate) fn new(
        session: Arc<Session>,
        params: Arc<EarmarkParams>,
        herald: Arc<Herald>,
        cycle: Arc<Cycle>,
    ) -> Self {
        let (files, shape) = (Files::new(Arc::clone(&session)), Arc::clone(&params.window.0));
        Self { instance: Instance { session, params, cycle, files, shape }, herald }
    }
}

impl Editor for EarmarkEditor {
    type Handle = EarmarkEditorHandle;

    fn spawn(
        &self,
        parent: Option<ParentWindowHandle>,
        wait_for_parent: bool,
        fallback_scale_factor: Option<f64>,
        context: GuiContext,
        host: Option<HostMethods>,
    ) -> Result<SpawnedEditor<Self::Handle>, Box<dyn Error>> {
        let Shape { size, scale, .. } = self.instance.shape.lock().clone();
        let [least_width, least_height] = EditorView::LEAST_SIZE.map(f64::from);
        let least: Size = LogicalSize::new(least_width, least_height).into();
        let settings = EguiWindowSettings::new()
            .with_title("Earmark")
            .with_size(Size::Logical(size))
            .with_min_size(Some(least))
            .with_resizable(true)
            .with_parent(parent.as_ref())
            .with_fallback_scale_factor(fallback_scale_factor.or((scale != 1.0).then_some(scale)))
            .with_wait_for_parent(wait_for_parent);
        let shown: Shown = Arc::new(AtomicBool::new(false));
        let (presence, thread) = owned::presence();
        let app = App::new(self.instance.clone(), Arc::clone(&shown), context, presence);
        let window: Window = EguiWindow::create_with_host(settings, app, host.map(host::adapted))?;
        // Without a host that shows it later, as in the standalone program, the window is there at once.
        if !wait_for_parent && parent.is_none() {
            shown.store(true, Ordering::Relaxed);
            window.waker().request_redraw();
        }
        let Instance { session, shape, .. } = self.instance.clone();
        let handle = EarmarkEditorHandle::new(session, Arc::clone(&self.herald), shape, shown);
        if let Some(parent) = &parent {
            handle.note_parent(parent);
        }
        Ok(SpawnedEditor { handle, window: EarmarkWindow::new(window, thread) })
    }

    fn size(&self) -> NativeSize<u32> {
        let shape = self.instance.shape.lock();
        NativeSize::from_size(Size::Logical(shape.size), shape.scale)
    }

    fn resize_hint(&self) -> ResizeHint {
        let [width, height] = EditorView::LEAST_SIZE;
        ResizeHint::RESIZABLE.with_min_logical_size(LogicalSize::new(width, height))
    }

    fn track_info_updated(&self, info: TrackInfo) {
        let name = info.name().trim();
        self.instance.shape.lock().track = (!name.is_empty()).then(|| name.to_owned());
    }

    #[allow(unsafe_code, reason = "passes the framework's promise on to the window library")]
    unsafe fn assume_standalone_in_process(&self) {
        // SAFETY: the caller's promise is the one that baseview asks for.
        unsafe { baseview::assume_standalone_in_process() }
    }
}
