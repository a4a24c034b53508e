//! What ggml makes when it is first used and takes down when the process ends.

use crate::hub::outlive_statics;
use std::ffi::c_void;
use std::sync::Once;
use whisper_rs_sys::{
    ggml_backend_buffer_type_t, ggml_backend_dev_backend_reg, ggml_backend_dev_by_type, ggml_backend_dev_t,
    ggml_backend_dev_type_GGML_BACKEND_DEVICE_TYPE_CPU as CPU, ggml_backend_reg_get_proc_address,
};

type ExtraBufferTypes = unsafe extern "C" fn(ggml_backend_dev_t) -> *mut ggml_backend_buffer_type_t;

/// Has ggml make its registry and the lists that a model is loaded with, once a process, and our threads end before
/// those go: so that a process can end while the first model is being loaded.
#[allow(unsafe_code, reason = "ggml's registry has no safe door")]
pub(super) fn make() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: ggml's own lookups, which make what they look for; the function has this signature in ggml
        // (`ggml_backend_dev_get_extra_bufts_t`), and a device that is there belongs to a registration.
        unsafe {
            let device = ggml_backend_dev_by_type(CPU);
            if device.is_null() {
                return;
            }
            let registration = ggml_backend_dev_backend_reg(device);
            let name = c"ggml_backend_dev_get_extra_bufts".as_ptr();
            let lists = ggml_backend_reg_get_proc_address(registration, name);
            if !lists.is_null() {
                std::mem::transmute::<*mut c_void, ExtraBufferTypes>(lists)(device);
            }
        }
        outlive_statics();
    });
}
