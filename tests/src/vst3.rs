//! A headless VST3 host, beside the CLAP one and in its words: see [`crate::host`].
//!
//! It takes plugins whose component is its own edit controller, which is how the framework makes them.
#![allow(unsafe_code, reason = "VST3 is a C++ interface, and every call crosses it")]

mod changes;
mod context;
mod module;
mod params;
mod processor;
mod run_loop;
mod stream;

pub use processor::Vst3;

use crate::host::{Audio, HostError, Instance, MainThreadTurn, Mode, Param, Setup};
use ::vst3::Steinberg::Vst::{
    BusDirections_, IAudioProcessor, IAudioProcessorTrait, IComponent, IComponentHandler, IComponentTrait,
    IEditController, IEditControllerTrait, MediaTypes_, ProcessModes_, ProcessSetup, SpeakerArr,
    SymbolicSampleSizes_,
};
use ::vst3::Steinberg::{FUnknown, IBStream, IPluginBaseTrait, kResultOk, tresult};
use ::vst3::{ComPtr, ComWrapper};
use context::{Application, Handler};
use module::Module;
use std::path::{Path, PathBuf};
use std::ptr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use stream::Stream;

/// One instance of a plugin, seen from the main thread.
///
/// Give an [`Audio`] back with [`Instance::deactivate`] before dropping the plugin.
pub struct Plugin {
    component: ComPtr<IComponent>,
    processor: ComPtr<IAudioProcessor>,
    controller: ComPtr<IEditController>,
    handler: ComWrapper<Handler>,
    _application: ComWrapper<Application>,
    mode: Mode,
    is_active: bool,
    path: PathBuf,
    /// After the plugin's objects, whose code it holds.
    module: Arc<Module>,
    /// The last field: it is given back once the instance is gone.
    _turn: MainThreadTurn,
}

impl Plugin {
    /// The plugin's name as its factory tells it.
    pub fn name(&self) -> &str {
        self.module.name()
    }

    /// What the factory says of the plugin, in the words of a bundle's `moduleinfo.json`; `None` if it says nothing.
    pub fn described(&self) -> Option<serde_json::Value> {
        self.module.described()
    }

    /// How often the plugin asked for a restart, for another latency among other reasons.
    pub fn restarts(&self) -> u32 {
        self.handler.restarts()
    }

    /// Tells the plugin how it will process, which [`Instance::activate`] does too: some hosts tell it
    /// once, some again and again.
    ///
    /// # Errors
    ///
    /// [`HostError::Refused`] when the plugin does not take `setup`.
    pub fn set_up(&mut self, setup: Setup) -> Result<(), HostError> {
        let mut process = ProcessSetup {
            processMode: mode_number(self.mode),
            symbolicSampleSize: SymbolicSampleSizes_::kSample32 as i32,
            maxSamplesPerBlock: setup.max_block as i32,
            sampleRate: setup.rate_hz,
        };
        // SAFETY: the structure outlives the call, on the main thread and outside processing.
        let result = unsafe { self.processor.setupProcessing(&raw mut process) };
        self.taken(result, || format!("process with {setup:?} in {:?} mode", self.mode))
    }

    /// Activates or deactivates the plugin without anything else.
    ///
    /// # Errors
    ///
    /// [`HostError::Refused`] when the plugin does not follow, as it may before it was set up.
    pub fn set_active(&mut self, active: bool) -> Result<(), HostError> {
        // SAFETY: the instance is initialized and this is the main thread.
        let result = unsafe { self.component.setActive(active.into()) };
        self.taken(result, || format!("be set active: {active}"))?;
        self.is_active = active;
        Ok(())
    }

    /// Asks for as many channels in and out, and switches both buses on.
    fn arrange(&mut self, channels: u32) -> Result<(), HostError> {
        let mut speakers = match channels {
            1 => SpeakerArr::kMono,
            _ => u64::MAX >> (u64::BITS - channels.clamp(1, u64::BITS)),
        };
        let mut same = speakers;
        // SAFETY: both arrangements outlive the call, and there is one of each.
        let result = unsafe { self.processor.setBusArrangements(&raw mut speakers, 1, &raw mut same, 1) };
        self.taken(result, || format!("run with {channels} channels"))?;
        for direction in [BusDirections_::kInput, BusDirections_::kOutput] {
            let audio = MediaTypes_::kAudio as i32;
            // SAFETY: the instance is initialized and not active.
            let result = unsafe { self.component.activateBus(audio, direction as i32, 0, 1) };
            self.taken(result, || "switch its main buses on".to_owned())?;
        }
        Ok(())
    }

    fn taken(&self, result: tresult, what: impl FnOnce() -> String) -> Result<(), HostError> {
        if result == kResultOk {
            Ok(())
        } else {
            Err(HostError::Refused { path: self.path.clone(), what: format!("{} ({result})", what()) })
        }
    }
}

impl Instance for Plugin {
    type Processor = Vst3;

    /// Loads a bundle, or the library in it.
    fn load(path: &Path) -> Result<Self, HostError> {
        let turn = MainThreadTurn::take();
        let module = Module::load(path)?;
        let missing = |what| HostError::Missing { path: path.to_owned(), what };
        let component = module.create::<IComponent>().ok_or_else(|| missing("component"))?;
        let application = ComWrapper::new(Application);
        let context = application.to_com_ptr::<FUnknown>().ok_or_else(|| missing("host"))?;
        // SAFETY: the component is new, and the context lives as long as it.
        if unsafe { component.initialize(context.as_ptr()) } != kResultOk {
            let what = "be initialized".to_owned();
            return Err(HostError::Refused { path: path.to_owned(), what });
        }
        let processor = component.cast::<IAudioProcessor>().ok_or_else(|| missing("audio processor"))?;
        let controller = component.cast::<IEditController>().ok_or_else(|| missing("edit controller"))?;
        let handler = ComWrapper::new(Handler::default());
        let plugin = Self {
            component,
            processor,
            controller,
            handler,
            _application: application,
            mode: Mode::Realtime,
            is_active: false,
            path: path.to_owned(),
            module,
            _turn: turn,
        };
        let handler = plugin.handler.to_com_ptr::<IComponentHandler>().ok_or_else(|| missing("host"))?;
        // SAFETY: the handler lives as long as the plugin, which takes a reference of its own as well.
        let result = unsafe { plugin.controller.setComponentHandler(handler.as_ptr()) };
        plugin.taken(result, || "take a component handler".to_owned())?;
        Ok(plugin)
    }

    fn activate(&mut self, setup: Setup) -> Result<Audio<Vst3>, HostError> {
        self.arrange(setup.channels)?;
        self.set_up(setup)?;
        self.set_active(true)?;
        let ranges = self.params()?.into_iter().map(|param| (param.id, param.range)).collect();
        let processor =
            Vst3::new(self.processor.clone(), Arc::clone(&self.module), ranges, mode_number(self.mode));
        Ok(Audio::new(processor, setup, self.path.clone()))
    }

    fn deactivate(&mut self, audio: Audio<Vst3>) {
        audio.into_processor().end();
        // Nothing can be done about a plugin that stays active.
        let _ = self.set_active(false);
    }

    fn set_mode(&mut self, mode: Mode) -> Result<(), HostError> {
        self.mode = mode;
        Ok(())
    }

    fn save(&mut self) -> Result<Vec<u8>, HostError> {
        let stream = ComWrapper::new(Stream::default());
        let reference = stream.to_com_ptr::<IBStream>();
        let stream_ptr = reference.as_ref().map_or(ptr::null_mut(), ComPtr::as_ptr);
        // SAFETY: the stream outlives the call.
        let result = unsafe { IComponentTrait::getState(&self.component, stream_ptr) };
        self.taken(result, || "save its state".to_owned())?;
        Ok(stream.bytes())
    }

    fn restore(&mut self, state: &[u8]) -> Result<(), HostError> {
        // A host gives the state to both halves, each of which reads it from its start.
        let (component, controller) = (Stream::new(state), Stream::new(state));
        let streams = [component, controller].map(|stream| ComWrapper::new(stream).to_com_ptr::<IBStream>());
        let [component, controller] =
            streams.each_ref().map(|stream| stream.as_ref().map_or(ptr::null_mut(), ComPtr::as_ptr));
        // SAFETY: both streams outlive the calls.
        let result = unsafe { IComponentTrait::setState(&self.component, component) };
        self.taken(result, || "load a state".to_owned())?;
        // SAFETY: as above.
        let result = unsafe { self.controller.setComponentState(controller) };
        self.taken(result, || "show a state".to_owned())
    }

    fn params(&mut self) -> Result<Vec<Param>, HostError> {
        Ok(params::all(&self.controller))
    }

    fn set_param_idle(&mut self, id: u32, value: f64) -> Result<(), HostError> {
        // SAFETY: plain calls on the main thread.
        let result = unsafe {
            let normalized = self.controller.plainParamToNormalized(id, value);
            self.controller.setParamNormalized(id, normalized)
        };
        self.taken(result, || format!("set parameter {id}"))
    }

    fn latency_frames(&mut self) -> u32 {
        // SAFETY: a plain call on the main thread.
        unsafe { self.processor.getLatencySamples() }
    }

    fn told_unsaved(&self) -> u32 {
        self.handler.told_unsaved()
    }

    fn pump(&mut self, duration: Duration) {
        let end = Instant::now() + duration;
        loop {
            self.module.turn_run_loop();
            let rest = end.saturating_duration_since(Instant::now());
            if rest.is_zero() {
                return;
            }
            std::thread::sleep(rest.min(Duration::from_millis(5)));
        }
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        // SAFETY: the last calls to the instance, in the order that the format asks for.
        unsafe {
            if self.is_active {
                self.component.setActive(0);
            }
            self.controller.setComponentHandler(ptr::null_mut());
            IPluginBaseTrait::terminate(&self.component);
        }
    }
}

fn mode_number(mode: Mode) -> i32 {
    let number = match mode {
        Mode::Realtime => ProcessModes_::kRealtime,
        Mode::Prefetch => ProcessModes_::kPrefetch,
        Mode::Offline => ProcessModes_::kOffline,
    };
    number as i32
}
