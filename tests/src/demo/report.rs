//! What the demonstration showed, in figures, and whether they are good enough.

use crate::wer::WordErrors;
use std::fmt;

/// The figures at the end.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Words written.
    pub words: usize,
    /// How they differ from the reference, if there is one.
    pub errors: Option<WordErrors>,
    /// From the end of the first utterance to its mark, in seconds.
    pub first_mark_s: Option<f64>,
    /// The longest such time of all utterances: the lag behind what is heard.
    pub lag_s: Option<f64>,
    /// Whether what had settled never changed, and everything was said once and in order.
    pub settled_stays: bool,
    /// Whether the recording was played as fast as it sounds, so that times of waiting mean something.
    pub real_time: bool,
    /// CPU seconds of the whole process for each minute of audio.
    pub cpu_per_minute_s: f64,
    /// How much was played and never heard, in seconds.
    pub missed_s: f64,
    /// The state gave a second instance the same notebook.
    pub restored: bool,
    /// The editor drew itself.
    pub drawn: bool,
    /// No thread was left once the plugin was gone.
    pub ended: bool,
    /// How long the recording is.
    pub audio_s: f64,
    /// How long it all took.
    pub elapsed_s: f64,
}

/// One requirement and whether it was met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The requirement, as a sentence that is true when it was met.
    pub claim: &'static str,
    /// Whether it was met.
    pub met: bool,
}

/// The most word errors that the demonstration allows; its recordings are read speech.
const MOST_ERRORS: f64 = 0.15;

/// The longest wait for the first mark, in seconds.
const LONGEST_WAIT_S: f64 = 2.5;

impl Summary {
    /// Every requirement that applies.
    pub fn checks(&self) -> Vec<Check> {
        let mut checks = vec![
            Check { claim: "words were heard", met: self.words > 0 },
            Check { claim: "what had settled never changed", met: self.settled_stays },
            Check { claim: "no audio was dropped", met: self.missed_s == 0.0 },
            Check { claim: "a second instance restored the notebook", met: self.restored },
            Check { claim: "the editor drew itself", met: self.drawn },
            Check { claim: "the plugin left no thread behind", met: self.ended },
        ];
        if let Some(errors) = self.errors {
            let met = errors.rate() <= MOST_ERRORS;
            checks.push(Check { claim: "at most 15 % of the words are wrong", met });
        }
        if self.real_time {
            let met = self.first_mark_s.is_some_and(|wait| wait <= LONGEST_WAIT_S);
            checks.push(Check { claim: "the first mark came within 2.5 s of its utterance's end", met });
        }
        checks
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = |value: Option<f64>| value.map_or("none".to_owned(), |value| format!("{value:.2} s"));
        writeln!(f, "words                    {}", self.words)?;
        if let Some(errors) = self.errors {
            writeln!(f, "word errors              {errors}")?;
        }
        writeln!(f, "first mark after         {}", seconds(self.first_mark_s))?;
        writeln!(f, "longest lag              {}", seconds(self.lag_s))?;
        writeln!(f, "CPU per minute of audio  {:.1} s", self.cpu_per_minute_s)?;
        writeln!(f, "dropped audio            {:.3} s", self.missed_s)?;
        writeln!(f, "length of the recording  {:.1} s", self.audio_s)?;
        writeln!(f, "elapsed                  {:.1} s", self.elapsed_s)?;
        for Check { claim, met } in self.checks() {
            writeln!(f, "{} {claim}", if met { "[met]    " } else { "[NOT MET]" })?;
        }
        Ok(())
    }
}

/// Minutes, seconds and hundredths, as `01:02.34`.
pub(super) fn clock(seconds: f64) -> String {
    let hundredths = (seconds * 100.0).round() as i64;
    let sign = if hundredths < 0 { "-" } else { "" };
    let hundredths = hundredths.unsigned_abs();
    let (minutes, rest) = (hundredths / 6_000, hundredths % 6_000);
    format!("{sign}{minutes:02}:{:02}.{:02}", rest / 100, rest % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Summary = Summary {
        words: 20,
        errors: Some(WordErrors { reference: 20, substitutions: 1, insertions: 0, deletions: 1 }),
        first_mark_s: Some(1.0),
        lag_s: Some(2.0),
        settled_stays: true,
        real_time: true,
        cpu_per_minute_s: 9.0,
        missed_s: 0.0,
        restored: true,
        drawn: true,
        ended: true,
        audio_s: 11.0,
        elapsed_s: 20.0,
    };

    #[test]
    fn a_summary_fails_for_its_own_reason_only() {
        let check = |summary: &Summary, expected: &[&str]| {
            let failed: Vec<_> =
                summary.checks().into_iter().filter(|check| !check.met).map(|check| check.claim).collect();
            assert_eq!(failed, expected, "{summary}");
        };
        check(&GOOD, &[]);
        check(&Summary { settled_stays: false, ..GOOD }, &["what had settled never changed"]);
        check(&Summary { missed_s: 0.01, ..GOOD }, &["no audio was dropped"]);
        check(&Summary { restored: false, ..GOOD }, &["a second instance restored the notebook"]);
        check(&Summary { drawn: false, ..GOOD }, &["the editor drew itself"]);
        check(&Summary { ended: false, ..GOOD }, &["the plugin left no thread behind"]);
        check(&Summary { errors: None, words: 0, ..GOOD }, &["words were heard"]);
        let late = Summary { first_mark_s: Some(2.6), ..GOOD };
        check(&late, &["the first mark came within 2.5 s of its utterance's end"]);
        check(&Summary { real_time: false, ..late }, &[]);
        let wrong = WordErrors { reference: 20, substitutions: 4, insertions: 0, deletions: 0 };
        check(&Summary { errors: Some(wrong), ..GOOD }, &["at most 15 % of the words are wrong"]);
    }

    #[test]
    fn times_read_as_minutes_and_seconds() {
        let check = |seconds, expected: &str| assert_eq!(clock(seconds), expected);
        check(0.0, "00:00.00");
        check(62.345, "01:02.35");
        check(59.999, "01:00.00");
        check(-1.5, "-00:01.50");
    }
}
