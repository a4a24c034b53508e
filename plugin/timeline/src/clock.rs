//! From a model's sample back to the project's time.

use crate::transport::Transport;
use crate::units::{FramePos, ProjectTime, SampleRate, time_from_frames};

/// Where the times of a run come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ClockSource {
    /// The host's playhead.
    #[default]
    Host,
    /// The frames captured so far, because the host tells no position.
    Capture,
}

/// A stretch of capture in which time ran on without a jump: one seek, loop, stop, hole or rate change
/// ends it and the next begins. Its times are one straight line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Run {
    /// Counts the runs of a session.
    pub id: RunId,
    /// The host's rate in this run.
    pub rate: SampleRate,
    /// The run's first frame on the capture clock.
    pub capture: FramePos,
    /// The host's transport at that frame.
    pub transport: Transport,
}

/// Names a run within one session's life, in the order of capture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(pub u32);

impl Run {
    /// Whose clock this run shows.
    pub const fn source(&self) -> ClockSource {
        if self.transport.project.is_some() { ClockSource::Host } else { ClockSource::Capture }
    }

    /// The project's time at sample `pos` of the run's 16 kHz stream, whose sample 0 is the run's first
    /// frame (the resampler's delay is already taken off).
    pub fn time_from_model(&self, pos: FramePos) -> ProjectTime {
        let origin = self.transport.project.unwrap_or(self.capture);
        time_from_frames(origin, self.rate).plus(time_from_frames(pos, SampleRate::MODEL))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(hz: u32, project: Option<i64>) -> Run {
        Run {
            id: RunId(0),
            rate: SampleRate::new(hz).expect("a rate in range"),
            capture: FramePos(i64::from(hz)),
            transport: Transport { project: project.map(FramePos), ..Transport::default() },
        }
    }

    #[test]
    fn a_run_starts_where_the_playhead_was() {
        assert_eq!(run(48_000, Some(96_000)).time_from_model(FramePos(0)).seconds(), 2.0);
        assert_eq!(run(44_100, Some(-44_100)).time_from_model(FramePos(8_000)).seconds(), -0.5);
    }

    #[test]
    fn without_a_playhead_the_capture_clock_counts() {
        let run = run(44_100, None);
        assert_eq!(run.source(), ClockSource::Capture);
        assert_eq!(run.time_from_model(FramePos(16_000)).seconds(), 2.0);
    }
}
