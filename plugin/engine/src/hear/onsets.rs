//! Where something begins: how much louder each band of the mel scale has become, a hundred times a second.

use crate::infer::classify::fbank::{FRAME_SHIFT, Fbank, MEL_BINS};
use std::collections::VecDeque;

/// A frame is held against the one so many frames before it: attacks of strings take longer than 10 ms.
const LAG: usize = 4;

/// Energies that are silence, in the fbank's units: a sine of -75 dB of full scale has about so much in its band.
const QUIET: f32 = 1.0e7;

/// Finds onsets in mono audio at 16 kHz. What comes out does not depend on how the audio was cut.
pub(super) struct Onsets {
    fbank: Fbank,
    /// Samples that belong to frames to come.
    pending: Vec<f32>,
    /// The newest frames' levels, the oldest first; before the first sample there was silence.
    past: VecDeque<[f32; MEL_BINS]>,
}

impl Onsets {
    pub(super) fn new() -> Self {
        Self { fbank: Fbank::new(), pending: Vec::new(), past: VecDeque::from(vec![[0.0; MEL_BINS]; LAG]) }
    }

    /// Takes samples and tells the strength of each frame of [`FRAME_SHIFT`] that they complete.
    pub(super) fn push(&mut self, samples_16k: &[f32], mut tell: impl FnMut(f32)) {
        self.pending.extend_from_slice(samples_16k);
        let levels = self.fbank.energies(&self.pending, |energy| (energy as f32 / QUIET).ln_1p());
        let (frames, _) = levels.as_chunks::<MEL_BINS>();
        for levels in frames {
            self.past.push_back(*levels);
            let before = self.past.pop_front().unwrap_or([0.0; MEL_BINS]);
            tell(rise(&before, levels));
        }
        self.pending.drain(..frames.len() * FRAME_SHIFT);
    }
}

/// How much the bands rose above what they and their neighbours were, in all; a pitch that wavers between two
/// bands is no onset (Böck and Widmer, "Maximum filter vibrato suppression for onset detection", 2013).
fn rise(before: &[f32], now: &[f32]) -> f32 {
    let highest = |band: usize| before[band.saturating_sub(1)..before.len().min(band + 2)].iter().copied();
    now.iter().enumerate().map(|(band, level)| (level - highest(band).fold(0.0, f32::max)).max(0.0)).sum()
}
