//! What the host answers when the plugin calls it, and the count of those calls.

use clack_extensions::gui::{GuiSize, HostGui, HostGuiImpl};
use clack_extensions::latency::{HostLatency, HostLatencyImpl};
use clack_extensions::log::{HostLog, HostLogImpl, LogSeverity};
use clack_extensions::params::{
    HostParams, HostParamsImplMainThread, HostParamsImplShared, ParamClearFlags, ParamRescanFlags,
};
use clack_extensions::posix_fd::{FdFlags, HostPosixFd, HostPosixFdImpl};
use clack_extensions::state::{HostState, HostStateImpl};
use clack_extensions::thread_check::{HostThreadCheck, HostThreadCheckImpl};
use clack_extensions::timer::{HostTimer, HostTimerImpl, TimerId};
use clack_extensions::track_info::{HostTrackInfo, HostTrackInfoImpl, TrackInfo, TrackInfoWriter};
use clack_host::prelude::*;
use clack_host::utils::ClapId;
use std::cell::{Cell, RefCell};
use std::os::fd::RawFd;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often the plugin asked for what; read with [`Calls::count`].
#[derive(Debug, Default)]
pub struct Calls {
    /// The state changed and should be saved; not counted off the main thread, where nobody may say so.
    pub mark_dirty: AtomicU32,
    /// A call on the main thread is wanted.
    pub request_callback: AtomicU32,
    /// A restart is wanted.
    pub request_restart: AtomicU32,
    /// Processing is wanted.
    pub request_process: AtomicU32,
    /// The parameters changed.
    pub params_rescan: AtomicU32,
    /// Parameter changes wait to be fetched.
    pub params_flush: AtomicU32,
    /// The latency changed.
    pub latency_changed: AtomicU32,
    /// The editor wants another size.
    pub request_resize: AtomicU32,
    /// The editor closed itself.
    pub gui_closed: AtomicU32,
    /// Lines written to the host's log.
    pub log_lines: AtomicU32,
    /// The size last asked for, packed; 0 when none was.
    wanted_size: AtomicU64,
    callback_due: AtomicBool,
    /// The host does not care for what it is asked to call.
    is_deaf: AtomicBool,
    log: Mutex<Vec<String>>,
}

impl Calls {
    /// Reads one of the counters.
    pub fn count(counter: &AtomicU32) -> u32 {
        counter.load(Ordering::SeqCst)
    }

    /// The width and height in pixels that the editor asked for last.
    pub fn wanted_size(&self) -> Option<(u32, u32)> {
        let packed = self.wanted_size.load(Ordering::SeqCst);
        let size = GuiSize::unpack_from_u64(packed);
        (packed != 0).then_some((size.width, size.height))
    }

    /// Everything the plugin wrote to the host's log.
    pub fn log(&self) -> Vec<String> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the plugin waits for its main-thread call; asking takes the request.
    pub(super) fn take_callback(&self) -> bool {
        self.callback_due.swap(false, Ordering::SeqCst) && !self.is_deaf.load(Ordering::SeqCst)
    }

    /// From now on the main-thread call is never made, which some hosts leave out.
    pub fn never_call_back(&self) {
        self.is_deaf.store(true, Ordering::SeqCst);
    }

    fn bump(counter: &AtomicU32) {
        counter.fetch_add(1, Ordering::SeqCst);
    }
}

thread_local! {
    static IS_MAIN: Cell<bool> = const { Cell::new(false) };
    static IS_AUDIO: Cell<bool> = const { Cell::new(false) };
}

/// Makes the calling thread a main thread for the plugin's thread checks.
pub(super) fn become_main_thread() {
    IS_MAIN.set(true);
}

/// Runs `work` with the calling thread being the audio thread for the plugin's thread checks.
pub(super) fn as_audio_thread<T>(work: impl FnOnce() -> T) -> T {
    let before = IS_AUDIO.replace(true);
    let result = work();
    IS_AUDIO.set(before);
    result
}

/// The host's handlers, as clack wants them told.
pub(super) struct Callbacks;

impl HostHandlers for Callbacks {
    type Shared<'a> = Shared;
    type MainThread<'a> = MainThread<'a>;
    type AudioProcessor<'a> = ();

    fn declare_extensions(builder: &mut HostExtensions<Self>, _: &Self::Shared<'_>) {
        builder
            .register::<HostGui>()
            .register::<HostLatency>()
            .register::<HostLog>()
            .register::<HostParams>()
            .register::<HostPosixFd>()
            .register::<HostState>()
            .register::<HostThreadCheck>()
            .register::<HostTimer>()
            .register::<HostTrackInfo>();
    }
}

/// What any thread of the plugin may call.
pub(super) struct Shared {
    calls: Arc<Calls>,
}

impl Shared {
    pub(super) fn new(calls: Arc<Calls>) -> Self {
        Self { calls }
    }
}

impl SharedHandler<'_> for Shared {
    fn request_restart(&self) {
        Calls::bump(&self.calls.request_restart);
    }

    fn request_process(&self) {
        Calls::bump(&self.calls.request_process);
    }

    fn request_callback(&self) {
        Calls::bump(&self.calls.request_callback);
        self.calls.callback_due.store(true, Ordering::SeqCst);
    }
}

impl HostParamsImplShared for Shared {
    fn request_flush(&self) {
        Calls::bump(&self.calls.params_flush);
    }
}

impl HostGuiImpl for Shared {
    fn resize_hints_changed(&self) {}

    fn request_resize(&self, new_size: GuiSize) -> Result<(), HostError> {
        Calls::bump(&self.calls.request_resize);
        self.calls.wanted_size.store(new_size.pack_to_u64(), Ordering::SeqCst);
        Ok(())
    }

    fn request_show(&self) -> Result<(), HostError> {
        Ok(())
    }

    fn request_hide(&self) -> Result<(), HostError> {
        Ok(())
    }

    fn closed(&self, _was_destroyed: bool) {
        Calls::bump(&self.calls.gui_closed);
    }
}

impl HostLogImpl for Shared {
    fn log(&self, severity: LogSeverity, message: &str) {
        Calls::bump(&self.calls.log_lines);
        let line = format!("{severity}: {message}");
        self.calls.log.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }
}

impl HostThreadCheckImpl for Shared {
    fn is_main_thread(&self) -> bool {
        // A test may play on the main thread; while it does, that thread is the audio thread.
        IS_MAIN.get() && !IS_AUDIO.get()
    }

    fn is_audio_thread(&self) -> bool {
        IS_AUDIO.get()
    }
}

/// What the plugin may call on the main thread.
pub(super) struct MainThread<'a> {
    shared: &'a Shared,
    timers: RefCell<Vec<Timer>>,
    files: RefCell<Vec<(RawFd, FdFlags)>>,
    last_timer: Cell<u32>,
}

struct Timer {
    id: u32,
    period: Duration,
    due: Instant,
}

impl<'a> MainThread<'a> {
    pub(super) fn new(shared: &'a Shared) -> Self {
        Self { shared, timers: RefCell::default(), files: RefCell::default(), last_timer: Cell::new(0) }
    }

    /// The timers that are due at `now`; each is set to its next time.
    pub(super) fn due_timers(&self, now: Instant) -> Vec<TimerId> {
        let mut timers = self.timers.borrow_mut();
        let due = timers.iter_mut().filter(|timer| timer.due <= now);
        due.map(|timer| {
            timer.due = now + timer.period;
            TimerId(timer.id)
        })
        .collect()
    }

    /// When the next timer is due.
    pub(super) fn next_timer(&self) -> Option<Instant> {
        self.timers.borrow().iter().map(|timer| timer.due).min()
    }

    /// The file descriptors that the plugin wants watched.
    pub(super) fn files(&self) -> Vec<(RawFd, FdFlags)> {
        self.files.borrow().clone()
    }
}

impl<'a> MainThreadHandler<'a> for MainThread<'a> {}

impl HostStateImpl for MainThread<'_> {
    fn mark_dirty(&self) {
        if self.shared.is_main_thread() {
            Calls::bump(&self.shared.calls.mark_dirty);
        }
    }
}

impl HostLatencyImpl for MainThread<'_> {
    fn changed(&self) {
        Calls::bump(&self.shared.calls.latency_changed);
    }
}

impl HostParamsImplMainThread for MainThread<'_> {
    fn rescan(&self, _flags: ParamRescanFlags) {
        Calls::bump(&self.shared.calls.params_rescan);
    }

    fn clear(&self, _param_id: ClapId, _flags: ParamClearFlags) {}
}

impl HostTimerImpl for MainThread<'_> {
    fn register_timer(&self, period_ms: u32) -> Result<TimerId, HostError> {
        let id = self.last_timer.get() + 1;
        self.last_timer.set(id);
        // CLAP lets a host refuse short periods; 30 Hz must be there, and 5 ms is plenty.
        let period = Duration::from_millis(u64::from(period_ms.max(5)));
        self.timers.borrow_mut().push(Timer { id, period, due: Instant::now() + period });
        Ok(TimerId(id))
    }

    fn unregister_timer(&self, timer_id: TimerId) -> Result<(), HostError> {
        self.timers.borrow_mut().retain(|timer| timer.id != timer_id.0);
        Ok(())
    }
}

impl HostPosixFdImpl for MainThread<'_> {
    fn register_fd(&self, fd: RawFd, flags: FdFlags) -> Result<(), HostError> {
        self.files.borrow_mut().push((fd, flags));
        Ok(())
    }

    fn modify_fd(&self, fd: RawFd, flags: FdFlags) -> Result<(), HostError> {
        for file in self.files.borrow_mut().iter_mut().filter(|file| file.0 == fd) {
            file.1 = flags;
        }
        Ok(())
    }

    fn unregister_fd(&self, fd: RawFd) -> Result<(), HostError> {
        self.files.borrow_mut().retain(|file| file.0 != fd);
        Ok(())
    }
}

impl HostTrackInfoImpl for MainThread<'_> {
    fn get<'a>(&'a self, writer: &mut TrackInfoWriter<'_, 'a>) {
        writer.set(&TrackInfo::new().with_name(Some(b"Test track")));
    }
}
