//! How much memory a piece of work takes.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The system's allocator, which counts what each thread has of it; a program names it as its
/// `#[global_allocator]` to have [`peak_of`] tell the truth.
pub struct Counting;

thread_local! {
    /// Bytes that this thread has, and the most that it had.
    static TAKEN: Cell<(isize, isize)> = const { Cell::new((0, 0)) };
}

/// Does `work` and says how many bytes this thread had at most beyond what it had before.
pub fn peak_of<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let (before, _) = TAKEN.get();
    TAKEN.set((before, before));
    let result = work();
    let (_, most) = TAKEN.get();
    (result, usize::try_from(most - before).unwrap_or(0))
}

fn count(bytes: isize) {
    // A thread that ends frees things after its own variables.
    let _ended = TAKEN.try_with(|taken| {
        let (now, most) = taken.get();
        let now = now.saturating_add(bytes);
        taken.set((now, most.max(now)));
    });
}

#[allow(unsafe_code, reason = "an allocator is one by unsafe functions")]
// SAFETY: every call goes to the system's allocator as it came; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: the caller's promise is the one that is asked for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Both are there while one is copied to the other.
        count(size as isize);
        // SAFETY: as above.
        let moved = unsafe { System.realloc(block, layout, size) };
        count(-(layout.size() as isize));
        moved
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }
}
