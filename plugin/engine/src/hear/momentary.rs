//! How loud it is in the course of time: the highest momentary loudness of each second (EBU Tech 3341, over 400 ms).

use earmark_timeline::course::LoudnessSpan;
use earmark_timeline::units::SampleRate;
use std::collections::VecDeque;

/// Tenths of a second that momentary loudness is taken over.
const MOMENTARY: usize = 4;

/// Momentary loudness, ten times a second.
pub(super) struct Momentary {
    rate: SampleRate,
    /// How many tenths of a second there were, and how loud the last ones were.
    count: u64,
    tenths: VecDeque<f64>,
    /// The highest of each second in whole LUFS; 4 KB an hour.
    seconds: Vec<Option<i8>>,
}

impl Momentary {
    pub(super) fn new(rate: SampleRate) -> Self {
        Self { rate, count: 0, tenths: VecDeque::new(), seconds: Vec::new() }
    }

    /// Takes the power of the next tenth of a second, in the unit that `loudness` makes LUFS of.
    pub(super) fn push(&mut self, power: f64, loudness: impl Fn(f64) -> f64) {
        self.count += 1;
        self.tenths.push_back(power);
        if self.tenths.len() > MOMENTARY {
            self.tenths.pop_front();
        }
        // A tenth is a whole number of frames, and ten of them a little less than a second where that is none.
        let frames = self.count * u64::from(self.rate.hz() / 10);
        let second = ((frames - 1) / u64::from(self.rate.hz())) as usize;
        self.seconds.resize(self.seconds.len().max(second + 1), None);
        // What is shorter than the window has no momentary loudness.
        if self.tenths.len() == MOMENTARY {
            let lufs = loudness(self.tenths.iter().sum::<f64>() / MOMENTARY as f64);
            let lufs = LoudnessSpan::whole_lufs(lufs as f32);
            self.seconds[second] = Some(self.seconds[second].map_or(lufs, |highest| highest.max(lufs)));
        }
    }

    /// The highest of a second, counted from the first sample on.
    pub(super) fn of_second(&self, second: usize) -> Option<i8> {
        self.seconds.get(second).copied().flatten()
    }
}
