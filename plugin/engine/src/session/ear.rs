//! Listening to one run: from the host's samples to stretches that are worth a model's time.

use crate::hear::Measures;
use crate::infer::Voice;
use crate::infer::classify::course::STRETCH;
use crate::infer::classify::{CELL_SAMPLES, LOOKAHEAD_FRAMES, LOOKBACK_FRAMES};
use crate::resample::Resampler;
use crate::segment::{Cut, CutRule, Cutter, FRAME, Segment};
use earmark_timeline::clock::Run;
use earmark_timeline::sound::Sound;
use earmark_timeline::units::SampleRate;
use std::ops::Range;

/// How much is given to the models for the classes at a time: 8 s. Shorter shows sooner, and costs more for the same
/// context.
const SOUND_SAMPLES: u64 = 8 * 16_000;
/// As much as this where it is there already, for it costs less with the same result: 16 s.
const SOUND_SAMPLES_BEHIND: u64 = 16 * 16_000;
// A part begins where a stretch of classes does.
const _: () = assert!((SOUND_SAMPLES / CELL_SAMPLES as u64).is_multiple_of(STRETCH as u64));
const _: () = assert!(SOUND_SAMPLES_BEHIND.is_multiple_of(SOUND_SAMPLES));
const LOOKBACK: u64 = (LOOKBACK_FRAMES * CELL_SAMPLES) as u64;
const LOOKAHEAD: u64 = (LOOKAHEAD_FRAMES * CELL_SAMPLES) as u64;

/// A frame that never rises above this is silence without asking the network: -80 dBFS, below the
/// noise of any microphone, so that a track at rest costs nothing.
const SILENT: f32 = 1e-4;

/// Samples beyond this are a broken plugin's, not a microphone's: +18 dBFS.
const LOUDEST: f32 = 8.0;

/// A stretch that is worth a model's time.
#[derive(Debug, PartialEq)]
pub(crate) enum Heard {
    /// Somebody fell silent; if the silence holds, the same comes as [`Heard::Speech`].
    Pause {
        /// Where, in samples of the run's 16 kHz stream.
        segment: Segment,
        /// The samples of `segment.audio`.
        audio: Vec<f32>,
    },
    /// The silence did not hold.
    Resumed,
    /// Somebody spoke.
    Speech {
        /// Where, in samples of the run's 16 kHz stream.
        segment: Segment,
        /// The samples of `segment.audio`.
        audio: Vec<f32>,
    },
    /// Something is to be classified.
    Sound {
        /// Which samples of the run's 16 kHz stream.
        range: Range<u64>,
        /// The same with context around.
        audio: Vec<f32>,
        /// Where `range` lies in `audio`.
        keep: Range<usize>,
    },
}

/// One run being listened to.
pub(crate) struct Ear {
    run: Run,
    resampler: Resampler,
    voice: Option<Box<dyn Voice>>,
    cutter: Cutter,
    /// 16 kHz samples that may still be asked for.
    samples: Vec<f32>,
    /// The position of `samples[0]`.
    first: u64,
    /// Up to where the cutter has seen the stream; a multiple of [`FRAME`].
    framed: u64,
    /// Up to where the stream was handed out for classification.
    classified: u64,
    measures: Measures,
    /// The newest block, made safe for the models.
    clean: Vec<f32>,
    stage: Stage,
}

/// How far a run has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// More may come.
    Open,
    /// No more comes; some is still to be looked through.
    Ended,
    /// Everything was looked through.
    Done,
}

impl Ear {
    /// Starts to listen to `run`, whose audio is the mean of so many channels; without a `voice`, no speech is found.
    pub(crate) fn new(run: Run, channels: u8, voice: Option<Box<dyn Voice>>) -> Self {
        Self {
            resampler: Resampler::new(run.rate),
            run,
            voice,
            cutter: Cutter::new(CutRule::default()),
            samples: Vec::new(),
            first: 0,
            framed: 0,
            classified: 0,
            measures: Measures::of_mean(run.rate, usize::from(channels)),
            clean: Vec::new(),
            stage: Stage::Open,
        }
    }

    /// Takes a detector if it has none; one that remembers the run stays.
    pub(crate) fn give_voice(&mut self, voice: Option<Box<dyn Voice>>) {
        if self.voice.is_none() {
            self.voice = voice;
        }
    }

    /// The run.
    pub(crate) const fn run(&self) -> &Run {
        &self.run
    }

    /// How much of the run was heard, in samples of its 16 kHz stream.
    pub(crate) fn heard(&self) -> u64 {
        self.first + self.samples.len() as u64
    }

    /// How much of the run was looked through, in the same samples.
    pub(crate) const fn analysed(&self) -> u64 {
        self.framed
    }

    /// Up to where it is decided whether somebody spoke.
    pub(crate) fn decided(&self) -> u64 {
        if self.is_done() { self.heard() } else { self.cutter.keep_from().min(self.heard()) }
    }

    /// What is being said, as far as it was looked through; see [`Cutter::open_speech`].
    pub(crate) fn open_speech(&self) -> Option<Segment> {
        self.cutter.open_speech()
    }

    /// How many frames nobody has spoken within the open speech.
    pub(crate) fn silence(&self) -> u64 {
        self.cutter.silence()
    }

    /// The samples from `from` on that are still kept.
    pub(crate) fn since(&self, from: u64) -> &[f32] {
        let start = from.saturating_sub(self.first).min(self.samples.len() as u64);
        &self.samples[start as usize..]
    }

    /// What was measured of what was looked through.
    pub(crate) fn measured(&self) -> Sound {
        self.measures.sound()
    }

    /// The highest momentary loudness of each second of a part of the run that was looked through, in whole LUFS, and
    /// where that second lies in it.
    pub(crate) fn loudness(&self, part: &Range<u64>) -> impl Iterator<Item = (Range<u64>, i8)> {
        const SECOND: u64 = SampleRate::MODEL.hz() as u64;
        let (start, end) = (part.start, part.end);
        (start / SECOND..end.div_ceil(SECOND)).filter_map(move |second| {
            let place = (second * SECOND).max(start)..((second + 1) * SECOND).min(end);
            Some((place, self.measures.momentary_lufs(second as usize)?))
        })
    }

    /// Takes the run's next samples at the host's rate, and no more: far faster than anybody renders.
    pub(crate) fn push(&mut self, samples: &[f32]) {
        self.clean.clear();
        self.clean.extend(
            samples.iter().map(
                |sample| {
                    if sample.is_finite() { sample.clamp(-LOUDEST, LOUDEST) } else { 0.0 }
                },
            ),
        );
        self.measures.meter(&self.clean);
        self.resampler.push(&self.clean, &mut self.samples);
    }

    /// Takes note that nothing follows.
    pub(crate) fn end(&mut self) {
        self.resampler.finish(&mut self.samples);
        self.stage = Stage::Ended;
    }

    /// Looks through at most `frames` frames of what was taken; what they complete is appended to `found`.
    /// Says whether there is more to look through now.
    pub(crate) fn analyse(&mut self, frames: usize, found: &mut Vec<Heard>) -> bool {
        for _ in 0..frames {
            if self.framed + FRAME as u64 > self.heard() {
                break;
            }
            self.frame(found);
            let next = self.classified + self.sound_samples();
            if next <= self.framed.min(self.heard().saturating_sub(LOOKAHEAD)) {
                self.sound(next, found);
            }
        }
        let more = self.framed + FRAME as u64 <= self.heard();
        if !more && self.stage == Stage::Ended {
            self.finish(found);
        }
        self.forget();
        more
    }

    /// Whether everything of a run that ended was looked through.
    pub(crate) fn is_done(&self) -> bool {
        self.stage == Stage::Done
    }

    /// How much was taken and not looked through, in samples.
    pub(crate) fn backlog(&self) -> u64 {
        self.heard() - self.framed.min(self.heard())
    }

    /// Closes what is still open at the end of the run.
    fn finish(&mut self, found: &mut Vec<Heard>) {
        if let Some(segment) = self.cutter.finish() {
            let audio = self.kept(segment.audio.clone()).to_vec();
            found.push(Heard::Speech { segment, audio });
        }
        let end = self.heard();
        while self.classified < end {
            let next =
                (self.classified + SOUND_SAMPLES_BEHIND).min(end.next_multiple_of(CELL_SAMPLES as u64));
            self.sound(next, found);
        }
        let rest = self.framed.min(end) - self.first;
        self.measures.listen(&self.samples[rest as usize..]);
        self.framed = end;
        self.stage = Stage::Done;
    }

    fn frame(&mut self, found: &mut Vec<Heard>) {
        let at = (self.framed - self.first) as usize;
        self.framed += FRAME as u64;
        let Some(frame) = self.samples[at..].first_chunk::<FRAME>() else { return };
        self.measures.listen(frame);
        let peak = frame.iter().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
        let energy: f32 = frame.iter().map(|sample| sample * sample).sum();
        let probability = match &mut self.voice {
            Some(voice) if peak >= SILENT => voice.speech_probability(frame),
            _ => 0.0,
        };
        let Some(cut) = self.cutter.push(probability, energy) else { return };
        let copied = |segment: &Segment| self.kept(segment.audio.clone()).to_vec();
        found.push(match cut {
            Cut::Paused(segment) => Heard::Pause { audio: copied(&segment), segment },
            Cut::Resumed => Heard::Resumed,
            Cut::Closed(segment) => Heard::Speech { audio: copied(&segment), segment },
        });
    }

    /// How much is to be classified next.
    fn sound_samples(&self) -> u64 {
        let is_there = self.heard() >= self.classified + SOUND_SAMPLES_BEHIND + LOOKAHEAD;
        if is_there || self.stage == Stage::Ended { SOUND_SAMPLES_BEHIND } else { SOUND_SAMPLES }
    }

    fn sound(&mut self, end: u64, found: &mut Vec<Heard>) {
        let range = self.classified..end;
        // The window starts on the stream's own grid of cells, so that cutting never shows.
        let from = range.start.saturating_sub(LOOKBACK).max(self.first.next_multiple_of(CELL_SAMPLES as u64));
        let audio = self.kept(from..end + LOOKAHEAD).to_vec();
        let keep = (range.start - from) as usize..(range.end - from) as usize;
        self.classified = end;
        found.push(Heard::Sound { range, audio, keep });
    }

    /// The samples of `range` as far as they are there.
    pub(crate) fn kept(&self, range: Range<u64>) -> &[f32] {
        let place = |at: u64| at.clamp(self.first, self.heard()) - self.first;
        &self.samples[place(range.start) as usize..place(range.end) as usize]
    }

    /// Drops samples that nothing will ask for again.
    fn forget(&mut self) {
        let needed = self.cutter.keep_from().min(self.framed);
        let needed = needed.min(self.classified.saturating_sub(LOOKBACK));
        let spare = needed.saturating_sub(self.first) as usize;
        // Moving the rest to the front is worth it once a good part goes.
        if spare >= self.samples.len() / 2 {
            self.samples.drain(..spare);
            self.first += spare as u64;
        }
    }
}

#[cfg(test)]
#[path = "ear_tests.rs"]
mod tests;
