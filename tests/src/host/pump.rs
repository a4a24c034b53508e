//! The main thread's event loop, turned by hand.

use super::Plugin;
use clack_extensions::posix_fd::{FdFlags, PluginPosixFd};
use clack_extensions::timer::PluginTimer;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::os::fd::{BorrowedFd, RawFd};
use std::time::{Duration, Instant};

impl Plugin {
    /// Runs the main thread's event loop for `duration`: the plugin's timers and file descriptors are
    /// served, and its main-thread call is made whenever it asked for one. With [`Duration::ZERO`] it
    /// goes round once without waiting.
    pub fn pump(&mut self, duration: Duration) {
        let end = Instant::now() + duration;
        loop {
            self.serve_callback();
            self.serve_timers();
            let now = Instant::now();
            // A request may come from another thread at any time; 5 ms is soon enough to see it.
            let mut wait = end.saturating_duration_since(now).min(Duration::from_millis(5));
            if let Some(due) = self.instance.access_handler(|main| main.next_timer()) {
                wait = wait.min(due.saturating_duration_since(now));
            }
            self.serve_files(wait);
            if Instant::now() >= end {
                self.serve_callback();
                return;
            }
        }
    }

    /// Pumps until `done` says so; `false` if that took longer than `limit`.
    pub fn pump_until(&mut self, limit: Duration, mut done: impl FnMut(&mut Self) -> bool) -> bool {
        let end = Instant::now() + limit;
        loop {
            if done(self) {
                return true;
            }
            if Instant::now() >= end {
                return false;
            }
            self.pump(Duration::from_millis(10));
        }
    }

    fn serve_callback(&mut self) {
        if self.calls.take_callback() {
            self.instance.call_on_main_thread_callback();
        }
    }

    fn serve_timers(&mut self) {
        let due = self.instance.access_handler(|main| main.due_timers(Instant::now()));
        let handle = self.instance.plugin_handle();
        let Some(timers) = handle.get_extension::<PluginTimer>() else { return };
        for timer in due {
            timers.on_timer(&handle, timer);
        }
    }

    #[allow(unsafe_code)]
    fn serve_files(&mut self, wait: Duration) {
        let files = self.instance.access_handler(|main| main.files());
        let borrowed: Vec<(BorrowedFd<'_>, FdFlags)> = files
            .iter()
            // SAFETY: the plugin registered the descriptor and must unregister it before closing it.
            .map(|&(fd, flags)| (unsafe { BorrowedFd::borrow_raw(fd) }, flags))
            .collect();
        let mut polled: Vec<PollFd<'_>> =
            borrowed.iter().map(|(fd, flags)| PollFd::new(fd, poll_from_fd_flags(*flags))).collect();
        let timeout = Timespec { tv_sec: 0, tv_nsec: wait.subsec_nanos().into() };
        if poll(&mut polled, Some(&timeout)).is_err() {
            return;
        }
        let ready: Vec<(RawFd, FdFlags)> = files
            .iter()
            .zip(&polled)
            .map(|(&(fd, _), poll)| (fd, fd_from_poll_flags(poll.revents())))
            .filter(|(_, flags)| !flags.is_empty())
            .collect();
        let handle = self.instance.plugin_handle();
        let Some(plugin) = handle.get_extension::<PluginPosixFd>() else { return };
        for (fd, flags) in ready {
            plugin.on_fd(&handle, fd, flags);
        }
    }
}

fn poll_from_fd_flags(flags: FdFlags) -> PollFlags {
    let mut poll = PollFlags::empty();
    poll.set(PollFlags::IN, flags.contains(FdFlags::READ));
    poll.set(PollFlags::OUT, flags.contains(FdFlags::WRITE));
    poll
}

fn fd_from_poll_flags(poll: PollFlags) -> FdFlags {
    let mut flags = FdFlags::empty();
    flags.set(FdFlags::READ, poll.contains(PollFlags::IN));
    flags.set(FdFlags::WRITE, poll.contains(PollFlags::OUT));
    flags.set(FdFlags::ERROR, poll.intersects(PollFlags::ERR | PollFlags::HUP));
    flags
}
