//! The framework's host callbacks in baseview's words. The two are the same shape; neither knows the other.

use egui_baseview::baseview::host::{Host, HostCallbacks, HostMainThreadCaller};
use egui_baseview::baseview::{HandlerError, WindowSize};
use nice_plug::editor::HostMethods;

/// Makes the window library's host from the framework's.
pub(super) fn adapted(methods: HostMethods) -> Host {
    Host::new()
        .with_callbacks(Callbacks(methods.callbacks))
        .with_main_thread(MainThread(methods.main_thread_caller))
}

struct Callbacks(Box<dyn nice_plug::editor::HostCallbacks>);

impl HostCallbacks for Callbacks {
    fn request_resize(&mut self, new_size: WindowSize) -> Result<(), HandlerError> {
        self.0
            .request_resize(new_size.physical.into(), new_size.scale_factor)
            .map_err(HandlerError::from_boxed)
    }

    fn destroyed(&mut self) {
        self.0.destroyed();
    }
}

struct MainThread(Box<dyn nice_plug::editor::HostMainThreadCaller>);

impl HostMainThreadCaller for MainThread {
    fn call_main_thread(&mut self) {
        self.0.call_main_thread();
    }
}
