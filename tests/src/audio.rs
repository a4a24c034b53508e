//! Recordings for the tests: reading them, and bringing them to another rate or channel count.

use std::fs::File;
use std::path::{Path, PathBuf};
use symphonia::core::codecs::audio::AudioDecoderOptions;
use symphonia::core::errors::Error as DecodeError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;

/// Audio in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Clip {
    /// Frames a second.
    pub rate_hz: u32,
    /// One vector a channel, all of one length.
    pub channels: Vec<Vec<f32>>,
}

/// A file that cannot be read as audio.
#[derive(Debug, thiserror::Error)]
#[error("The recording {path} cannot be read: {reason}.")]
pub struct ReadError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub reason: String,
}

impl Clip {
    /// Reads a whole file in any format that the command-line tool takes.
    ///
    /// # Errors
    ///
    /// [`ReadError`] when the file is missing, damaged or holds no audio.
    pub fn read(path: &Path) -> Result<Self, ReadError> {
        let failed = |reason: String| ReadError { path: path.to_owned(), reason };
        let because = |error: DecodeError| failed(error.to_string());
        let file = File::open(path).map_err(|error| failed(error.to_string()))?;
        let stream = MediaSourceStream::new(Box::new(file), Default::default());
        let (format, meta) = (FormatOptions::default(), MetadataOptions::default());
        let probe = symphonia::default::get_probe();
        let mut reader = probe.probe(&Hint::new(), stream, format, meta).map_err(because)?;
        let track = reader.default_track(TrackType::Audio);
        let track = track.ok_or_else(|| failed("it holds no audio".to_owned()))?;
        let id = track.id;
        let parameters = track.codec_params.as_ref().and_then(|parameters| parameters.audio());
        let parameters = parameters.ok_or_else(|| failed("its codec is unknown".to_owned()))?;
        let mut decoder = symphonia::default::get_codecs()
            .make_audio_decoder(parameters, &AudioDecoderOptions::default())
            .map_err(because)?;

        let mut clip = Clip { rate_hz: 0, channels: Vec::new() };
        let mut planes: Vec<Vec<f32>> = Vec::new();
        while let Some(packet) = reader.next_packet().map_err(because)? {
            if packet.track_id != id {
                continue;
            }
            let decoded = decoder.decode(&packet).map_err(because)?;
            clip.rate_hz = decoded.spec().rate();
            decoded.copy_to_vecs_planar(&mut planes);
            clip.channels.resize(planes.len(), Vec::new());
            for (channel, plane) in clip.channels.iter_mut().zip(&planes) {
                channel.extend_from_slice(plane);
            }
        }
        if clip.frames() == 0 { Err(failed("it is empty".to_owned())) } else { Ok(clip) }
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
