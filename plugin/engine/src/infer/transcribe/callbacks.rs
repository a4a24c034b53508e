//! What whisper.cpp calls while it decodes.

use crate::infer::glossary::Glossary;
use crate::infer::interrupt::encoded;
use std::ffi::c_void;
use std::sync::atomic::{AtomicBool, Ordering};
use whisper_rs::{WhisperSysContext, WhisperSysState, WhisperTokenData};

/// Called by whisper.cpp between pieces of work; true ends it.
#[allow(unsafe_code, reason = "the signature that whisper.cpp calls")]
pub(super) unsafe extern "C" fn is_cancelled(flag: *mut c_void) -> bool {
    // SAFETY: `parameters` passes a pointer to an AtomicBool that outlives the call.
    unsafe { &*flag.cast::<AtomicBool>() }.load(Ordering::Relaxed)
}

/// Called by whisper.cpp before it encodes; false leaves what is encoded as it is (see `cmake/whisper.cmake`).
#[allow(unsafe_code, reason = "the signature that whisper.cpp calls")]
pub(super) unsafe extern "C" fn keep_encoded(
    _: *mut WhisperSysContext,
    _: *mut WhisperSysState,
    _: *mut c_void,
) -> bool {
    false
}

/// What [`before_each_piece`] is called with.
pub(super) struct Bias<'a> {
    pub(super) glossary: &'a Glossary,
    /// The first id that is no text.
    pub(super) end_of_text: i32,
    /// How many pieces there are.
    pub(super) vocabulary: usize,
}

/// Called by whisper.cpp before it chooses the next piece: leans to the glossary's.
#[allow(unsafe_code, reason = "the signature that whisper.cpp calls")]
pub(super) unsafe extern "C" fn before_each_piece(
    _: *mut WhisperSysContext,
    _: *mut WhisperSysState,
    said: *const WhisperTokenData,
    said_length: i32,
    logits: *mut f32,
    bias: *mut c_void,
) {
    encoded();
    // SAFETY: `decode` passes a pointer to a Bias that outlives the decoding; whisper.cpp passes `said_length`
    // tokens (none where the pointer is null) and one logit for each piece of the vocabulary.
    let (bias, said, logits) = unsafe {
        let bias = &*bias.cast::<Bias<'_>>();
        let said: &[WhisperTokenData] = match usize::try_from(said_length) {
            Ok(length) if !said.is_null() => std::slice::from_raw_parts(said, length),
            _ => &[],
        };
        (bias, said, std::slice::from_raw_parts_mut(logits, bias.vocabulary))
    };
    if bias.glossary.is_empty() {
        return;
    }
    let said: Vec<_> = said.iter().map(|token| token.id).filter(|id| *id < bias.end_of_text).collect();
    bias.glossary.bias(&said, logits, 0..usize::try_from(bias.end_of_text).unwrap_or(0));
}
