//! What crosses from the audio thread to the listener.

use earmark_timeline::transport::Transport;
use earmark_timeline::units::{FramePos, Frames};

/// Frames in a full block: 5.3 ms at 48 kHz, about a kilobyte, so that filling it stays in the L1 cache
/// and a host that processes single frames does not fill the ring with headers.
pub const BLOCK_FRAMES: usize = 256;

/// A stretch of mono audio without a jump in time.
///
/// Blocks are cut by count of frames, not by the host's buffers, so what the listener sees does not
/// depend on the host's block size. Only the last block of a run is shorter than [`BLOCK_FRAMES`].
#[derive(Debug, Clone, Copy)]
pub struct Block {
    /// The first frame on the capture clock, which counts every frame the host ever processed.
    pub capture: FramePos,
    /// The host's transport at the first frame.
    pub transport: Transport,
    /// Grows by one with every seek, loop, stop, start and restart: blocks of one epoch are one stretch of time.
    pub epoch: u32,
    /// No block of this epoch follows.
    pub last: bool,
    /// How many of the host's channels the audio is the mean of.
    pub channels: u8,
    len: u16,
    samples: [f32; BLOCK_FRAMES],
}

impl Block {
    pub(crate) const fn starting_at(capture: FramePos, transport: Transport, epoch: u32) -> Self {
        Self { capture, transport, epoch, last: false, channels: 1, len: 0, samples: [0.0; BLOCK_FRAMES] }
    }

    /// The audio, exactly as the host gave it (NaN and infinities included), in host frames.
    pub fn samples(&self) -> &[f32] {
        &self.samples[..usize::from(self.len)]
    }

    /// How many frames it holds; zero only in a `last` block that closes an epoch already delivered.
    pub const fn frames(&self) -> Frames {
        Frames(self.len as u64)
    }

    /// Starts the block anew without touching the samples, which `len` guards.
    pub(crate) const fn restart(&mut self, capture: FramePos, transport: Transport, epoch: u32) {
        self.capture = capture;
        self.transport = transport;
        self.epoch = epoch;
        self.last = false;
        self.len = 0;
    }

    pub(crate) const fn room(&self) -> usize {
        BLOCK_FRAMES - self.len as usize
    }

    /// Hands out `frames` (at most [`Self::room`]) samples to write, now counted as held.
    pub(crate) fn extend(&mut self, frames: usize) -> &mut [f32] {
        let from = usize::from(self.len);
        self.len += frames as u16;
        &mut self.samples[from..from + frames]
    }
}
