//! What a test asks of a plugin, whatever its format.

use super::{Audio, Calls, Clap, HostError, Param, Plugin, Processor, Setup};
use std::path::Path;
use std::time::Duration;

/// How a host renders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Somebody listens.
    Realtime,
    /// Ahead of time, for somebody who listens; CLAP does not tell it from [`Mode::Realtime`].
    Prefetch,
    /// As fast as can be.
    Offline,
}

/// One instance of a plugin, seen from the main thread, in the words that the formats share; so that a
/// test is written once and held in each.
pub trait Instance: Sized {
    /// The audio thread's half.
    type Processor: Processor + 'static;

    /// Loads the first plugin in the file at `path`.
    ///
    /// # Errors
    ///
    /// [`HostError::Load`] when there is no working plugin.
    fn load(path: &Path) -> Result<Self, HostError>;

    /// Makes the plugin ready to process and hands out its audio half.
    ///
    /// # Errors
    ///
    /// [`HostError::Refused`] when the plugin does not take `setup`.
    fn activate(&mut self, setup: Setup) -> Result<Audio<Self::Processor>, HostError>;

    /// Takes the audio half back: processing stops and the plugin is deactivated.
    fn deactivate(&mut self, audio: Audio<Self::Processor>);

    /// Chooses how to render from the next activation on.
    ///
    /// # Errors
    ///
    /// [`HostError`] when the plugin does not follow.
    fn set_mode(&mut self, mode: Mode) -> Result<(), HostError>;

    /// The plugin's state, as a host would write it into the project.
    ///
    /// # Errors
    ///
    /// [`HostError::Refused`] when the plugin does not save.
    fn save(&mut self) -> Result<Vec<u8>, HostError>;

    /// Gives the plugin a state back.
    ///
    /// # Errors
    ///
    /// [`HostError::Refused`] when the plugin does not take it.
    fn restore(&mut self, state: &[u8]) -> Result<(), HostError>;

    /// Every parameter, in the plugin's order.
    ///
    /// # Errors
    ///
    /// [`HostError`] when the plugin does not tell.
    fn params(&mut self) -> Result<Vec<Param>, HostError>;

    /// Sets a parameter to a plain value while the plugin does not process.
    ///
    /// # Errors
    ///
    /// [`HostError::Refused`] when the plugin does not take it.
    fn set_param_idle(&mut self, id: u32, value: f64) -> Result<(), HostError>;

    /// The delay in frames that the plugin reports.
    fn latency_frames(&mut self) -> u32;

    /// How often the plugin said, on the main thread, that there is something to save.
    fn told_unsaved(&self) -> u32;

    /// Lets the main thread's events be served for `duration`.
    fn pump(&mut self, duration: Duration);
}

/// What the CLAP host has of its own, under the shared names.
impl Instance for Plugin {
    type Processor = Clap;

    fn load(path: &Path) -> Result<Self, HostError> {
        Plugin::load(path)
    }

    fn activate(&mut self, setup: Setup) -> Result<Audio, HostError> {
        Plugin::activate(self, setup)
    }

    fn deactivate(&mut self, audio: Audio) {
        Plugin::deactivate(self, audio);
    }

    fn set_mode(&mut self, mode: Mode) -> Result<(), HostError> {
        self.set_offline(mode == Mode::Offline)
    }

    fn save(&mut self) -> Result<Vec<u8>, HostError> {
        Plugin::save(self)
    }

    fn restore(&mut self, state: &[u8]) -> Result<(), HostError> {
        Plugin::restore(self, state)
    }

    fn params(&mut self) -> Result<Vec<Param>, HostError> {
        Plugin::params(self)
    }

    fn set_param_idle(&mut self, id: u32, value: f64) -> Result<(), HostError> {
        Plugin::set_param_idle(self, id, value)
    }

    fn latency_frames(&mut self) -> u32 {
        Plugin::latency_frames(self)
    }

    fn told_unsaved(&self) -> u32 {
        Calls::count(&self.calls().mark_dirty)
    }

    fn pump(&mut self, duration: Duration) {
        Plugin::pump(self, duration);
    }
}
