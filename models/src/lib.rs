//! The models that Earmark knows: what each is, where its file lies, and whether the file is the one meant.
//!
//! `registry.toml` holds one [`Card`] a model. A [`Store`] finds the files and hands out only what has
//! exactly the bytes that the card pins: a damaged model file can end the process that loads it, so
//! nothing here is loaded on trust. Nothing in this crate uses a network; `cargo xtask models` fetches.

mod card;
mod error;
mod own;
mod store;
mod whisper_file;

pub use card::{Artifact, Card, Conversion, Kind, Member, Role, Source, card, registry};
pub use error::ModelError;
pub use own::{OwnError, is_own};
pub use store::{Sha256, Store};
pub use whisper_file::{WhisperHeader, read_header};
