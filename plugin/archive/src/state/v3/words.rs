//! Words and their times as columns, which is what packs fast and well.

use crate::state::StateError;
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::Word;
use serde::{Deserialize, Serialize};

/// A sample at the 16 kHz of the models, in ticks: the grid that machines' times lie on.
const SAMPLE: i64 = ProjectTime::TICKS_PER_SECOND / 16_000;

/// Words as columns of one length.
#[derive(Default, Serialize, Deserialize)]
pub(in crate::state) struct Words {
    /// A line each.
    text: String,
    /// From the end of the word before to the start, and first from zero.
    gaps: Times,
    lengths: Times,
    thousandths: Vec<u16>,
    /// Where the last word that was pushed ends.
    #[serde(skip)]
    clock: i64,
}

/// A word, in ticks and thousandths.
#[derive(Clone, Copy)]
pub(in crate::state) struct Spoken<'a> {
    pub(in crate::state) text: &'a str,
    pub(in crate::state) start: i64,
    pub(in crate::state) end: i64,
    pub(in crate::state) thousandths: u16,
}

/// Times in whole samples, and what is left of those that lie between two.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Times {
    samples: Vec<i64>,
    /// Which, and how many ticks later it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    between: Vec<(usize, i64)>,
}

impl Words {
    /// Adds a word after those that are there.
    pub(in crate::state) fn push(&mut self, word: Spoken<'_>) {
        push_line(&mut self.text, word.text);
        // Wrapping there and back is exact for every pair of times.
        self.gaps.push(word.start.wrapping_sub(self.clock));
        self.lengths.push(word.end.wrapping_sub(word.start));
        self.thousandths.push(word.thousandths);
        self.clock = word.end;
    }

    pub(super) fn revive(self) -> Result<Vec<Word>, StateError> {
        let (gaps, lengths) = (self.gaps.ticks()?, self.lengths.ticks()?);
        let count = gaps.len();
        if [self.text.lines().count(), lengths.len(), self.thousandths.len()] != [count; 3] {
            return Err(StateError::damaged("words do not match their times"));
        }
        let mut clock = 0_i64;
        let mut words = Vec::with_capacity(count);
        let times = gaps.into_iter().zip(lengths);
        for ((text, (gap, length)), sure) in self.text.lines().zip(times).zip(self.thousandths) {
            let start = clock.wrapping_add(gap);
            clock = start.wrapping_add(length);
            if clock < start {
                return Err(StateError::damaged("a word ends before it starts"));
            }
            words.push(Word {
                text: text.to_owned(),
                start: ProjectTime::from_ticks(start),
                end: ProjectTime::from_ticks(clock),
                confidence: from_thousandths(sure),
            });
        }
        Ok(words)
    }
}

impl<'a> FromIterator<Spoken<'a>> for Words {
    fn from_iter<T: IntoIterator<Item = Spoken<'a>>>(spoken: T) -> Self {
        let mut words = Self::default();
        spoken.into_iter().for_each(|word| words.push(word));
        words
    }
}

impl<'a> From<&'a Word> for Spoken<'a> {
    fn from(word: &'a Word) -> Self {
        // Reading refuses a word that ends before it starts; the vocabulary forbids it, so does writing.
        let (start, end) = (word.start.ticks(), word.end.max(word.start).ticks());
        Self { text: &word.text, start, end, thousandths: thousandths(word.confidence) }
    }
}

impl Times {
    pub(super) fn push(&mut self, ticks: i64) {
        let between = ticks.rem_euclid(SAMPLE);
        if between != 0 {
            self.between.push((self.samples.len(), between));
        }
        self.samples.push(ticks.div_euclid(SAMPLE));
    }

    pub(super) fn ticks(self) -> Result<Vec<i64>, StateError> {
        // The first sample in all of time begins before it.
        let mut times: Vec<_> =
            self.samples.into_iter().map(|samples| samples.wrapping_mul(SAMPLE)).collect();
        for (index, between) in self.between {
            let time = times.get_mut(index).ok_or(StateError::damaged("a time is missing"))?;
            *time = time.wrapping_add(between);
        }
        Ok(times)
    }
}

/// Adds a text as one line.
pub(in crate::state) fn push_line(lines: &mut String, text: &str) {
    // A line break within a word would make two of it.
    for (index, line) in text.split('\n').enumerate() {
        lines.push_str(if index > 0 { " " } else { "" });
        lines.push_str(line);
    }
    lines.push('\n');
}

/// A probability in thousandths; what is no number counts as zero.
pub(super) fn thousandths(probability: f32) -> u16 {
    (probability.clamp(0.0, 1.0) * 1_000.0).round() as u16
}

pub(super) fn from_thousandths(thousandths: u16) -> f32 {
    (f32::from(thousandths) / 1_000.0).min(1.0)
}
