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
    /// A silence this long ends an utterance: 448 ms, between Silero's 100 ms, which cuts sentences
    /// apart, and the second that live captioners wait.
    pub end_silence: usize,
    /// How much before the first speech frame belongs to the utterance: 288 ms, because soft onsets
    /// ("h", "f") are heard later than they are spoken.
    pub pre_roll: usize,
    /// How much after the last speech frame belongs to the utterance: 192 ms, for fading ends.
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
            end_silence: 14,
            pre_roll: 9,
            post_roll: 6,
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
    /// Levels of the newest frames, at most `cut_zone`, for finding the quietest.
    levels: VecDeque<f32>,
}

impl Cutter {
    /// A cutter at the start of a run.
    pub const fn new(rule: CutRule) -> Self {
        Self { rule, now: 0, free_from: 0, speech: None }
    }

    /// Takes the next frame's speech probability and level (any monotonic measure of loudness) and
    /// returns the segment that it completes, if any.
    pub fn push(&mut self, probability: f32, level: f32) -> Option<Segment> {
        let frame = self.now;
        self.now += 1;
        let threshold = if self.speech.is_some() { self.rule.leave } else { self.rule.enter };
        if probability >= threshold {
            let speech = self.speech.get_or_insert_with(|| Speech {
                start: frame,
                end: frame,
                voiced: 0,
                levels: VecDeque::new(),
            });
            speech.end = frame + 1;
            speech.voiced += 1;
        }
        let speech = self.speech.as_mut()?;
        speech.levels.push_back(level);
        if speech.levels.len() > self.rule.cut_zone {
            speech.levels.pop_front();
        }
        if self.now - speech.end >= self.rule.end_silence as u64 {
            return self.close();
        }
        (self.now - speech.start >= self.rule.longest as u64).then(|| self.cut())
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

    /// Whether somebody is speaking, and since which sample.
    pub fn open_since(&self) -> Option<u64> {
        self.speech.as_ref().map(|speech| speech.start * FRAME as u64)
    }

    fn audio_start(&self, speech_start: u64) -> u64 {
        speech_start.saturating_sub(self.rule.pre_roll as u64).max(self.free_from)
    }

    /// Ends the open speech where it fell silent; too little of it is dropped.
    fn close(&mut self) -> Option<Segment> {
        let speech = self.speech.take()?;
        if speech.voiced < self.rule.least_speech {
            return None;
        }
        let end = (speech.end + self.rule.post_roll as u64).min(self.now);
        Some(self.segment(speech.start..speech.end, end))
    }

    /// Cuts speech that goes on for too long at its quietest recent frame; the rest stays open.
    fn cut(&mut self) -> Segment {
        let speech = self.speech.as_mut().expect("only called while somebody speaks");
        let quietest = speech.levels.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1));
        let from_end = speech.levels.len() - quietest.map_or(0, |(index, _)| index);
        // At least one frame stays on either side.
        let at = (self.now - from_end as u64).clamp(speech.start + 1, self.now - 1);
        let start = speech.start;
        speech.start = at;
        speech.end = speech.end.max(at);
        speech.voiced = (self.now - at) as usize;
        speech.levels.drain(..speech.levels.len() - (self.now - at) as usize);
        self.segment(start..at, at)
    }

    fn segment(&mut self, speech: Range<u64>, end: u64) -> Segment {
        let in_samples = |frames: Range<u64>| frames.start * FRAME as u64..frames.end * FRAME as u64;
        let audio = in_samples(self.audio_start(speech.start)..end);
        self.free_from = end;
        Segment { audio, speech: in_samples(speech) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Probabilities as runs of (frames, probability), at a level that equals the probability.
    fn check(stream: &[(usize, f32)], expected: &[(Range<u64>, Range<u64>)]) {
        let mut cutter = Cutter::new(CutRule::default());
        let mut found = Vec::new();
        for (frames, probability) in stream {
            for _ in 0..*frames {
                found.extend(cutter.push(*probability, *probability));
            }
        }
        found.extend(cutter.finish());
        let frames = |range: &Range<u64>| range.start / FRAME as u64..range.end / FRAME as u64;
        let found: Vec<_> =
            found.iter().map(|segment| (frames(&segment.audio), frames(&segment.speech))).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn speech_between_silences_is_one_segment_with_room_around_it() {
        check(&[(40, 0.0), (50, 0.9), (40, 0.0)], &[(31..96, 40..90)]);
    }

    #[test]
    fn a_breath_or_click_is_no_segment() {
        check(&[(40, 0.0), (7, 0.9), (40, 0.0)], &[]);
    }

    #[test]
    fn a_short_pause_or_a_dip_does_not_cut() {
        check(&[(20, 0.9), (13, 0.0), (20, 0.9), (5, 0.4), (9, 0.9)], &[(0..67, 0..67)]);
    }

    #[test]
    fn segments_never_overlap() {
        check(&[(20, 0.9), (14, 0.0), (20, 0.9), (30, 0.0)], &[(0..26, 0..20), (26..60, 34..54)]);
    }

    #[test]
    fn endless_speech_is_cut_where_it_is_quietest_and_nothing_is_lost() {
        check(&[(400, 0.9), (1, 0.6), (99, 0.9)], &[(0..400, 0..400), (400..500, 400..500)]);
    }

    #[test]
    fn what_is_open_at_the_end_of_a_run_is_kept() {
        check(&[(10, 0.0), (30, 0.9)], &[(1..40, 10..40)]);
    }

    #[test]
    fn what_may_still_be_asked_for_is_kept() {
        let mut cutter = Cutter::new(CutRule::default());
        for _ in 0..100 {
            assert!(cutter.push(0.0, 0.0).is_none());
        }
        assert_eq!(cutter.keep_from(), 91 * FRAME as u64);
        assert!(cutter.push(0.9, 0.9).is_none());
        assert_eq!((cutter.keep_from(), cutter.open_since()), (91 * FRAME as u64, Some(100 * FRAME as u64)));
    }
}
