//! Memory that a plugin writes its state into and reads it from.

use ::vst3::Class;
use ::vst3::Steinberg::IBStream_::IStreamSeekMode_ as Seek;
use ::vst3::Steinberg::{IBStream, IBStreamTrait, kInvalidArgument, kResultOk, tresult};
use std::ffi::c_void;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Bytes and a place among them.
#[derive(Default)]
pub(super) struct Stream(Mutex<Content>);

#[derive(Default)]
struct Content {
    bytes: Vec<u8>,
    at: usize,
}

impl Stream {
    /// A stream that is read from its start.
    pub(super) fn new(bytes: &[u8]) -> Self {
        Self(Mutex::new(Content { bytes: bytes.to_owned(), at: 0 }))
    }

    /// Everything in it.
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.content().bytes.clone()
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Class for Stream {
    type Interfaces = (IBStream,);
}

impl IBStreamTrait for Stream {
    unsafe fn read(&self, buffer: *mut c_void, count: i32, read: *mut i32) -> tresult {
        let mut content = self.content();
        let Ok(wanted) = usize::try_from(count) else { return kInvalidArgument };
        let rest = content.bytes.get(content.at..).unwrap_or_default();
        let length = wanted.min(rest.len());
        // SAFETY: the caller gives room for `count` bytes, and a place for their number or none.
        unsafe {
            buffer.cast::<u8>().copy_from_nonoverlapping(rest.as_ptr(), length);
            if let Some(read) = read.as_mut() {
                *read = length as i32;
            }
        }
        content.at += length;
        kResultOk
    }

    unsafe fn write(&self, buffer: *mut c_void, count: i32, written: *mut i32) -> tresult {
        let mut content = self.content();
        let Ok(length) = usize::try_from(count) else { return kInvalidArgument };
        let end = content.at + length;
        let at = std::mem::replace(&mut content.at, end);
        if content.bytes.len() < end {
            content.bytes.resize(end, 0);
        }
        // SAFETY: the caller gives `count` bytes, and a place for their number or none.
        unsafe {
            content.bytes[at..end].as_mut_ptr().copy_from_nonoverlapping(buffer.cast(), length);
            if let Some(written) = written.as_mut() {
                *written = count;
            }
        }
        kResultOk
    }

    unsafe fn seek(&self, offset: i64, from: i32, result: *mut i64) -> tresult {
        let mut content = self.content();
        let base = match u32::try_from(from) {
            Ok(Seek::kIBSeekSet) => 0,
            Ok(Seek::kIBSeekCur) => content.at,
            Ok(Seek::kIBSeekEnd) => content.bytes.len(),
            _ => return kInvalidArgument,
        };
        let Some(at) = i64::try_from(base).ok().and_then(|base| base.checked_add(offset)) else {
            return kInvalidArgument;
        };
        let Ok(place) = usize::try_from(at) else { return kInvalidArgument };
        content.at = place;
        // SAFETY: the caller gives a place for the answer or none.
        if let Some(result) = unsafe { result.as_mut() } {
            *result = at;
        }
        kResultOk
    }

    unsafe fn tell(&self, at: *mut i64) -> tresult {
        // SAFETY: the caller gives a place for the answer.
        match unsafe { at.as_mut() } {
            Some(at) => {
                *at = self.content().at as i64;
                kResultOk
            }
            None => kInvalidArgument,
        }
    }
}
