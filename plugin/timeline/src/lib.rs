//! Earmark's vocabulary: what every room of the house may talk about, and nothing that does work.
//!
//! Without the feature `std` only [`units`] and [`transport`] remain; they are all that the audio
//! thread's crate may know. There are no dependencies and no unsafe code here.
#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

pub mod transport;
pub mod units;

#[cfg(feature = "std")]
pub mod clock;
#[cfg(feature = "std")]
pub mod course;
#[cfg(feature = "std")]
pub mod edit;
#[cfg(feature = "std")]
pub mod filler;
#[cfg(feature = "std")]
pub mod mark;
#[cfg(feature = "std")]
pub mod meter;
#[cfg(feature = "std")]
pub mod notebook;
#[cfg(feature = "std")]
pub mod overview;
#[cfg(feature = "std")]
pub mod rule;
#[cfg(feature = "std")]
pub mod script;
#[cfg(feature = "std")]
pub mod settings;
#[cfg(feature = "std")]
pub mod snapshot;
#[cfg(feature = "std")]
pub mod sound;
#[cfg(feature = "std")]
pub mod spelling;
#[cfg(feature = "std")]
pub mod tag;
#[cfg(feature = "std")]
pub mod utterance;
#[cfg(feature = "std")]
pub mod version;
