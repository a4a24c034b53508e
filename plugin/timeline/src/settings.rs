//! What a person chose for one session.

/// Choices that travel with the session's state. What the host automates (when to listen, which
/// channel) is a parameter of the plugin and not in here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The card name of the model that transcribes.
    pub model: String,
    /// The spoken language as an ISO 639-1 code; `None` lets a multilingual model detect it.
    pub language: Option<String>,
}

impl Settings {
    /// The model that transcribes unless another is chosen.
    pub const DEFAULT_MODEL: &'static str = "whisper-tiny.en";
}

impl Default for Settings {
    fn default() -> Self {
        Self { model: Self::DEFAULT_MODEL.to_owned(), language: None }
    }
}
