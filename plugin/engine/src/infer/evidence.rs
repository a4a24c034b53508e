//! Whether a hypothesis is speech that was said, or text that was invented.

use crate::infer::transcribe::Hypothesis;
use earmark_timeline::utterance::DropReason;

/// Whisper's own pair of thresholds: silence needs both a high probability of no speech and words that
/// the model itself does not believe in (openai/whisper, `transcribe.py`).
const NO_SPEECH: f32 = 0.6;
const UNLIKELY: f32 = -1.0;
/// Fast English is 5 to 6 words a second; more than this over a whole utterance is a loop.
const WORDS_PER_SECOND: f32 = 8.0;
/// A phrase that comes this often in a row is a loop, not an insistence.
const REPEATS: usize = 4;
/// The longest phrase, in words, that is looked for.
const PHRASE: usize = 6;

/// Why the hypothesis is not to be believed; `None` if it is. `seconds` is how long the speech was.
pub(crate) fn reason_to_drop(hypothesis: &Hypothesis, seconds: f32) -> Option<DropReason> {
    let words: Vec<String> = hypothesis.words.iter().map(|word| plain(&word.text)).collect();
    if is_description(hypothesis) || words.iter().all(String::is_empty) {
        return Some(DropReason::NonSpeech);
    }
    if hypothesis.no_speech > NO_SPEECH && hypothesis.mean_logprob < UNLIKELY {
        return Some(DropReason::NoSpeech);
    }
    if is_loop(&words) {
        return Some(DropReason::Repetition);
    }
    // Short utterances are mostly one or two words, whose rate says nothing.
    (words.len() > REPEATS && words.len() as f32 > WORDS_PER_SECOND * seconds).then_some(DropReason::TooFast)
}

fn plain(word: &str) -> String {
    word.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// "[Music]", "(applause)", "*laughs*" or "♪ la la ♪" and nothing else.
fn is_description(hypothesis: &Hypothesis) -> bool {
    let text = hypothesis.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
    let text = text.trim_matches(|letter: char| letter.is_whitespace() || letter == '.');
    [('[', ']'), ('(', ')'), ('*', '*'), ('♪', '♪')]
        .iter()
        .any(|(open, close)| text.starts_with(*open) && text.ends_with(*close))
}

/// Whether one phrase fills the utterance's end over and over.
fn is_loop(words: &[String]) -> bool {
    (1..=PHRASE).any(|phrase| {
        let Some(needed) = words.len().checked_sub(phrase * REPEATS) else { return false };
        let tail = &words[needed..];
        tail.chunks(phrase).all(|chunk| chunk == &tail[..phrase])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infer::transcribe::HeardWord;
    use std::sync::Arc;

    fn check(text: &str, seconds: f32, no_speech: f32, mean_logprob: f32, expected: Option<DropReason>) {
        let words = text
            .split_whitespace()
            .map(|text| HeardWord { text: text.to_owned(), seconds: 0.0..0.0, confidence: 1.0 })
            .collect();
        let hypothesis =
            Hypothesis { words, no_speech, mean_logprob, language: None, model: Arc::from("test") };
        assert_eq!(reason_to_drop(&hypothesis, seconds), expected, "{text}");
    }

    #[test]
    fn what_was_said_stays() {
        check("Ask not what your country can do for you.", 3.0, 0.1, -0.2, None);
        check("No, no, no!", 1.5, 0.2, -0.5, None);
        check("Yes.", 0.3, 0.7, -0.3, None);
        check("He laughed (quietly) and left.", 3.0, 0.1, -0.3, None);
    }

    #[test]
    fn what_was_invented_goes() {
        check("Thank you.", 2.0, 0.8, -1.3, Some(DropReason::NoSpeech));
        check("[BLANK_AUDIO]", 2.0, 0.1, -0.1, Some(DropReason::NonSpeech));
        check("(upbeat music)", 2.0, 0.1, -0.1, Some(DropReason::NonSpeech));
        check("♪ ♪", 2.0, 0.1, -0.1, Some(DropReason::NonSpeech));
        check("...", 2.0, 0.1, -0.1, Some(DropReason::NonSpeech));
        check("", 2.0, 0.1, -0.1, Some(DropReason::NonSpeech));
        check("you you you you", 4.0, 0.1, -0.3, Some(DropReason::Repetition));
        check("so I said I'm fine I'm fine I'm fine I'm fine", 9.0, 0.1, -0.3, Some(DropReason::Repetition));
        check("one two three four five six seven eight nine", 0.5, 0.1, -0.3, Some(DropReason::TooFast));
    }
}
