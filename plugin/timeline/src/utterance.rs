//! What was said: words with times.

use crate::clock::RunId;
use crate::script;
use crate::units::ProjectTime;
use std::sync::Arc;

/// One word as it was heard.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// The word with its punctuation, without surrounding space.
    pub text: String,
    /// Where it starts.
    pub start: ProjectTime,
    /// Where it ends; never before its start.
    pub end: ProjectTime,
    /// How sure the model is, from 0 to 1.
    pub confidence: f32,
}

/// Who made a piece of the notebook.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A model.
    #[default]
    Machine,
    /// A model, and a person chose it over what another pass made of the passage. No machine overwrites it.
    Chosen,
    /// A person, or a model whom a person corrected. No machine ever overwrites it.
    Hand,
}

impl Origin {
    /// Whether a machine that hears the passage again may take its place.
    pub const fn yields(self) -> bool {
        matches!(self, Self::Machine)
    }
}

/// Names a piece of the notebook for as long as the notebook lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId(pub u64);

/// A stretch of speech between two silences, decoded as one and settled: it does not change any more.
#[derive(Debug, Clone, PartialEq)]
pub struct Utterance {
    /// Its name in the notebook.
    pub id: ItemId,
    /// Where the speech starts.
    pub start: ProjectTime,
    /// Where the speech ends.
    pub end: ProjectTime,
    /// The words, in time order; never empty.
    pub words: Vec<Word>,
    /// The language as an ISO 639-1 code, where the model told.
    pub language: Option<Arc<str>>,
    /// The card name of the model that wrote it.
    pub model: Arc<str>,
    /// Who made it.
    pub origin: Origin,
    /// The run it was heard in, within the session that heard it; `None` once reloaded.
    pub run: Option<RunId>,
}

impl Word {
    /// The time halfway between its start and its end, which decides to what it belongs.
    pub const fn middle(&self) -> ProjectTime {
        self.start.middle(self.end)
    }
}

impl Utterance {
    /// The time halfway between its start and its end, which decides to what it belongs.
    pub const fn middle(&self) -> ProjectTime {
        self.start.middle(self.end)
    }

    /// The words as one line of text.
    pub fn text(&self) -> String {
        script::join(self.words.iter().map(|word| word.text.as_str()))
    }

    /// Some of its words in a row, by themselves and under another name; `None` of no words.
    pub(crate) fn piece(&self, id: ItemId, words: &[Word]) -> Option<Self> {
        let (start, end) = (words.first()?.start, words.last()?.end);
        Some(Self { id, start, end, words: words.to_vec(), ..self.clone() })
    }

    /// The mean confidence of its words, from 0 to 1.
    pub fn confidence(&self) -> f32 {
        let sum: f32 = self.words.iter().map(|word| word.confidence).sum();
        sum / self.words.len().max(1) as f32
    }
}

/// Why a stretch that sounded like speech left no words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DropReason {
    /// Too short to hold a word.
    TooShort,
    /// Nobody spoke, as far as the model itself can tell, or its text is what it writes where nobody speaks.
    NoSpeech,
    /// Only a description of sound, such as "[MUSIC]".
    NonSpeech,
    /// The same words over and over.
    Repetition,
    /// More words than a mouth can say in that time.
    TooFast,
    /// The model failed on it.
    Failed,
}

/// A stretch that was heard and left no words, kept so that a person can see what was dropped and why,
/// and take it back as an utterance.
#[derive(Debug, Clone, PartialEq)]
pub struct Dropped {
    /// Where it starts.
    pub start: ProjectTime,
    /// Where it ends.
    pub end: ProjectTime,
    /// What the model wrote, if anything; at most [`Dropped::MOST_WORDS`].
    pub words: Vec<Word>,
    /// The language as an ISO 639-1 code, where the model told.
    pub language: Option<Arc<str>>,
    /// The card name of the model that wrote it; empty where that is not known.
    pub model: Arc<str>,
    /// Why it was dropped.
    pub reason: DropReason,
    /// The run it was heard in, within the session that heard it; `None` once reloaded.
    pub run: Option<RunId>,
}

impl Dropped {
    /// How many words are kept. The longest utterance (30 s at six words a second) fits; a loop, which can
    /// be hundreds of words long, is cut.
    pub const MOST_WORDS: usize = 200;

    /// The words as one line of text.
    pub fn text(&self) -> String {
        script::join(self.words.iter().map(|word| word.text.as_str()))
    }
}
