//! How fast something is: how strongly onsets recur after how long, and the pace that a person would tap.

use earmark_timeline::sound::Tempo;
use earmark_timeline::units::ProjectTime;
use std::collections::VecDeque;

/// Onsets are told so often.
const FRAMES_A_SECOND: f64 = 100.0;

/// The longest time after which recurrence is looked for, in frames: four beats at 40 a minute are 6 s.
const LAGS: usize = 800;

/// An onset is what stands out from the mean of the last second.
const AROUND: usize = 100;

/// A recording that begins amid sound begins with more than any onset: so many frames recur after nothing.
const START: usize = 20;

/// So many frames from the start are kept, to place the beats in: half a minute.
const HEAD: usize = 3_000;

/// Paces that are tried, in beats a minute; between one and the next lies [`STEP`].
const RANGE_BPM: (f64, f64) = (40.0, 240.0);
const STEP: f64 = 1.004;

/// A beat is what recurs after itself, and so do its half (people play between the beats), two and four.
const MULTIPLES: [f64; 4] = [0.5, 1.0, 2.0, 4.0];

/// Of tempi that fit as well, the one nearest to this is tapped, with this spread in octaves (van Noorden and
/// Moelants, "Resonance in the perception of musical pulse", 1999, found some 120 to 130; on 41 clips 135 was best).
const TAPPED_BPM: f64 = 135.0;
const TAPPED_OCTAVES: f64 = 0.5;

/// How far around a tempo a better fit to the beats' places is looked for, and in which steps, as shares.
const REFINED: f64 = 0.012;
const REFINED_STEP: f64 = 0.001;

/// A beat that was played has so much of what beats usually have, within so many frames.
const STRONG: f64 = 0.15;
const NEAR: usize = 3;

/// How strongly something recurs that is as likely a tempo as it is none, and how sharply confidence answers.
const EVEN_STRENGTH: f64 = 0.12;
const SHARPNESS: f64 = 30.0;

/// Below this confidence there is no tempo.
const LEAST_CONFIDENCE: f64 = 0.2;

/// Learns the tempo from onsets and from changes of pitch, both [`FRAMES_A_SECOND`]; what it says does not
/// depend on the portions that they come in, and it forgets nothing.
pub(super) struct Beat {
    pub(super) onsets: Recurrence,
    pub(super) pitches: Recurrence,
}

impl Beat {
    pub(super) fn new() -> Self {
        Self { onsets: Recurrence::new(), pitches: Recurrence::new() }
    }

    /// The tempo, as far as it can be told by now.
    pub(super) fn tempo(&self) -> Option<Tempo> {
        let mut tried = RANGE_BPM.0;
        let mut best = (0.0, 0.0);
        while tried <= RANGE_BPM.1 {
            let fit = self.fit(tried);
            if fit > best.1 {
                best = (tried, fit);
            }
            tried *= STEP;
        }
        if best.0 == 0.0 {
            return None;
        }
        let bpm = self.likeliest(&[best.0 / 2.0, best.0 * 2.0, best.0]);
        let strength = self.strength(bpm);
        let confidence = 1.0 / (1.0 + (-(strength - EVEN_STRENGTH) * SHARPNESS).exp());
        if confidence < LEAST_CONFIDENCE {
            return None;
        }
        let (period, first) = self.onsets.beats(60.0 * FRAMES_A_SECOND / bpm);
        let bpm = 60.0 * FRAMES_A_SECOND / period;
        let other = self.likeliest(&[bpm / 2.0, bpm * 2.0]);
        let first_beat = ProjectTime::from_seconds(first / FRAMES_A_SECOND);
        Some(Tempo { bpm: bpm as f32, other_bpm: other as f32, confidence: confidence as f32, first_beat })
    }

    /// How strongly it recurs at that tempo, up to 1.
    pub(super) fn strength(&self, bpm: f64) -> f64 {
        let known = self.recurrences(bpm).into_iter().flatten();
        let (sum, count) = known.fold((0.0, 0), |(sum, count), one| (sum + one, count + 1));
        // Without a second beat there is no tempo.
        if count < 2 { 0.0 } else { sum / f64::from(count) }
    }

    /// How alike it is after each of [`MULTIPLES`] of a beat.
    fn recurrences(&self, bpm: f64) -> [Option<f64>; MULTIPLES.len()] {
        let period = 60.0 * FRAMES_A_SECOND / bpm;
        MULTIPLES.map(|multiple| {
            let after = |series: &Recurrence| series.after(period * multiple);
            Some(f64::midpoint(after(&self.onsets)?, after(&self.pitches)?))
        })
    }

    /// The strength, weighed by how willingly people tap at that tempo.
    fn fit(&self, bpm: f64) -> f64 {
        let octaves = (bpm / TAPPED_BPM).log2() / TAPPED_OCTAVES;
        self.strength(bpm) * (-0.5 * octaves * octaves).exp()
    }

    /// Of tempi that are each other's halves and doubles, the one whose fit and evenness together are best; what lies
    /// beyond the range is left out.
    fn likeliest(&self, octaves: &[f64]) -> f64 {
        let tried = octaves.iter().copied().filter(|bpm| (RANGE_BPM.0..=RANGE_BPM.1).contains(bpm));
        let score = |bpm: f64| self.fit(bpm) * self.evenness(bpm);
        tried.max_by(|one, other| score(*one).total_cmp(&score(*other))).unwrap_or_default()
    }

    /// How evenly all beats are met, from a half (every second falls on nothing) to 1. People do not tap on silence
    /// where a slower pace meets it all (Povel and Essens, "Perception of temporal patterns", 1985).
    ///
    /// Of beats that are `a` and `b` strong by turns, as many equal ones account for the share
    /// (a + b)² / 2(a² + b²); the autocorrelation is a·b after one of them and (a² + b²) / 2 after two, so the share is
    /// half of 1 and their ratio. Beats of which every fourth alone is met are no more even than their half.
    fn evenness(&self, bpm: f64) -> f64 {
        let [_, one, two, four] = self.recurrences(bpm);
        // What may be chance weighs on both sides.
        let weighed = |alike: f64| alike.max(0.0) + EVEN_STRENGTH;
        let ratio = |shorter: Option<f64>, longer: Option<f64>| {
            shorter.zip(longer).map_or(1.0, |(shorter, longer)| weighed(shorter) / weighed(longer))
        };
        f64::midpoint(1.0, ratio(one, two).min(ratio(two, four)).min(1.0))
    }
}

/// How alike a series is to itself some time before.
pub(super) struct Recurrence {
    /// Values of the last second, the oldest first.
    near: VecDeque<f32>,
    /// The last three that stood out, the oldest first.
    raw: [f32; 3],
    /// What came of them, the newest first.
    past: VecDeque<f32>,
    /// Sums of products of values so many frames apart.
    products: Vec<f64>,
    sum: f64,
    count: usize,
    /// The first values.
    head: Vec<f32>,
}

impl Recurrence {
    fn new() -> Self {
        Self {
            near: VecDeque::with_capacity(AROUND),
            raw: [0.0; 3],
            past: VecDeque::with_capacity(LAGS + 1),
            products: vec![0.0; LAGS + 1],
            sum: 0.0,
            count: 0,
            head: Vec::new(),
        }
    }

    /// Takes the next value.
    pub(super) fn push(&mut self, value: f32) {
        if self.near.len() == AROUND {
            self.near.pop_front();
        }
        self.near.push_back(value);
        // Before the first value there was silence.
        let mean = self.near.iter().sum::<f32>() / AROUND as f32;
        self.raw = [self.raw[1], self.raw[2], (value - mean).max(0.0)];
        let smooth = 0.25 * self.raw[0] + 0.5 * self.raw[1] + 0.25 * self.raw[2];
        if self.head.len() < HEAD {
            self.head.push(smooth);
        }
        let smooth = if self.count < START { 0.0 } else { smooth };
        if self.past.len() > LAGS {
            self.past.pop_back();
        }
        self.past.push_front(smooth);
        for (product, before) in self.products.iter_mut().zip(&self.past) {
            *product += f64::from(smooth * before);
        }
        self.sum += f64::from(smooth);
        self.count += 1;
    }

    /// The autocorrelation after so many frames, from -1 to 1; `None` beyond half of what was heard, where chance
    /// rules.
    fn after(&self, frames: f64) -> Option<f64> {
        let (lag, share) = (frames.floor() as usize, frames.fract());
        if (lag + 1) * 2 > self.count {
            return None;
        }
        let at = |lag: usize| self.covariance(lag).unwrap_or(0.0);
        let variance = at(0);
        (variance > 0.0).then(|| (at(lag) * (1.0 - share) + at(lag + 1) * share) / variance)
    }

    fn covariance(&self, lag: usize) -> Option<f64> {
        let mean = self.sum / self.count as f64;
        Some(self.products.get(lag)? / (self.count - lag) as f64 - mean * mean)
    }

    /// The period near `period` and the place of the first beat, in frames, that together meet the most of the
    /// first half minute. The first beat is the first that is anything near as strong as beats usually are.
    fn beats(&self, period: f64) -> (f64, f64) {
        let mut best = (period, 0.0, f64::MIN);
        let steps = (REFINED / REFINED_STEP) as i32;
        for step in -steps..=steps {
            let period = period * (1.0 + f64::from(step) * REFINED_STEP);
            for phase in 0..period as usize {
                let (met, beats) = self.met(phase as f64, period);
                let mean = met / beats.max(1) as f64;
                if mean > best.2 {
                    best = (period, phase as f64, mean);
                }
            }
        }
        let (period, phase, mean) = best;
        // What is a hair before the start is at the start.
        let phase = if phase - period > -2.0 { phase - period } else { phase };
        let strong = |beat: &usize| {
            let place = (phase + *beat as f64 * period).round() as usize;
            let near = self.head.iter().skip(place.saturating_sub(NEAR)).take(2 * NEAR + 1);
            f64::from(near.copied().fold(0.0, f32::max)) >= mean * STRONG
        };
        let first = (0..(self.head.len() as f64 / period) as usize).find(strong).unwrap_or(0);
        (period, (phase + first as f64 * period).max(0.0))
    }

    /// How much lies on the beats, and how many of them there are.
    fn met(&self, phase: f64, period: f64) -> (f64, usize) {
        let beats = ((self.head.len() as f64 - phase) / period).ceil() as usize;
        let values = (0..beats).map(|beat| f64::from(self.around(phase + beat as f64 * period)));
        (values.sum(), beats)
    }

    /// The value there and a part of those beside it: nobody plays to the hundredth.
    fn around(&self, frame: f64) -> f32 {
        let at = |frame: usize| self.head.get(frame).copied().unwrap_or(0.0);
        let frame = frame.round() as usize;
        at(frame) + 0.5 * (at(frame.wrapping_sub(1)) + at(frame + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tempo of a quarter of a minute of beats, so many a minute, that are as strong as `strengths` one after the
    /// other, over and over.
    fn told(bpm: f64, strengths: &[f32]) -> f64 {
        let frames = 15 * FRAMES_A_SECOND as usize;
        let mut onsets = vec![0.0; frames];
        for beat in 0.. {
            let Some(onset) = onsets.get_mut((beat as f64 * 60.0 * FRAMES_A_SECOND / bpm).round() as usize)
            else {
                break;
            };
            *onset = strengths[beat % strengths.len()];
        }
        let mut beat = Beat::new();
        // Amid the first sound nothing counts.
        for onset in vec![0.0; START].into_iter().chain(onsets) {
            beat.onsets.push(onset);
            beat.pitches.push(onset);
        }
        f64::from(beat.tempo().expect("a tempo").bpm)
    }

    #[track_caller]
    fn check(bpm: f64, strengths: &[f32], expected: f64) {
        let told = told(bpm, strengths);
        assert!((told / expected - 1.0).abs() < 0.01, "{strengths:?} at {bpm}: {told}");
    }

    #[test]
    fn a_pace_of_which_every_second_beat_is_silent_is_half_as_fast() {
        for bpm in [84.0, 100.0, 120.0, 140.0, 168.0] {
            check(bpm, &[1.0], bpm);
        }
        check(168.0, &[1.0, 0.0], 84.0);
        check(200.0, &[1.0, 0.0], 100.0);
    }

    #[test]
    fn a_pace_of_which_every_second_beat_is_weak_keeps_its_tempo() {
        for bpm in [100.0, 120.0, 140.0, 168.0] {
            check(bpm, &[1.0, 0.4], bpm);
            check(bpm, &[1.0, 0.3, 0.6, 0.4], bpm);
        }
    }

    #[test]
    fn bars_of_which_nothing_but_the_beginning_is_heard_leave_the_tempo_that_people_tap() {
        for bpm in [104.0, 116.0, 126.0] {
            check(bpm, &[1.0, 0.0, 0.0, 0.0], bpm);
        }
        check(180.0, &[1.0, 0.0, 0.0, 0.0], 90.0);
    }
}
