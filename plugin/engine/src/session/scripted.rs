//! A scripted detector and recogniser, so that tests play every thread in one, without weights.

use crate::hear::{Evidence, Roles, Shares};
use crate::infer::classify::yamnet::{CLASSES, MEL_BINS};
use crate::infer::classify::{
    CELL_SAMPLES, CrowdScores, Part, PatchScores, SECOND_SAMPLES, Second, Stretch, Timbre, fuse,
};
use crate::infer::transcribe::{Effort, HeardWord, Hypothesis};
use crate::infer::{Answer, Failure, Inference, Job, Outcome, Task, Voice};
use crate::segment::FRAME;
use crate::session::Track;
use crossbeam_channel::{Receiver, Sender, unbounded};
use earmark_timeline::snapshot::Engine;
use earmark_timeline::sound::{Role, Stem};
use earmark_timeline::units::SampleRate;
use parking_lot::Mutex;
use std::f64::consts::TAU;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Hears speech wherever there is any level.
pub(crate) struct LevelVoice;

impl Voice for LevelVoice {
    fn speech_probability(&mut self, frame: &[f32; FRAME]) -> f32 {
        let loud = frame.iter().filter(|sample| sample.abs() > 0.05).count();
        if loud > FRAME / 2 { 1.0 } else { 0.0 }
    }
}

/// Has a fault.
struct FaultyVoice;

impl Voice for FaultyVoice {
    fn speech_probability(&mut self, _frame: &[f32; FRAME]) -> f32 {
        panic!("a planted fault")
    }
}

/// A transcription that was asked for.
pub(crate) struct Asked {
    pub(crate) effort: Effort,
    pub(crate) samples: usize,
    pub(crate) cancel: Arc<AtomicBool>,
}

/// Answers at once: one word that covers the speech and names its mean level in percent.
pub(crate) struct Script {
    /// How many jobs it takes before it is busy; each outcome taken frees a place.
    pub(crate) room: usize,
    /// Whether transcriptions are kept at work until [`Script::release`].
    pub(crate) hold: bool,
    held: Vec<Job>,
    /// All transcriptions, in the order they came.
    pub(crate) asked: Arc<Mutex<Vec<Asked>>>,
    /// Whether the detectors that are handed out have a fault.
    pub(crate) faulty: bool,
    /// Why nothing works, if so.
    pub(crate) unavailable: Option<String>,
    outbox: Sender<Outcome>,
    outcomes: Receiver<Outcome>,
}

impl Script {
    pub(crate) fn new() -> Self {
        let (outbox, outcomes) = unbounded();
        Self {
            room: usize::MAX,
            hold: false,
            held: Vec::new(),
            asked: Arc::default(),
            faulty: false,
            unavailable: None,
            outbox,
            outcomes,
        }
    }

    /// Answers what is at work, and from now on at once.
    pub(crate) fn release(&mut self) {
        self.hold = false;
        for job in std::mem::take(&mut self.held) {
            self.finish(job);
        }
    }

    fn finish(&self, job: Job) {
        let Job { session, ticket, cancel, task, .. } = job;
        let model = task.model();
        let cancelled = cancel.load(Ordering::Relaxed);
        let answer = if cancelled { Err(Failure::Cancelled) } else { self.answer(task) };
        let outcome = Outcome { session, ticket, model, answer, cpu: Duration::from_millis(10) };
        self.outbox.send(outcome).expect("the receiver is held here too");
    }

    fn answer(&self, task: Task) -> Result<Answer, Failure> {
        if let Some(reason) = &self.unavailable {
            return Err(Failure::Unavailable(reason.clone()));
        }
        Ok(match task {
            Task::Prepare { .. } => Answer::Prepared,
            Task::Transcribe { model, manner, audio, speech, .. } => {
                let inside = |seconds: f32| ((seconds * 16_000.0) as usize).min(audio.len());
                let spoken = &audio[inside(speech.start)..inside(speech.end)];
                let level = spoken.iter().map(|sample| sample.abs()).sum::<f32>() / spoken.len() as f32;
                let text = format!("level{}", (level * 100.0).round());
                let words = vec![HeardWord { text, seconds: speech, confidence: 1.0 }];
                Answer::Words(Hypothesis {
                    words,
                    no_speech: 0.0,
                    mean_logprob: -0.1,
                    language: manner.language,
                    language_is_sure: true,
                    model,
                })
            }
            Task::Classify { audio, keep } => {
                let kept = &audio[keep.start..keep.end.min(audio.len())];
                let cells = keep.len() / CELL_SAMPLES;
                // Somebody speaks everywhere, however loud.
                let part = Part {
                    probabilities: vec![[0.99, 0.01, 0.01]; cells],
                    levels: vec![0.0; cells],
                    seconds: kept.chunks(SECOND_SAMPLES).map(second).collect(),
                    tagging: Duration::from_millis(4),
                };
                Answer::Heard(part, Arc::new(LevelRoles))
            }
        })
    }
}

/// Applause is what is louder than any speech here, and an instrument is known by how often it passes zero; of the
/// scores, only the power is that of the samples.
fn second(samples: &[f32]) -> Second {
    let applause = samples.iter().map(|sample| sample.abs()).sum::<f32>() / samples.len() as f32;
    let crossings = samples.windows(2).filter(|pair| (pair[0] < 0.0) != (pair[1] < 0.0)).count();
    let mut scores = Box::new([0.0; CLASSES]);
    scores[crossings / 200] = 1.0;
    let is_heard = applause > 0.0;
    Second {
        tags: fuse::tags([0.9, 0.0, 0.0, 0.0, 0.0, 0.0]),
        crowd: CrowdScores { applause, laughter: 0.0 },
        timbre: is_heard.then(|| Timbre::new(&scores, &[0.0; MEL_BINS])),
        scores: is_heard.then(|| PatchScores { scores, power: f64::from(applause), bass_power: 0.0 }),
        is_whole: true,
    }
}

/// Drums are what is louder than half, a bass what is louder than nothing.
pub(crate) struct LevelRoles;

impl Roles for LevelRoles {
    fn of_stretch(&self, stretch: &Stretch) -> Option<(Role, f32)> {
        let heard = stretch.seconds.iter().filter_map(|second| second.scores.as_ref());
        let level = heard.map(|patch| patch.power).sum::<f64>() / stretch.seconds.len() as f64;
        let role = if level > 0.5 { Role::Drums } else { Role::Bass };
        (level > 0.0).then_some((role, level as f32))
    }

    fn of_run(&self, _: &Evidence, _: &Shares) -> Stem {
        Stem { role: None, likely: Vec::new(), tags: Vec::new() }
    }
}

impl Inference for Script {
    fn voice(&mut self) -> Result<Box<dyn Voice>, String> {
        if self.faulty { Ok(Box::new(FaultyVoice)) } else { Ok(Box::new(LevelVoice)) }
    }

    fn has_room(&self) -> bool {
        let at_work = self.held.iter().filter(|job| !job.cancel.load(Ordering::Relaxed)).count();
        at_work + self.outcomes.len() < self.room
    }

    fn submit(&mut self, job: Job) -> Result<(), Job> {
        if !self.has_room() {
            return Err(job);
        }
        if let Task::Transcribe { effort, audio, .. } = &job.task {
            let cancel = Arc::clone(&job.cancel);
            self.asked.lock().push(Asked { effort: *effort, samples: audio.len(), cancel });
            if self.hold {
                self.held.push(job);
                return Ok(());
            }
        }
        self.finish(job);
        Ok(())
    }

    fn outcomes(&self) -> &Receiver<Outcome> {
        &self.outcomes
    }

    fn at_work(&self) -> usize {
        self.held.len()
    }

    fn cores(&self) -> usize {
        self.room
    }

    fn use_cores(&mut self, cores: usize) {
        self.room = cores;
    }

    fn try_again(&mut self) {
        (self.unavailable, self.faulty) = (None, false);
    }
}

/// One round of the listener over one session, with everything looked through and every job answered.
pub(crate) fn round(track: &mut Track, script: &mut Script) {
    while track.step(script) {}
    loop {
        while let Ok(outcome) = script.outcomes.try_recv() {
            track.take_outcome(outcome);
        }
        let Some(job) = track.take_job() else { break };
        assert!(script.submit(job).is_ok(), "the script has room");
    }
    track.publish(&Engine::default());
}

/// Twelve seconds of plucked triads, I, IV, V and I over and over, `bpm` a minute from `first` seconds on; `root` is
/// in semitones above middle C.
pub(crate) fn song(rate: SampleRate, bpm: f64, first: f64, root: f64) -> Vec<f32> {
    let (rate, hz) = (f64::from(rate.hz()), |note: f64| 261.626 * ((note + root) / 12.0).exp2());
    let sample = |at: u32| {
        let beat = (f64::from(at) / rate - first) * bpm / 60.0;
        if beat < 0.0 {
            return 0.0;
        }
        let chord = [0.0, 5.0, 7.0, 0.0][beat as usize % 4];
        let since = beat.fract() * 60.0 / bpm;
        let tones = [0.0, 4.0, 7.0].map(|note| (TAU * hz(chord + note) * since).sin());
        (0.2 * (-4.0 * since).exp() * tones.iter().sum::<f64>()) as f32
    };
    (0..12 * rate as u32).map(sample).collect()
}

/// Sound for [`LevelVoice`] as stretches of (seconds, level), at the models' rate.
pub(crate) fn sound(parts: &[(f32, f32)]) -> Vec<f32> {
    parts
        .iter()
        .flat_map(|(seconds, level)| std::iter::repeat_n(*level, (seconds * 16_000.0) as usize))
        .collect()
}
