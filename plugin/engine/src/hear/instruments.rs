//! What YAMNet hears in a recording, patch after patch, added up.

use super::Shares;
use super::plays::{Roles as _, Vocabulary};
use super::role::{self, Figures};
use crate::infer::classify::spans::is_silent;
use crate::infer::classify::yamnet::{CLASSES, LogMel, PATCH_SAMPLES};
use crate::infer::classify::{PatchScores, SECOND_SAMPLES, Yamnet};
use earmark_timeline::sound::Stem;
use parking_lot::Mutex;
use std::sync::Arc;

/// What is added to a score before its logarithm, so that classes that are not heard are alike; from 0.002 to 0.02 it
/// hardly mattered.
const SCORE_FLOOR: f32 = 0.01;

/// Asks YAMNet about mono audio at 16 kHz. What comes out does not depend on how the audio was cut.
pub(crate) struct Instruments {
    yamnet: Arc<Mutex<Yamnet>>,
    vocabulary: Vocabulary,
    log_mel: LogMel,
    /// Samples that belong to patches to come.
    pending: Vec<f32>,
    /// Samples to come that belong to none: the end of a second.
    to_skip: usize,
    heard: Evidence,
}

/// Sums over the patches in which there was something to hear.
#[derive(Debug, Clone)]
pub(crate) struct Evidence {
    patches: usize,
    scores: Vec<f64>,
    log_scores: Vec<f64>,
    power: f64,
    bass_power: f64,
}

impl Instruments {
    /// Makes ready to ask.
    ///
    /// # Errors
    /// A sentence, if the model does not know the classes that roles are told by.
    pub(crate) fn new(yamnet: Arc<Mutex<Yamnet>>) -> Result<Self, String> {
        let vocabulary = Vocabulary::of(&yamnet.lock())?;
        Ok(Self {
            yamnet,
            vocabulary,
            log_mel: LogMel::new(),
            pending: Vec::new(),
            to_skip: 0,
            heard: Evidence::new(),
        })
    }

    /// Takes samples and asks about the patches that they complete: one a second, as a session does for its classes.
    pub(crate) fn push(&mut self, samples_16k: &[f32]) {
        let skipped = self.to_skip.min(samples_16k.len());
        self.to_skip -= skipped;
        self.pending.extend_from_slice(&samples_16k[skipped..]);
        let mut start = 0;
        while let Some(samples) = self.pending.get(start..).and_then(<[f32]>::first_chunk) {
            ask(&mut self.log_mel, &self.yamnet, samples, &mut self.heard);
            start += SECOND_SAMPLES;
        }
        let taken = start.min(self.pending.len());
        self.pending.drain(..taken);
        self.to_skip += start - taken;
    }

    /// What plays in what was heard so far; `None` where nothing was.
    pub(crate) fn stem(&self, shares: &Shares) -> Option<Stem> {
        Some(self.vocabulary.of_run(&self.heard()?, shares))
    }

    /// What the role is told by.
    pub(super) fn figures(&self, shares: &Shares) -> Option<Figures> {
        Some(role::figures(&self.heard()?, &self.vocabulary.groups, shares))
    }

    /// Of a recording shorter than a patch, what is there of it, with silence after it.
    fn heard(&self) -> Option<Evidence> {
        let mut heard = self.heard.clone();
        if heard.is_empty() {
            let mut samples = [0.0; PATCH_SAMPLES];
            let there = self.pending.len().min(PATCH_SAMPLES);
            samples[..there].copy_from_slice(&self.pending[..there]);
            ask(&mut LogMel::new(), &self.yamnet, &samples, &mut heard);
        }
        (!heard.is_empty()).then_some(heard)
    }
}

fn ask(log_mel: &mut LogMel, yamnet: &Mutex<Yamnet>, samples: &[f32; PATCH_SAMPLES], heard: &mut Evidence) {
    if is_silent(samples) {
        return;
    }
    let patch = log_mel.patch(samples);
    // A patch that the library fails on is left out, as silence is.
    if let Ok(scores) = yamnet.lock().scores(&patch) {
        heard.add(&PatchScores::new(&patch, scores));
    }
}

impl Evidence {
    pub(super) fn new() -> Self {
        let nothing = vec![0.0; CLASSES];
        Self { patches: 0, scores: nothing.clone(), log_scores: nothing, power: 0.0, bass_power: 0.0 }
    }

    /// Whether nothing was heard.
    pub(super) const fn is_empty(&self) -> bool {
        self.patches == 0
    }

    /// Takes a patch in which there was something to hear.
    pub(super) fn add(&mut self, patch: &PatchScores) {
        self.patches += 1;
        self.power += patch.power;
        self.bass_power += patch.bass_power;
        for ((score, sum), logarithms) in patch.scores.iter().zip(&mut self.scores).zip(&mut self.log_scores)
        {
            *sum += f64::from(*score);
            *logarithms += f64::from((score + SCORE_FLOOR).ln());
        }
    }

    /// The mean score of each class.
    pub(super) fn scores(&self) -> impl Iterator<Item = f32> {
        self.scores.iter().map(|sum| (sum / self.patches as f64) as f32)
    }

    /// The mean logarithm of a class's score, a little raised.
    pub(super) fn log_score(&self, class: usize) -> f32 {
        (self.log_scores[class] / self.patches as f64) as f32
    }

    /// The share of power below 250 Hz.
    pub(super) fn bass_share(&self) -> f32 {
        (self.bass_power / self.power.max(f64::MIN_POSITIVE)) as f32
    }
}
