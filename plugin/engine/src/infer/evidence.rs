//! Whether a hypothesis is speech that was said, or text that was invented.

use crate::infer::transcribe::{HeardWord, Hypothesis};
use earmark_timeline::utterance::DropReason;

/// Whisper's own pair of thresholds: silence needs both a high probability of no speech and words that
/// the model itself does not believe in (openai/whisper, `transcribe.py`).
pub(crate) const NO_SPEECH: f32 = 0.6;
pub(crate) const UNLIKELY: f32 = -1.0;
/// Below this no word is right more often than wrong: text that even the beam finds this improbable is noise.
const HOPELESS: f32 = -1.8;
/// Fast English is 5 to 6 words a second; more than this over a whole utterance is a loop.
const WORDS_PER_SECOND: f32 = 8.0;
/// A phrase that comes this often in a row and fills most of an utterance is a loop, not an insistence.
const REPEATS: usize = 4;
/// At an utterance's end, where a decoder that loops goes on until it is stopped, so often is one too, whatever came
/// before it: "and here are some more words, words, words, words" was said.
const LAST_REPEATS: usize = 6;
/// The longest phrase, in words, that is looked for.
const PHRASE: usize = 6;
/// Letters that come this often in a row, one to [`SYLLABLE`] of them, are a loop: a drawn-out "noooo" has fewer.
const LETTER_REPEATS: usize = 8;
/// The longest part of a word, in letters, that is looked for.
const SYLLABLE: usize = 3;

/// What Whisper writes where nobody speaks, because its training text had it under silence and music: thanks
/// and farewells of videos, and the credits of those who wrote the subtitles. All of it is also said by people,
/// so that it goes only where the evidence is weak as well. In lower case, without punctuation.
const PHANTOMS: &[&str] = &[
    "you",
    "thank you",
    "thanks",
    "thank you very much",
    "thank you so much",
    "thank you for watching",
    "thanks for watching",
    "please subscribe",
    "bye",
    "bye bye",
    "goodbye",
    "okay",
    "oh",
    "so",
    "the",
    "i",
    "hmm",
    "mm",
    "yeah",
    "gracias",
    "gracias por ver el video",
    "suscríbete al canal",
    "merci",
    "merci davoir regardé cette vidéo",
    "danke",
    "vielen dank",
    "vielen dank fürs zuschauen",
];
/// How the credits of subtitles begin, in the languages where Whisper is known to write them.
const CREDITS: &[&str] = &[
    "subtitles by",
    "subtitled by",
    "transcription by",
    "captions by",
    "sous titres",
    "soustitres",
    "soustitrage",
    "untertitel",
    "subtítulos",
    "amaraorg",
];
/// A phantom is believed if the model finds it more probable than this, and the absence of speech less
/// probable than the next. Chosen by judgement, not fitted.
const CERTAIN: f32 = -0.5;
const SPEECH_LIKELY: f32 = 0.4;

/// Why the hypothesis is not to be believed; `None` if it is. `seconds` is how long the speech was.
pub(crate) fn reason_to_drop(hypothesis: &Hypothesis, seconds: f32) -> Option<DropReason> {
    let words: Vec<String> = hypothesis.words.iter().map(|word| plain(&word.text)).collect();
    if is_description(hypothesis) || words.iter().all(String::is_empty) {
        return Some(DropReason::NonSpeech);
    }
    if hypothesis.no_speech > NO_SPEECH && hypothesis.mean_logprob < UNLIKELY {
        return Some(DropReason::NoSpeech);
    }
    if is_phantom(&words) && (hypothesis.mean_logprob < CERTAIN || hypothesis.no_speech > SPEECH_LIKELY) {
        return Some(DropReason::NoSpeech);
    }
    if hypothesis.mean_logprob < HOPELESS {
        return Some(DropReason::NoSpeech);
    }
    if is_loop(&words) {
        return Some(DropReason::Repetition);
    }
    // Short utterances are mostly one or two words, whose rate says nothing.
    (words.len() > REPEATS && words.len() as f32 > WORDS_PER_SECOND * seconds).then_some(DropReason::TooFast)
}

fn is_phantom(words: &[String]) -> bool {
    let text = words.iter().filter(|word| !word.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ");
    PHANTOMS.contains(&text.as_str()) || CREDITS.iter().any(|credit| text.starts_with(credit))
}

/// The word without punctuation and in lower case.
pub(crate) fn plain(word: &str) -> String {
    word.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// "[Music]", "(applause)", "*laughs*" or "♪ la la ♪" and nothing else.
fn is_description(hypothesis: &Hypothesis) -> bool {
    let text = hypothesis.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
    let text = text.trim_matches(|letter: char| letter.is_whitespace() || letter == '.');
    [('[', ']'), ('(', ')'), ('*', '*'), ('♪', '♪'), ('♫', '♫')]
        .iter()
        .any(|(open, close)| text.starts_with(*open) && text.ends_with(*close))
}

/// Takes descriptions of sound out of what was said: "[laughs]" and "♪" wherever they stand, "(humming)" where
/// the text begins with it. Text that is nothing else stays, to be dropped and kept as a whole.
pub(crate) fn strip_descriptions(words: &mut Vec<HeardWord>) {
    let is_said = |word: &HeardWord| !plain(&word.text).is_empty();
    let mut kept = vec![true; words.len()];
    let mut open: Option<(usize, char)> = None;
    for (index, word) in words.iter().enumerate() {
        if open.is_none() {
            let begins = !words[..index].iter().zip(&kept).any(|(word, kept)| *kept && is_said(word));
            open = match word.text.chars().next() {
                Some('[') => Some((index, ']')),
                Some('(') if begins => Some((index, ')')),
                _ => None,
            };
        }
        let text = word.text.trim_end_matches(['.', ',', '!', '?']);
        if let Some((from, _)) = open.filter(|(_, close)| text.ends_with(*close)) {
            kept[from..=index].fill(false);
            open = None;
        }
        if text.chars().all(|letter| matches!(letter, '♪' | '♫')) {
            kept[index] = false;
        }
    }
    if words.iter().zip(&kept).any(|(word, kept)| *kept && is_said(word)) {
        let mut kept = kept.into_iter();
        words.retain(|_| kept.next().unwrap_or(true));
    }
}

/// Whether one phrase comes over and over, at the utterance's end or through more than half of it, or a part
/// of a word does within it.
pub(crate) fn is_loop(words: &[String]) -> bool {
    let is_phrase_loop = (1..=PHRASE).any(|phrase| {
        // As many words as are the same as those one phrase before.
        let (mut run, mut longest) = (0, 0);
        for index in phrase..words.len() {
            run = if words[index] == words[index - phrase] { run + 1 } else { 0 };
            longest = longest.max(run);
        }
        let is_most = 2 * (longest + phrase) > words.len();
        run >= phrase * (LAST_REPEATS - 1) || (is_most && longest >= phrase * (REPEATS - 1))
    });
    is_phrase_loop || words.iter().any(|word| is_stutter(word))
}

/// Whether a few letters come over and over within a word. Digits do so in numbers.
fn is_stutter(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    (1..=SYLLABLE).any(|length| {
        let mut run = 0;
        (length..letters.len()).any(|index| {
            let repeats = letters[index] == letters[index - length] && letters[index].is_alphabetic();
            run = if repeats { run + 1 } else { 0 };
            run >= length * (LETTER_REPEATS - 1)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn heard(text: &str) -> Vec<HeardWord> {
        text.split_whitespace()
            .map(|text| HeardWord { text: text.to_owned(), seconds: 0.0..0.0, confidence: 1.0 })
            .collect()
    }

    fn check(text: &str, seconds: f32, no_speech: f32, mean_logprob: f32, expected: Option<DropReason>) {
        let hypothesis = Hypothesis {
            words: heard(text),
            no_speech,
            mean_logprob,
            language: None,
            language_is_sure: false,
            model: Arc::from("test"),
        };
        assert_eq!(reason_to_drop(&hypothesis, seconds), expected, "{text}");
    }

    #[test]
    fn what_was_said_stays() {
        check("Ask not what your country can do for you.", 3.0, 0.1, -0.2, None);
        check("No, no, no!", 1.5, 0.2, -0.5, None);
        check("Yes.", 0.3, 0.7, -0.3, None);
        check("Thank you.", 1.0, 0.1, -0.2, None);
        check("Thank you for the flowers, all of you.", 2.0, 0.5, -0.7, None);
        check("He laughed (quietly) and left.", 3.0, 0.1, -0.3, None);
        check("And here are some more words, words, words, words.", 4.0, 0.1, -0.3, None);
        check("Nooooo! 100000000000 of them!", 3.0, 0.1, -0.3, None);
        check("No, no, no, no, that is not what I have said to you.", 4.0, 0.1, -0.3, None);
    }

    #[test]
    fn what_was_invented_goes() {
        check("Thank you.", 2.0, 0.8, -1.3, Some(DropReason::NoSpeech));
        check("Thank you.", 2.0, 0.5, -0.3, Some(DropReason::NoSpeech));
        check("Thanks for watching!", 2.0, 0.1, -0.8, Some(DropReason::NoSpeech));
        check("Sous-titres réalisés par la communauté", 4.0, 0.5, -0.3, Some(DropReason::NoSpeech));
        check("Xylophonic thereupon", 2.0, 0.1, -2.2, Some(DropReason::NoSpeech));
        check("[BLANK_AUDIO]", 2.0, 0.1, -0.1, Some(DropReason::NonSpeech));
        check("(upbeat music)", 2.0, 0.1, -0.1, Some(DropReason::NonSpeech));
        check("♪ ♪", 2.0, 0.1, -0.1, Some(DropReason::NonSpeech));
        check("...", 2.0, 0.1, -0.1, Some(DropReason::NonSpeech));
        check("", 2.0, 0.1, -0.1, Some(DropReason::NonSpeech));
        check("you you you you", 4.0, 0.1, -0.3, Some(DropReason::Repetition));
        check("so I said I'm fine I'm fine I'm fine I'm fine", 9.0, 0.1, -0.3, Some(DropReason::Repetition));
        check("la dee dee dee dee dee da", 4.0, 0.1, -0.3, Some(DropReason::Repetition));
        check("Come on then, erererererererererere", 4.0, 0.1, -0.3, Some(DropReason::Repetition));
        check("My b-a-a-a-a-a-a-a-a-a-a", 4.0, 0.1, -0.3, Some(DropReason::Repetition));
        check("one two three four five six seven eight nine", 0.5, 0.1, -0.3, Some(DropReason::TooFast));
    }

    #[test]
    fn descriptions_go_and_what_was_said_beside_them_stays() {
        let check = |text: &str, expected: &str| {
            let mut words = heard(text);
            strip_descriptions(&mut words);
            assert_eq!(words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "), expected);
        };
        check("Bye-bye! [humming] Fire! [singing in Dutch].", "Bye-bye! Fire!");
        check("(humming) ♪ I'm gonna get you ♪ ♪", "I'm gonna get you");
        check("♫ (soft music) So long! ♫", "So long!");
        check("He laughed (quietly) and left.", "He laughed (quietly) and left.");
        check("It is [almost all that was said", "It is [almost all that was said");
        check("[singing] (upbeat music) ♪", "[singing] (upbeat music) ♪");
        check("", "");
    }
}
