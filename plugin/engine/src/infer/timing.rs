//! Where words begin and end, from what the decoder's attention says and where the audio is loud.

use crate::infer::words::Joined;
use earmark_timeline::units::SampleRate;

/// The envelope's step: 10 ms.
const STEP_SAMPLES: usize = SampleRate::MODEL.hz() as usize / 100;
const STEPS_PER_SECOND: f32 = 100.0;
/// Quiet is what lies below this part of the way, in decibels, from the utterance's floor (its 10th
/// percentile) to its peaks (its 95th). From 0.3 to 0.5 the measured starts differ by less than 10 ms.
const QUIET_SHARE: f32 = 0.4;
/// With less than this between floor and peaks, in decibels, loudness tells nothing of where words are.
const LEAST_SPAN_DB: f32 = 15.0;
/// No sound within a word is silent for this many steps; the closure of a stop lasts 0.1 s, at most 0.15.
const PAUSE_STEPS: usize = 20;
/// No word is cut shorter than this many steps: the shortest are some 40 ms long.
const LEAST_STEPS: usize = 4;

/// Moves the words' edges out of silence: a word neither starts nor ends in a pause, nor reaches over one.
/// Order is kept, and no word grows beyond its neighbours or the places that it had.
pub(crate) fn refine(words: &mut [Joined], audio: &[f32]) {
    let quiet = quiet_steps(audio);
    if quiet.is_empty() {
        return;
    }
    for index in 0..words.len() {
        let step = |seconds: f32| ((seconds * STEPS_PER_SECOND).round() as usize).min(quiet.len());
        let (mut start, mut end) = (step(words[index].seconds.start), step(words[index].seconds.end));
        let (first, last) = (start, end);
        let pause = longest_run(&quiet[start..end]);
        let (before, after) = (start + pause.start, start + pause.end);
        if pause.len() >= PAUSE_STEPS && before > start && after < end && index > 0 {
            // The smaller part is the neighbour's, whose edge the attention saw a little off.
            if before - start < end - after {
                words[index - 1].seconds.end = before as f32 / STEPS_PER_SECOND;
                start = after;
            } else {
                end = before;
            }
        }
        while start + LEAST_STEPS < end && quiet[start] {
            start += 1;
        }
        while start + LEAST_STEPS < end && quiet[end - 1] {
            end -= 1;
        }
        let word = &mut words[index];
        if start > first {
            word.seconds.start = start as f32 / STEPS_PER_SECOND;
        }
        if end < last {
            word.seconds.end = end as f32 / STEPS_PER_SECOND;
        }
    }
}

/// Which steps of the audio are quiet; empty where loudness tells nothing.
fn quiet_steps(audio: &[f32]) -> Vec<bool> {
    let level = |cell: &[f32]| {
        let power = cell.iter().map(|sample| sample * sample).sum::<f32>() / cell.len() as f32;
        10.0 * (power + 1e-10).log10()
    };
    let levels: Vec<f32> = audio.chunks_exact(STEP_SAMPLES).map(level).collect();
    let mut sorted = levels.clone();
    sorted.sort_by(f32::total_cmp);
    let percentile = |share: usize| sorted.get(sorted.len() * share / 100).copied().unwrap_or(0.0);
    let (floor, peak) = (percentile(10), percentile(95));
    if peak - floor < LEAST_SPAN_DB {
        return Vec::new();
    }
    let edge = floor + QUIET_SHARE * (peak - floor);
    levels.into_iter().map(|level| level < edge).collect()
}

/// The first of the longest runs of true.
fn longest_run(flags: &[bool]) -> std::ops::Range<usize> {
    let mut longest = 0..0;
    let mut start = 0;
    for (index, flag) in flags.iter().enumerate() {
        if !flag {
            start = index + 1;
        } else if index + 1 - start > longest.len() {
            longest = start..index + 1;
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Audio that is loud in the stretches given, in steps, and 3 s long.
    fn audio(loud: &[std::ops::Range<usize>]) -> Vec<f32> {
        let level = |step: usize| if loud.iter().any(|range| range.contains(&step)) { 0.3 } else { 0.001 };
        (0..300).flat_map(|step| [level(step); STEP_SAMPLES]).collect()
    }

    fn check(loud: &[std::ops::Range<usize>], words: &[(f32, f32)], expected: &[(f32, f32)]) {
        let joined =
            |&(start, end): &(f32, f32)| Joined { text: "x".to_owned(), seconds: start..end, logprob: 0.0 };
        let mut words: Vec<_> = words.iter().map(joined).collect();
        refine(&mut words, &audio(loud));
        let seen: Vec<_> = words.iter().map(|word| (word.seconds.start, word.seconds.end)).collect();
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_word_starts_where_it_sounds_and_not_in_the_pause_before() {
        check(&[20..80, 150..250], &[(0.1, 0.9), (0.9, 2.6)], &[(0.2, 0.8), (1.5, 2.5)]);
    }

    #[test]
    fn a_word_never_reaches_over_a_pause() {
        check(&[20..80, 150..250], &[(0.2, 0.7), (0.7, 2.5)], &[(0.2, 0.8), (1.5, 2.5)]);
        check(
            &[20..80, 150..250],
            &[(0.2, 0.3), (0.3, 1.6), (1.6, 2.5)],
            &[(0.2, 0.3), (0.3, 0.8), (1.6, 2.5)],
        );
    }

    #[test]
    fn a_short_closure_within_a_word_stays_in_it() {
        check(&[20..80, 92..250], &[(0.2, 0.5), (0.5, 2.5)], &[(0.2, 0.5), (0.5, 2.5)]);
    }

    #[test]
    fn without_contrast_nothing_moves() {
        check(&[0..150, 150..300], &[(0.1, 0.9), (0.9, 2.6)], &[(0.1, 0.9), (0.9, 2.6)]);
    }

    #[test]
    fn a_word_in_silence_keeps_a_length() {
        check(
            &[20..80, 150..250],
            &[(0.2, 0.8), (0.8, 1.4), (1.4, 2.5)],
            &[(0.2, 0.8), (1.36, 1.4), (1.5, 2.5)],
        );
    }
}
