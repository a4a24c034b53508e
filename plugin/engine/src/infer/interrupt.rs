//! Breaking an inference off in the middle of the encoder.
//!
//! whisper.cpp asks whether to go on only after a whole pass of the encoder, which takes up to a second. ggml
//! would ask after each operation, but whisper.cpp 1.8 does not hand the question on to the scheduler that runs
//! its networks. Before each of them it looks a function up by name, to set the number of threads; from there
//! the question is handed on here.
//!
//! Only the encoder may be broken off like this. A step of the decoder is short, and whisper.cpp asks after each;
//! but the pass that aligns words with the audio ends the process when its network fails.

use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Once, OnceLock};
use whisper_rs_sys::{
    ggml_backend_cpu_reg, ggml_backend_cpu_set_abort_callback, ggml_backend_cpu_set_n_threads,
    ggml_backend_reg_t, ggml_backend_t,
};

/// The layout below belongs to this version (`GGML_BACKEND_API_VERSION`); with another, nothing is touched
/// and an inference ends only after a pass of the encoder.
const API_VERSION: c_int = 2;

/// The function that whisper.cpp looks up before each network.
const SET_THREADS: &CStr = c"ggml_backend_set_n_threads";

type GetProcAddress = unsafe extern "C" fn(ggml_backend_reg_t, *const c_char) -> *mut c_void;

/// ggml's `struct ggml_backend_reg`.
#[repr(C)]
struct Registration {
    api_version: c_int,
    get_name: *const c_void,
    get_device_count: *const c_void,
    get_device: *const c_void,
    get_proc_address: Option<GetProcAddress>,
    context: *mut c_void,
}

/// How functions were looked up before.
static LOOK_UP: OnceLock<GetProcAddress> = OnceLock::new();

thread_local! {
    /// What ends the inference of this thread.
    static CANCEL: Cell<*const AtomicBool> = const { Cell::new(ptr::null()) };
}

/// Runs `work`, one decoding by whisper.cpp on this thread alone, which fails soon after `cancel` is raised
/// while it is encoding, which is until it calls [`encoded`].
pub(crate) fn interruptible<T>(cancel: &AtomicBool, work: impl FnOnce() -> T) -> T {
    struct Reset;
    impl Drop for Reset {
        fn drop(&mut self) {
            encoded();
        }
    }
    CANCEL.set(ptr::from_ref(cancel));
    let _reset = Reset;
    work()
}

/// To be called once the encoder of this thread's decoding is through: from here on no network is broken off.
pub(crate) fn encoded() {
    CANCEL.set(ptr::null());
}

/// Puts the question into ggml, once a process; before any model is loaded, and after the processor was found
/// to be one that ggml runs on.
#[allow(unsafe_code, reason = "whisper.cpp has no other way to hand a callback to its scheduler")]
pub(crate) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: ggml returns its static registration, which is writable and lives for ever. Its layout is the
        // one of the version that it begins with. Nobody else reads it meanwhile: every thread that loads a
        // model comes through here first, and none infers without a model.
        unsafe {
            let registration = ggml_backend_cpu_reg().cast::<Registration>();
            if (*registration).api_version != API_VERSION {
                return;
            }
            if let Some(look_up) = (*registration).get_proc_address
                && LOOK_UP.set(look_up).is_ok()
            {
                (*registration).get_proc_address = Some(get_proc_address);
            }
        }
    });
}

#[allow(unsafe_code, reason = "the signature that ggml calls")]
unsafe extern "C" fn get_proc_address(registration: ggml_backend_reg_t, name: *const c_char) -> *mut c_void {
    // SAFETY: ggml passes a name that ends in zero.
    if unsafe { CStr::from_ptr(name) } == SET_THREADS {
        return set_threads as *mut c_void;
    }
    // SAFETY: called as it was called before.
    LOOK_UP.get().map_or(ptr::null_mut(), |look_up| unsafe { look_up(registration, name) })
}

#[allow(unsafe_code, reason = "the signature that ggml calls")]
unsafe extern "C" fn set_threads(backend: ggml_backend_t, threads: c_int) {
    // SAFETY: ggml passes a CPU backend, for it is this registration's function; the callback needs no data.
    unsafe {
        ggml_backend_cpu_set_n_threads(backend, threads);
        ggml_backend_cpu_set_abort_callback(backend, Some(is_cancelled), ptr::null_mut());
    }
}

/// Called by ggml after each operation, on the thread that computes.
#[allow(unsafe_code, reason = "the signature that ggml calls")]
unsafe extern "C" fn is_cancelled(_data: *mut c_void) -> bool {
    let cancel = CANCEL.get();
    // SAFETY: not null only within `interruptible`, whose flag outlives the work.
    !cancel.is_null() && unsafe { &*cancel }.load(Ordering::Relaxed)
}
