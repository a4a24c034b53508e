//! Decoding again: what is doubted with more hypotheses, and what was left out after the last word.

use super::run::{BEAM, Search};
use super::{Hypothesis, Manner, Request, TranscribeError, Transcriber};
use crate::infer::evidence::{UNLIKELY, is_loop, plain, reason_to_drop};
use crate::infer::shelf::expect_memory;
use earmark_timeline::units::SampleRate;

/// Below this mean logarithm of its pieces' probabilities, a hypothesis is doubted: a fourth of all. With -0.6, an
/// eighth, of 1481 words 239 were wrong instead of 227.
const DOUBTFUL: f32 = -0.4;
/// The model ended its text too early if so much speech follows its last word, in seconds: breaths and words that are
/// drawn out are shorter.
const UNHEARD: f32 = 2.0;
/// The shortest words last as long as this, in seconds.
const SHORTEST_WORD: f32 = 0.15;
/// The step, in samples, in which the quietest place is looked for, and half of what is compared: 25 ms.
const STEP: usize = SampleRate::MODEL.hz() as usize / 40;

/// Whether a hypothesis is worth looking for a better one. What was asked to be verbatim is kept while it can be
/// believed, for only the first look writes hesitations.
pub(super) fn is_doubtful(hypothesis: &Hypothesis, manner: &Manner) -> bool {
    is_poor(hypothesis) || (hypothesis.mean_logprob < DOUBTFUL && !manner.verbatim)
}

/// Whether a hypothesis cannot be believed.
fn is_poor(hypothesis: &Hypothesis) -> bool {
    let words: Vec<String> = hypothesis.words.iter().map(|word| plain(&word.text)).collect();
    words.is_empty() || hypothesis.mean_logprob < UNLIKELY || is_loop(&words)
}

fn is_better(second: &Hypothesis, first: &Hypothesis) -> bool {
    let is_more_probable = first.words.is_empty() || second.mean_logprob > first.mean_logprob;
    !second.words.is_empty() && (is_more_probable || (is_poor(first) && !is_poor(second)))
}

impl Transcriber {
    /// Follows several hypotheses through `audio` and takes the best one if it is better than `hypothesis`; where there
    /// is no memory for that, nothing changes.
    pub(super) fn look_again(
        &mut self,
        audio: &[f32],
        request: &Request<'_>,
        language: &str,
        hypothesis: &mut Hypothesis,
    ) -> Result<(), TranscribeError> {
        if expect_memory(&self.model.name, self.memory_of_a_beam()).is_err() {
            return Ok(());
        }
        let search = if is_poor(hypothesis) { Search::BeamAnew } else { Search::Beam };
        let second = self.decode(audio, request, language, search)?;
        if is_better(&second, hypothesis) {
            *hypothesis = Hypothesis { language_is_sure: hypothesis.language_is_sure, ..second };
        }
        Ok(())
    }

    /// What whisper.cpp keeps of the pieces that a beam has gone through, in bytes: keys and values of 16 bits for each
    /// hypothesis and two more, which it holds from the first beam on. It gives the state away where it finds no memory.
    fn memory_of_a_beam(&self) -> usize {
        let context = &self.model.context;
        let sizes = [
            context.model_n_text_ctx(),
            context.model_n_text_state(),
            context.model_n_text_layer(),
            BEAM + 2,
        ];
        sizes.into_iter().map(|size| usize::try_from(size).unwrap_or(0)).product::<usize>()
            * 2
            * size_of::<u16>()
    }

    /// Where speech goes on for long after the last word, hears that as an utterance of its own, and appends its words
    /// if they can be believed.
    pub(super) fn hear_the_rest(
        &mut self,
        request: &Request<'_>,
        language: &str,
        hypothesis: &mut Hypothesis,
    ) -> Result<(), TranscribeError> {
        let Some(last) = hypothesis.words.last_mut() else { return Ok(()) };
        if request.speech.end - last.seconds.end < UNHEARD {
            return Ok(());
        }
        let hz = SampleRate::MODEL.hz() as f32;
        let samples = |seconds: f32| (seconds.max(0.0) * hz) as usize;
        let after = samples(last.seconds.start + SHORTEST_WORD);
        let cut = quietest(request.audio, after..samples(last.seconds.end + SHORTEST_WORD).max(after + 1));
        let (audio, seconds) = (&request.audio[cut..], cut as f32 / hz);
        let speech = 0.0..request.speech.end - seconds;
        let rest = Request {
            audio,
            speech: speech.clone(),
            manner: request.manner,
            recent: Some(language),
            effort: request.effort,
            cancel: request.cancel,
        };
        let rest = self.transcribe(&rest)?;
        if reason_to_drop(&rest, speech.end).is_some() {
            return Ok(());
        }
        last.seconds.end = last.seconds.end.min(seconds);
        let (before, more) = (hypothesis.words.len() as f32, rest.words.len() as f32);
        hypothesis.mean_logprob =
            (hypothesis.mean_logprob * before + rest.mean_logprob * more) / (before + more);
        hypothesis.words.extend(rest.words.into_iter().map(|mut word| {
            word.seconds = word.seconds.start + seconds..word.seconds.end + seconds;
            word
        }));
        Ok(())
    }
}

/// Where `audio` is quietest within `range`, in samples; the range's start where that is at its end.
fn quietest(audio: &[f32], range: std::ops::Range<usize>) -> usize {
    let power = |at: usize| -> f32 {
        let around = at.saturating_sub(STEP)..(at + STEP).min(audio.len());
        audio[around].iter().map(|sample| sample * sample).sum()
    };
    let places = range.start..range.end.min(audio.len());
    let quietest = places.step_by(STEP).min_by(|a, b| power(*a).total_cmp(&power(*b)));
    quietest.unwrap_or(range.start.min(audio.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infer::transcribe::HeardWord;
    use std::sync::Arc;

    fn heard(text: &str, mean_logprob: f32) -> Hypothesis {
        let word = |text: &str| HeardWord { text: text.to_owned(), seconds: 0.0..0.0, confidence: 1.0 };
        Hypothesis {
            words: text.split_whitespace().map(word).collect(),
            no_speech: 0.0,
            mean_logprob,
            language: None,
            language_is_sure: true,
            model: Arc::from("test"),
        }
    }

    #[test]
    fn what_is_improbable_or_a_loop_is_doubted_and_hesitations_are_kept() {
        let verbatim = Manner { verbatim: true, ..Manner::default() };
        let check = |text: &str, mean_logprob: f32, expected: [bool; 2]| {
            let hypothesis = heard(text, mean_logprob);
            let doubted = [&Manner::default(), &verbatim].map(|manner| is_doubtful(&hypothesis, manner));
            assert_eq!(doubted, expected, "{text} {mean_logprob}");
        };
        check("Ask not", -0.2, [false, false]);
        check("Ask, um, not", -0.5, [true, false]);
        check("S not", -1.2, [true, true]);
        check("ask ask ask ask", -0.1, [true, true]);
        check("", 0.0, [true, true]);
    }

    #[test]
    fn the_more_probable_is_better_and_anything_than_a_loop() {
        let check = |first: (&str, f32), second: (&str, f32), expected: bool| {
            assert_eq!(
                is_better(&heard(second.0, second.1), &heard(first.0, first.1)),
                expected,
                "{second:?}"
            );
        };
        check(("Ask not", -0.5), ("Ask knot", -0.6), false);
        check(("Ask knot", -0.6), ("Ask not", -0.5), true);
        check(("ask ask ask ask", -0.1), ("Ask not", -0.5), true);
        check(("", 0.0), ("Ask not", -0.5), true);
        check(("Ask not", -0.5), ("", 0.0), false);
    }

    #[test]
    fn the_cut_is_where_it_is_quietest() {
        let mut audio = vec![0.5; 10 * STEP];
        audio[5 * STEP..7 * STEP].fill(0.0);
        assert_eq!(quietest(&audio, 2 * STEP..9 * STEP), 6 * STEP);
        assert_eq!(quietest(&audio, 20 * STEP..21 * STEP), 10 * STEP);
    }
}
