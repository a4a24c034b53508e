//! What a person looks for.

use earmark_timeline::notebook::Notebook;
use earmark_timeline::sound::Role as Part;
use earmark_timeline::tag::SoundClass;

/// What is searched for, and which rows are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Find {
    /// The text to find, in any case; empty for none.
    pub query: String,
    /// Which rows are shown.
    pub show: Show,
}

/// Which rows are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Show {
    /// All of them.
    #[default]
    All,
    /// What was said.
    Speech,
    /// The marks.
    Marks,
    /// What was said where a model is unsure of a word and nobody has corrected it.
    Unsure,
    /// The same where it doubts a word.
    Doubtful,
    /// What was said and a person corrected or chose.
    Corrected,
    /// The marks that a person set or chose.
    MarksByHand,
    /// The marks that a model set.
    MarksByMachine,
    /// Whatever lies where a class of sound was heard.
    In(SoundClass),
    /// Whatever lies where this plays.
    While(Part),
}

impl Show {
    /// Every choice, in the order of the menu, in groups that belong together.
    pub const GROUPS: [&[Self]; 3] = [
        &[Self::All, Self::Speech, Self::Marks],
        &[Self::Unsure, Self::Doubtful, Self::Corrected, Self::MarksByHand, Self::MarksByMachine],
        &[
            Self::In(SoundClass::Speech),
            Self::In(SoundClass::Singing),
            Self::In(SoundClass::Music),
            Self::In(SoundClass::Other),
        ],
    ];

    /// One for each role that plays anywhere in a notebook, to stand after [`Show::GROUPS`].
    pub fn of_roles(notebook: &Notebook) -> impl Iterator<Item = Self> {
        let plays = |part: &Part| notebook.roles().iter().any(|span| span.role == *part);
        Part::ALL.into_iter().filter(plays).map(Self::While)
    }

    /// Its name in the menu.
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Speech => "Speech",
            Self::Marks => "Marks",
            Self::Unsure => "Unsure words",
            Self::Doubtful => "Doubtful words",
            Self::Corrected => "Corrected",
            Self::MarksByHand => "Marks by hand",
            Self::MarksByMachine => "Marks by machine",
            Self::In(SoundClass::Speech) => "During speech",
            Self::In(SoundClass::Singing) => "During singing",
            Self::In(SoundClass::Music) => "During music",
            Self::In(SoundClass::Other) => "During other sound",
            Self::In(SoundClass::Silence) => "During silence",
            Self::While(Part::Speech) => "While speech plays",
            Self::While(Part::Vocals) => "While vocals play",
            Self::While(Part::Drums) => "While drums play",
            Self::While(Part::Bass) => "While a bass plays",
            Self::While(Part::Guitar) => "While a guitar plays",
            Self::While(Part::Keys) => "While keys play",
            Self::While(Part::Organ) => "While an organ plays",
            Self::While(Part::Synth) => "While a synth plays",
            Self::While(Part::Strings) => "While strings play",
            Self::While(Part::Winds) => "While winds play",
            Self::While(Part::Mix) => "While a full mix plays",
            Self::While(Part::Effects) => "While effects play",
        }
    }
}
