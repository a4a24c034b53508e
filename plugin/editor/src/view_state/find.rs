//! What a person looks for.

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
}

impl Show {
    /// Every choice, in the order of the buttons.
    pub const ALL: [Self; 4] = [Self::All, Self::Speech, Self::Marks, Self::Unsure];

    /// Its name on the button.
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Speech => "Speech",
            Self::Marks => "Marks",
            Self::Unsure => "Unsure",
        }
    }
}
