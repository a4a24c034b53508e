//! A timer on the host's main thread, to which a plugin without a window has no other way on Linux.

use crate::unsaved::Herald;
use nice_plug::wrapper::vst3::vst3::Steinberg::Linux::{
    IRunLoop, IRunLoopTrait, ITimerHandler, ITimerHandlerTrait,
};
use nice_plug::wrapper::vst3::vst3::Steinberg::kResultOk;
use nice_plug::wrapper::vst3::vst3::{Class, ComPtr, ComWrapper};
use std::sync::{Arc, Weak};

/// A host need not be told more often than once a second.
const PERIOD_MS: u64 = 1_000;

/// A timer that has a herald look after its news; it ends when this is dropped.
pub(super) struct Timer {
    run_loop: ComPtr<IRunLoop>,
    tick: ComPtr<ITimerHandler>,
}

impl Timer {
    /// Starts a timer, where the host has one to give.
    pub(super) fn start(run_loop: ComPtr<IRunLoop>, herald: &Arc<Herald>) -> Option<Self> {
        let tick = ComWrapper::new(Tick(Arc::downgrade(herald))).to_com_ptr::<ITimerHandler>()?;
        // SAFETY: both objects live until the timer is taken back.
        let started = unsafe { run_loop.registerTimer(tick.as_ptr(), PERIOD_MS) } == kResultOk;
        started.then_some(Self { run_loop, tick })
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        // SAFETY: it was registered, and the run loop is kept. A host that refuses has forgotten it already.
        let _answer = unsafe { self.run_loop.unregisterTimer(self.tick.as_ptr()) };
    }
}

struct Tick(Weak<Herald>);

impl Class for Tick {
    type Interfaces = (ITimerHandler,);
}

impl ITimerHandlerTrait for Tick {
    unsafe fn onTimer(&self) {
        if let Some(herald) = self.0.upgrade() {
            herald.tell();
        }
    }
}
