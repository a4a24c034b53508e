//! What plays in the course of time, by what is asked of the models for the classes of sound anyway.

use super::Shares;
use super::instruments::Evidence;
use super::role::{self, Groups};
use crate::infer::classify::fuse::PATCH_STEP;
use crate::infer::classify::{CELL_SAMPLES, Classified, FrameClass};
use earmark_timeline::sound::Role;

/// Samples of a stretch that is decided on as a whole: 4 s, half of the least that is classified at a time. A second
/// alone is told by too little.
pub(crate) const STRETCH_SAMPLES: usize = STRETCH_CELLS * CELL_SAMPLES;
const STRETCH_CELLS: usize = 4 * PATCH_STEP;

/// What plays in each stretch of [`STRETCH_SAMPLES`] of what was classified and how probable that is, where it is sure;
/// `names` are those of YAMNet's classes. Nothing if it lacks a class that roles are told by.
pub(crate) fn roles(heard: &Classified, names: &[String]) -> Vec<Option<(Role, f32)>> {
    let Some(groups) = Groups::find(names) else { return Vec::new() };
    let seconds = heard.seconds.chunks(STRETCH_CELLS / PATCH_STEP);
    let stretches = heard.classes.chunks(STRETCH_CELLS).zip(seconds);
    let role = |(classes, seconds): (&[FrameClass], _)| {
        let evidence = Evidence::of(seconds)?;
        role::sure(&role::figures(&evidence, &groups, &shares(classes)))
    };
    stretches.map(role).collect()
}

/// How much of some cells each class fills.
fn shares(classes: &[FrameClass]) -> Shares {
    let mut shares = Shares::default();
    for cell in classes {
        shares[cell.class as usize] += 1.0 / classes.len() as f64;
    }
    shares
}
