//! The parameter changes that go to the plugin with a block.

use ::vst3::Steinberg::Vst::{
    IParamValueQueue, IParamValueQueueTrait, IParameterChanges, IParameterChangesTrait,
};
use ::vst3::Steinberg::{kInvalidArgument, kNotImplemented, kResultOk, tresult};
use ::vst3::{Class, ComWrapper};
use std::ptr;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What changes with the next block, at its first frame. The lock is never waited for: host and plugin
/// touch it on one thread.
#[derive(Default)]
pub(super) struct Changes(Mutex<Vec<ComWrapper<Queue>>>);

/// The change of one parameter.
pub(super) struct Queue {
    id: u32,
    normalized: f64,
}

impl Changes {
    /// Adds a change to a value from 0 to 1.
    pub(super) fn push(&self, id: u32, normalized: f64) {
        self.queues().push(ComWrapper::new(Queue { id, normalized }));
    }

    /// Forgets them all.
    pub(super) fn clear(&self) {
        self.queues().clear();
    }

    fn queues(&self) -> MutexGuard<'_, Vec<ComWrapper<Queue>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Class for Changes {
    type Interfaces = (IParameterChanges,);
}

impl IParameterChangesTrait for Changes {
    unsafe fn getParameterCount(&self) -> i32 {
        self.queues().len() as i32
    }

    unsafe fn getParameterData(&self, index: i32) -> *mut IParamValueQueue {
        let queues = self.queues();
        let queue = usize::try_from(index).ok().and_then(|index| queues.get(index));
        let queue = queue.and_then(|queue| queue.as_com_ref::<IParamValueQueue>());
        queue.map_or(ptr::null_mut(), |queue| queue.as_ptr())
    }

    unsafe fn addParameterData(&self, _id: *const u32, _index: *mut i32) -> *mut IParamValueQueue {
        // These are the host's changes; the plugin has none to add.
        ptr::null_mut()
    }
}

impl Class for Queue {
    type Interfaces = (IParamValueQueue,);
}

impl IParamValueQueueTrait for Queue {
    unsafe fn getParameterId(&self) -> u32 {
        self.id
    }

    unsafe fn getPointCount(&self) -> i32 {
        1
    }

    unsafe fn getPoint(&self, index: i32, offset: *mut i32, value: *mut f64) -> tresult {
        // SAFETY: the caller gives places for both answers.
        match unsafe { (offset.as_mut(), value.as_mut()) } {
            (Some(offset), Some(value)) if index == 0 => {
                (*offset, *value) = (0, self.normalized);
                kResultOk
            }
            _ => kInvalidArgument,
        }
    }

    unsafe fn addPoint(&self, _offset: i32, _value: f64, _index: *mut i32) -> tresult {
        kNotImplemented
    }
}
