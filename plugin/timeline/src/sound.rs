//! What was measured of a recording as a whole: how loud it is, how fast, in which key, and what plays.

mod form;
mod stem;

pub use form::{Drive, Form};
pub use stem::{Role, Stem, Tag};

use crate::tag::SoundClass;
use crate::units::ProjectTime;
use std::fmt;

/// What was measured of a recording.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sound {
    /// How loud it is.
    pub loudness: Loudness,
    /// How fast it is; `None` where nothing recurs.
    pub tempo: Option<Tempo>,
    /// Its key; `None` where no pitch is heard.
    pub key: Option<Key>,
    /// Whether it is a one-shot or a loop; `None` where it is neither or that cannot be told.
    pub form: Option<Form>,
    /// Whether a guitar is clean or distorted; `None` where none plays or that cannot be told.
    pub drive: Option<Drive>,
    /// What plays in it; `None` where nothing is heard or nothing could be asked.
    pub stem: Option<Stem>,
}

/// From which confidence on a tempo or a key is shown.
const SHOWN: f32 = 0.5;
/// What has less music and song than this share of it has neither tempo nor key.
const MUSICAL: f64 = 0.1;

impl Sound {
    /// The same with what plays in it: only a guitar is clean or distorted.
    #[must_use]
    pub fn played_by(self, stem: Option<Stem>) -> Self {
        let is_guitar = stem.as_ref().is_some_and(|stem| stem.role == Some(Role::Guitar));
        Self { drive: self.drive.filter(|_| is_guitar), stem, ..self }
    }

    /// Tempo and key if they are sure enough to be shown; `shares` is how much of it each class of sound fills, where
    /// that is known.
    pub fn shown(&self, shares: Option<&[f64; SoundClass::ALL.len()]>) -> (Option<Tempo>, Option<Key>) {
        let is_music = shares.is_none_or(|[_, singing, music, ..]| singing + music >= MUSICAL);
        let tempo = self.tempo.filter(|tempo| is_music && tempo.confidence >= SHOWN);
        (tempo, self.key.filter(|key| is_music && key.confidence >= SHOWN))
    }
}

/// What was measured of a passage that was played.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Where the passage starts.
    pub start: ProjectTime,
    /// Where it ends.
    pub end: ProjectTime,
    /// What it sounds like; the first beat is on the project's timeline.
    pub sound: Sound,
}

impl Reading {
    /// Whether it tells as much as `other`: a look at a few bars says less than the whole song before it did.
    pub(crate) fn is_worth(&self, other: &Self) -> bool {
        let length = |reading: &Self| reading.end.minus(reading.start).seconds();
        2.0 * length(self) >= length(other)
    }
}

/// Levels of a recording. What has no number (a loudness below the gate of EBU R128) is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Loudness {
    /// Programme loudness by EBU R128, in LUFS.
    pub integrated_lufs: Option<f32>,
    /// The highest loudness of three seconds, in LUFS.
    pub short_term_lufs: Option<f32>,
    /// Loudness range by EBU Tech 3342, in LU.
    pub range_lu: Option<f32>,
    /// The highest peak between samples too, by ITU-R BS.1770, in dB of full scale.
    pub true_peak_dbtp: Option<f32>,
    /// How many times the wave runs into full scale.
    pub clips: u64,
    /// The mean of the channel that is furthest from zero, as a share of full scale.
    pub dc: f32,
    /// The level that a twentieth of the recording stays below, in dB of full scale.
    pub noise_floor_dbfs: Option<f32>,
    /// How alike left and right are: 1 for mono, 0 for strangers, -1 for opposites; `None` unless there are two.
    pub correlation: Option<f32>,
}

/// How fast a recording is, if it keeps one pace.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tempo {
    /// Beats a minute.
    pub bpm: f32,
    /// The likelier of half and twice of that: what somebody may count instead.
    pub other_bpm: f32,
    /// How sure that is, from 0 to 1, with half and twice of it counted as right.
    pub confidence: f32,
    /// Where the first beat is.
    pub first_beat: ProjectTime,
}

/// A recording's key.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Key {
    /// The likeliest.
    pub scale: Scale,
    /// The next likely.
    pub runner_up: Scale,
    /// How sure the likeliest is, from 0 to 1.
    pub confidence: f32,
    /// How far its pitches are above those of A = 440 Hz, in cents from -50 to 50.
    pub tuning_cents: f32,
}

/// A major or a minor scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scale {
    tonic: u8,
    is_minor: bool,
}

impl Scale {
    /// The names of the tonics, from C upwards.
    const TONICS: [&str; 12] = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];

    /// The scale upon a tonic, in semitones above some C.
    pub const fn new(tonic: u8, is_minor: bool) -> Self {
        Self { tonic: tonic % 12, is_minor }
    }

    /// All of them: twelve major ones from C upwards, then the minor ones.
    pub fn all() -> impl Iterator<Item = Self> {
        [false, true].into_iter().flat_map(|is_minor| (0..12).map(move |tonic| Self::new(tonic, is_minor)))
    }

    /// The scale of a name as [`Scale::fmt`] writes it.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|scale| scale.to_string() == name)
    }

    /// The tonic, in semitones above C.
    pub const fn tonic(self) -> u8 {
        self.tonic
    }

    /// Whether it is minor.
    pub const fn is_minor(self) -> bool {
        self.is_minor
    }
}

impl fmt::Display for Scale {
    /// `F# minor`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mode = if self.is_minor { "minor" } else { "major" };
        write!(formatter, "{} {mode}", Self::TONICS[usize::from(self.tonic)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_guitar_is_clean_or_distorted() {
        let check = |role: Option<Role>, expected: Option<Drive>| {
            let stem = Stem { role, likely: Vec::new(), tags: Vec::new() };
            let sound = Sound { drive: Some(Drive::Clean), ..Sound::default() };
            assert_eq!(sound.played_by(Some(stem)).drive, expected, "{role:?}");
        };
        check(Some(Role::Guitar), Some(Drive::Clean));
        check(Some(Role::Keys), None);
        check(None, None);
    }

    #[test]
    fn a_scale_is_found_by_its_name() {
        let check =
            |name: &str, expected: Option<Scale>| assert_eq!(Scale::from_name(name), expected, "{name}");
        check("C major", Some(Scale::new(0, false)));
        check("A minor", Some(Scale::new(21, true)));
        check("H minor", None);
        assert!(Scale::all().all(|scale| Scale::from_name(&scale.to_string()) == Some(scale)));
    }
}
