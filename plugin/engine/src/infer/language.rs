//! Which language an utterance is in, and when to believe that it changed.

/// Utterances shorter than this, in seconds, hold a word or two, whose sound fits many languages.
const SHORT: f32 = 2.0;
/// How probable another language must be before a session that has spoken one changes, in a short
/// utterance and in a longer one. Chosen by judgement, not yet fitted to recordings.
const SURE_IF_SHORT: f32 = 0.9;
const SURE: f32 = 0.6;

/// How probable the model finds the languages of one utterance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Detection<'a> {
    /// The most probable language as an ISO 639-1 code.
    pub(crate) best: &'a str,
    /// Its probability.
    pub(crate) probability: f32,
}

impl<'a> Detection<'a> {
    /// From the decoder's logits for each language.
    pub(crate) fn from_logits(logits: impl Iterator<Item = (&'a str, f32)> + Clone) -> Option<Self> {
        let (best, most) = logits.clone().max_by(|one, other| one.1.total_cmp(&other.1))?;
        let sum: f32 = logits.map(|(_, logit)| (logit - most).exp()).sum();
        Some(Self { best, probability: 1.0 / sum })
    }

    /// The language to write an utterance of `seconds` in, when the session spoke `recent` before.
    pub(crate) fn choose(&self, recent: Option<&'a str>, seconds: f32) -> &'a str {
        let needed = if seconds < SHORT { SURE_IF_SHORT } else { SURE };
        match recent {
            Some(recent) if self.probability < needed => recent,
            _ => self.best,
        }
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
        let seen = Detection { best, probability }.choose(recent, seconds);
        assert_eq!(seen, expected, "{best} {probability} after {recent:?} in {seconds} s");
    }

    #[test]
    fn a_weak_hint_does_not_change_the_sessions_language() {
        check("fr", 0.8, Some("es"), 1.0, "es");
        check("fr", 0.5, Some("es"), 4.0, "es");
        check("fr", 0.95, Some("es"), 1.0, "fr");
        check("fr", 0.8, Some("es"), 4.0, "fr");
        check("fr", 0.3, None, 1.0, "fr");
    }

    #[test]
    fn the_most_probable_language_is_found_with_its_probability() {
        let logits = [("en", 1.0), ("es", 3.0), ("fr", 1.0)];
        let seen = Detection::from_logits(logits.into_iter()).expect("languages");
        assert_eq!(seen.best, "es");
        assert!((seen.probability - 0.787).abs() < 0.001, "{seen:?}");
        assert_eq!(Detection::from_logits(std::iter::empty()), None);
    }
}
