//! What is heard of pitches: how much of each semitone is new, and how much of each pitch class there is.

use super::key::{CHROMA_BINS, Chroma};
use crate::infer::classify::fbank::FRAME_SHIFT;
use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};
use std::collections::VecDeque;
use std::f32::consts::TAU;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// A quarter of a second at 16 kHz: semitones are told apart from 60 Hz on.
const FFT_LENGTH: usize = 4_096;
const BIN_HZ: f32 = 16_000.0 / FFT_LENGTH as f32;
/// The spectrum of a sine of full scale has this height under a Hann window.
const FULL_SCALE: f32 = FFT_LENGTH as f32 / 4.0;

/// Semitones that are watched: six octaves from C2, MIDI's note 36.
const LOWEST_NOTE: f32 = 36.0;
const NOTES: usize = 72;
/// Samples from one frame to the next: 20 ms, for a quarter of a second hardly changes sooner.
const FRAME_STEP: usize = 2 * FRAME_SHIFT;
/// A frame is held against the one 80 ms before it.
const LAG: usize = 4;
/// Levels below -58 dB of full scale are silence.
const QUIET: f32 = 1.3e-3;

/// Chroma is taken ten times a second, of peaks from 50 Hz to 1 kHz: above lie overtones more than notes.
const CHROMA_EVERY: usize = 5;
const CHROMA_HZ: RangeInclusive<f32> = 50.0..=1_000.0;
/// Peaks further below the highest than this are leakage or noise (40 dB).
const PEAK_SHARE: f32 = 0.01;

/// Finds changes of pitch and the chroma of mono audio at 16 kHz. What comes out does not depend on how the
/// audio was cut.
pub(super) struct Pitches {
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    frame: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
    heights: Vec<f32>,
    /// The semitone of each bin of the spectrum, if it is watched.
    notes: Vec<Option<usize>>,
    /// Samples that belong to frames to come.
    pending: Vec<f32>,
    /// The newest frames' levels, the oldest first; before the first sample there was silence.
    past: VecDeque<[f32; NOTES]>,
    frames: usize,
    chroma: Chroma,
}

impl Pitches {
    pub(super) fn new() -> Self {
        let fft = RealFftPlanner::new().plan_fft_forward(FFT_LENGTH);
        let step = TAU / FFT_LENGTH as f32;
        Self {
            window: (0..FFT_LENGTH).map(|n| 0.5 - 0.5 * (step * n as f32).cos()).collect(),
            frame: fft.make_input_vec(),
            spectrum: fft.make_output_vec(),
            scratch: fft.make_scratch_vec(),
            heights: Vec::new(),
            notes: (0..=FFT_LENGTH / 2).map(watched_note).collect(),
            // The first frame's middle is the first sample.
            pending: vec![0.0; FFT_LENGTH / 2],
            past: VecDeque::from(vec![[0.0; NOTES]; LAG]),
            frames: 0,
            chroma: [0.0; CHROMA_BINS],
            fft,
        }
    }

    /// Takes samples and tells how much is new in each [`FRAME_SHIFT`] that they complete, two at a time.
    pub(super) fn push(&mut self, samples_16k: &[f32], mut tell: impl FnMut(f32)) {
        self.pending.extend_from_slice(samples_16k);
        let mut start = 0;
        while self.transform(start) {
            start += FRAME_STEP;
            let levels = self.levels();
            self.past.push_back(levels);
            let before = self.past.pop_front().unwrap_or([0.0; NOTES]);
            let news = levels.iter().zip(before).map(|(now, before)| (now - before).max(0.0)).sum();
            (0..FRAME_STEP / FRAME_SHIFT).for_each(|_| tell(news));
            if self.frames.is_multiple_of(CHROMA_EVERY) {
                self.add_chroma();
            }
            self.frames += 1;
        }
        self.pending.drain(..start);
    }

    /// How much was heard of each pitch class.
    pub(super) const fn chroma(&self) -> &Chroma {
        &self.chroma
    }

    /// The spectrum of the frame that begins at `start` of what is pending, if all of it is there.
    fn transform(&mut self, start: usize) -> bool {
        let Some(samples) = self.pending.get(start..start + FFT_LENGTH) else { return false };
        for ((out, sample), window) in self.frame.iter_mut().zip(samples).zip(&self.window) {
            *out = sample * window;
        }
        self.fft
            .process_with_scratch(&mut self.frame, &mut self.spectrum, &mut self.scratch)
            .expect("the buffers were made by this very plan");
        self.heights.clear();
        self.heights.extend(self.spectrum.iter().map(|bin| bin.norm_sqr().sqrt() / FULL_SCALE));
        true
    }

    /// The level of each semitone, as a logarithm that is zero for silence.
    fn levels(&self) -> [f32; NOTES] {
        let mut highest = [0.0_f32; NOTES];
        for (note, height) in self.notes.iter().zip(&self.heights) {
            if let Some(note) = *note {
                highest[note] = highest[note].max(*height);
            }
        }
        highest.map(|height| (height / QUIET).powi(2).ln_1p())
    }

    /// Adds each peak of the spectrum to the bin of its pitch class.
    fn add_chroma(&mut self) {
        let top = self.heights.iter().copied().fold(0.0, f32::max);
        for (below, bin) in self.heights.windows(3).enumerate() {
            let [left, peak, right] = [bin[0], bin[1], bin[2]];
            if peak <= left || peak < right || peak < (top * PEAK_SHARE).max(QUIET) {
                continue;
            }
            // A parabola through the logarithms: a Hann window's peak is nearly one.
            let [left, middle, right] = [left, peak, right].map(|height| height.max(1e-9).ln());
            let offset = 0.5 * (left - right) / (left - 2.0 * middle + right);
            let hz = (below as f32 + 1.0 + offset) * BIN_HZ;
            if CHROMA_HZ.contains(&hz) {
                let share = note_from_hz(hz).rem_euclid(12.0) / 12.0;
                self.chroma[(share * CHROMA_BINS as f32).round() as usize % CHROMA_BINS] += f64::from(peak);
            }
        }
    }
}

fn watched_note(bin: usize) -> Option<usize> {
    let note = (note_from_hz(bin as f32 * BIN_HZ) - LOWEST_NOTE).round();
    (0.0..NOTES as f32).contains(&note).then_some(note as usize)
}

/// MIDI's number of a pitch, with its fraction; A at 440 Hz is 69.
fn note_from_hz(hz: f32) -> f32 {
    69.0 + 12.0 * (hz / 440.0).log2()
}
