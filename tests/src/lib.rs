//! What the tests and the demo share: headless CLAP and VST3 hosts, audio files, fixtures, word error rates,
//! the guard that watches the audio thread, and input that is wrong.

pub mod audio;
pub mod crowd;
pub mod daw;
pub mod demo;
pub mod fixtures;
pub mod fuzz;
pub mod guard;
pub mod host;
pub mod lifecycle;
pub mod live;
pub mod noise;
pub mod playback;
pub mod saved;
pub mod soak;
pub mod traced;
pub mod visit;
pub mod vst3;
pub mod wer;

/// Prints one of a benchmark's figures in the way that `cargo xtask bench plugin` picks them up.
#[allow(clippy::print_stdout, reason = "a benchmark's report")]
pub fn figure(name: &str, value: f64) {
    println!("figure: {name} = {value}");
}

/// Makes a test of each function named, once over the CLAP host and once over the VST3 host. The
/// functions take the host's [`host::Instance`] as their only generic argument.
#[macro_export]
macro_rules! in_both_formats {
    ($($property:ident),+ $(,)?) => {
        mod in_clap {
            $(#[test]
            fn $property() {
                super::$property::<$crate::host::Plugin>();
            })+
        }
        mod in_vst3 {
            $(#[test]
            fn $property() {
                super::$property::<$crate::vst3::Plugin>();
            })+
        }
    };
}
