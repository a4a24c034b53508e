//! What a recording or a run sounds like as a whole: how loud it is, how fast, in which key, and what plays.
//!
//! Signal rules: levels ([`loudness`]), onsets and changes of pitch that recur ([`onsets`], [`pitch`], [`tempo`]), the
//! pitch classes that there are ([`key`]), how it begins and ends ([`form`]), and a guitar's overtones ([`drive`]).
//! Only what plays ([`role`]) is asked of a model ([`instruments`]), where that is at hand. All of it takes audio as it
//! comes and needs little memory (300 KB more an hour); what it says does not depend on how the audio was cut.

mod crowd;
mod drive;
mod form;
mod instruments;
mod key;
mod loudness;
mod momentary;
mod onsets;
mod pitch;
mod plays;
mod role;
mod seconds;
mod sections;
mod tempo;
mod watch;

#[cfg(test)]
pub(crate) use instruments::Evidence;
pub(crate) use plays::{Plays, Roles, Vocabulary};
pub use role::{FIGURES, Figures};
pub(crate) use seconds::BySecond;
pub(crate) use watch::{Found, Watch};

use crate::infer::{Shelf, TAGGER};
use crate::resample::Resampler;
use cpu_time::ThreadTime;
use drive::Overtones;
use earmark_models::Store;
use earmark_timeline::sound::Sound;
use earmark_timeline::tag::SoundClass;
use earmark_timeline::units::{SampleRate, Seconds};
use form::Course;
use instruments::Instruments;
use loudness::Meter;
use onsets::Onsets;
use pitch::Pitches;
use tempo::Beat;

/// How much of a recording each of [`SoundClass::ALL`] fills, from 0 to 1.
pub type Shares = [f64; SoundClass::ALL.len()];

/// The models that recordings are heard with; one for all of a process.
pub struct Models(Shelf);

impl Models {
    /// The models of `store`; loads nothing.
    pub fn new(store: Store) -> Self {
        Self(Shelf::new(store))
    }

    /// Looks whether it can be told what plays.
    ///
    /// # Errors
    /// A sentence that says why not.
    pub fn check(&self) -> Result<(), String> {
        self.instruments().map(|_| ())
    }

    fn instruments(&self) -> Result<Instruments, String> {
        Instruments::new(self.0.tagger()?)
    }
}

/// Measures levels, tempo and key.
pub(crate) struct Measures {
    meter: Meter,
    onsets: Onsets,
    pitches: Pitches,
    beat: Beat,
    course: Course,
    overtones: Overtones,
}

impl Measures {
    fn new(meter: Meter) -> Self {
        Self {
            meter,
            onsets: Onsets::new(),
            pitches: Pitches::new(),
            beat: Beat::new(),
            course: Course::new(),
            overtones: Overtones::new(),
        }
    }

    /// Makes ready for the mean of so many channels.
    pub(crate) fn of_mean(rate: SampleRate, channels: usize) -> Self {
        Self::new(Meter::of_mean(rate, channels))
    }

    /// Measures the levels of the next samples, interleaved and a whole number of frames.
    pub(crate) fn meter(&mut self, interleaved: &[f32]) {
        self.meter.push(interleaved);
    }

    /// Listens to the next samples for tempo, key, form and drive.
    pub(crate) fn listen(&mut self, mono_16k: &[f32]) {
        self.onsets.push(mono_16k, |strength| self.beat.onsets.push(strength));
        self.pitches.push(mono_16k, |strength| self.beat.pitches.push(strength));
        self.course.push(mono_16k);
        self.overtones.push(mono_16k);
    }

    /// The highest momentary loudness of a second, counted from the first sample on, in whole LUFS.
    pub(crate) fn momentary_lufs(&self, second: usize) -> Option<i8> {
        self.meter.momentary_lufs(second)
    }

    /// What was measured so far; drive as if it were a guitar.
    pub(crate) fn sound(&self) -> Sound {
        let tempo = self.beat.tempo();
        Sound {
            loudness: self.meter.loudness(),
            tempo,
            key: key::key(self.pitches.chroma()),
            form: self.course.form(tempo.as_ref()),
            drive: self.overtones.drive(),
            stem: None,
        }
    }
}

/// Listens to a recording and tells what it sounds like as a whole.
pub struct Hearing {
    channels: usize,
    measures: Measures,
    mono: Vec<f32>,
    resampler: Resampler,
    mono_16k: Vec<f32>,
    instruments: Option<Instruments>,
    cpu: Seconds,
    instruments_cpu: Seconds,
}

impl Hearing {
    /// Makes ready for interleaved audio of so many channels. Without the models it goes on and does not tell what
    /// plays.
    pub fn new(rate: SampleRate, channels: usize, models: &Models) -> Self {
        Self {
            channels: channels.max(1),
            measures: Measures::new(Meter::new(rate, channels.max(1))),
            mono: Vec::new(),
            resampler: Resampler::new(rate),
            mono_16k: Vec::new(),
            instruments: models.instruments().ok(),
            cpu: Seconds(0.0),
            instruments_cpu: Seconds(0.0),
        }
    }

    /// Takes the next samples, a whole number of frames.
    pub fn push(&mut self, interleaved: &[f32]) {
        let begun = ThreadTime::now();
        self.measures.meter(interleaved);
        self.mono.clear();
        let frames = interleaved.chunks_exact(self.channels);
        self.mono.extend(frames.map(|frame| frame.iter().sum::<f32>() / self.channels as f32));
        self.mono_16k.clear();
        self.resampler.push(&self.mono, &mut self.mono_16k);
        self.measures.listen(&self.mono_16k);
        let asked = ThreadTime::now();
        if let Some(instruments) = &mut self.instruments {
            instruments.push(&self.mono_16k);
        }
        self.instruments_cpu.0 += asked.elapsed().as_secs_f64();
        self.cpu.0 += begun.elapsed().as_secs_f64();
    }

    /// CPU time that taking samples has cost.
    pub const fn cpu(&self) -> Seconds {
        self.cpu
    }

    /// The card's name of the model that tells what plays, and its part of the CPU time; `None` without it.
    pub fn model(&self) -> Option<(&'static str, Seconds)> {
        self.instruments.as_ref().map(|_| (TAGGER, self.instruments_cpu))
    }

    /// What was heard so far; it settles with time. What plays is told only with the `shares` of the classes.
    pub fn sound(&self, shares: Option<&Shares>) -> Sound {
        let stem = self.instruments.as_ref().zip(shares).and_then(|(heard, shares)| heard.stem(shares));
        self.measures.sound().played_by(stem)
    }

    /// What the newest samples are to the models: mono at 16 kHz.
    pub fn mono_16k(&self) -> &[f32] {
        &self.mono_16k
    }

    /// What the role is told by, for whoever makes the roles' table.
    pub fn figures(&self, shares: &Shares) -> Option<Figures> {
        self.instruments.as_ref()?.figures(shares)
    }
}

#[cfg(test)]
#[path = "hear_tests.rs"]
mod tests;
