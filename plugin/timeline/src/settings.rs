//! What a person chose for one session.

use crate::rule::Rules;

/// Choices that travel with the session's state. What the host automates (when to listen, which
/// channel) is a parameter of the plugin and not in here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The card name of the model that transcribes.
    pub model: String,
    /// The spoken language as an ISO 639-1 code; `None` lets a multilingual model detect it.
    pub language: Option<String>,
    /// Whether a multilingual model writes English whatever is spoken.
    pub translate: bool,
    /// Whether hesitations and false starts are asked for and shown; without, fillers are hidden, not deleted.
    pub verbatim: bool,
    /// Names and terms whose spelling the model should know, in no order.
    pub glossary: Vec<String>,
    /// Who speaks on the track; `None` is whom the track is named after, an empty name nobody.
    pub speaker: Option<String>,
    /// What is marked by itself.
    pub rules: Rules,
}

impl Settings {
    /// The model that transcribes unless another is chosen.
    pub const DEFAULT_MODEL: &'static str = "whisper-tiny.en";
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            model: Self::DEFAULT_MODEL.to_owned(),
            language: None,
            translate: false,
            verbatim: false,
            glossary: Vec::new(),
            speaker: None,
            rules: Rules::default(),
        }
    }
}
