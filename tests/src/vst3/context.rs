//! What the plugin sees of its host: who it is, whom to tell, and where the playhead stands.

use crate::host::{Playhead, Tells};
use ::vst3::Class;
use ::vst3::Steinberg::Vst::ProcessContext_::StatesAndFlags_ as Flags;
use ::vst3::Steinberg::Vst::{
    IComponentHandler, IComponentHandler2, IComponentHandler2Trait, IComponentHandlerTrait, IHostApplication,
    IHostApplicationTrait, ProcessContext, String128,
};
use ::vst3::Steinberg::{FIDString, TBool, TUID, kInvalidArgument, kNotImplemented, kResultOk, tresult};
use std::ffi::c_void;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::{self, ThreadId};

/// The host as the plugin is introduced to it.
pub(super) struct Application;

/// Whom the plugin tells of its wishes.
pub(super) struct Handler {
    restarts: AtomicU32,
    unsaved: AtomicU32,
    main_thread: ThreadId,
}

impl Default for Handler {
    /// A handler whose main thread is the calling one.
    fn default() -> Self {
        let main_thread = thread::current().id();
        Self { restarts: AtomicU32::new(0), unsaved: AtomicU32::new(0), main_thread }
    }
}

impl Handler {
    /// How often the plugin said, on the main thread, that there is something to save.
    pub(super) fn told_unsaved(&self) -> u32 {
        self.unsaved.load(Ordering::SeqCst)
    }

    /// How often a restart was asked for.
    pub(super) fn restarts(&self) -> u32 {
        self.restarts.load(Ordering::SeqCst)
    }
}

/// What the plugin is told at a block's first frame, `played` frames after it was activated; `None` when
/// the host tells nothing.
pub(super) fn process_context(playhead: &Playhead, rate_hz: f64, played: u64) -> Option<ProcessContext> {
    const BEATS_A_BAR: f64 = 4.0;
    let (position_told, beats_told) = match playhead.tells {
        Tells::Everything => (true, true),
        Tells::BeatsOnly => (false, true),
        Tells::NoPosition => (false, false),
        Tells::Nothing => return None,
    };
    let beats_from_frame = |frame: i64| frame as f64 / rate_hz * playhead.tempo_bpm / 60.0;
    let beats = beats_from_frame(playhead.frame);
    let (first, end) = playhead.looping.unwrap_or_default();
    let beat_flags = Flags::kProjectTimeMusicValid
        | Flags::kBarPositionValid
        | Flags::kTempoValid
        | Flags::kTimeSigValid
        | Flags::kCycleValid;
    let state = [
        (true, Flags::kContTimeValid),
        (beats_told, beat_flags),
        (playhead.playing, Flags::kPlaying),
        (playhead.recording, Flags::kRecording),
        (playhead.looping.is_some(), Flags::kCycleActive),
    ];
    // SAFETY: the structure is numbers, for which zeros are fine.
    let zeros: ProcessContext = unsafe { std::mem::zeroed() };
    Some(ProcessContext {
        state: state.iter().filter(|(is_so, _)| *is_so).fold(0, |all, (_, flag)| all | flag),
        sampleRate: rate_hz,
        // The format has no flag for it: a host that does not know leaves what was there.
        projectTimeSamples: if position_told { playhead.frame } else { 0 },
        continousTimeSamples: played as i64,
        projectTimeMusic: beats,
        barPositionMusic: (beats / BEATS_A_BAR).floor() * BEATS_A_BAR,
        cycleStartMusic: beats_from_frame(first),
        cycleEndMusic: beats_from_frame(end),
        tempo: playhead.tempo_bpm,
        timeSigNumerator: 4,
        timeSigDenominator: 4,
        ..zeros
    })
}

impl Class for Application {
    type Interfaces = (IHostApplication,);
}

impl IHostApplicationTrait for Application {
    unsafe fn getName(&self, name: *mut String128) -> tresult {
        // SAFETY: the caller gives a place for the answer.
        let Some(name) = (unsafe { name.as_mut() }) else { return kInvalidArgument };
        *name = [0; 128];
        for (place, unit) in name.iter_mut().zip("Earmark's test host".encode_utf16()) {
            *place = unit;
        }
        kResultOk
    }

    unsafe fn createInstance(&self, _class: *mut TUID, _id: *mut TUID, _object: *mut *mut c_void) -> tresult {
        kNotImplemented
    }
}

impl Class for Handler {
    type Interfaces = (IComponentHandler, IComponentHandler2);
}

impl IComponentHandlerTrait for Handler {
    unsafe fn beginEdit(&self, _id: u32) -> tresult {
        kResultOk
    }

    unsafe fn performEdit(&self, _id: u32, _normalized: f64) -> tresult {
        kResultOk
    }

    unsafe fn endEdit(&self, _id: u32) -> tresult {
        kResultOk
    }

    unsafe fn restartComponent(&self, _flags: i32) -> tresult {
        self.restarts.fetch_add(1, Ordering::SeqCst);
        kResultOk
    }
}

impl IComponentHandler2Trait for Handler {
    unsafe fn setDirty(&self, dirty: TBool) -> tresult {
        if dirty == 0 || thread::current().id() != self.main_thread {
            return kInvalidArgument;
        }
        self.unsaved.fetch_add(1, Ordering::SeqCst);
        kResultOk
    }

    unsafe fn requestOpenEditor(&self, _name: FIDString) -> tresult {
        kNotImplemented
    }

    unsafe fn startGroupEdit(&self) -> tresult {
        kNotImplemented
    }

    unsafe fn finishGroupEdit(&self) -> tresult {
        kNotImplemented
    }
}
