//! Models that a person brought along: ggml Whisper files with a card of what is known, which is little.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::whisper_file::{WhisperHeader, read_header};
use crate::{Card, Conversion, Kind, ModelError, Sha256, Source, Store, registry};

/// How the names of own models begin, so that none is ever taken for one that Earmark knows.
const PREFIX: &str = "own-";

/// How the files of own cards end, which lie beside their models.
const ENDING: &str = ".card.toml";

/// The largest file that is taken: 4 GB, a third more than the largest Whisper with 16-bit weights.
const LARGEST: u64 = 4_000_000_000;

/// Why a file is not taken or given up; the message names the remedy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OwnError {
    /// The file is not what whisper.cpp could load.
    #[error(
        "this is no ggml Whisper file that Earmark can use (its {0} is wrong); take one that was made for whisper.cpp"
    )]
    NotWhisper(&'static str),
    /// The file is larger than any Whisper.
    #[error("{} is larger than 4 GB, which no Whisper is; take another file", .0.display())]
    TooLarge(PathBuf),
    /// A model of that name is there.
    #[error("there is a model called {0} already; remove it first, or give the file another name")]
    Taken(String),
    /// Only what was added can be removed.
    #[error(
        "{0} came with Earmark and was not added; `earmark models` lists what can be removed under names that begin with \"own-\""
    )]
    NotOwn(String),
    /// There is no folder for models.
    #[error("this system has no folder for models; name one in the environment variable EARMARK_MODELS")]
    NoFolder,
    /// A file cannot be read or written.
    #[error("{} cannot be used ({source}); check its permissions and the room on its disk", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// No such model.
    #[error(transparent)]
    Model(#[from] ModelError),
}

impl Store {
    /// The cards of all models: those that Earmark knows, then the own ones in the folders' order. Reads the
    /// own cards; one that cannot be read is left out.
    pub fn cards(&self) -> Vec<Card> {
        let mut cards = registry().to_vec();
        for folder in self.folders() {
            let files = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
            let mut own: Vec<Card> = files
                .filter(|path| path.to_string_lossy().ends_with(ENDING))
                .filter_map(|path| read_card(&path))
                .collect();
            own.sort_by(|a, b| a.name.cmp(&b.name));
            own.retain(|card| cards.iter().all(|known| known.name != card.name));
            cards.extend(own);
        }
        cards
    }

    /// The card called `name`, known or own.
    ///
    /// # Errors
    /// [`ModelError::Unknown`] when no model has that name.
    pub fn card(&self, name: &str) -> Result<Card, ModelError> {
        crate::card(name).cloned().or_else(|_| {
            let cards = self.cards();
            let known = cards.iter().map(|card| card.name.as_str()).collect::<Vec<_>>().join(", ");
            let found = cards.iter().find(|card| card.name == name).cloned();
            found.ok_or_else(|| ModelError::Unknown { name: name.to_owned(), known })
        })
    }

    /// Takes a person's own ggml Whisper file into the folder that models are installed into, after it was read
    /// through, and returns its new card.
    ///
    /// # Errors
    /// [`OwnError`] when it is no Whisper, is there already or cannot be copied.
    pub fn add(&self, file: &Path) -> Result<Card, OwnError> {
        let folder = self.install_folder().ok_or(OwnError::NoFolder)?;
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| OwnError::File { path, source }
        };
        let length = fs::metadata(file).map_err(failed(file))?.len();
        if length > LARGEST {
            return Err(OwnError::TooLarge(file.to_owned()));
        }
        let bytes = fs::read(file).map_err(failed(file))?;
        let card = own_card(file, &bytes, read_header(&bytes)?);
        if self.cards().iter().any(|known| known.name == card.name || known.file == card.file) {
            return Err(OwnError::Taken(card.name));
        }
        fs::create_dir_all(folder).map_err(failed(folder))?;
        let path = folder.join(&card.file);
        // Complete under its name or not there at all, whatever happens meanwhile.
        let part = folder.join(format!("{}.part", card.file));
        fs::write(&part, &bytes).and_then(|()| fs::rename(&part, &path)).map_err(failed(&path))?;
        let beside = folder.join(format!("{}{ENDING}", card.name));
        let text = toml::to_string(&card).map_err(|error| io::Error::other(error.to_string()));
        text.and_then(|text| fs::write(&beside, text)).map_err(failed(&beside))?;
        Ok(card)
    }

    /// Deletes an own model's file and card.
    ///
    /// # Errors
    /// [`OwnError`] when there is no such model, it is not an own one, or it cannot be deleted.
    pub fn remove(&self, name: &str) -> Result<(), OwnError> {
        let card = self.card(name)?;
        if !is_own(&card) {
            return Err(OwnError::NotOwn(card.name));
        }
        for file in [card.file, format!("{}{ENDING}", card.name)] {
            let found = self.folders().iter().map(|folder| folder.join(&file)).find(|path| path.exists());
            if let Some(path) = found {
                fs::remove_file(&path).map_err(|source| OwnError::File { path, source })?;
            }
        }
        Ok(())
    }
}

/// Whether a person brought the model along.
pub fn is_own(card: &Card) -> bool {
    card.name.starts_with(PREFIX)
}

fn read_card(path: &Path) -> Option<Card> {
    let card: Card = toml::from_str(&fs::read_to_string(path).ok()?).ok()?;
    // A card must not point outside its folder, nor stand for a model that Earmark knows.
    let inside = !card.file.contains(['/', '\\']) && !card.file.starts_with('.');
    (is_own(&card) && card.kind == Kind::Transcriber && inside).then_some(card)
}

fn own_card(path: &Path, bytes: &[u8], header: WhisperHeader) -> Card {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
    let plain = |letter: char| if letter.is_ascii_alphanumeric() || letter == '.' { letter } else { '-' };
    let stem: String = stem.chars().map(plain).take(64).collect();
    let name = format!("{PREFIX}{}", stem.trim_matches(['.', '-']));
    let size = match header.width {
        384 => "tiny",
        512 => "base",
        768 => "small",
        1_024 => "medium",
        _ => "large",
    };
    let (encoder, decoder) = header.layers;
    let multilingual = registry().iter().find(|card| card.name == "whisper-base");
    let languages = match multilingual {
        Some(card) if header.multilingual => card.languages.clone(),
        _ => vec!["en".to_owned()],
    };
    let not_known = |what: &str| format!("Not known: {what}.");
    Card {
        title: format!("Your own: {stem}"),
        version: format!("not known ({size} size, {encoder} and {decoder} layers, {} weights)", header.format),
        kind: Kind::Transcriber,
        file: format!("{name}.bin"),
        bytes: bytes.len() as u64,
        sha256: Sha256::of(bytes),
        licence: not_known("the file does not say; ask where you got it"),
        languages,
        training_data: not_known("the file does not say what it was trained on, nor under what terms"),
        intended_use: not_known("Earmark uses it to write down speech for a person who reads it over"),
        weaknesses: vec![
            "Not known; every Whisper may write words that nobody said, above all on silence, music and noise.".to_owned(),
            "The times of its words are rougher than those of the models that Earmark knows.".to_owned(),
        ],
        accuracy: not_known("Earmark has measured nothing with it"),
        speed: not_known("`earmark transcribe` says afterwards what it cost"),
        platform: None,
        source: Source { client: "you".to_owned(), conversion: Conversion::Copy, artifacts: Vec::new() },
        name,
    }
}

#[cfg(test)]
#[path = "own_tests.rs"]
mod tests;
