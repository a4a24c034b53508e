//! YAMNet: how likely each of AudioSet's classes is heard in 0.96 s of sound.
//!
//! Its front end is that of `features.py` and `params.py` beside the makers' `yamnet.py`: magnitudes of frames
//! under a Hann window, mel bands, logarithm; no normalisation of level.

use super::fbank::{FRAME_LENGTH, FRAME_SHIFT};
use super::fuse;
use super::mel::{BIN_HZ, Band, Spectrum, bands};
use super::runtime::{Names, Network};
use super::timbre::Timbre;
use super::{ClassifyError, CrowdScores, PatchScores, Second};
use std::f64::consts::TAU;
use std::fmt;
use std::ops::Range;
use std::path::Path;

/// How many classes it knows.
pub const CLASSES: usize = 521;

/// Samples from one patch's start to the next one's: 0.96 s at 16 kHz.
const PATCH_SHIFT: usize = PATCH_FRAMES * FRAME_SHIFT;

/// Samples that a patch is made of: its last frame reaches into the next patch.
pub const PATCH_SAMPLES: usize = PATCH_SHIFT - FRAME_SHIFT + FRAME_LENGTH;

const PATCH_FRAMES: usize = 96;
/// Bands of a patch's frames.
pub(crate) const MEL_BINS: usize = 64;
/// The bands' lower and upper end, and what is added before the logarithm.
const LOW_HZ: f64 = 125.0;
const HIGH_HZ: f64 = 7_500.0;
const LOG_OFFSET: f64 = 0.001;

/// Below this a spectrum's power counts as that of bass.
const BASS_HZ: f64 = 250.0;

/// The input is `[patches, 1, 96, 64]`, the output `[patches, 521]`.
const NAMES: Names = Names { model: "YAMNet", input: "patches", output: "scores" };

/// YAMNet, ready to be asked; one thread's own.
#[derive(Debug)]
pub struct Yamnet {
    network: Network,
    names: Vec<String>,
    groups: [Vec<Range<usize>>; fuse::GROUPS],
    crowd: [Vec<Range<usize>>; CROWD.len()],
}

/// What is told of a crowd, as groups of classes: applause, laughter. Clapping alone is in much music.
const CROWD: [&[(&str, &str)]; 2] = [&[("Applause", "Applause")], &[("Laughter", "Chuckle, chortle")]];

impl Yamnet {
    /// Loads the model from the ONNX bytes that `xtask models` makes; as for the library, see
    /// [`Classifier::load`](super::Classifier::load).
    ///
    /// # Errors
    /// [`ClassifyError::Library`] if the library cannot be used, [`ClassifyError::Model`] if the bytes are not
    /// YAMNet with the names of its classes.
    pub fn load(runtime_library: &Path, model: &[u8]) -> Result<Self, ClassifyError> {
        let network = Network::load(NAMES, runtime_library, model)?;
        let names = network.metadata("classes").unwrap_or_default();
        let names: Vec<String> = names.lines().map(str::to_owned).collect();
        if names.len() != CLASSES {
            let reason = format!("it names {} classes instead of {CLASSES}", names.len());
            return Err(ClassifyError::Model { model: NAMES.model, reason });
        }
        let found = places(&names, &fuse::WANTED).zip(places(&names, &CROWD));
        let (groups, crowd) = found.ok_or_else(|| {
            let reason = "it lacks a class that sounds are told apart by".to_owned();
            ClassifyError::Model { model: NAMES.model, reason }
        })?;
        Ok(Self { network, names, groups, crowd })
    }

    /// AudioSet's names of the classes, in the order of the scores.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How likely each class is heard in a patch, from 0 to 1; the scores of different classes are not on one scale.
    ///
    /// # Errors
    /// [`ClassifyError::Run`] if the library fails.
    pub fn scores(&mut self, patch: &Patch) -> Result<[f32; CLASSES], ClassifyError> {
        let shape = [1, 1, PATCH_FRAMES, MEL_BINS];
        let rows = self.network.run(&shape, &patch.log_mel, 1)?;
        // As many rows came as were asked for.
        Ok(rows.first().copied().unwrap_or([0.0; CLASSES]))
    }

    /// What is heard in a second of this patch.
    pub(super) fn second(&mut self, patch: &Patch) -> Result<Second, ClassifyError> {
        let scores = self.scores(patch)?;
        let heard = |group: &Vec<Range<usize>>| {
            group.iter().flat_map(|stretch| &scores[stretch.clone()]).copied().fold(0.0, f32::max)
        };
        let [applause, laughter] = self.crowd.each_ref().map(heard);
        Ok(Second {
            tags: fuse::tags(self.groups.each_ref().map(heard)),
            crowd: CrowdScores { applause, laughter },
            timbre: Some(Timbre::new(&scores, &patch.log_mel)),
            scores: Some(PatchScores::new(patch, scores)),
            is_whole: true,
        })
    }
}

/// Where groups of classes are among all `names`: a group is stretches from a first to a last name. `None` if a name
/// is missing.
pub(crate) fn places<const N: usize>(
    names: &[String],
    wanted: &[&[(&str, &str)]; N],
) -> Option<[Vec<Range<usize>>; N]> {
    let place = |name: &str| names.iter().position(|other| other == name);
    let mut groups = [const { Vec::new() }; N];
    for (found, wanted) in groups.iter_mut().zip(wanted) {
        for (first, last) in *wanted {
            found.push(place(first)?..place(last)? + 1);
        }
    }
    Some(groups)
}

/// 0.96 s of sound as YAMNet hears it.
#[derive(Debug, Clone)]
pub struct Patch {
    log_mel: Vec<f32>,
    /// Power in all of the spectrum, in whatever unit.
    pub power: f64,
    /// Power below 250 Hz, in the same unit.
    pub bass_power: f64,
}

/// Makes patches; keeps its tables and buffers between calls.
pub struct LogMel {
    spectrum: Spectrum,
    window: Vec<f64>,
    bands: Vec<Band>,
}

impl LogMel {
    /// Makes the tables.
    pub fn new() -> Self {
        let step = TAU / FRAME_LENGTH as f64;
        Self {
            spectrum: Spectrum::new(),
            window: (0..FRAME_LENGTH).map(|n| 0.5 - 0.5 * (step * n as f64).cos()).collect(),
            bands: bands(MEL_BINS, LOW_HZ, HIGH_HZ),
        }
    }

    /// The patch of these samples: mono at 16 kHz, full scale is 1.
    pub fn patch(&mut self, samples: &[f32; PATCH_SAMPLES]) -> Patch {
        let log_mel = Vec::with_capacity(PATCH_FRAMES * MEL_BINS);
        let mut patch = Patch { log_mel, power: 0.0, bass_power: 0.0 };
        for frame in 0..PATCH_FRAMES {
            let samples = &samples[frame * FRAME_SHIFT..][..FRAME_LENGTH];
            let windowed =
                samples.iter().zip(&self.window).map(|(sample, window)| f64::from(*sample) * window);
            let bins = self.spectrum.power(windowed);
            // What is at zero is an offset and no sound.
            patch.power += bins[1..].iter().sum::<f64>();
            patch.bass_power += bins[1..(BASS_HZ / BIN_HZ) as usize].iter().sum::<f64>();
            bins.iter_mut().for_each(|bin| *bin = bin.sqrt());
            let energies = self.bands.iter().map(|band| (band.sum(bins) + LOG_OFFSET).ln() as f32);
            patch.log_mel.extend(energies);
        }
        patch
    }
}

impl Default for LogMel {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for LogMel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("LogMel").finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "yamnet_tests.rs"]
mod tests;
