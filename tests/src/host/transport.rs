//! The playhead that a test controls, and what the host tells the plugin of it.

use clack_host::events::EventHeader;
use clack_host::events::event_types::{TransportEvent, TransportFlags};
use clack_host::utils::{BeatTime, SecondsTime};

/// Where the project stands and what it does; [`super::Audio`] moves it along while it plays.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Playhead {
    /// The playhead moves.
    pub playing: bool,
    /// The project records.
    pub recording: bool,
    /// The position in frames since the project's start.
    pub frame: i64,
    /// Quarter notes a minute.
    pub tempo_bpm: f64,
    /// The loop in frames: first, and the one after the last. The playhead jumps at the end of the
    /// block that reaches it, so cut blocks there to be exact.
    pub looping: Option<(i64, i64)>,
    /// How much of this the host tells.
    pub tells: Tells,
}

/// How much of its transport a host tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tells {
    /// Seconds, beats, tempo, bar and signature.
    Everything,
    /// Beats and tempo without seconds; in VST3, whose position in frames has no way to be absent, without
    /// one that moves.
    BeatsOnly,
    /// Playing or not, and no position; in VST3 one that stands.
    NoPosition,
    /// No transport at all.
    Nothing,
}

impl Default for Playhead {
    /// At the project's start, standing, 120 quarter notes a minute, everything told.
    fn default() -> Self {
        Self {
            playing: false,
            recording: false,
            frame: 0,
            tempo_bpm: 120.0,
            looping: None,
            tells: Tells::Everything,
        }
    }
}

impl Playhead {
    /// A playhead that plays from `frame`.
    pub fn playing_from(frame: i64) -> Self {
        Self { playing: true, frame, ..Self::default() }
    }

    /// Moves on by `frames` if it plays, back to the loop's start when that passes its end.
    pub(super) fn advance(&mut self, frames: u32) {
        if !self.playing {
            return;
        }
        self.frame = self.frame.saturating_add(i64::from(frames));
        if let Some((start, end)) = self.looping
            && self.frame >= end
            && end > start
        {
            // 128 bits: a test may loop over every position there is.
            let (first, length) = (i128::from(start), i128::from(end) - i128::from(start));
            self.frame = (first + (i128::from(self.frame) - i128::from(end)) % length) as i64;
        }
    }

    /// What the plugin is told at a block's first frame; `None` when the host tells nothing.
    pub(super) fn event(&self, rate_hz: f64) -> Option<TransportEvent> {
        const BEATS_A_BAR: f64 = 4.0;
        let (seconds_told, beats_told) = match self.tells {
            Tells::Everything => (true, true),
            Tells::BeatsOnly => (false, true),
            Tells::NoPosition => (false, false),
            Tells::Nothing => return None,
        };
        let beats_from_seconds = |seconds: f64| seconds * self.tempo_bpm / 60.0;
        let seconds_from_frame = |frame: i64| frame as f64 / rate_hz;
        let seconds = seconds_from_frame(self.frame);
        let bar = (beats_from_seconds(seconds) / BEATS_A_BAR).floor();
        let (loop_start, loop_end) =
            self.looping.map_or((0.0, 0.0), |(a, b)| (seconds_from_frame(a), seconds_from_frame(b)));

        let mut flags = TransportFlags::empty();
        flags.set(TransportFlags::HAS_SECONDS_TIMELINE, seconds_told);
        flags.set(TransportFlags::HAS_BEATS_TIMELINE, beats_told);
        flags.set(TransportFlags::HAS_TEMPO, beats_told);
        flags.set(TransportFlags::HAS_TIME_SIGNATURE, beats_told);
        flags.set(TransportFlags::IS_PLAYING, self.playing);
        flags.set(TransportFlags::IS_RECORDING, self.recording);
        flags.set(TransportFlags::IS_LOOP_ACTIVE, self.looping.is_some());
        Some(TransportEvent {
            header: EventHeader::new_core(0, clack_host::events::EventFlags::empty()),
            flags,
            song_pos_beats: BeatTime::from_float(beats_from_seconds(seconds)),
            song_pos_seconds: SecondsTime::from_float(seconds),
            tempo: self.tempo_bpm,
            tempo_inc: 0.0,
            loop_start_beats: BeatTime::from_float(beats_from_seconds(loop_start)),
            loop_end_beats: BeatTime::from_float(beats_from_seconds(loop_end)),
            loop_start_seconds: SecondsTime::from_float(loop_start),
            loop_end_seconds: SecondsTime::from_float(loop_end),
            bar_start: BeatTime::from_float(bar * BEATS_A_BAR),
            bar_number: bar as i32,
            time_signature_numerator: 4,
            time_signature_denominator: 4,
        })
    }
}
