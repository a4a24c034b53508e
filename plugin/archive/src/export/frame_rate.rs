//! Frame rates of video, and timecode counted in them (SMPTE ST 12-1).

use earmark_timeline::units::ProjectTime;

/// How a timeline counts its frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameRate {
    name: &'static str,
    /// Frames in a second of timecode.
    nominal: u32,
    /// Whether it runs slower than its count by 1000/1001.
    ntsc: bool,
    /// Whether timecode leaves numbers out to keep up with the clock.
    drop: bool,
}

impl FrameRate {
    /// Every frame rate, in the order of menus and manuals.
    pub const ALL: [FrameRate; 11] = [
        Self::new("23.976", 24, true, false),
        Self::new("24", 24, false, false),
        Self::new("25", 25, false, false),
        Self::new("29.97", 30, true, false),
        Self::new("29.97df", 30, true, true),
        Self::new("30", 30, false, false),
        Self::new("48", 48, false, false),
        Self::new("50", 50, false, false),
        Self::new("59.94", 60, true, false),
        Self::new("59.94df", 60, true, true),
        Self::new("60", 60, false, false),
    ];

    const fn new(name: &'static str, nominal: u32, ntsc: bool, drop: bool) -> Self {
        Self { name, nominal, ntsc, drop }
    }

    /// Its name on a command line; `df` is drop-frame timecode.
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// The frame rate of that [`FrameRate::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rate| rate.name == name)
    }

    /// Whether timecode leaves numbers out to keep up with the clock.
    pub const fn is_drop(self) -> bool {
        self.drop
    }

    /// The frame that begins nearest to `time`.
    pub fn frame_at(self, time: ProjectTime) -> i64 {
        let (multiple, of) = if self.ntsc { (1_000, 1_001) } else { (1, 1) };
        let frames = i128::from(time.ticks()) * i128::from(self.nominal) * multiple;
        let per_frame = i128::from(ProjectTime::TICKS_PER_SECOND) * of;
        i64::try_from((frames + per_frame / 2).div_euclid(per_frame)).unwrap_or(i64::MAX)
    }

    /// The frame whose timecode is a whole number of seconds (for drop-frame, the next one that exists).
    pub fn frame_at_timecode(self, seconds: u32) -> i64 {
        let minutes = i64::from(seconds / 60);
        // The numbers that the minute itself leaves out are not there to be named.
        let missing = i64::from(seconds.is_multiple_of(60) && minutes % 10 != 0);
        i64::from(seconds) * i64::from(self.nominal)
            - self.left_out_a_minute() * (minutes - minutes / 10 - missing)
    }

    /// The timecode of a frame, which starts again after 24 hours.
    pub fn timecode(self, frame: i64) -> String {
        let nominal = i64::from(self.nominal);
        let left_out = self.left_out_a_minute();
        let minute = 60 * nominal - left_out;
        let ten_minutes = 10 * minute + left_out;
        let frame = frame.rem_euclid(144 * ten_minutes);
        let (tens, rest) = (frame / ten_minutes, frame % ten_minutes);
        // The first minute of ten is whole; each later one begins with the numbers that it leaves out.
        let skipped = if rest < 60 * nominal { 0 } else { left_out * (1 + (rest - 60 * nominal) / minute) };
        let count = frame + tens * 9 * left_out + skipped;
        let seconds = count / nominal;
        let colon = if self.drop { ';' } else { ':' };
        let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
        format!("{hours:02}:{minutes:02}:{:02}{colon}{:02}", seconds % 60, count % nominal)
    }

    /// The numbers that nine of ten minutes leave out: 2 at 30, 4 at 60 frames a second.
    const fn left_out_a_minute(self) -> i64 {
        if self.drop { self.nominal as i64 / 15 } else { 0 }
    }
}

impl Default for FrameRate {
    /// 24, with which a new project in DaVinci Resolve starts.
    fn default() -> Self {
        Self::ALL[1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rate: &str, frame: i64, timecode: &str) {
        let rate = FrameRate::from_name(rate).expect("a rate");
        assert_eq!(rate.timecode(frame), timecode, "{} frame {frame}", rate.name());
    }

    #[test]
    fn timecode_counts_frames() {
        check("24", 0, "00:00:00:00");
        check("25", 25 * 3_600 + 7, "01:00:00:07");
        check("60", 59, "00:00:00:59");
        check("24", 24 * 86_400, "00:00:00:00");
        check("24", -1, "23:59:59:23");
    }

    #[test]
    fn drop_frame_timecode_leaves_numbers_out_but_for_each_tenth_minute() {
        // The published values of SMPTE ST 12-1, 5.2.2: 17,982 frames in ten minutes.
        check("29.97df", 1_799, "00:00:59;29");
        check("29.97df", 1_800, "00:01:00;02");
        check("29.97df", 3_597, "00:01:59;29");
        check("29.97df", 3_598, "00:02:00;02");
        check("29.97df", 17_981, "00:09:59;29");
        check("29.97df", 17_982, "00:10:00;00");
        check("29.97df", 107_892, "01:00:00;00");
        check("59.94df", 3_600, "00:01:00;04");
    }

    #[test]
    fn a_timecode_of_whole_seconds_comes_back() {
        for rate in FrameRate::ALL {
            for seconds in [0, 1, 59, 60, 61, 600, 3_600, 36_000, 86_399] {
                let expected = format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
                let seen = rate.timecode(rate.frame_at_timecode(seconds));
                assert!(seen.starts_with(&expected), "{seen} is not {expected} at {}", rate.name());
            }
        }
    }

    #[test]
    fn frames_are_the_nearest_to_their_time() {
        let rate = |name| FrameRate::from_name(name).expect("a rate");
        let frame = |name, seconds| rate(name).frame_at(ProjectTime::from_seconds(seconds));
        assert_eq!(frame("25", 1.019), 25);
        assert_eq!(frame("25", 1.021), 26);
        assert_eq!(frame("29.97", 1_001.0), 30_000);
        assert_eq!(frame("24", -0.5), -12);
        assert_eq!(rate("60").frame_at(ProjectTime::from_ticks(i64::MAX)), 784_300_343_270);
    }
}
