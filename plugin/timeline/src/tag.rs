//! What was heard: the class of sound, stretch by stretch.

use crate::units::ProjectTime;

/// What kind of sound fills a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SoundClass {
    /// Somebody speaks.
    Speech,
    /// Somebody sings.
    Singing,
    /// Music without a voice in front.
    Music,
    /// Sound that is none of these.
    Other,
    /// Nothing above the level of silence.
    Silence,
}

impl SoundClass {
    /// Every class, in the order of lanes and legends.
    pub const ALL: [SoundClass; 5] = [Self::Speech, Self::Singing, Self::Music, Self::Other, Self::Silence];

    /// The class's name in English, lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Speech => "speech",
            Self::Singing => "singing",
            Self::Music => "music",
            Self::Other => "other",
            Self::Silence => "silence",
        }
    }
}

/// A stretch of one class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassSpan {
    /// Where it starts.
    pub start: ProjectTime,
    /// Where it ends, and the next may start.
    pub end: ProjectTime,
    /// What fills it.
    pub class: SoundClass,
    /// The mean probability of that class over the stretch, from 0 to 1.
    pub probability: f32,
}
