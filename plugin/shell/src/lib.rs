//! Earmark as hosts see it: parameters, audio, state and window, over the engine.
//!
//! Only this crate knows the plugin framework. The audio thread holds a `Tap` and the parameters' atomics
//! and nothing else; everything that takes time happens behind the session's handle.

mod cycle;
mod entry;
mod export;
mod params;
#[cfg(feature = "planted")]
mod planted;
mod plugin;
mod state;
mod transport;
mod unsaved;
mod window;

pub use plugin::EarmarkPlugin;
