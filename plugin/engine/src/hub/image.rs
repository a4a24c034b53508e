//! What the system is asked about the library that this code is in, and about the thread that runs it.

use std::cell::Cell;

/// Has the library stay mapped until the process ends, however often it is unloaded.
#[allow(unsafe_code, reason = "the system's loader")]
pub(super) fn keep_loaded() {
    #[cfg(unix)]
    {
        let mut found = std::mem::MaybeUninit::<libc::Dl_info>::uninit();
        // SAFETY: `dladdr` fills what it is given if it returns other than zero, and `dlopen` with
        // `RTLD_NOLOAD` only finds what is loaded already; its handle is kept, which is the purpose.
        unsafe {
            if libc::dladdr(keep_loaded as *const libc::c_void, found.as_mut_ptr()) != 0 {
                let name = found.assume_init().dli_fname;
                let _kept = libc::dlopen(name, libc::RTLD_LAZY | libc::RTLD_NOLOAD | libc::RTLD_NODELETE);
            }
        }
    }
    #[cfg(windows)]
    {
        #[link(name = "kernel32")]
        unsafe extern "system" {
            fn GetModuleHandleExW(flags: u32, address: *const u16, module: *mut *mut std::ffi::c_void)
            -> i32;
        }
        /// `GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS` (libloaderapi.h).
        const PIN_FROM_ADDRESS: u32 = 1 | 4;
        let mut module = std::ptr::null_mut();
        // SAFETY: the address is in this library, and the handle is written to a place of its own.
        unsafe { GetModuleHandleExW(PIN_FROM_ADDRESS, keep_loaded as *const u16, &raw mut module) };
    }
}

/// Has `last` called when the process ends in an orderly way or this library is unloaded, before what was made
/// until now is taken down.
#[allow(unsafe_code, reason = "the C library's exit")]
pub(super) fn at_exit(last: extern "C" fn()) {
    // On Windows a process that ends has stopped its threads already.
    #[cfg(unix)]
    // SAFETY: the C library calls the function, and forgets it, when the library that it is in is unloaded.
    unsafe {
        let _without_it_a_late_thread_may_fault = libc::atexit(last);
    }
    #[cfg(not(unix))]
    let _ = last;
}

/// Has `last` called when the process ends through its main thread, if that is the calling one: before anything is
/// taken down, whatever is being made at that moment.
pub(super) fn at_end_of_main_thread(last: extern "C" fn()) {
    /// The C library drops what is local to a thread that ends the process before it calls what `at_exit` left.
    struct End(Cell<Option<extern "C" fn()>>);
    impl Drop for End {
        fn drop(&mut self) {
            if let Some(last) = self.0.take() {
                last();
            }
        }
    }
    thread_local! {
        static END: End = const { End(Cell::new(None)) };
    }
    if is_main_thread() {
        END.with(|end| end.0.set(Some(last)));
    }
}

/// Whether the calling thread is the one that the process began with; never where that does not matter.
#[allow(unsafe_code, reason = "the system's threads")]
fn is_main_thread() -> bool {
    // SAFETY: plain calls about the calling thread.
    #[cfg(target_os = "linux")]
    return unsafe { libc::gettid() == libc::getpid() };
    // SAFETY: as above.
    #[cfg(target_os = "macos")]
    return unsafe { libc::pthread_main_np() == 1 };
    #[cfg(not(any(target_os = "linux", target_os = "macos")))]
    false
}

/// How much nicer than its host's threads this one is: half of a normal thread's share of a core (the weights
/// 526 and 1024 of Linux's `sched_prio_to_weight`), so that on a busy machine the rest goes on first.
#[cfg(target_os = "linux")]
const NICE: libc::c_int = 3;

/// Puts the calling thread below normal priority; where the system does not let it, nothing changes.
#[allow(unsafe_code, reason = "the system's scheduler")]
pub(crate) fn step_back() {
    #[cfg(target_os = "linux")]
    // SAFETY: plain calls. On Linux a thread's number stands for that thread alone.
    unsafe {
        let nicer = libc::getpriority(libc::PRIO_PROCESS, 0) + NICE;
        libc::setpriority(libc::PRIO_PROCESS, 0, nicer);
    }
    #[cfg(target_os = "macos")]
    // SAFETY: a plain call about the calling thread.
    unsafe {
        libc::pthread_set_qos_class_self_np(libc::qos_class_t::QOS_CLASS_UTILITY, 0);
    }
    #[cfg(windows)]
    {
        #[link(name = "kernel32")]
        unsafe extern "system" {
            fn GetCurrentThread() -> *mut std::ffi::c_void;
            fn SetThreadPriority(thread: *mut std::ffi::c_void, priority: i32) -> i32;
        }
        /// `THREAD_PRIORITY_BELOW_NORMAL` (winbase.h).
        const BELOW_NORMAL: i32 = -1;
        // SAFETY: plain calls about the calling thread.
        unsafe { SetThreadPriority(GetCurrentThread(), BELOW_NORMAL) };
    }
}
