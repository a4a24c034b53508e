//! What a format does on the audio thread, and CLAP's way to do it.

use super::callbacks::{Callbacks, as_audio_thread};
use super::{Playhead, Watch};
use clack_host::events::event_types::ParamValueEvent;
use clack_host::prelude::*;
use clack_host::utils::ClapId;
use clap_sys::audio_buffer::clap_audio_buffer;
use clap_sys::process::{CLAP_PROCESS_ERROR, clap_process};
use std::ptr;

/// A format's calls on the audio thread, below [`super::Audio`].
pub trait Processor: Send {
    /// Lets the plugin begin to process, unless it has.
    ///
    /// # Errors
    ///
    /// The plugin's reason not to.
    fn start(&mut self) -> Result<(), String>;

    /// Lets the plugin stop processing, unless it has.
    fn stop(&mut self);

    /// Lets the plugin forget what it heard.
    fn reset(&mut self);

    /// Sets a parameter with the next block; `value` is plain.
    fn set_param(&mut self, id: u32, value: f64);

    /// Hands `block` to the plugin, with `watch` told right before and right after; `false` when the
    /// plugin reports an error.
    fn process(&mut self, block: Block<'_>, watch: &mut impl Watch) -> bool;
}

/// One block as a format hands it over. Every pointer has room for `frames` samples; an output's may be
/// its input's.
pub struct Block<'a> {
    /// How long it is.
    pub frames: u32,
    /// A pointer a channel.
    pub inputs: &'a mut [*mut f32],
    /// As many again.
    pub outputs: &'a mut [*mut f32],
    /// The transport at its first frame.
    pub playhead: &'a Playhead,
    /// Frames a second.
    pub rate_hz: f64,
    /// Frames processed before it.
    pub played: u64,
}

/// The audio thread's half of a CLAP plugin.
pub struct Clap {
    processor: PluginAudioProcessor<Callbacks>,
    events_in: EventBuffer,
    events_out: EventBuffer,
}

impl Clap {
    pub(super) fn new(processor: PluginAudioProcessor<Callbacks>) -> Self {
        Self {
            processor,
            events_in: EventBuffer::with_capacity(64),
            events_out: EventBuffer::with_capacity(64),
        }
    }

    pub(super) fn into_stopped(self) -> StoppedPluginAudioProcessor<Callbacks> {
        as_audio_thread(|| self.processor.into_stopped())
    }

    /// Calls the plugin's `process` with plain CLAP structures, because clack's own buffers can neither
    /// alias input and output nor be empty.
    #[allow(unsafe_code)]
    fn process_raw(&mut self, block: Block<'_>, watch: &mut impl Watch) -> i32 {
        let port = |channels: &mut [*mut f32]| clap_audio_buffer {
            data32: channels.as_mut_ptr(),
            data64: ptr::null_mut(),
            channel_count: channels.len() as u32,
            latency: 0,
            constant_mask: 0,
        };
        let input_port = port(block.inputs);
        let mut output_port = port(block.outputs);
        let transport = block.playhead.event(block.rate_hz);
        let events_in = self.events_in.as_input();
        let mut events_out = self.events_out.as_output();
        let process = clap_process {
            steady_time: block.played as i64,
            frames_count: block.frames,
            transport: transport.as_ref().map_or(ptr::null(), |event| event.as_raw()),
            audio_inputs: &raw const input_port,
            audio_outputs: &raw mut output_port,
            audio_inputs_count: 1,
            audio_outputs_count: 1,
            in_events: events_in.as_raw(),
            out_events: events_out.as_raw(),
        };
        let plugin = self.processor.plugin_handle();
        let Some(function) = plugin.as_raw().process else { return CLAP_PROCESS_ERROR };
        watch.before();
        // SAFETY: the plugin is active and processing, this thread holds its only audio half, and every
        // pointer above outlives the call and has room for the block's frames.
        let status = unsafe { function(plugin.as_raw_ptr(), &raw const process) };
        watch.after();
        status
    }
}

impl Processor for Clap {
    fn start(&mut self) -> Result<(), String> {
        let started = as_audio_thread(|| self.processor.ensure_processing_started().map(|_| ()));
        started.map_err(|error| error.to_string())
    }

    fn stop(&mut self) {
        as_audio_thread(|| {
            self.processor.ensure_processing_stopped();
        });
    }

    fn reset(&mut self) {
        as_audio_thread(|| self.processor.reset());
    }

    fn set_param(&mut self, id: u32, value: f64) {
        if let Some(id) = ClapId::from_raw(id) {
            self.events_in.push(&ParamValueEvent::new(0, id, Pckn::match_all(), value));
        }
    }

    fn process(&mut self, block: Block<'_>, watch: &mut impl Watch) -> bool {
        let status = as_audio_thread(|| self.process_raw(block, watch));
        self.events_in.clear();
        self.events_out.clear();
        status != CLAP_PROCESS_ERROR
    }
}
