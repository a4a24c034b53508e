//! The audio thread's half of a VST3 plugin.

use super::changes::Changes;
use super::context::process_context;
use super::module::Module;
use crate::host::{Block, Processor, Watch};
use ::vst3::Steinberg::Vst::{
    AudioBusBuffers, AudioBusBuffers__type0, IAudioProcessor, IAudioProcessorTrait, IParameterChanges,
    ProcessData, SymbolicSampleSizes_,
};
use ::vst3::Steinberg::kResultOk;
use ::vst3::{ComPtr, ComWrapper};
use std::collections::BTreeMap;
use std::ptr;
use std::sync::Arc;

/// A processor that is active, with what its calls need.
pub struct Vst3 {
    processor: ComPtr<IAudioProcessor>,
    changes: ComWrapper<Changes>,
    /// The least and the greatest plain value of each parameter.
    ranges: BTreeMap<u32, (f64, f64)>,
    mode: i32,
    is_processing: bool,
    /// After the processor, whose code it holds.
    _module: Arc<Module>,
}

impl Vst3 {
    pub(super) fn new(
        processor: ComPtr<IAudioProcessor>,
        module: Arc<Module>,
        ranges: BTreeMap<u32, (f64, f64)>,
        mode: i32,
    ) -> Self {
        let changes = ComWrapper::new(Changes::default());
        Self { processor, changes, ranges, mode, is_processing: false, _module: module }
    }

    /// Stops, so that the main thread may deactivate.
    pub(super) fn end(mut self) {
        self.stop();
    }

    fn set_processing(&self, processing: bool) -> bool {
        // SAFETY: the plugin is active and this is its audio thread.
        unsafe { self.processor.setProcessing(processing.into()) == kResultOk }
    }
}

impl Processor for Vst3 {
    fn start(&mut self) -> Result<(), String> {
        self.is_processing = self.is_processing || self.set_processing(true);
        if self.is_processing { Ok(()) } else { Err("setProcessing was refused".to_owned()) }
    }

    fn stop(&mut self) {
        if std::mem::take(&mut self.is_processing) {
            self.set_processing(false);
        }
    }

    /// The format has no reset: hosts stop and start.
    fn reset(&mut self) {
        self.set_processing(false);
        self.is_processing = self.set_processing(true);
    }

    fn set_param(&mut self, id: u32, value: f64) {
        if let Some((least, greatest)) = self.ranges.get(&id) {
            self.changes.push(id, (value - least) / (greatest - least));
        }
    }

    fn process(&mut self, block: Block<'_>, watch: &mut impl Watch) -> bool {
        let bus = |channels: &mut [*mut f32]| AudioBusBuffers {
            numChannels: channels.len() as i32,
            silenceFlags: 0,
            __field0: AudioBusBuffers__type0 { channelBuffers32: channels.as_mut_ptr() },
        };
        let (mut input, mut output) = (bus(block.inputs), bus(block.outputs));
        let mut context = process_context(block.playhead, block.rate_hz, block.played);
        let changes = self.changes.as_com_ref::<IParameterChanges>();
        let mut data = ProcessData {
            processMode: self.mode,
            symbolicSampleSize: SymbolicSampleSizes_::kSample32 as i32,
            numSamples: block.frames as i32,
            numInputs: 1,
            numOutputs: 1,
            inputs: &raw mut input,
            outputs: &raw mut output,
            inputParameterChanges: changes.map_or(ptr::null_mut(), |changes| changes.as_ptr()),
            outputParameterChanges: ptr::null_mut(),
            inputEvents: ptr::null_mut(),
            outputEvents: ptr::null_mut(),
            processContext: context.as_mut().map_or(ptr::null_mut(), ptr::from_mut),
        };
        watch.before();
        // SAFETY: the plugin is active and processing, this thread holds its only audio half, and every
        // pointer above outlives the call and has room for the block's frames.
        let result = unsafe { self.processor.process(&raw mut data) };
        watch.after();
        self.changes.clear();
        result == kResultOk
    }
}
