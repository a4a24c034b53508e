//! This program's own `malloc` and its kin, in front of glibc's.
//!
//! A plugin is a library with an allocator of its own, but both end in `malloc`, which the dynamic
//! linker finds in the program first. So the plugin's allocations are counted as well as the host's.

use std::cell::Cell;
use std::ffi::{c_int, c_void};

thread_local! {
    // `const` and without a destructor, so that touching them from `malloc` allocates nothing.
    static ARMED: Cell<bool> = const { Cell::new(false) };
    static COUNTED: Cell<u64> = const { Cell::new(0) };
}

/// Switches the calling thread's counter on or off.
pub(crate) fn arm(on: bool) {
    ARMED.set(on);
}

/// How often the calling thread allocated or freed while armed.
pub(crate) fn counted() -> u64 {
    COUNTED.get()
}

fn count() {
    if ARMED.get() {
        COUNTED.set(COUNTED.get() + 1);
    }
}

#[allow(unsafe_code)]
// SAFETY: these are glibc's own entries behind `malloc` and its kin, declared as glibc declares them.
unsafe extern "C" {
    fn __libc_malloc(size: usize) -> *mut c_void;
    fn __libc_calloc(count: usize, size: usize) -> *mut c_void;
    fn __libc_realloc(old: *mut c_void, size: usize) -> *mut c_void;
    fn __libc_free(old: *mut c_void);
    fn __libc_memalign(align: usize, size: usize) -> *mut c_void;
}

/// C's `malloc`.
#[allow(unsafe_code)]
// SAFETY: the name is C's and so is the contract, which glibc's entry keeps.
#[unsafe(no_mangle)]
extern "C" fn malloc(size: usize) -> *mut c_void {
    count();
    // SAFETY: any size is allowed.
    unsafe { __libc_malloc(size) }
}

/// C's `calloc`.
#[allow(unsafe_code)]
// SAFETY: the name is C's and so is the contract, which glibc's entry keeps.
#[unsafe(no_mangle)]
extern "C" fn calloc(items: usize, size: usize) -> *mut c_void {
    count();
    // SAFETY: any sizes are allowed.
    unsafe { __libc_calloc(items, size) }
}

/// C's `realloc`.
///
/// # Safety
///
/// `old` is null or came from this allocator and was not freed.
#[allow(unsafe_code)]
// SAFETY: the name is C's and so is the contract, which glibc's entry keeps.
#[unsafe(no_mangle)]
unsafe extern "C" fn realloc(old: *mut c_void, size: usize) -> *mut c_void {
    count();
    // SAFETY: the caller keeps C's contract.
    unsafe { __libc_realloc(old, size) }
}

/// C's `free`.
///
/// # Safety
///
/// `old` is null or came from this allocator and was not freed.
#[allow(unsafe_code)]
// SAFETY: the name is C's and so is the contract, which glibc's entry keeps.
#[unsafe(no_mangle)]
unsafe extern "C" fn free(old: *mut c_void) {
    count();
    // SAFETY: the caller keeps C's contract.
    unsafe { __libc_free(old) }
}

/// C's `memalign`.
#[allow(unsafe_code)]
// SAFETY: the name is C's and so is the contract, which glibc's entry keeps.
#[unsafe(no_mangle)]
extern "C" fn memalign(align: usize, size: usize) -> *mut c_void {
    count();
    // SAFETY: glibc checks the alignment itself.
    unsafe { __libc_memalign(align, size) }
}

/// C's `aligned_alloc`.
#[allow(unsafe_code)]
// SAFETY: the name is C's and so is the contract, which `memalign` keeps.
#[unsafe(no_mangle)]
extern "C" fn aligned_alloc(align: usize, size: usize) -> *mut c_void {
    memalign(align, size)
}

/// POSIX's `posix_memalign`.
///
/// # Safety
///
/// `out` points to a pointer that may be written.
#[allow(unsafe_code)]
// SAFETY: the name is POSIX's and so is the contract, which the body keeps.
#[unsafe(no_mangle)]
unsafe extern "C" fn posix_memalign(out: *mut *mut c_void, align: usize, size: usize) -> c_int {
    const EINVAL: c_int = 22;
    const ENOMEM: c_int = 12;
    if !align.is_power_of_two() || !align.is_multiple_of(size_of::<*mut c_void>()) {
        return EINVAL;
    }
    let memory = memalign(align, size);
    if memory.is_null() {
        return ENOMEM;
    }
    // SAFETY: the caller keeps POSIX's contract.
    unsafe { out.write(memory) };
    0
}
