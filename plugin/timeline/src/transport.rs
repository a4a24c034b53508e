//! What a host says of its transport with every block.

use crate::units::{FramePos, Frames, SampleRate};

/// The host's transport at the first frame of a block. Everything a host may leave out is an `Option`.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Transport {
    /// The playhead moves.
    pub playing: bool,
    /// The project records.
    pub recording: bool,
    /// The playhead runs in a loop.
    pub looping: bool,
    /// The playhead's position in host frames since the project's start.
    pub project: Option<FramePos>,
    /// The playhead's position in quarter notes since the project's start.
    pub beats: Option<f64>,
    /// Quarter notes a minute.
    pub tempo_bpm: Option<f64>,
    /// The position of the current bar's first beat, in quarter notes.
    pub bar_start_beats: Option<f64>,
    /// The number of the current bar, counted from 0.
    pub bar_number: Option<i32>,
    /// The time signature: how many of which note, such as 6 of 8.
    pub signature: Option<(u16, u16)>,
}

impl Transport {
    /// The same transport `frames` of `rate` later, as long as nothing changes.
    pub fn after(self, frames: Frames, rate: SampleRate) -> Self {
        let quarters = |tempo: f64| frames.0 as f64 / f64::from(rate.hz()) * tempo / 60.0;
        Self {
            project: self.project.map(|project| project.plus(frames)),
            beats: self.beats.map(|beats| beats + self.tempo_bpm.map_or(0.0, quarters)),
            ..self
        }
    }
}

/// When Earmark listens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Listen {
    /// While the transport plays.
    #[default]
    WhilePlaying,
    /// While the transport records.
    WhileRecording,
    /// Always, on the capture clock while the transport stands.
    Always,
    /// Never.
    Off,
}

impl Listen {
    /// Whether a block under `transport` is listened to.
    pub const fn wants(self, transport: &Transport) -> bool {
        match self {
            Listen::WhilePlaying => transport.playing,
            Listen::WhileRecording => transport.playing && transport.recording,
            Listen::Always => true,
            Listen::Off => false,
        }
    }
}

/// Which channels are listened to. Audio itself always passes unchanged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum ChannelChoice {
    /// The mean of all channels.
    #[default]
    Mix,
    /// The first channel.
    Left,
    /// The second channel, or the first of a mono track.
    Right,
}
