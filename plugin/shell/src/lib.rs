//! Earmark as hosts see it: parameters, audio, state and window, over the engine.
//!
//! Only this crate knows the plugin framework. The audio thread holds a `Tap` and the parameters' atomics
//! and nothing else; everything that takes time happens behind the session's handle.

mod export;
mod params;
mod plugin;
mod state;
mod transport;
mod window;

pub use plugin::EarmarkPlugin;

use nice_plug::prelude::{nice_export_clap, nice_export_vst3};

nice_export_clap!(EarmarkPlugin);
nice_export_vst3!(EarmarkPlugin);
