//! What the audio thread tells everybody without being asked: a handful of atomics.

use core::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use earmark_timeline::transport::Transport;
use earmark_timeline::units::{FramePos, Frames};

/// Written by the [`Tap`](crate::Tap) alone, read by anyone at any time; a wish for a mark is taken by the listener.
///
/// Each field is true by itself; two of them may be one block apart, which a playhead on a screen
/// forgives. Nothing is ordered by them, hence `Relaxed` throughout.
#[derive(Debug)]
pub struct Gauge {
    playing: AtomicBool,
    placed: AtomicBool,
    project: AtomicI64,
    lost: AtomicU64,
    /// Where a mark is wished for, or [`NOWHERE`].
    mark: AtomicI64,
}

/// No frame that a host plays.
const NOWHERE: i64 = i64::MIN;

impl Default for Gauge {
    fn default() -> Self {
        Self {
            playing: AtomicBool::default(),
            placed: AtomicBool::default(),
            project: AtomicI64::default(),
            lost: AtomicU64::default(),
            mark: AtomicI64::new(NOWHERE),
        }
    }
}

/// Where the host's playhead was at the newest block.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Playhead {
    /// Whether it moves.
    pub playing: bool,
    /// Its position in host frames, where the host tells.
    pub project: Option<FramePos>,
}

impl Gauge {
    /// The newest playhead.
    pub fn playhead(&self) -> Playhead {
        let placed = self.placed.load(Ordering::Relaxed);
        Playhead {
            playing: self.playing.load(Ordering::Relaxed),
            project: placed.then(|| FramePos(self.project.load(Ordering::Relaxed))),
        }
    }

    /// How many frames were dropped because the ring was full.
    pub fn lost(&self) -> Frames {
        Frames(self.lost.load(Ordering::Relaxed))
    }

    /// Where a mark is wished for, in host frames; told once.
    pub fn take_mark(&self) -> Option<FramePos> {
        let place = self.mark.swap(NOWHERE, Ordering::Relaxed);
        (place != NOWHERE).then_some(FramePos(place))
    }

    pub(crate) fn wish_mark(&self, place: FramePos) {
        self.mark.store(place.0, Ordering::Relaxed);
    }

    pub(crate) fn show(&self, transport: &Transport) {
        self.playing.store(transport.playing, Ordering::Relaxed);
        if let Some(project) = transport.project {
            self.project.store(project.0, Ordering::Relaxed);
        }
        self.placed.store(transport.project.is_some(), Ordering::Relaxed);
    }

    pub(crate) fn lose(&self, frames: Frames) {
        // One writer, so a load and a store do; a read-modify-write would lock the bus for nothing.
        self.lost.store(self.lost.load(Ordering::Relaxed) + frames.0, Ordering::Relaxed);
    }
}
