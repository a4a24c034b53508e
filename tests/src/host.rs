//! A headless CLAP host: it loads a built plugin from its file and does to it what a DAW would do; and
//! what it shares with the VST3 host beside it.
//!
//! [`Plugin`] is the main thread's half and stays on the thread that made it; [`Audio`] is the audio
//! thread's half and may be sent to another, so that one thread plays while the other saves.

mod audio;
mod callbacks;
mod display;
mod drag;
mod editor;
mod instance;
mod main_thread;
mod paint;
mod params;
mod processor;
mod pump;
mod threads;
mod transport;
mod window;

pub use audio::{Audio, Buffers, Setup, Watch};
pub use callbacks::Calls;
pub use display::{DisplayError, Xvfb, on_a_display, under_display};
pub use editor::Gui;
pub use instance::{Instance, Mode};
pub use paint::Painting;
pub use params::Param;
pub use processor::{Block, Clap, Processor};
pub use threads::{open_files, threads, threads_ended};
pub use transport::{Playhead, Tells};
pub use window::{Image, Window, WindowError};

use callbacks::{Callbacks, MainThread, Shared};
use clack_extensions::audio_ports_config::{AudioPortsConfigBuffer, PluginAudioPortsConfig};
use clack_extensions::latency::PluginLatency;
use clack_extensions::render::{PluginRender, RenderMode};
use clack_extensions::state::PluginState;
use clack_host::factory::plugin::PluginFactory;
use clack_host::prelude::*;
pub(crate) use main_thread::MainThreadTurn;
use std::ffi::CString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One instance of a plugin, seen from the main thread.
///
/// Give an [`Audio`] back with [`Plugin::deactivate`] before dropping the plugin; an instance that is
/// dropped while its audio half lives is leaked, as it must not be destroyed on the audio thread.
pub struct Plugin {
    instance: PluginInstance<Callbacks>,
    calls: Arc<Calls>,
    path: PathBuf,
    name: String,
    /// The last field: it is given back once the instance is gone.
    _turn: MainThreadTurn,
}

/// Why the host could not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The file is missing, is no plugin or has a missing dependency.
    #[error("The plugin {path} does not load: {reason}. Build it with `cargo build -p earmark`.")]
    Load {
        /// The plugin's file.
        path: PathBuf,
        /// What the loader said.
        reason: String,
    },
    /// The plugin refused a request.
    #[error("The plugin {path} refused to {what}.")]
    Refused {
        /// The plugin's file.
        path: PathBuf,
        /// The request, as a verb.
        what: String,
    },
    /// The plugin lacks an extension that the request needs.
    #[error("The plugin {path} has no {what}.")]
    Missing {
        /// The plugin's file.
        path: PathBuf,
        /// The extension.
        what: &'static str,
    },
}

impl Plugin {
    /// Loads the file at `path` (a `.clap` or the library it is made of) and creates an instance of the
    /// first plugin in it. The calling thread becomes the main thread; where another thread still has
    /// instances, this waits until they are gone, as CLAP knows one main thread only.
    ///
    /// # Errors
    ///
    /// [`HostError::Load`] when there is no working plugin at `path`.
    #[allow(unsafe_code)]
    pub fn load(path: &Path) -> Result<Self, HostError> {
        let turn = MainThreadTurn::take();
        let failed = |reason: String| HostError::Load { path: path.to_owned(), reason };
        // SAFETY: a plugin's code is trusted as any library's is; the caller names a CLAP file of ours.
        let entry = unsafe { PluginEntry::load(path) }.map_err(|error| failed(error.to_string()))?;
        let factory: PluginFactory<'_> =
            entry.get_plugin_factory().ok_or_else(|| failed("it has no plugin factory".to_owned()))?;
        let descriptor = factory.plugin_descriptor(0).ok_or_else(|| failed("it is empty".to_owned()))?;
        let id: CString =
            descriptor.id().ok_or_else(|| failed("its plugin has no id".to_owned()))?.to_owned();
        let name = descriptor.name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let info = HostInfo::new("Earmark's test host", "Earmark", "https://example.com", "1")
            .map_err(|error| failed(error.to_string()))?;

        let calls = Arc::new(Calls::default());
        callbacks::become_main_thread();
        let shared = Arc::clone(&calls);
        let instance = PluginInstance::<Callbacks>::new(
            move |()| Shared::new(shared),
            |shared| MainThread::new(shared),
            &entry,
            &id,
            &info,
        )
        .map_err(|error| failed(error.to_string()))?;
        Ok(Self { instance, calls, path: path.to_owned(), name, _turn: turn })
    }

    /// The plugin's name as its descriptor tells it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the plugin has asked of its host so far.
    pub fn calls(&self) -> &Calls {
        &self.calls
    }

    /// Makes the plugin ready to process and hands out its audio half.
    ///
    /// # Errors
    ///
    /// [`HostError::Refused`] when the plugin has no layout of that many channels or does not activate.
    pub fn activate(&mut self, setup: Setup) -> Result<Audio, HostError> {
        self.choose_layout(setup.channels)?;
        let configuration = PluginAudioConfiguration {
            sample_rate: setup.rate_hz,
            min_frames_count: setup.min_block,
            max_frames_count: setup.max_block,
        };
        let processor = self
            .instance
            .activate(|_, _| (), configuration)
            .map_err(|error| self.refused(format!("activate with {setup:?} ({error})")))?;
        Ok(Audio::new(Clap::new(processor.into()), setup, self.path.clone()))
    }

    /// Takes the audio half back: processing stops and the plugin is deactivated.
    pub fn deactivate(&mut self, audio: Audio) {
        self.instance.deactivate(audio.into_processor().into_stopped());
    }

    /// The plugin's state, as a host would write it into the project.
    ///
    /// # Errors
    ///
    /// [`HostError::Refused`] when the plugin does not save.
    pub fn save(&mut self) -> Result<Vec<u8>, HostError> {
        let mut bytes = Vec::new();
        self.save_into(&mut bytes)?;
        Ok(bytes)
    }

    /// Appends the plugin's state to `bytes`.
    ///
    /// # Errors
    ///
    /// [`HostError::Refused`] when the plugin does not save.
    pub fn save_into(&mut self, bytes: &mut Vec<u8>) -> Result<(), HostError> {
        let state = self.extension::<PluginState>("state")?;
        let saved = state.save(&self.instance.plugin_handle(), bytes);
        saved.map_err(|_| self.refused("save its state".to_owned()))
    }

    /// Gives the plugin a state back.
    ///
    /// # Errors
    ///
    /// [`HostError::Refused`] when the plugin does not take it.
    pub fn restore(&mut self, mut bytes: &[u8]) -> Result<(), HostError> {
        let state = self.extension::<PluginState>("state")?;
        let loaded = state.load(&self.instance.plugin_handle(), &mut bytes);
        loaded.map_err(|_| self.refused("load a state".to_owned()))
    }

    /// Tells the plugin whether the host renders offline from now on; CLAP allows it at any time.
    ///
    /// # Errors
    ///
    /// [`HostError::Refused`] when the plugin does not follow.
    pub fn set_offline(&mut self, offline: bool) -> Result<(), HostError> {
        let render = self.extension::<PluginRender>("render modes")?;
        let mode = if offline { RenderMode::Offline } else { RenderMode::Realtime };
        let set = render.set(&self.instance.plugin_handle(), mode);
        set.map_err(|_| self.refused(format!("render in {mode:?} mode")))
    }

    /// The delay in frames that the plugin reports; 0 when it reports none.
    pub fn latency_frames(&mut self) -> u32 {
        let handle = self.instance.plugin_handle();
        let latency: Option<PluginLatency> = handle.get_extension();
        latency.map_or(0, |latency| latency.get(&handle))
    }

    /// Selects the layout with that many channels in and out, if the plugin offers a choice.
    fn choose_layout(&mut self, channels: u32) -> Result<(), HostError> {
        let handle = self.instance.plugin_handle();
        let Some(configs) = handle.get_extension::<PluginAudioPortsConfig>() else { return Ok(()) };
        let mut buffer = AudioPortsConfigBuffer::new();
        for index in 0..configs.count(&handle) {
            let Some(config) = configs.get(&handle, index, &mut buffer) else { continue };
            let fits = |port: Option<u32>| port == Some(channels);
            let input = config.main_input.as_ref().map(|main| main.channel_count);
            let output = config.main_output.as_ref().map(|main| main.channel_count);
            if fits(input) && fits(output) {
                let id = config.id;
                let chosen = configs.select(&handle, id);
                return chosen.map_err(|_| self.refused(format!("run with {channels} channels")));
            }
        }
        Err(self.refused(format!("offer a layout of {channels} channels")))
    }

    fn extension<E>(&mut self, what: &'static str) -> Result<E, HostError>
    where
        E: clack_host::extensions::Extension<ExtensionSide = clack_host::extensions::PluginExtensionSide>,
    {
        let found = self.instance.plugin_handle().get_extension();
        found.ok_or_else(|| HostError::Missing { path: self.path.clone(), what })
    }

    fn refused(&self, what: String) -> HostError {
        HostError::Refused { path: self.path.clone(), what }
    }
}
