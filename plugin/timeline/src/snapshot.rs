//! The one thing that leaves the listener: everything there is to show, save or export, at one moment.

use crate::clock::ClockSource;
use crate::notebook::Notebook;
use crate::overview::Overview;
use crate::sound::Reading;
use crate::units::{Frames, ProjectTime, SampleRate, Seconds};
use std::ops::Range;
use std::sync::Arc;

/// A session at one moment. Immutable; a newer one replaces it as a whole.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Grows whenever anything in it changed.
    pub revision: u64,
    /// Grows whenever the notebook changed: what the host should save.
    pub notebook_revision: u64,
    /// How many restored notebooks have been taken over.
    pub restored: u64,
    /// How many connections to a host or file have ended and been worked off to the last word.
    pub finished: u64,
    /// What the session is doing.
    pub status: Status,
    /// What it has learned.
    pub notebook: Arc<Notebook>,
    /// What was taken in and is not worked off: a state that is saved now lacks the words of it.
    pub backlog: Vec<Range<ProjectTime>>,
    /// What is being said and may still turn out otherwise. Never part of the notebook.
    pub unsettled: Option<Unsettled>,
    /// What was measured of the newest passage that was long enough, still playing or not; the notebook keeps what
    /// has settled.
    pub reading: Option<Reading>,
    /// The waveform of what it heard.
    pub overview: Overview,
    /// What it cost.
    pub usage: Usage,
}

/// What somebody is saying, as far as it was made out; once it settles, an utterance stands in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsettled {
    /// Where the speech starts.
    pub start: ProjectTime,
    /// The words with their punctuation; never empty.
    pub words: Vec<String>,
    /// How many of them, from the first on, two decodings in a row agreed on; the rest is tentative.
    pub agreed: usize,
}

/// What a session is doing, for a person to read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Status {
    /// Whether it listens, and if not, why not.
    pub activity: Activity,
    /// Whose clock the newest times come from.
    pub clock: ClockSource,
    /// Where the newest sample heard lies on the timeline.
    pub heard_until: Option<ProjectTime>,
    /// Whether the host's playhead moves.
    pub playing: bool,
    /// Where the host's playhead is, listened to or not; `None` while the host does not say.
    pub playhead: Option<ProjectTime>,
    /// How much audio that was heard still waits for its words.
    pub behind: Seconds,
    /// The most that waited since the session last kept up: how much of it is worked off is progress.
    pub behind_at_most: Seconds,
    /// How many pieces of audio wait for a model or are at one.
    pub pending: usize,
    /// Frames that never reached the listener because the ring was full.
    pub lost: Frames,
    /// How the transcriber is.
    pub transcriber: Health,
    /// How the classifier is.
    pub classifier: Health,
    /// The host's sample rate, as far as it told.
    pub rate: Option<SampleRate>,
    /// The edit that undo would take back.
    pub undo: Option<&'static str>,
    /// The edit that redo would do again.
    pub redo: Option<&'static str>,
    /// Something a person should know, such as why a saved state could not be read.
    pub notice: Option<String>,
    /// What all sessions of the process share.
    pub engine: Engine,
    /// The card name of a smaller model for the language that is spoken, while the one in use cannot keep up.
    pub smaller_model: Option<String>,
}

/// What the one engine of a process is doing for all its sessions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Engine {
    /// How many cores inference may use.
    pub cores: usize,
    /// How many cores it could be given.
    pub cores_available: usize,
    /// How many pieces of audio are at a model.
    pub at_work: usize,
    /// How many sessions there are.
    pub sessions: usize,
    /// How much live audio of the session furthest behind waits for its words.
    pub furthest_behind: Seconds,
    /// What it does about being behind.
    pub relief: Relief,
    /// What a busy core draws now.
    pub power: Power,
}

/// What an engine does about being behind; what settles is never dropped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relief {
    /// Nothing: it keeps up.
    #[default]
    None,
    /// Nothing is shown before it settles.
    WithoutPartials,
    /// The same, and sessions are offered a smaller model.
    SmallerModel,
}

/// Whether a session listens, and if not, why not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Activity {
    /// No audio has come since the session began or the host stopped processing.
    #[default]
    Waiting,
    /// Audio is coming in.
    Listening,
    /// It met faults again and again and no longer listens until somebody asks for another try.
    Stopped,
}

/// How a model is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Health {
    /// Not needed so far, so not loaded.
    #[default]
    Idle,
    /// Being read and checked.
    Loading,
    /// At work.
    Ready,
    /// It cannot work; the sentence names the file and the remedy.
    Unavailable(String),
}

/// What a session has cost so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Usage {
    /// Audio heard.
    pub audio: Seconds,
    /// CPU time of the models' work for this session.
    pub inference_cpu: Seconds,
    /// How many times a model ran.
    pub inferences: u64,
    /// CPU time of everything else: resampling, and finding where somebody speaks.
    pub listening_cpu: Seconds,
    /// What each model has cost, by the name of its card.
    pub models: Vec<ModelUsage>,
    /// The energy of all this CPU time, in joules.
    pub joules: f64,
    /// Whether the energy was measured throughout; otherwise it is an estimate.
    pub measured: bool,
}

/// What one model has cost a session.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelUsage {
    /// The card name.
    pub model: Arc<str>,
    /// CPU time.
    pub cpu: Seconds,
    /// How many times it ran.
    pub runs: u64,
}

impl Usage {
    /// Adds one run of `model`.
    pub fn infer(&mut self, model: &Arc<str>, cpu: Seconds, power: Power) {
        self.inference_cpu.0 += cpu.0;
        self.inferences += 1;
        self.spend(cpu, power);
        self.count(model, cpu, 1);
    }

    /// Adds what another session has cost.
    pub fn add(&mut self, other: &Self) {
        self.measured = other.measured && (self.measured || self.joules == 0.0);
        self.joules += other.joules;
        self.audio.0 += other.audio.0;
        self.inference_cpu.0 += other.inference_cpu.0;
        self.inferences += other.inferences;
        self.listening_cpu.0 += other.listening_cpu.0;
        for ModelUsage { model, cpu, runs } in &other.models {
            self.count(model, *cpu, *runs);
        }
    }

    fn count(&mut self, model: &Arc<str>, cpu: Seconds, runs: u64) {
        match self.models.iter_mut().find(|usage| usage.model == *model) {
            Some(usage) => (usage.cpu.0, usage.runs) = (usage.cpu.0 + cpu.0, usage.runs + runs),
            None => self.models.push(ModelUsage { model: Arc::clone(model), cpu, runs }),
        }
    }

    /// Adds work of no model.
    pub fn listen(&mut self, cpu: Seconds, power: Power) {
        self.listening_cpu.0 += cpu.0;
        self.spend(cpu, power);
    }

    fn spend(&mut self, cpu: Seconds, power: Power) {
        self.measured = power.measured && (self.measured || self.joules == 0.0);
        self.joules += cpu.0 * power.watts_a_core;
    }
}

/// What a busy core draws.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Power {
    /// Watts for each core that is busy.
    pub watts_a_core: f64,
    /// Whether the processor measured it.
    pub measured: bool,
}

impl Default for Power {
    /// An estimate: 6.6 W, the 105 W that AMD specifies for the 16 cores of a Ryzen 9 5950X. A laptop's cores
    /// draw less.
    fn default() -> Self {
        Self { watts_a_core: 105.0 / 16.0, measured: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn energy_is_measured_only_if_all_of_it_is() {
        let (estimate, measured) = (Power::default(), Power { watts_a_core: 2.0, measured: true });
        let (model, cpu) = (Arc::from("m"), Seconds(3.0));
        let mut usage = Usage::default();
        usage.infer(&model, cpu, measured);
        usage.listen(cpu, measured);
        assert_eq!((usage.joules, usage.measured), (12.0, true));
        usage.infer(&model, cpu, estimate);
        usage.infer(&model, cpu, measured);
        assert!(!usage.measured);
        assert_eq!((usage.inferences, usage.inference_cpu, usage.listening_cpu.0), (3, Seconds(9.0), 3.0));
        assert_eq!(usage.models, [ModelUsage { model, cpu: Seconds(9.0), runs: 3 }]);
    }
}
