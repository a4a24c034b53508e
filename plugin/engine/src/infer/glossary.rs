//! Names and terms whose spelling a person gave: the decoder leans towards them where they are near.

mod respell;

pub(crate) use respell::respell;

use std::ops::Range;

/// A vocabulary's number for a word piece, as whisper.cpp counts them.
type TokenId = i32;

/// What a term's first piece and its further pieces gain, in natural logarithms of odds. The first is small,
/// so that a term does not come up out of nowhere; once it has begun, its spelling is what was asked for.
const GAIN_FIRST: f32 = 2.0;
const GAIN_NEXT: f32 = 5.0;
/// A piece gains nothing if it lies further than this below the most probable one: in silence and noise no
/// term comes near.
const REACH: f32 = 7.0;
/// More terms than this are not looked at: every one costs time at every piece.
pub(crate) const MOST_TERMS: usize = 256;

/// The terms as pieces of one model's vocabulary.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Glossary {
    terms: Vec<Vec<TokenId>>,
}

impl Glossary {
    /// Takes the terms apart with the model's own `tokenize`; what it cannot take apart is left out.
    pub(crate) fn new(terms: &[String], tokenize: impl Fn(&str) -> Option<Vec<TokenId>>) -> Self {
        let words = terms.iter().map(|term| term.trim()).filter(|term| !term.is_empty());
        // Within a sentence a word comes with its space.
        let pieces = words.filter_map(|term| tokenize(&format!(" {term}")));
        Self { terms: pieces.filter(|pieces| !pieces.is_empty()).take(MOST_TERMS).collect() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Raises the logits of the pieces that begin a term or continue one that `said` ends in; `text` are
    /// the ids of pieces that are text.
    pub(crate) fn bias(&self, said: &[TokenId], logits: &mut [f32], text: Range<usize>) {
        let Some(text) = logits.get(text) else { return };
        let floor = text.iter().copied().fold(f32::NEG_INFINITY, f32::max) - REACH;
        let mut gains: Vec<(usize, f32)> = Vec::new();
        for term in &self.terms {
            let begun = (1..term.len()).rev().find(|length| said.ends_with(&term[..*length])).unwrap_or(0);
            let (Ok(next), gain) =
                (usize::try_from(term[begun]), if begun == 0 { GAIN_FIRST } else { GAIN_NEXT })
            else {
                continue;
            };
            // Two terms that share a piece lift it once.
            match gains.iter_mut().find(|(piece, _)| *piece == next) {
                Some((_, most)) => *most = most.max(gain),
                None => gains.push((next, gain)),
            }
        }
        for (piece, gain) in gains {
            if let Some(logit) = logits.get_mut(piece).filter(|logit| **logit >= floor) {
                *logit += gain;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Terms of one letter a piece: "b" is 1, "c" is 2 and so on; the space is left out.
    fn glossary(terms: &[&str]) -> Glossary {
        let terms: Vec<String> = terms.iter().map(|term| (*term).to_owned()).collect();
        Glossary::new(&terms, |term| Some(term.trim().bytes().map(|byte| i32::from(byte - b'a')).collect()))
    }

    fn check(terms: &[&str], said: &[TokenId], expected: [f32; 4]) {
        // Pieces a to d, of which d is out of reach, and one that is no text and must not count.
        let mut logits = [10.0, 5.0, 4.0, 1.0, 99.0];
        glossary(terms).bias(said, &mut logits, 0..4);
        assert_eq!(logits[..4], expected, "{terms:?} after {said:?}");
        assert_eq!(logits[4], 99.0);
    }

    #[test]
    fn a_term_gains_a_little_at_its_beginning_and_more_once_begun() {
        check(&["bc"], &[], [10.0, 5.0 + GAIN_FIRST, 4.0, 1.0]);
        check(&["bc"], &[0, 1], [10.0, 5.0, 4.0 + GAIN_NEXT, 1.0]);
        check(&["bc", "bb", "b"], &[0], [10.0, 5.0 + GAIN_FIRST, 4.0, 1.0]);
    }

    #[test]
    fn what_is_far_from_what_was_heard_gains_nothing() {
        check(&["d"], &[], [10.0, 5.0, 4.0, 1.0]);
        check(&["cd"], &[2], [10.0, 5.0, 4.0, 1.0]);
        check(&["", " "], &[], [10.0, 5.0, 4.0, 1.0]);
    }
}
