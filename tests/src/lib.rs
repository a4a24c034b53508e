//! What the tests and the demo share: headless CLAP and VST3 hosts, audio files, fixtures, word error rates and
//! the guard that watches the audio thread.

pub mod audio;
pub mod demo;
pub mod fixtures;
pub mod guard;
pub mod host;
pub mod live;
pub mod noise;
pub mod playback;
pub mod saved;
pub mod vst3;
pub mod wer;
