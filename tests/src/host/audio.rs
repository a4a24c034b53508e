//! The audio thread's half of a plugin instance, in either format.

use super::processor::{Block, Processor};
use super::{Clap, HostError, Playhead};
use std::path::PathBuf;
use std::ptr;

/// How a plugin is activated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setup {
    /// Frames a second.
    pub rate_hz: f64,
    /// The shortest block, in frames; at least 1.
    pub min_block: u32,
    /// The longest block, in frames.
    pub max_block: u32,
    /// Channels in and out; at most [`Setup::MAX_CHANNELS`].
    pub channels: u32,
}

impl Setup {
    /// As many channels as the host has room for.
    pub const MAX_CHANNELS: u32 = 64;

    /// Stereo at `rate_hz`, in blocks of up to `max_block` frames.
    pub fn stereo(rate_hz: f64, max_block: u32) -> Self {
        Self { rate_hz, min_block: 1, max_block, channels: 2 }
    }
}

/// Whether the plugin gets one buffer to read and write, or two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Buffers {
    /// The output is the input's memory.
    InPlace,
    /// The output is memory of its own, full of numbers that are not the answer.
    Separate,
}

/// Something that wants to know when the plugin's own code runs on the audio thread.
pub trait Watch {
    /// The plugin's `process` is called next.
    fn before(&mut self);
    /// The plugin's `process` has returned.
    fn after(&mut self);
}

/// Nobody watches.
impl Watch for () {
    fn before(&mut self) {}
    fn after(&mut self) {}
}

/// An activated instance, seen from the audio thread. All memory is allocated when it is made, so a
/// block neither allocates nor frees on the host's side.
pub struct Audio<P = Clap> {
    processor: P,
    setup: Setup,
    path: PathBuf,
    inputs: Vec<Vec<f32>>,
    outputs: Vec<Vec<f32>>,
    played: u64,
    /// The project's playhead, which every block reports and moves on.
    pub playhead: Playhead,
    /// How the next blocks are buffered.
    pub buffers: Buffers,
}

/// What output memory holds before a block, to show what the plugin did not write.
const UNWRITTEN: f32 = 7.75e-3;

impl<P: Processor> Audio<P> {
    pub(crate) fn new(processor: P, setup: Setup, path: PathBuf) -> Self {
        assert!(
            setup.channels <= Setup::MAX_CHANNELS,
            "the host has no room for {} channels",
            setup.channels
        );
        let channel = || vec![0.0; setup.max_block as usize];
        Self {
            processor,
            setup,
            path,
            inputs: (0..setup.channels).map(|_| channel()).collect(),
            outputs: (0..setup.channels).map(|_| channel()).collect(),
            played: 0,
            playhead: Playhead::default(),
            buffers: Buffers::Separate,
        }
    }

    /// How the plugin was activated.
    pub fn setup(&self) -> Setup {
        self.setup
    }

    /// Frames processed so far.
    pub fn played(&self) -> u64 {
        self.played
    }

    /// One channel's input memory, to be filled before [`Audio::block`].
    pub fn input(&mut self, channel: usize) -> &mut [f32] {
        &mut self.inputs[channel]
    }

    /// One channel's output memory after [`Audio::block`].
    pub fn output(&self, channel: usize) -> &[f32] {
        match self.buffers {
            Buffers::InPlace => &self.inputs[channel],
            Buffers::Separate => &self.outputs[channel],
        }
    }

    /// Sets a parameter with the next block. `value` is plain, as [`super::Param`] tells its range.
    pub fn set_param(&mut self, id: u32, value: f64) {
        self.processor.set_param(id, value);
    }

    /// Lets the plugin begin to process, unless it has. [`Audio::block`] does it by itself.
    ///
    /// # Errors
    ///
    /// [`HostError::Refused`] when the plugin will not.
    pub fn start(&mut self) -> Result<(), HostError> {
        self.processor.start().map_err(|reason| self.refused(format!("start processing ({reason})")))
    }

    /// Lets the plugin stop processing; the next block starts it again.
    pub fn stop(&mut self) {
        self.processor.stop();
    }

    /// Lets the plugin forget what it heard.
    pub fn reset(&mut self) {
        self.processor.reset();
    }

    /// Processes one block of `frames` frames of the input memory, which may be none, and moves the
    /// playhead on.
    ///
    /// # Errors
    ///
    /// [`HostError::Refused`] when the plugin does not start or reports an error.
    ///
    /// # Panics
    ///
    /// Panics if `frames` is more than the block the plugin was activated for.
    pub fn block(&mut self, frames: u32) -> Result<(), HostError> {
        self.block_watched(frames, &mut ())
    }

    /// As [`Audio::block`], with `watch` called right before and right after the plugin's code runs.
    ///
    /// # Errors
    ///
    /// Those of [`Audio::block`].
    ///
    /// # Panics
    ///
    /// Those of [`Audio::block`].
    pub fn block_watched(&mut self, frames: u32, watch: &mut impl Watch) -> Result<(), HostError> {
        self.start()?;
        if self.buffers == Buffers::Separate {
            for output in &mut self.outputs {
                output[..frames as usize].fill(UNWRITTEN);
            }
        }
        let is_processed = self.process(frames, watch);
        self.played += u64::from(frames);
        self.playhead.advance(frames);
        if is_processed { Ok(()) } else { Err(self.refused("process a block".to_owned())) }
    }

    /// Plays `channels`, all of one length, in blocks of `block` frames (the last one shorter) and
    /// returns what came out. `each` is called before every block, to turn the playhead's knobs.
    ///
    /// # Errors
    ///
    /// Those of [`Audio::block`].
    ///
    /// # Panics
    ///
    /// Panics if the channels are not as many as were activated or `block` is 0.
    pub fn play(
        &mut self,
        channels: &[impl AsRef<[f32]>],
        block: u32,
        mut each: impl FnMut(&mut Playhead),
    ) -> Result<Vec<Vec<f32>>, HostError> {
        assert_eq!(channels.len(), self.inputs.len(), "as many channels as were activated");
        let total = channels.first().map_or(0, |channel| channel.as_ref().len());
        let mut out = vec![Vec::with_capacity(total); channels.len()];
        let mut at = 0;
        while at < total {
            let frames = (block as usize).min(total - at);
            for (input, channel) in self.inputs.iter_mut().zip(channels) {
                input[..frames].copy_from_slice(&channel.as_ref()[at..at + frames]);
            }
            each(&mut self.playhead);
            self.block(frames as u32)?;
            for (channel, out) in out.iter_mut().enumerate() {
                out.extend_from_slice(&self.output(channel)[..frames]);
            }
            at += frames;
        }
        Ok(out)
    }

    pub(crate) fn into_processor(self) -> P {
        self.processor
    }

    fn process(&mut self, frames: u32, watch: &mut impl Watch) -> bool {
        assert!(frames <= self.setup.max_block, "{frames} frames are more than were activated");
        let mut inputs = [ptr::null_mut(); Setup::MAX_CHANNELS as usize];
        let mut outputs = inputs;
        for (slot, channel) in inputs.iter_mut().zip(&mut self.inputs) {
            *slot = channel.as_mut_ptr();
        }
        match self.buffers {
            Buffers::InPlace => outputs = inputs,
            Buffers::Separate => {
                for (slot, channel) in outputs.iter_mut().zip(&mut self.outputs) {
                    *slot = channel.as_mut_ptr();
                }
            }
        }
        let channels = self.inputs.len();
        let block = Block {
            frames,
            inputs: &mut inputs[..channels],
            outputs: &mut outputs[..channels],
            playhead: &self.playhead,
            rate_hz: self.setup.rate_hz,
            played: self.played,
        };
        self.processor.process(block, watch)
    }

    fn refused(&self, what: String) -> HostError {
        HostError::Refused { path: self.path.clone(), what }
    }
}
