//! What a host says of its transport with every block.

use crate::units::FramePos;

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
