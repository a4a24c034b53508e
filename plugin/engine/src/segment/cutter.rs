//! Where to cut: a state machine over speech probabilities, without audio.

use super::silero::FRAME;
use std::collections::VecDeque;
use std::ops::Range;

/// The numbers that decide where an utterance begins and ends, in frames of [`FRAME`] samples (32 ms).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CutRule {
    /// Speech begins at this probability. Silero's own default.
    pub enter: f32,
    /// Speech goes on down to this probability. Silero's own default: `enter` less 0.15.
    pub leave: f32,
    /// Shorter speech than this is a click or a breath: 256 ms, Silero's own default of 250 ms.
    pub least_speech: usize,
    /// A silence this long may be the end: 160 ms. Decoding begins on the chance that it is. Not less
    /// than `post_roll`, so that what would be decoded is there.
    pub pause: usize,
    /// A silence this long ends an utterance: 448 ms, between Silero's 100 ms, which cuts sentences
    /// apart, and the second that live captioners wait; words cannot settle sooner.
    pub end_silence: usize,
    /// How much before the first speech frame belongs to the utterance: 288 ms, because soft onsets
    /// ("h", "f") are heard later than they are spoken.
    pub pre_roll: usize,
    /// How much after the last speech frame belongs to the utterance: 160 ms, for fading ends.
    pub post_roll: usize,
    /// No utterance is longer: 15 s, half of Whisper's window, beyond which words come too late.
    pub longest: usize,
    /// Where an utterance that is too long may be cut: in the quietest frame of its last 5 s.
    pub cut_zone: usize,
}

impl Default for CutRule {
    fn default() -> Self {
        Self {
            enter: 0.5,
            leave: 0.35,
            least_speech: 8,
            pause: 5,
            end_silence: 14,
            pre_roll: 9,
            post_roll: 5,
            longest: 469,
            cut_zone: 156,
        }
    }
}

/// A stretch worth decoding, in samples of the run's 16 kHz stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// What to decode: the speech with pre-roll and post-roll, never overlapping the segment before.
    pub audio: Range<u64>,
    /// The speech itself.
    pub speech: Range<u64>,
}

/// What a frame decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cut {
    /// Somebody fell silent. If the silence holds, this very segment is closed.
    Paused(Segment),
    /// Somebody goes on speaking: what fell silent last is not closed as it was.
    Resumed,
    /// This is to be decoded, and none of it will be part of another segment.
    Closed(Segment),
}

/// Finds segments in one run's stream of frames.
#[derive(Debug)]
pub struct Cutter {
    rule: CutRule,
    /// Frames seen so far.
    now: u64,
    /// Nothing before this frame may be used again.
    free_from: u64,
    speech: Option<Speech>,
}

#[derive(Debug)]
struct Speech {
    /// First speech frame.
    start: u64,
    /// The frame after the last speech frame.
    end: u64,
    /// How many of its frames were speech.
    voiced: usize,
    /// The newest frames, at most `cut_zone`, for finding the quietest.
    newest: VecDeque<Frame>,
}

#[derive(Debug, Clone, Copy)]
struct Frame {
    level: f32,
    voiced: bool,
}

impl Cutter {
    /// A cutter at the start of a run.
    pub const fn new(rule: CutRule) -> Self {
        Self { rule, now: 0, free_from: 0, speech: None }
    }

    /// Takes the next frame's speech probability and level (any monotonic measure of loudness) and
    /// says what it decides, if anything.
    pub fn push(&mut self, probability: f32, level: f32) -> Option<Cut> {
        let frame = self.now;
        self.now += 1;
        let threshold = if self.speech.is_some() { self.rule.leave } else { self.rule.enter };
        let voiced = probability >= threshold;
        let mut resumed = false;
        if voiced {
            let speech = self.speech.get_or_insert_with(|| Speech {
                start: frame,
                end: frame,
                voiced: 0,
                newest: VecDeque::new(),
            });
            resumed = frame - speech.end >= self.rule.pause as u64 && speech.voiced >= self.rule.least_speech;
            speech.end = frame + 1;
            speech.voiced += 1;
        }
        let speech = self.speech.as_mut()?;
        speech.newest.push_back(Frame { level, voiced });
        if speech.newest.len() > self.rule.cut_zone {
            speech.newest.pop_front();
        }
        let silence = self.now - speech.end;
        if silence >= self.rule.end_silence as u64 {
            return self.close().map(Cut::Closed);
        }
        // Never in a silence, which either ends the utterance by itself or is the quietest place once it is over.
        if voiced && self.now - speech.start >= self.rule.longest as u64 {
            return Some(Cut::Closed(self.cut()));
        }
        if silence == self.rule.pause as u64 {
            return self.whole().map(Cut::Paused);
        }
        resumed.then_some(Cut::Resumed)
    }

    /// Ends the run: returns what was still open.
    pub fn finish(&mut self) -> Option<Segment> {
        self.close()
    }

    /// The first sample that a coming segment may still ask for.
    pub fn keep_from(&self) -> u64 {
        let start = self.speech.as_ref().map_or(self.now, |speech| speech.start);
        self.audio_start(start) * FRAME as u64
    }

    /// What was said so far while somebody speaks: from the first sample of the coming segment to now.
    /// `None` while it is too little to be one, and while the newest frame is no speech.
    pub fn open_speech(&self) -> Option<Segment> {
        let speech = self.speech.as_ref()?;
        let speaks = self.now == speech.end && speech.voiced >= self.rule.least_speech;
        speaks.then(|| self.segment(speech.start..speech.end, self.now))
    }

    /// How many frames the silence within the open speech has lasted; zero if nobody speaks.
    pub fn silence(&self) -> u64 {
        self.speech.as_ref().map_or(0, |speech| self.now - speech.end)
    }

    fn audio_start(&self, speech_start: u64) -> u64 {
        speech_start.saturating_sub(self.rule.pre_roll as u64).max(self.free_from)
    }

    /// The open speech up to where it fell silent, unless it is too little.
    fn whole(&self) -> Option<Segment> {
        let speech = self.speech.as_ref().filter(|speech| speech.voiced >= self.rule.least_speech)?;
        let end = (speech.end + self.rule.post_roll as u64).min(self.now);
        Some(self.segment(speech.start..speech.end, end))
    }

    /// Ends the open speech where it fell silent; too little of it is dropped.
    fn close(&mut self) -> Option<Segment> {
        let segment = self.whole();
        self.speech = None;
        self.free_from = segment.as_ref().map_or(self.free_from, |segment| segment.audio.end / FRAME as u64);
        segment
    }

    /// Cuts speech that goes on for too long at its quietest recent frame; the rest stays open.
    fn cut(&mut self) -> Segment {
        let speech = self.speech.as_mut().expect("only called while somebody speaks");
        let quietest = speech.newest.iter().enumerate().min_by(|a, b| a.1.level.total_cmp(&b.1.level));
        let from_end = speech.newest.len() - quietest.map_or(0, |(index, _)| index);
        // At least one frame stays on either side.
        let at = (self.now - from_end as u64).clamp(speech.start + 1, self.now - 1);
        let start = speech.start;
        speech.start = at;
        speech.newest.drain(..speech.newest.len() - (self.now - at) as usize);
        speech.voiced = speech.newest.iter().filter(|frame| frame.voiced).count();
        let segment = self.segment(start..at, at);
        self.free_from = at;
        segment
    }

    fn segment(&self, speech: Range<u64>, end: u64) -> Segment {
        let in_samples = |frames: Range<u64>| frames.start * FRAME as u64..frames.end * FRAME as u64;
        let audio = in_samples(self.audio_start(speech.start)..end);
        Segment { audio, speech: in_samples(speech) }
    }
}

#[cfg(test)]
#[path = "cutter_tests.rs"]
mod tests;
