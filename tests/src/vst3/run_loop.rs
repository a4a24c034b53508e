//! The host's main loop, as far as plugins put timers into it, turned by hand.

use ::vst3::Class;
use ::vst3::Steinberg::FUnknown;
use ::vst3::Steinberg::Linux::{IEventHandler, IRunLoop, IRunLoopTrait, ITimerHandler, ITimerHandlerTrait};
use ::vst3::Steinberg::{kInvalidArgument, kNotImplemented, kResultOk, tresult};
use ::vst3::{ComPtr, ComRef, ComWrapper};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The timers of a module's plugins.
#[derive(Default)]
pub(super) struct RunLoop(Mutex<Vec<Timer>>);

#[derive(Clone)]
struct Timer {
    handler: ComPtr<ITimerHandler>,
    period: Duration,
    due: Instant,
}

impl RunLoop {
    /// The run loop as a plugin's factory is told of it.
    pub(super) fn as_context(this: &ComWrapper<Self>) -> Option<ComPtr<FUnknown>> {
        this.to_com_ptr::<FUnknown>()
    }

    /// Calls the timers that are due. Only the main thread may.
    pub(super) fn turn(&self) {
        let now = Instant::now();
        let due: Vec<_> = self.timers().iter_mut().filter_map(|timer| timer.take_turn(now)).collect();
        for handler in due {
            // SAFETY: the plugin has not taken the timer back, and this is the main thread.
            unsafe { handler.onTimer() };
        }
    }

    fn timers(&self) -> MutexGuard<'_, Vec<Timer>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Timer {
    fn take_turn(&mut self, now: Instant) -> Option<ComPtr<ITimerHandler>> {
        let is_due = self.due <= now;
        if is_due {
            self.due = now + self.period;
        }
        is_due.then(|| self.handler.clone())
    }
}

impl Class for RunLoop {
    type Interfaces = (IRunLoop,);
}

impl IRunLoopTrait for RunLoop {
    unsafe fn registerEventHandler(&self, _handler: *mut IEventHandler, _file: i32) -> tresult {
        kNotImplemented
    }

    unsafe fn unregisterEventHandler(&self, _handler: *mut IEventHandler) -> tresult {
        kNotImplemented
    }

    unsafe fn registerTimer(&self, handler: *mut ITimerHandler, milliseconds: u64) -> tresult {
        // SAFETY: the plugin gives an object of its own, or nothing.
        let Some(handler) = (unsafe { ComRef::from_raw(handler) }) else { return kInvalidArgument };
        let period = Duration::from_millis(milliseconds);
        let due = Instant::now() + period;
        self.timers().push(Timer { handler: handler.to_com_ptr(), period, due });
        kResultOk
    }

    unsafe fn unregisterTimer(&self, handler: *mut ITimerHandler) -> tresult {
        self.timers().retain(|timer| timer.handler.as_ptr() != handler);
        kResultOk
    }
}
