//! Levels: EBU R128 by the crate `ebur128`, and what it does not tell.

use super::momentary::Momentary;
use earmark_timeline::sound::Loudness;
use earmark_timeline::units::SampleRate;
use ebur128::{Channel as Place, EbuR128, Mode};
use std::collections::VecDeque;

/// So many samples at full scale in a row are a wave that was cut off; music that is merely loud touches it
/// with one or two.
const CLIP_SAMPLES: u32 = 3;

/// Full scale is what 16 bits can hold, less half a step.
pub(super) const FULL_SCALE: f32 = 1.0 - 1.5 / 32_768.0;

/// The noise floor is looked for in levels over a twentieth of a second, which pauses between words have.
const BLOCKS_A_SECOND: u32 = 20;
/// The share of blocks that are quieter.
const FLOOR_SHARE: f64 = 0.05;
/// Digital silence, below what 24 bits can hold, is no noise.
const LOWEST_DB: f64 = -140.0;
/// Levels are counted in steps of a tenth of a decibel.
const STEPS_A_DB: f64 = 10.0;
const STEPS: usize = 1_500;

/// Measures levels of interleaved audio.
pub(super) struct Meter {
    /// `None` for so many channels or such a rate that the standard has no answer.
    ebu: Option<EbuR128>,
    rate: SampleRate,
    channels: Vec<Channel>,
    frames: u64,
    short_term: ShortTerm,
    momentary: Momentary,
    /// Frames until the loudness is read again, ten times a second.
    until_read: u32,
    /// The sum of the products of both channels.
    products: f64,
    /// Squares of the block that is not full yet, and how many frames it has.
    block: (f64, u32),
    /// How many blocks had each level.
    levels: Vec<u64>,
}

/// What is known of one channel.
#[derive(Default)]
struct Channel {
    sum: f64,
    squares: f64,
    /// How many samples in a row were at full scale.
    full: u32,
    clips: u64,
}

impl Meter {
    pub(super) fn new(rate: SampleRate, channels: usize) -> Self {
        Self::of_mode(rate, channels, Mode::I | Mode::TRUE_PEAK)
    }

    /// Takes the mean of so many channels, for ever, and tells how loud they are if they are alike; what only one of two
    /// has counts by up to 3 LU less. Loudness is counted in steps of 0.1 LU, so that it takes no more memory with time.
    pub(super) fn of_mean(rate: SampleRate, channels: usize) -> Self {
        let mut meter = Self::of_mode(rate, 1, Mode::I | Mode::TRUE_PEAK | Mode::HISTOGRAM);
        if let (2.., Some(ebu)) = (channels, &mut meter.ebu) {
            // It fails only for a channel that is not there.
            let _known = ebu.set_channel(0, Place::DualMono);
        }
        meter
    }

    fn of_mode(rate: SampleRate, channels: usize, mode: Mode) -> Self {
        let count = u32::try_from(channels).ok();
        Self {
            ebu: count.and_then(|count| EbuR128::new(count, rate.hz(), mode).ok()),
            rate,
            channels: (0..channels).map(|_| Channel::default()).collect(),
            frames: 0,
            short_term: ShortTerm::new(),
            momentary: Momentary::new(rate),
            until_read: rate.hz() / 10,
            products: 0.0,
            block: (0.0, 0),
            levels: vec![0; STEPS],
        }
    }

    pub(super) fn push(&mut self, interleaved: &[f32]) {
        let frames = interleaved.chunks_exact(self.channels.len());
        for frame in frames {
            self.take(frame);
        }
        let mut rest = interleaved;
        while !rest.is_empty() {
            // Read on a grid of its own, so that the highest does not depend on how the audio was cut.
            let (part, later) = rest.split_at(rest.len().min(self.until_read as usize * self.channels.len()));
            rest = later;
            self.until_read -= (part.len() / self.channels.len()) as u32;
            let Some(ebu) = &mut self.ebu else { return };
            // It fails only for what is no whole number of frames.
            if ebu.add_frames_f32(part).is_err() {
                return;
            }
            if self.until_read == 0 {
                self.until_read = self.rate.hz() / 10;
                let power = power(ebu.loudness_window(100).unwrap_or(f64::NEG_INFINITY));
                self.short_term.push(power);
                self.momentary.push(power, loudness);
            }
        }
    }

    fn take(&mut self, frame: &[f32]) {
        self.frames += 1;
        if let [left, right] = frame {
            self.products += f64::from(*left) * f64::from(*right);
        }
        for (channel, sample) in self.channels.iter_mut().zip(frame) {
            let value = f64::from(*sample);
            channel.sum += value;
            channel.squares += value * value;
            self.block.0 += value * value;
            channel.full = if sample.abs() >= FULL_SCALE { channel.full + 1 } else { 0 };
            channel.clips += u64::from(channel.full == CLIP_SAMPLES);
        }
        self.block.1 += 1;
        if self.block.1 == self.rate.hz() / BLOCKS_A_SECOND {
            let mean = self.block.0 / f64::from(self.block.1) / self.channels.len() as f64;
            let step = (10.0 * mean.log10() - LOWEST_DB) * STEPS_A_DB;
            if step >= 0.0 {
                self.levels[(step as usize).min(STEPS - 1)] += 1;
            }
            self.block = (0.0, 0);
        }
    }

    /// The highest momentary loudness of a second, counted from the first sample on; `None` where there was none yet.
    pub(super) fn momentary_lufs(&self, second: usize) -> Option<i8> {
        self.momentary.of_second(second)
    }

    /// The levels so far.
    pub(super) fn loudness(&self) -> Loudness {
        let number = |value: f64| value.is_finite().then_some(value as f32);
        let ebu = self.ebu.as_ref();
        let peaks = (0..self.channels.len() as u32).filter_map(|index| ebu?.true_peak(index).ok());
        let means = self.channels.iter().map(|channel| channel.sum / self.frames.max(1) as f64);
        Loudness {
            integrated_lufs: ebu.and_then(|ebu| number(ebu.loudness_global().ok()?)),
            short_term_lufs: number(loudness(self.short_term.highest)),
            range_lu: ebu.and_then(|_| number(self.short_term.range())),
            true_peak_dbtp: number(20.0 * peaks.fold(0.0, f64::max).log10()),
            clips: self.channels.iter().map(|channel| channel.clips).sum(),
            dc: means.fold(0.0, |most: f64, mean| if mean.abs() > most.abs() { mean } else { most }) as f32,
            noise_floor_dbfs: self.noise_floor(),
            correlation: self.correlation(),
        }
    }

    fn noise_floor(&self) -> Option<f32> {
        let blocks: u64 = self.levels.iter().sum();
        let below = (blocks as f64 * FLOOR_SHARE) as u64;
        let mut counted = 0;
        let step = self.levels.iter().position(|count| {
            counted += count;
            counted > below
        });
        step.map(|step| (LOWEST_DB + (step as f64 + 0.5) / STEPS_A_DB) as f32)
    }

    fn correlation(&self) -> Option<f32> {
        let [left, right] = self.channels.as_slice() else { return None };
        let scale = (left.squares * right.squares).sqrt();
        (scale > 0.0).then(|| (self.products / scale) as f32)
    }
}

/// Loudness over three seconds, and how far it spreads (EBU Tech 3342). The crate's own keeps three seconds of audio for
/// it and goes through all of them ten times a second.
struct ShortTerm {
    /// The power of each of the last thirty tenths of a second.
    tenths: VecDeque<f64>,
    /// How many there were.
    count: u64,
    /// The highest power of three seconds.
    highest: f64,
    /// The power of three seconds, once a second.
    seconds: Vec<f64>,
}

/// Tenths of a second that short-term loudness is taken over.
const SHORT_TERM: usize = 30;
/// Loudness range is between these shares of what is not silence, nor so much below the mean power of the rest.
const RANGE: [f64; 2] = [0.1, 0.95];
const RANGE_GATE_LUFS: f64 = -70.0;
const RANGE_GATE_SHARE: f64 = 0.01;

impl ShortTerm {
    /// Before the first sample there was silence.
    fn new() -> Self {
        let tenths = VecDeque::from(vec![0.0; SHORT_TERM]);
        Self { tenths, count: 0, highest: 0.0, seconds: Vec::new() }
    }

    /// Takes the power of the next tenth of a second.
    fn push(&mut self, power: f64) {
        self.tenths.pop_front();
        self.tenths.push_back(power);
        self.count += 1;
        let power = self.tenths.iter().sum::<f64>() / SHORT_TERM as f64;
        self.highest = self.highest.max(power);
        let is_whole = self.count >= SHORT_TERM as u64 && self.count.is_multiple_of(10);
        if is_whole && loudness(power) >= RANGE_GATE_LUFS {
            self.seconds.push(power);
        }
    }

    fn range(&self) -> f64 {
        let mean = self.seconds.iter().sum::<f64>() / self.seconds.len() as f64;
        let mut kept: Vec<f64> =
            self.seconds.iter().copied().filter(|power| *power >= mean * RANGE_GATE_SHARE).collect();
        kept.sort_by(f64::total_cmp);
        let at = |share: f64| kept.get(((kept.len() as f64 - 1.0) * share).round() as usize);
        let [low, high] = RANGE.map(at);
        low.zip(high).map_or(0.0, |(low, high)| loudness(*high) - loudness(*low))
    }
}

/// Loudness of a power, in LUFS (ITU-R BS.1770-4).
fn loudness(power: f64) -> f64 {
    LUFS_OFFSET + 10.0 * power.log10()
}

/// The power of a loudness in LUFS.
fn power(lufs: f64) -> f64 {
    10f64.powf((lufs - LUFS_OFFSET) / 10.0)
}

const LUFS_OFFSET: f64 = -0.691;

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    const RATE: SampleRate = SampleRate::new(48_000).expect("a rate");

    /// Ten seconds of one frame after the other, by its number.
    fn heard(channels: usize, portion: usize, frame: impl Fn(usize) -> Vec<f32>) -> Loudness {
        let audio: Vec<f32> = (0..480_000).flat_map(frame).collect();
        let mut meter = Meter::new(RATE, channels);
        audio.chunks(portion * channels).for_each(|part| meter.push(part));
        meter.loudness()
    }

    fn sine(at: usize, hz: f64, dbfs: f64) -> f32 {
        (10f64.powf(dbfs / 20.0) * (TAU * hz * at as f64 / 48_000.0).sin()) as f32
    }

    fn near(value: Option<f32>, expected: f32, within: f32) {
        assert!(value.is_some_and(|value| (value - expected).abs() <= within), "{value:?}, not {expected}");
    }

    #[test]
    fn a_sine_in_both_channels_has_the_level_that_the_standard_says() {
        // EBU Tech 3341, cases 1 and 2: 1 kHz at -23 and -33 dB of full scale.
        for level in [-23.0_f32, -33.0] {
            let loudness = heard(2, 480, |at| vec![sine(at, 1_000.0, f64::from(level)); 2]);
            near(loudness.integrated_lufs, level, 0.1);
            near(loudness.short_term_lufs, level, 0.1);
            near(loudness.range_lu, 0.0, 0.1);
            near(loudness.true_peak_dbtp, level, 0.1);
            near(loudness.noise_floor_dbfs, level - 3.0, 0.1);
            near(loudness.correlation, 1.0, 1e-3);
            assert_eq!(loudness.clips, 0);
        }
    }

    #[test]
    fn a_peak_between_the_samples_is_seen() {
        // EBU Tech 3341, case 16: a quarter of the rate, shifted by an eighth of a turn, has its tops between samples.
        let frame = |at: usize| vec![0.5 * (TAU * (at as f64 / 4.0 + 0.125)).sin() as f32];
        near(heard(1, 480, frame).true_peak_dbtp, -6.0, 0.4);
    }

    #[test]
    fn silence_has_no_level() {
        let expected = Loudness { range_lu: Some(0.0), ..Loudness::default() };
        assert_eq!(heard(2, 480, |_| vec![0.0; 2]), expected);
    }

    #[test]
    fn clips_and_an_offset_are_counted_and_opposites_are_seen() {
        let clipped = |at: usize| vec![sine(at, 100.0, 6.0).clamp(-1.0, 1.0)];
        // Two tops in each of 100 waves a second.
        assert_eq!(heard(1, 480, clipped).clips, 2_000);
        let moved = |at: usize| vec![0.1 + sine(at, 100.0, -20.0), 0.02];
        near(Some(heard(2, 480, moved).dc), 0.1, 1e-4);
        let opposite = |at: usize| vec![sine(at, 100.0, -20.0), -sine(at, 100.0, -20.0)];
        near(heard(2, 480, opposite).correlation, -1.0, 1e-3);
    }

    #[test]
    fn each_second_has_its_highest_momentary_loudness_whatever_the_block_size_and_rate() {
        for (hz, portion) in [(48_000, 480), (48_000, 1_000), (44_100, 64), (11_025, 4_096)] {
            let rate = SampleRate::new(hz).expect("a rate");
            // Two seconds at -23 dB of full scale, then half a second that is 10 dB louder, then silence.
            let level = |at: u32| match f64::from(at) / f64::from(hz) {
                time if time < 2.0 => -23.0,
                time if time < 2.5 => -13.0,
                _ => -200.0,
            };
            let turn = |at: u32| (TAU * 1_000.0 * f64::from(at) / f64::from(hz)).sin();
            let audio: Vec<f32> =
                (0..hz * 9 / 2).map(|at| (10f64.powf(level(at) / 20.0) * turn(at)) as f32).collect();
            let mut meter = Meter::of_mean(rate, 2);
            audio.chunks(portion).for_each(|part| meter.push(part));
            let seconds: Vec<_> = (0..6).map(|second| meter.momentary_lufs(second)).collect();
            assert_eq!(
                seconds,
                [Some(-23), Some(-23), Some(-13), Some(-70), Some(-70), None],
                "{hz} {portion}"
            );
        }
        let mut short = Meter::of_mean(RATE, 1);
        short.push(&vec![0.1; 18_000]);
        assert_eq!(short.momentary_lufs(0), None);
    }

    #[test]
    fn levels_do_not_depend_on_the_block_size() {
        let frame = |at: usize| vec![sine(at, 440.0, -40.0 + at as f64 / 20_000.0), sine(at, 880.0, -12.0)];
        let whole = heard(2, 480_000, frame);
        assert!([1, 64, 4_799].into_iter().all(|portion| heard(2, portion, frame) == whole));
    }
}
