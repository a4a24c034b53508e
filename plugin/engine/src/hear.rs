//! What a recording sounds like as a whole: how loud it is, how fast, and in which key.
//!
//! Signal rules and no model: levels ([`loudness`]), onsets and changes of pitch that recur ([`onsets`], [`pitch`],
//! [`tempo`]), and the pitch classes that there are ([`key`]). All of it takes audio as it comes and needs little
//! memory (300 KB more an hour); what it says does not depend on how the audio was cut.

mod key;
mod loudness;
mod onsets;
mod pitch;
mod tempo;

use crate::resample::Resampler;
use cpu_time::ThreadTime;
use earmark_timeline::sound::Sound;
use earmark_timeline::units::{SampleRate, Seconds};
use loudness::Meter;
use onsets::Onsets;
use pitch::Pitches;
use tempo::Beat;

/// Listens to a recording and tells what it sounds like as a whole.
pub struct Hearing {
    channels: usize,
    meter: Meter,
    mono: Vec<f32>,
    resampler: Resampler,
    mono_16k: Vec<f32>,
    onsets: Onsets,
    pitches: Pitches,
    beat: Beat,
    cpu: Seconds,
}

impl Hearing {
    /// Makes ready for interleaved audio of so many channels.
    pub fn new(rate: SampleRate, channels: usize) -> Self {
        Self {
            channels: channels.max(1),
            meter: Meter::new(rate, channels.max(1)),
            mono: Vec::new(),
            resampler: Resampler::new(rate),
            mono_16k: Vec::new(),
            onsets: Onsets::new(),
            pitches: Pitches::new(),
            beat: Beat::new(),
            cpu: Seconds(0.0),
        }
    }

    /// Takes the next samples, a whole number of frames.
    pub fn push(&mut self, interleaved: &[f32]) {
        let begun = ThreadTime::now();
        self.meter.push(interleaved);
        self.mono.clear();
        let frames = interleaved.chunks_exact(self.channels);
        self.mono.extend(frames.map(|frame| frame.iter().sum::<f32>() / self.channels as f32));
        self.resampler.push(&self.mono, &mut self.mono_16k);
        self.onsets.push(&self.mono_16k, |strength| self.beat.onsets.push(strength));
        self.pitches.push(&self.mono_16k, |strength| self.beat.pitches.push(strength));
        self.mono_16k.clear();
        self.cpu.0 += begun.elapsed().as_secs_f64();
    }

    /// CPU time that taking samples has cost.
    pub const fn cpu(&self) -> Seconds {
        self.cpu
    }

    /// What was heard so far; it settles with time.
    pub fn sound(&self) -> Sound {
        Sound {
            loudness: self.meter.loudness(),
            tempo: self.beat.tempo(),
            key: key::key(self.pitches.chroma()),
        }
    }
}

#[cfg(test)]
#[path = "hear_tests.rs"]
mod tests;
