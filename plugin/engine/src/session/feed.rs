//! Audio that is there as a whole, fed as fast as it can be worked off.

use earmark_capture::{BLOCK_FRAMES, Tap};
use earmark_timeline::transport::{ChannelChoice, Listen, Transport};
use earmark_timeline::units::{FramePos, Frames, ProjectTime, SampleRate, frames_from_time};
use std::time::Duration;

/// How long to wait before looking again whether there is room.
pub(crate) const PATIENCE: Duration = Duration::from_millis(5);

/// Plays audio into a session from a thread that may wait. Dropping it ends the stream.
pub struct Feed {
    tap: Tap,
    rate: SampleRate,
    channels: Vec<Vec<f32>>,
    position: FramePos,
}

impl Feed {
    pub(crate) fn new(tap: Tap, rate: SampleRate, channels: usize) -> Self {
        Self { tap, rate, channels: vec![Vec::new(); channels.max(1)], position: FramePos(0) }
    }

    /// The same, with the project's position at its first frame.
    #[must_use]
    pub fn starting_at(mut self, time: ProjectTime) -> Self {
        self.position = frames_from_time(time, self.rate);
        self
    }

    /// How many frames can be pushed without waiting.
    pub fn room(&self) -> Frames {
        self.tap.room()
    }

    /// Plays interleaved samples, a whole number of frames; waits while the engine is behind.
    pub fn push(&mut self, interleaved: &[f32]) {
        let count = self.channels.len();
        for part in interleaved.chunks(BLOCK_FRAMES * count) {
            self.tap.wait_for_room(Frames(BLOCK_FRAMES as u64), || {
                std::thread::sleep(PATIENCE);
                true
            });
            for (index, channel) in self.channels.iter_mut().enumerate() {
                channel.clear();
                channel.extend(part.iter().skip(index).step_by(count));
            }
            let frames = part.len() / count;
            let transport = Transport { playing: true, project: Some(self.position), ..Transport::default() };
            self.tap.process(&self.channels, frames, transport, ChannelChoice::Mix, Listen::WhilePlaying);
            self.position = self.position.plus(Frames(frames as u64));
        }
    }

    /// The sample rate that it plays at.
    pub const fn rate(&self) -> SampleRate {
        self.rate
    }
}
