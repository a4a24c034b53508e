//! The part that a recording plays in a mix, from what the models and the spectrum say of it.
//!
//! Sixteen figures of a recording are held against what they are, in the mean, in recordings whose role is known
//! ([`table`]): the nearest role is the likeliest, distances counted in what is usual within a role. With as few
//! recordings as there are with known roles, nothing that learns more was right more often on recordings from other
//! makers (all classes' scores; logistic regression on these figures, and with YAMNet's embedding).

mod table;

use super::Shares;
use super::instruments::Evidence;
use crate::infer::classify::yamnet::{CLASSES, places};
use earmark_timeline::sound::{Role, Stem, Tag};
use std::ops::Range;
use table::{ASTRAY, CENTRES, SPREAD, SURE, TEMPERATURE};

/// How many figures there are of a recording.
pub const FIGURES: usize = GROUPS.len() + 4;

/// What a role is decided by: for each of [`GROUPS`] the mean logarithm of the score of its class that is heard most;
/// how much of the recording is speech, singing and music by the audio-event model, as log odds; and the share of
/// power below 250 Hz, four times.
pub type Figures = [f32; FIGURES];

/// AudioSet's classes that speak for a role each, and last those that speak for none: from the first name to the last
/// of each stretch, as YAMNet lists them.
const GROUPS: [&[(&str, &str)]; 12] = [
    &[("Speech", "Speech synthesizer")],
    &[("Singing", "Humming"), ("Vocal music", "A capella")],
    &[("Percussion", "Maraca")],
    &[("Bass guitar", "Bass guitar"), ("Double bass", "Double bass")],
    &[("Plucked string instrument", "Electric guitar"), ("Acoustic guitar", "Ukulele")],
    &[("Piano", "Electric piano"), ("Harpsichord", "Harpsichord")],
    &[("Organ", "Hammond organ")],
    &[("Synthesizer", "Sampler"), ("Electronic music", "Trance music")],
    &[("Orchestra", "Orchestra"), ("Bowed string instrument", "Cello")],
    &[
        ("Brass instrument", "Trombone"),
        ("Wind instrument, woodwind instrument", "Clarinet"),
        ("Harmonica", "Bagpipes"),
    ],
    &[
        ("Pop music", "Opera"),
        ("Music of Latin America", "New-age music"),
        ("Music of Africa", "Scary music"),
    ],
    &[("Whistling", "Whale vocalization"), ("Wind", "Crunch"), ("Sine wave", "Field recording")],
];

/// Log odds of a share are taken as if it were this much nearer to a half.
const SHARE_FLOOR: f32 = 0.1;

/// The share of bass weighs as much as a group's logarithm, which spreads about four times as wide.
const BASS_WEIGHT: f32 = 4.0;

/// How many roles and tags are told.
const LIKELY: usize = 3;
const TAGS: usize = 8;
/// A name that is heard less than this is not told; an instrument alone has often no more than 0.1.
const TOLD: f32 = 0.05;

/// Where the classes of [`GROUPS`] are among YAMNet's.
#[derive(Debug)]
pub(super) struct Groups([Vec<Range<usize>>; GROUPS.len()]);

impl Groups {
    /// Finds the classes by their names; `None` if one is missing.
    pub(super) fn find(names: &[String]) -> Option<Self> {
        places(names, &GROUPS).map(Self)
    }
}

/// The figures of a recording; `shares` are those of the classes that the audio-event model hears.
pub(super) fn figures(heard: &Evidence, groups: &Groups, shares: &Shares) -> Figures {
    let highest = |group: &Vec<Range<usize>>| {
        group.iter().flat_map(Clone::clone).map(|class| heard.log_score(class)).fold(f32::MIN, f32::max)
    };
    let [speech, singing, music, ..] = shares.map(|share| log_odds(share as f32));
    let mut figures = [0.0; FIGURES];
    let (by_group, others) = figures.split_at_mut(GROUPS.len());
    for (figure, group) in by_group.iter_mut().zip(&groups.0) {
        *figure = highest(group);
    }
    others.copy_from_slice(&[speech, singing, music, BASS_WEIGHT * heard.bass_share()]);
    figures
}

/// What plays in a recording of these figures and scores.
pub(super) fn stem(figures: &Figures, names: &[String], scores: impl Iterator<Item = f32>) -> Stem {
    let mut likely = likely(figures);
    likely.truncate(LIKELY);
    let told = |(name, score): (&String, f32)| (score >= TOLD).then(|| Tag { name: name.clone(), score });
    let mut tags: Vec<Tag> = names.iter().zip(scores.take(CLASSES)).filter_map(told).collect();
    tags.sort_by(|one, other| other.score.total_cmp(&one.score));
    tags.truncate(TAGS);
    Stem { role: sure(figures).map(|(role, _)| role), likely, tags }
}

/// What plays in a recording of these figures and how probable that is, if it is sure.
pub(super) fn sure(figures: &Figures) -> Option<(Role, f32)> {
    likely(figures).into_iter().next().filter(|(_, probability)| *probability >= SURE)
}

/// All roles and their probabilities, the likeliest first.
fn likely(figures: &Figures) -> Vec<(Role, f32)> {
    let mut likely: Vec<(Role, f32)> = Role::ALL.into_iter().zip(probabilities(figures)).collect();
    likely.sort_by(|one, other| other.1.total_cmp(&one.1));
    likely
}

/// The probability of each of [`Role::ALL`].
fn probabilities(figures: &Figures) -> [f32; Role::ALL.len()] {
    let fit = |centre: &Figures| {
        let apart = figures.iter().zip(centre).zip(&SPREAD);
        let apart: f32 = apart.map(|((figure, centre), spread)| ((figure - centre) / spread).powi(2)).sum();
        -0.5 * apart / TEMPERATURE
    };
    let fits = CENTRES.each_ref().map(fit);
    let best = fits.iter().copied().fold(f32::MIN, f32::max);
    let shares = fits.map(|fit| (fit - best).exp());
    let all: f32 = shares.iter().sum();
    let even = ASTRAY / shares.len() as f32;
    shares.map(|share| even + (1.0 - ASTRAY) * share / all)
}

fn log_odds(share: f32) -> f32 {
    ((share + SHARE_FLOOR) / (1.0 + SHARE_FLOOR - share)).ln()
}

#[cfg(test)]
#[path = "role/tests.rs"]
mod tests;
