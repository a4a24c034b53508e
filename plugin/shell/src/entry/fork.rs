//! The child of a fork, which takes no thread along.
//!
//! The framework has one thread for all instances, and the last of them to go waits for it; where it is missing, that
//! ends the process. So in a child whatever its parent had made is kept for ever.

use crate::unsaved::Herald;
use parking_lot::Mutex;
use std::sync::{Arc, Weak};

/// The instances of this process that may still be there.
static INSTANCES: Mutex<Vec<Instance>> = Mutex::new(Vec::new());

struct Instance {
    /// It knows when the instance ends, and may outlast it.
    herald: Weak<Herald>,
    keep: Box<dyn Fn() + Send>,
}

/// Has `keep` called in the child of a fork, as long as the instance is there that has this herald.
pub(super) fn keep_in_children(herald: &Arc<Herald>, keep: impl Fn() + Send + 'static) {
    // Nothing else forks.
    #[cfg(unix)]
    {
        static FIRST: std::sync::Once = std::sync::Once::new();
        // SAFETY: the C library calls the function, and forgets it, when the library that it is in is unloaded.
        FIRST.call_once(|| unsafe {
            let _without_it_a_child_must_not_drop_instances =
                libc::pthread_atfork(None, None, Some(in_child));
        });
    }
    let mut instances = INSTANCES.lock();
    instances.retain(Instance::is_there);
    instances.push(Instance { herald: Arc::downgrade(herald), keep: Box::new(keep) });
}

#[cfg(unix)]
extern "C" fn in_child() {
    // A lock that another thread of the parent held stays taken.
    if let Some(instances) = INSTANCES.try_lock() {
        instances.iter().filter(|instance| instance.is_there()).for_each(|instance| (instance.keep)());
    }
}

impl Instance {
    fn is_there(&self) -> bool {
        self.herald.upgrade().is_some_and(|herald| herald.is_serving())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn an_instance_is_kept_until_it_ends_whoever_still_knows_its_herald() {
        let (herald, kept) = (Herald::new(), Arc::new(AtomicU32::new(0)));
        let count = Arc::clone(&kept);
        keep_in_children(&herald, move || {
            count.fetch_add(1, Ordering::Relaxed);
        });
        in_child();
        herald.end();
        in_child();
        assert_eq!(kept.load(Ordering::Relaxed), 1);
    }
}
