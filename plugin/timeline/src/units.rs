//! One newtype per unit. A number that has left its newtype carries its unit in its name.

/// Frames a second; never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SampleRate(u32);

impl SampleRate {
    /// The rate that every model listens at.
    pub const MODEL: SampleRate = SampleRate(16_000);

    /// The lowest and the highest rate that Earmark listens at, in hertz.
    pub const RANGE_HZ: core::ops::RangeInclusive<u32> = 4_000..=768_000;

    /// Takes a rate in hertz; `None` outside [`SampleRate::RANGE_HZ`].
    pub const fn new(hz: u32) -> Option<Self> {
        if hz < *Self::RANGE_HZ.start() || hz > *Self::RANGE_HZ.end() { None } else { Some(Self(hz)) }
    }

    /// The rate in hertz.
    pub const fn hz(self) -> u32 {
        self.0
    }
}

/// A position counted in frames at some [`SampleRate`] that the owner knows; negative before bar one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FramePos(pub i64);

impl FramePos {
    /// The position `frames` later, stopping at the type's end instead of wrapping: a host may say nonsense.
    pub const fn plus(self, frames: Frames) -> Self {
        Self(self.0.saturating_add_unsigned(frames.0))
    }

    /// How many frames lie between `earlier` and this position; zero when `earlier` is not earlier.
    pub const fn since(self, earlier: Self) -> Frames {
        if self.0 > earlier.0 { Frames(self.0.abs_diff(earlier.0)) } else { Frames(0) }
    }
}

/// A length counted in frames.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Frames(pub u64);

/// A length in seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd)]
pub struct Seconds(pub f64);

/// A time on the project's timeline (or, where the host tells none, on the capture clock).
///
/// Counted in ticks of 1/705 600 000 s, a unit in which one frame of every common sample rate (8 to
/// 192 kHz, 11.025 to 176.4 kHz) is a whole number, so that times add up exactly and do not depend
/// on how the audio was cut. The unit is known as the flick (github.com/facebookarchive/Flicks).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProjectTime(i64);

impl ProjectTime {
    /// Ticks in one second.
    pub const TICKS_PER_SECOND: i64 = 705_600_000;
    /// The project's start.
    pub const ZERO: ProjectTime = ProjectTime(0);

    /// Wraps a count of ticks.
    pub const fn from_ticks(ticks: i64) -> Self {
        Self(ticks)
    }

    /// The count of ticks.
    pub const fn ticks(self) -> i64 {
        self.0
    }

    /// The nearest time to `seconds`; a number that is no number is the project's start.
    pub fn from_seconds(seconds: f64) -> Self {
        // `as` saturates and turns NaN into zero.
        Self((seconds * Self::TICKS_PER_SECOND as f64 + if seconds < 0.0 { -0.5 } else { 0.5 }) as i64)
    }

    /// Seconds since the project's start.
    pub fn seconds(self) -> f64 {
        self.0 as f64 / Self::TICKS_PER_SECOND as f64
    }

    /// Whole milliseconds since the project's start, rounded to the nearest.
    pub const fn milliseconds(self) -> i64 {
        const TICKS_PER_MS: i64 = ProjectTime::TICKS_PER_SECOND / 1_000;
        self.0.saturating_add(TICKS_PER_MS / 2).div_euclid(TICKS_PER_MS)
    }

    /// This time and a length after it.
    pub const fn plus(self, length: ProjectTime) -> Self {
        Self(self.0.saturating_add(length.0))
    }

    /// The time halfway between this one and `other`.
    pub const fn middle(self, other: ProjectTime) -> Self {
        Self(self.0.midpoint(other.0))
    }

    /// This time less another: a length, negative if `other` is later.
    pub const fn minus(self, other: ProjectTime) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

/// The time at which frame `pos` of a stream at `rate` begins, to the nearest tick.
pub const fn time_from_frames(pos: FramePos, rate: SampleRate) -> ProjectTime {
    // 128 bits: a host may report any position at all.
    let ticks = pos.0 as i128 * ProjectTime::TICKS_PER_SECOND as i128;
    let hz = rate.0 as i128;
    let rounded = (ticks + hz / 2).div_euclid(hz);
    if rounded > i64::MAX as i128 {
        ProjectTime(i64::MAX)
    } else if rounded < i64::MIN as i128 {
        ProjectTime(i64::MIN)
    } else {
        ProjectTime(rounded as i64)
    }
}

/// The frame of a stream at `rate` that begins nearest to `time`.
pub const fn frames_from_time(time: ProjectTime, rate: SampleRate) -> FramePos {
    let ticks_hz = time.0 as i128 * rate.0 as i128;
    let per_second = ProjectTime::TICKS_PER_SECOND as i128;
    FramePos((ticks_hz + per_second / 2).div_euclid(per_second) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(hz: u32) -> SampleRate {
        SampleRate::new(hz).expect("a rate in range")
    }

    #[test]
    fn every_common_rate_survives_the_round_trip() {
        for hz in [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000, 384_000] {
            for pos in [0, 1, -1, 12_345, -987_654_321, 3_600 * i64::from(hz), 1 << 40] {
                let time = time_from_frames(FramePos(pos), rate(hz));
                assert_eq!(frames_from_time(time, rate(hz)), FramePos(pos), "{pos} at {hz} Hz");
            }
        }
    }

    #[test]
    fn one_frame_is_a_whole_number_of_ticks_at_common_rates() {
        for hz in [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000] {
            assert_eq!(ProjectTime::TICKS_PER_SECOND % i64::from(hz), 0, "{hz} Hz");
        }
    }

    #[test]
    fn nonsense_from_a_host_saturates() {
        assert_eq!(time_from_frames(FramePos(i64::MAX), rate(8_000)).ticks(), i64::MAX);
        assert_eq!(time_from_frames(FramePos(i64::MIN), rate(8_000)).ticks(), i64::MIN);
        assert_eq!(ProjectTime::from_seconds(f64::NAN), ProjectTime::ZERO);
        assert_eq!(ProjectTime::from_seconds(f64::INFINITY).ticks(), i64::MAX);
        assert_eq!(FramePos(i64::MAX).plus(Frames(9)), FramePos(i64::MAX));
        assert_eq!(SampleRate::new(0), None);
    }

    #[test]
    fn milliseconds_round_to_the_nearest() {
        assert_eq!(ProjectTime::from_seconds(1.2344).milliseconds(), 1_234);
        assert_eq!(ProjectTime::from_seconds(1.2346).milliseconds(), 1_235);
        assert_eq!(ProjectTime::from_seconds(-0.25).milliseconds(), -250);
    }
}
