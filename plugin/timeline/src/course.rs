//! What was heard in the course of time beside the classes of sound: what plays, and how loud it is.

use crate::sound::Role;
use crate::units::ProjectTime;

/// A stretch in which one role plays.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoleSpan {
    /// Where it starts.
    pub start: ProjectTime,
    /// Where it ends, and the next may start.
    pub end: ProjectTime,
    /// What plays.
    pub role: Role,
    /// The mean probability of that role over the stretch, from 0 to 1.
    pub probability: f32,
}

/// How loud a stretch is, as a rule a second of what was played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoudnessSpan {
    /// Where it starts.
    pub start: ProjectTime,
    /// Where it ends.
    pub end: ProjectTime,
    /// The highest momentary loudness (EBU Tech 3341: over 400 ms), in whole LUFS; [`LoudnessSpan::SILENCE`] and
    /// less is silence.
    pub lufs: i8,
}

impl LoudnessSpan {
    /// The absolute gate of ITU-R BS.1770: what is not louder does not count.
    pub const SILENCE: i8 = -70;

    /// A loudness in whole LUFS, silence if there is none.
    pub fn whole_lufs(lufs: f32) -> i8 {
        // `as` saturates, and turns what is no number into zero.
        if lufs.is_nan() { Self::SILENCE } else { (lufs.round() as i8).max(Self::SILENCE) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loudness_is_told_in_whole_numbers_and_never_below_silence() {
        let cases = [(-23.4, -23), (-23.6, -24), (0.0, 0), (3.2, 3), (-90.0, -70), (f32::NEG_INFINITY, -70)];
        for (lufs, expected) in cases {
            assert_eq!(LoudnessSpan::whole_lufs(lufs), expected, "{lufs}");
        }
        assert_eq!(LoudnessSpan::whole_lufs(f32::NAN), LoudnessSpan::SILENCE);
    }
}
