//! The plugin as the framework calls it.

use crate::cycle::Cycle;
use crate::params::EarmarkParams;
use crate::state::SavedState;
use crate::transport::transport_from_host;
use crate::unsaved::Herald;
use crate::window::EarmarkEditor;
use earmark_capture::Tap;
use earmark_engine::hub::Hub;
use earmark_engine::session::Session;
use earmark_models::Store;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::units::{FramePos, Frames, SampleRate};
use nice_plug::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How many channels a track may have. A host that asks for more than the layouts offer crashes in the
/// framework, so they go up to what hosts use (seventh-order Ambisonics).
const MOST_CHANNELS: usize = 64;

/// One instance of Earmark on a track.
pub struct EarmarkPlugin {
    params: Arc<EarmarkParams>,
    session: Arc<Session>,
    herald: Arc<Herald>,
    cycle: Arc<Cycle>,
    tap: Option<Tap>,
    /// Whether the parameter that sets marks was on at the last block, and how many states had been loaded by then.
    pressed: (bool, u32),
    /// The tap panicked. It is kept until the next activation, for the audio thread must not free it.
    broken: bool,
    /// The host renders offline and said so: then waiting beats losing.
    offline: bool,
}

/// How long an offline render waits for the listener before it goes on without: the listener drains every
/// 10 ms, so this long only if it is gone.
const OFFLINE_PATIENCE: Duration = Duration::from_secs(2);

impl Default for EarmarkPlugin {
    /// # Panics
    /// If the system cannot give a thread; the framework has no other way to refuse an instance.
    fn default() -> Self {
        #[cfg(feature = "planted")]
        crate::planted::begin();
        let hub = Hub::shared(store()).expect("the system has a thread to listen on");
        let session = Arc::new(hub.open_session(Notebook::default()));
        let herald = Herald::new();
        let watcher = Arc::clone(&herald);
        session.watch(Arc::new(move |snapshot| watcher.look(snapshot)));
        let state = SavedState::new(Arc::clone(&session), Arc::clone(&herald));
        let params = Arc::new(EarmarkParams::new(state));
        let (cycle, pressed) = (Arc::default(), (false, 0));
        Self { params, session, herald, cycle, tap: None, pressed, broken: false, offline: false }
    }
}

/// The models' folders, with those beside the program last.
fn store() -> Store {
    let store = Store::from_environment();
    match std::env::current_exe().ok().and_then(|program| Some(program.parent()?.join("models"))) {
        Some(beside) => store.or_beside(beside),
        None => store,
    }
}

impl Drop for EarmarkPlugin {
    fn drop(&mut self) {
        self.herald.end();
    }
}

/// The one thing that the framework is asked to do on the host's main thread.
pub struct TellHost;

impl Plugin for EarmarkPlugin {
    const NAME: &'static str = "Earmark";
    const VENDOR: &'static str = "Earmark";
    const URL: &'static str = "https://github.com/earmark-audio/earmark";
    const EMAIL: &'static str = "";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const AUDIO_IO_LAYOUTS: &'static [AudioIOLayout] = &LAYOUTS;
    const SAMPLE_ACCURATE_AUTOMATION: bool = false;

    type Editor = EarmarkEditor;
    type SysExMessage = ();
    type BackgroundTask = TellHost;

    fn task_executor(&mut self) -> TaskExecutor<Self> {
        let herald = Arc::clone(&self.herald);
        Box::new(move |TellHost| herald.tell())
    }

    fn params(&self) -> Arc<dyn Params> {
        Arc::clone(&self.params) as Arc<dyn Params>
    }

    fn editor(&mut self, executor: AsyncExecutor<Self>) -> Option<Self::Editor> {
        #[cfg(feature = "planted")]
        if crate::planted::is("windowless") {
            return None;
        }
        self.herald.learn_errand(move || executor.execute_gui(TellHost));
        let (session, params) = (Arc::clone(&self.session), Arc::clone(&self.params));
        Some(EarmarkEditor::new(session, params, Arc::clone(&self.herald), Arc::clone(&self.cycle)))
    }

    fn filter_state(state: &mut PluginState) {
        #[cfg(feature = "planted")]
        crate::planted::load(state);
        // A parameter out of range would be saved as `null`, and then nothing of the state would load.
        state.params.retain(
            |_, value| !matches!(value, nice_plug::plugin::ParamValue::F32(number) if !number.is_finite()),
        );
    }

    fn activate(
        &mut self,
        _layout: &AudioIOLayout,
        config: &BufferConfig,
        _context: &mut impl ActivateContext<Self>,
    ) -> bool {
        // The capture clock goes on where the former ring stopped.
        let start = self.tap.take().map_or(FramePos(0), |tap| tap.capture());
        self.offline = config.process_mode == ProcessMode::Offline;
        // A rate that no model can be fed from passes audio and hears nothing.
        let rate = SampleRate::new(config.sample_rate.round() as u32);
        self.tap = rate.and_then(|rate| self.session.connect(rate, start).ok());
        self.broken = false;
        #[cfg(feature = "planted")]
        crate::planted::activate(_context, &mut self.tap, &mut self.offline);
        true
    }

    fn reset(&mut self) {
        // Called on the audio thread: no more than the tap itself may do there.
        if let Some(tap) = self.tap.as_mut().filter(|_| !self.broken) {
            tap.end_run();
        }
    }

    fn process(
        &mut self,
        buffer: &mut Buffer,
        _aux: &mut AuxiliaryBuffers,
        context: &mut impl ProcessContext<Self>,
    ) -> ProcessStatus {
        #[cfg(feature = "planted")]
        crate::planted::process(buffer);
        self.cycle.note(context.transport());
        // The framework has copied the input to the output; it is only read here.
        if let Some(tap) = self.tap.as_mut().filter(|_| !self.broken) {
            let transport = transport_from_host(context.transport());
            let (listen, channel) = (self.params.listen_now(), self.params.channel.value().into());
            let frames = buffer.samples();
            let pressed = (self.params.mark.value(), self.params.loads());
            // Nobody presses what a project brings along.
            if pressed.0 && self.pressed == (false, pressed.1) {
                tap.wish_mark(&transport);
            }
            self.pressed = pressed;
            if self.offline && listen.wants(&transport) {
                wait_for_room(tap, frames);
            }
            // A panic must not cross into the host; the track goes on without Earmark.
            let heard = catch_unwind(AssertUnwindSafe(|| {
                tap.process(buffer.as_slice_immutable(), frames, transport, channel, listen);
            }));
            self.broken = heard.is_err();
        }
        ProcessStatus::Normal
    }

    fn stop_processing(&mut self) {
        self.reset();
    }

    fn deactivate(&mut self) {
        self.reset();
    }
}

/// Holds up an offline render until the ring has room, within reason.
fn wait_for_room(tap: &Tap, frames: usize) {
    let mut since = None;
    tap.wait_for_room(Frames(frames as u64), || {
        let since = since.get_or_insert_with(Instant::now);
        std::thread::sleep(Duration::from_millis(1));
        since.elapsed() < OFFLINE_PATIENCE
    });
}

impl ClapPlugin for EarmarkPlugin {
    const CLAP_ID: &'static str = "audio.earmark.earmark";
    const CLAP_DESCRIPTION: Option<&'static str> =
        Some("Listens to a track and leaves marks on it: what was said, what was heard, where");
    const CLAP_MANUAL_URL: Option<&'static str> = None;
    const CLAP_SUPPORT_URL: Option<&'static str> = None;
    const CLAP_FEATURES: &'static [ClapFeature] =
        &[ClapFeature::AudioEffect, ClapFeature::Analyzer, ClapFeature::Utility];
}

impl Vst3Plugin for EarmarkPlugin {
    const VST3_CLASS_ID: [u8; 16] = *b"EarmarkListener1";
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] = &[Vst3SubCategory::Fx, Vst3SubCategory::Analyzer];
}

/// Stereo first, which is what a host takes that does not ask; then every other count.
const LAYOUTS: [AudioIOLayout; MOST_CHANNELS] = {
    let mut layouts = [layout(2); MOST_CHANNELS];
    layouts[1] = layout(1);
    let mut channels = 3;
    while channels <= MOST_CHANNELS {
        layouts[channels - 1] = layout(channels as u32);
        channels += 1;
    }
    layouts
};

const fn layout(channels: u32) -> AudioIOLayout {
    AudioIOLayout {
        main_input_channels: NonZeroU32::new(channels),
        main_output_channels: NonZeroU32::new(channels),
        ..AudioIOLayout::const_default()
    }
}
