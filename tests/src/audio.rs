//! Recordings for the tests: reading them, and bringing them to another rate or channel count.

use earmark_engine::decode::{self, DecodeError};
use std::path::Path;

/// Audio in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Clip {
    /// Frames a second.
    pub rate_hz: u32,
    /// One vector a channel, all of one length.
    pub channels: Vec<Vec<f32>>,
}

impl Clip {
    /// Reads a whole file in any format that the command-line tool takes.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when the file is missing, damaged or holds no audio.
    pub fn read(path: &Path) -> Result<Self, DecodeError> {
        let mut file = decode::open(path)?;
        let mut channels = vec![Vec::new(); file.channels()];
        let mut interleaved = Vec::new();
        while file.next_block(&mut interleaved)? {
            for (index, channel) in channels.iter_mut().enumerate() {
                channel.extend(interleaved.iter().skip(index).step_by(file.channels()));
            }
        }
        Ok(Self { rate_hz: file.rate().hz(), channels })
    }

    /// Silence.
    pub fn silence(rate_hz: u32, channels: usize, frames: usize) -> Self {
        Self { rate_hz, channels: vec![vec![0.0; frames]; channels] }
    }

    /// How many frames it has.
    pub fn frames(&self) -> usize {
        self.channels.first().map_or(0, Vec::len)
    }

    /// How long it is.
    pub fn seconds(&self) -> f64 {
        self.frames() as f64 / f64::from(self.rate_hz)
    }

    /// The same with `count` channels: the first ones, the last one again for those it lacks.
    pub fn with_channels(&self, count: usize) -> Self {
        let last = self.channels.len().saturating_sub(1);
        let channels = (0..count).map(|channel| self.channels[channel.min(last)].clone()).collect();
        Self { channels, ..*self }
    }

    /// The same with `seconds` of silence before and after it.
    pub fn padded(mut self, before: f64, after: f64) -> Self {
        let frames = |seconds: f64| (seconds * f64::from(self.rate_hz)).round() as usize;
        let (before, after) = (frames(before), frames(after));
        for channel in &mut self.channels {
            channel.splice(0..0, std::iter::repeat_n(0.0, before));
            channel.resize(channel.len() + after, 0.0);
        }
        self
    }

    /// The same at another rate, without delay: a sinc of 32 zero crossings to each side under a Hann
    /// window, cut off at the lower of the two Nyquist frequencies.
    pub fn resampled(&self, rate_hz: u32) -> Self {
        const CROSSINGS: f64 = 32.0;
        let step = f64::from(self.rate_hz) / f64::from(rate_hz);
        let cutoff = (1.0 / step).min(1.0);
        let reach = CROSSINGS / cutoff;
        let tap = |distance: f64| {
            let x = std::f64::consts::PI * distance * cutoff;
            let sinc = if x == 0.0 { 1.0 } else { x.sin() / x };
            let window = 0.5 + 0.5 * (std::f64::consts::PI * distance / reach).cos();
            sinc * window * cutoff
        };
        let frames = (self.frames() as f64 / step).round() as usize;
        let convert = |channel: &Vec<f32>| {
            let sample = |frame: usize| {
                let centre = frame as f64 * step;
                let first = (centre - reach).ceil().max(0.0) as usize;
                let last = ((centre + reach).floor() as usize).min(channel.len().saturating_sub(1));
                let weigh = |at: usize| f64::from(channel[at]) * tap(at as f64 - centre);
                (first..=last).map(weigh).sum::<f64>() as f32
            };
            (0..frames).map(sample).collect()
        };
        Self { rate_hz, channels: self.channels.iter().map(convert).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    fn sine(rate_hz: u32, frequency_hz: f64) -> Vec<f32> {
        let sample = |at: u32| (TAU * frequency_hz * f64::from(at) / f64::from(rate_hz)).sin() as f32;
        (0..rate_hz / 2).map(sample).collect()
    }

    #[test]
    fn a_resampled_tone_is_the_tone_at_the_other_rate() {
        let check = |from_hz: u32, to_hz: u32| {
            let clip = Clip { rate_hz: from_hz, channels: vec![sine(from_hz, 440.0)] };
            let found = clip.resampled(to_hz);
            let wanted = sine(to_hz, 440.0);
            assert_eq!(found.frames(), wanted.len());
            // The ends lack a neighbour; the middle must fit.
            let middle = wanted.len() / 4..wanted.len() * 3 / 4;
            let pairs = found.channels[0][middle.clone()].iter().zip(&wanted[middle]);
            let worst = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(worst < 1e-3, "{from_hz} → {to_hz} Hz is off by {worst}");
        };
        check(16_000, 48_000);
        check(44_100, 48_000);
        check(48_000, 16_000);
        check(48_000, 48_000);
    }

    #[test]
    fn padding_and_channels_keep_the_sound_in_its_place() {
        let clip = Clip { rate_hz: 4, channels: vec![vec![1.0, 2.0]] };
        let padded = clip.padded(0.5, 0.25).with_channels(2);
        assert_eq!(padded.channels, vec![vec![0.0, 0.0, 1.0, 2.0, 0.0]; 2]);
        assert_eq!(padded.seconds(), 1.25);
    }
}
