//! A millisecond of samples, as far as rules ask about it.

use crate::hear::loudness::FULL_SCALE;
use earmark_timeline::units::SampleRate;

/// How many samples to each side of a gap tell whether it was cut: fewer could lie where a wave passes zero, more would
/// see beyond a short fade.
const EDGE_SAMPLES: usize = 8;

/// Zeros for less than this are no gap: a wave may rest on zero for a few samples. A thousandth of a second.
const LEAST_GAP_US: u64 = 1_000;

/// One frame.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Frame {
    /// The highest magnitude.
    pub(super) peak: f32,
    /// The longest row of samples at full scale that reaches into it, so far.
    pub(super) most_full: u32,
    /// Zeros between sound that ended just before or in it.
    pub(super) gap: Option<Gap>,
}

/// A stretch of zeros.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gap {
    /// How long it lasts, in microseconds.
    pub(super) lasts_us: u64,
    /// The highest magnitude just before it.
    pub(super) before: f32,
    /// And just after it.
    pub(super) after: f32,
}

/// Makes frames of samples.
pub(super) struct Framer {
    hz: u64,
    /// Samples and frames so far.
    samples: u64,
    frames: u64,
    frame: Frame,
    /// Samples at full scale in a row.
    full: u32,
    /// Magnitudes of the newest samples that were not part of a gap.
    newest: [f32; EDGE_SAMPLES],
    /// The one of them that goes first.
    oldest: usize,
    /// Zeros in a row.
    zeros: u64,
    /// A gap that is over, and how many samples ago.
    open: Option<(Gap, usize)>,
}

impl Framer {
    pub(super) fn new(rate: SampleRate) -> Self {
        Self {
            hz: u64::from(rate.hz()),
            samples: 0,
            frames: 0,
            frame: Frame::default(),
            full: 0,
            newest: [0.0; EDGE_SAMPLES],
            oldest: 0,
            zeros: 0,
            open: None,
        }
    }

    /// Takes a sample; the frame that it completes. What is no number counts as zero.
    pub(super) fn push(&mut self, sample: f32) -> Option<Frame> {
        let magnitude = if sample.is_finite() { sample.abs() } else { 0.0 };
        self.frame.peak = self.frame.peak.max(magnitude);
        self.full = if magnitude >= FULL_SCALE { self.full.saturating_add(1) } else { 0 };
        self.frame.most_full = self.frame.most_full.max(self.full);
        self.look_for_gaps(magnitude);
        self.samples += 1;
        if self.samples * 1_000 < (self.frames + 1) * self.hz {
            return None;
        }
        self.frames += 1;
        Some(std::mem::take(&mut self.frame))
    }

    fn look_for_gaps(&mut self, magnitude: f32) {
        if magnitude == 0.0 {
            self.zeros += 1;
            return;
        }
        // Few samples follow a zero, and a division takes as long as all else here.
        if self.zeros > 0 {
            let lasts_us = self.zeros * 1_000_000 / self.hz;
            if lasts_us >= LEAST_GAP_US {
                let before = self.newest.iter().copied().fold(0.0, f32::max);
                self.open = Some((Gap { lasts_us, before, after: 0.0 }, 0));
            }
            self.zeros = 0;
        }
        self.newest[self.oldest] = magnitude;
        self.oldest = (self.oldest + 1) % EDGE_SAMPLES;
        if let Some((gap, since)) = &mut self.open {
            gap.after = gap.after.max(magnitude);
            *since += 1;
        }
        if let Some((gap, _)) = self.open.take_if(|(_, since)| *since >= EDGE_SAMPLES) {
            self.frame.gap = Some(gap);
        }
    }
}
