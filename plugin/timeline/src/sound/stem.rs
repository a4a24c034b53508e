//! What plays in a recording, if it is a stem: one instrument's or one group's part of a mix.

/// The part that a recording plays in a mix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Somebody speaks.
    Speech,
    /// Somebody sings, one or many.
    Vocals,
    /// Drums and percussion, played or programmed.
    Drums,
    /// A bass, plucked or synthesised.
    Bass,
    /// A guitar, acoustic, electric or distorted.
    Guitar,
    /// A piano or an electric piano.
    Keys,
    /// An organ.
    Organ,
    /// A synthesiser's lead, chords or pad.
    Synth,
    /// Bowed strings.
    Strings,
    /// Woodwind or brass.
    Winds,
    /// Several of these at once.
    Mix,
    /// None of these: noises, ambience, effects.
    Effects,
}

impl Role {
    /// Every role, voices first.
    pub const ALL: [Role; 12] = [
        Self::Speech,
        Self::Vocals,
        Self::Drums,
        Self::Bass,
        Self::Guitar,
        Self::Keys,
        Self::Organ,
        Self::Synth,
        Self::Strings,
        Self::Winds,
        Self::Mix,
        Self::Effects,
    ];

    /// The role's name in English, lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Speech => "speech",
            Self::Vocals => "vocals",
            Self::Drums => "drums",
            Self::Bass => "bass",
            Self::Guitar => "guitar",
            Self::Keys => "keys",
            Self::Organ => "organ",
            Self::Synth => "synth",
            Self::Strings => "strings",
            Self::Winds => "winds",
            Self::Mix => "full mix",
            Self::Effects => "effects",
        }
    }

    /// The role of a name as [`Role::name`] gives it.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// What plays in a recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Stem {
    /// The role, unless that is not sure.
    pub role: Option<Role>,
    /// The likeliest roles and their probabilities from 0 to 1, the likeliest first.
    pub likely: Vec<(Role, f32)>,
    /// What is heard by AudioSet's names, the most heard first.
    pub tags: Vec<Tag>,
}

/// A name of AudioSet's for what is heard.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    /// The name.
    pub name: String,
    /// How much it is heard, from 0 to 1; the scores of different names are not on one scale.
    pub score: f32,
}
