//! Which language an utterance is in, and when to believe that it changed.

/// Utterances shorter than this, in seconds, hold a word or two, whose sound fits many languages.
const SHORT: f32 = 2.0;
/// How probable a language must be to be believed at once, in a short utterance and in a longer one. Others within
/// 0.1 of them gave the same over 320 utterances in five languages.
const SURE_IF_SHORT: f32 = 0.9;
const SURE: f32 = 0.6;
/// What is unclear is taken to be in a language that Whisper knows well: so many, which come first in its list,
/// count fully, and each one further behind less by this power of its rank. That is roughly how the hours fall
/// that it learned them from: 11,000 of Spanish, 700 of the 20th, 200 of the 31st (Radford et al. 2022, figure 11).
/// Of Spanish and French passages of 1 s, 56 of 75 are told so, and 47 by the most probable language alone.
const WELL_KNOWN: usize = 8;
const RARITY: f32 = 3.0;

/// How probable the model finds the languages of one utterance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Detection<'a> {
    /// The most probable language as an ISO 639-1 code.
    pub(crate) best: &'a str,
    /// Its probability.
    pub(crate) probability: f32,
    /// The most probable one once those that Whisper knows little count for less.
    pub(crate) expected: &'a str,
}

impl<'a> Detection<'a> {
    /// From the decoder's logits for each language, in the order of Whisper's list.
    pub(crate) fn from_logits(logits: impl Iterator<Item = (&'a str, f32)> + Clone) -> Option<Self> {
        let (best, most) = logits.clone().max_by(|one, other| one.1.total_cmp(&other.1))?;
        let sum: f32 = logits.clone().map(|(_, logit)| (logit - most).exp()).sum();
        let ranked = logits.enumerate().map(|(index, (language, logit))| {
            let behind = (index + 1).max(WELL_KNOWN) as f32 / WELL_KNOWN as f32;
            (language, logit - RARITY * behind.ln())
        });
        let (expected, _) = ranked.max_by(|one, other| one.1.total_cmp(&other.1))?;
        Some(Self { best, probability: 1.0 / sum, expected })
    }

    /// The language to write an utterance of `seconds` in, when the session spoke `recent` before.
    pub(crate) fn choose(&self, recent: Option<&'a str>, seconds: f32) -> &'a str {
        let needed = if seconds < SHORT { SURE_IF_SHORT } else { SURE };
        if self.probability < needed { recent.unwrap_or(self.expected) } else { self.best }
    }

    /// Whether the utterance is evidence enough to remember its language by.
    pub(crate) fn is_memorable(&self, seconds: f32) -> bool {
        seconds >= SHORT && self.probability >= SURE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(best: &str, probability: f32, recent: Option<&str>, seconds: f32, expected: &str) {
        let seen = Detection { best, probability, expected: "en" }.choose(recent, seconds);
        assert_eq!(seen, expected, "{best} {probability} after {recent:?} in {seconds} s");
    }

    #[test]
    fn a_weak_hint_does_not_change_the_sessions_language() {
        check("fr", 0.8, Some("es"), 1.0, "es");
        check("fr", 0.5, Some("es"), 4.0, "es");
        check("fr", 0.95, Some("es"), 1.0, "fr");
        check("fr", 0.8, Some("es"), 4.0, "fr");
    }

    #[test]
    fn what_is_unclear_from_the_start_is_in_the_expected_language() {
        check("ne", 0.3, None, 1.0, "en");
        check("ne", 0.95, None, 1.0, "ne");
        check("ne", 0.3, None, 4.0, "en");
        check("ne", 0.7, None, 4.0, "ne");
    }

    #[test]
    fn the_most_probable_language_is_found_with_its_probability() {
        let logits = [("en", 1.0), ("es", 3.0), ("fr", 1.0)];
        let seen = Detection::from_logits(logits.into_iter()).expect("languages");
        assert_eq!((seen.best, seen.expected), ("es", "es"));
        assert!((seen.probability - 0.787).abs() < 0.001, "{seen:?}");
        assert_eq!(Detection::from_logits(std::iter::empty()), None);
    }

    #[test]
    fn a_language_is_expected_the_less_the_further_behind_it_is() {
        let expected = |rank: usize, lead: f32| {
            let mut logits = vec![("xx", 0.0); 60];
            logits[3] = ("es", 5.0);
            logits[rank] = ("other", 5.0 + lead);
            Detection::from_logits(logits.into_iter()).map(|seen| (seen.best, seen.expected))
        };
        assert_eq!(expected(7, 0.1), Some(("other", "other")));
        assert_eq!(expected(19, 2.0), Some(("other", "es")));
        assert_eq!(expected(19, 3.0), Some(("other", "other")));
        assert_eq!(expected(55, 5.0), Some(("other", "es")));
    }
}
