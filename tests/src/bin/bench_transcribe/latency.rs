//! How soon words come while a recording plays in real time.

use crate::clips::{self, Report};
use crate::cost::{cpu_seconds, machine_cpu_seconds};
use crate::{Failure, Task, earmark};
use earmark_tests::audio::Clip;
use earmark_tests::live::{Performance, median_and_p95, perform};
use earmark_timeline::units::SampleRate;
use serde::Serialize;
use std::ops::Range;
use std::time::Instant;

/// The pause after each clip, as between the phrases of a talk, in seconds.
const PAUSE_S: f64 = 0.8;
/// A clip's voice ends with its last 10 ms that are at most this far below its loud ones, its 95th
/// percentile, in decibels: the ends of words are heard down to about that.
const BELOW_LOUD_DB: f32 = 30.0;
const RATE_HZ: u32 = SampleRate::MODEL.hz();
const STEP_SAMPLES: usize = RATE_HZ as usize / 100;

/// The delays in seconds, each a median and a 95th percentile.
#[derive(Serialize)]
struct Delays {
    /// How long the recording is.
    seconds: f64,
    /// How many clips it is made of.
    phrases: usize,
    /// How many of them settled no words.
    unheard: usize,
    /// How many utterances they became.
    utterances: usize,
    /// How many words.
    words: usize,
    /// From the last voiced sample, by the detector, to the utterance's settled words.
    by_detector: (f64, f64),
    /// From the last loud sample of the clip to the settled words of all of it.
    by_level: (f64, f64),
    /// From a word's end to its being shown, settled or not.
    shown: (f64, f64),
    /// How many cores everything else on the machine used meanwhile; nothing where that is not known.
    others: Option<f64>,
}

/// Plays all clips, one after the other with pauses, in real time.
///
/// # Errors
/// When a model or a clip is missing.
pub(crate) fn run(task: &Task) -> Result<(), Failure> {
    let clips = clips::read(&task.clips)?;
    earmark::hub(&task.model)?;
    let mut report = Report::new(task, "in real time", 1)?;
    let (mut audio, mut phrases) = (Vec::new(), Vec::new());
    for clip in &clips {
        let samples = clips::raw_floats(&clip.audio16)?;
        let start = seconds(audio.len());
        phrases.push(start..start + seconds(voice_end(&samples)));
        audio.extend_from_slice(&samples);
        audio.resize(audio.len() + (PAUSE_S * f64::from(RATE_HZ)) as usize, 0.0);
    }
    let clip = Clip { rate_hz: RATE_HZ, channels: vec![audio] };
    let (own, all, start) = (cpu_seconds(), machine_cpu_seconds(), Instant::now());
    let performance = perform(&clip, &task.model)?;
    let wall = start.elapsed().as_secs_f64();
    let own = cpu_seconds() - own;
    let others = machine_cpu_seconds().zip(all).map(|(after, before)| (after - before - own) / wall);
    let notebook = performance.notebook();
    let by_level = after_voice(&performance, &phrases);
    report.add(&Delays {
        seconds: clip.seconds(),
        phrases: phrases.len(),
        unheard: phrases.len() - by_level.len(),
        utterances: notebook.utterances().len(),
        words: notebook.utterances().iter().map(|utterance| utterance.words.len()).sum(),
        by_detector: median_and_p95(performance.settled_after_s()),
        by_level: median_and_p95(by_level),
        shown: median_and_p95(performance.shown_after_s()),
        others,
    })
}

/// For each phrase that settled words, the seconds from the end of its voice to the last of them.
fn after_voice(performance: &Performance, phrases: &[Range<f64>]) -> Vec<f64> {
    let notebook = performance.notebook();
    // When each utterance settled, and its middle, which says whose it is: its ends are padded.
    let settled: Vec<(f64, f64)> = (notebook.utterances().iter().zip(performance.settled_after_s()))
        .map(|(it, delay)| (it.start.middle(it.end).seconds(), it.end.seconds() + delay))
        .collect();
    let delay = |(index, phrase): (usize, &Range<f64>)| {
        let end = phrases.get(index + 1).map_or(f64::INFINITY, |next| next.start);
        let own = settled.iter().filter(|(middle, _)| (phrase.start..end).contains(middle));
        own.map(|(_, moment)| moment - phrase.end).reduce(f64::max)
    };
    phrases.iter().enumerate().filter_map(delay).collect()
}

/// Where a recording's voice ends, in samples.
fn voice_end(samples: &[f32]) -> usize {
    let level = |step: &[f32]| {
        10.0 * (step.iter().map(|sample| sample * sample).sum::<f32>() / step.len() as f32 + 1e-10).log10()
    };
    let levels: Vec<f32> = samples.chunks(STEP_SAMPLES).map(level).collect();
    let mut sorted = levels.clone();
    sorted.sort_by(f32::total_cmp);
    let loud = sorted.get(sorted.len() * 95 / 100).copied().unwrap_or_default();
    let last = levels.iter().rposition(|level| *level >= loud - BELOW_LOUD_DB);
    last.map_or(0, |step| ((step + 1) * STEP_SAMPLES).min(samples.len()))
}

fn seconds(samples: usize) -> f64 {
    samples as f64 / f64::from(RATE_HZ)
}
