//! What the tests and the demo share: a headless CLAP host, audio files, fixtures, word error rates and
//! the guard that watches the audio thread.

pub mod audio;
pub mod demo;
pub mod fixtures;
pub mod guard;
pub mod host;
pub mod live;
pub mod playback;
pub mod saved;
pub mod wer;
