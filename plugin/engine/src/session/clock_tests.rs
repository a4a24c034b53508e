//! Time through all of the listening: from host frames back to the project's time.

use crate::command::Command;
use crate::resample::Resampler;
use crate::session::scripted::{Script, round};
use crate::session::{Shared, Track};
use crossbeam_channel::bounded;
use earmark_capture::{Tap, tap_and_drain};
use earmark_timeline::clock::{Run, RunId};
use earmark_timeline::transport::{ChannelChoice, Listen, Transport};
use earmark_timeline::units::{FramePos, Frames, SampleRate, time_from_frames};
use std::ops::Range;
use std::sync::Arc;

/// How far a mark may be off, in seconds.
const TOLERANCE_S: f64 = 0.01;

fn rate(hz: u32) -> SampleRate {
    SampleRate::new(hz).expect("a rate in range")
}

/// Plays an hour in blocks of `block` frames from `origin` on, with a click of 1 ms (one period of a sine,
/// loudest a quarter in) each six minutes and in the last one, and checks where on the project's timeline the
/// loudest sample of each lies after resampling.
fn check_clicks(hz: u32, block: usize, origin: i64) {
    let minute = 60 * u64::from(hz);
    let clicks: Vec<u64> = (0..60).step_by(6).chain([59]).map(|number| number * minute + 12_345).collect();
    let click: Vec<f32> = (0..hz / 1_000)
        .map(|frame| (f64::from(frame * 1_000) / f64::from(hz) * std::f64::consts::TAU).sin() as f32)
        .collect();
    let transport = Transport { playing: true, project: Some(FramePos(origin)), ..Transport::default() };
    let run = Run { id: RunId(0), rate: rate(hz), capture: FramePos(0), transport };
    let mut resampler = Resampler::new(run.rate);
    let (mut out, mut given) = (Vec::new(), 0);
    let mut samples = vec![0.0_f32; block];
    let mut loudest: Vec<(f32, f64)> = vec![(0.0, 0.0); clicks.len()];
    for start in (0..60 * minute).step_by(block) {
        samples.fill(0.0);
        for at in &clicks {
            let from = (*at).max(start);
            for frame in from..(at + click.len() as u64).min(start + block as u64).max(from) {
                samples[(frame - start) as usize] = click[(frame - at) as usize];
            }
        }
        resampler.push(&samples, &mut out);
        let first = given;
        given += out.len() as i64;
        for (sample, at) in out.drain(..).zip(first..).filter(|(sample, _)| *sample > 0.1) {
            let time = run.time_from_model(FramePos(at)).seconds();
            let since_start = time - time_from_frames(FramePos(origin), run.rate).seconds();
            let nearest =
                clicks.iter().position(|click| (*click as f64 / f64::from(hz) - since_start).abs() < 1.0);
            let best = &mut loudest[nearest.expect("sound is only where a click is")];
            if sample > best.0 {
                *best = (sample, time);
            }
        }
    }
    for (click, (level, time)) in clicks.iter().zip(loudest) {
        let expected = time_from_frames(FramePos(origin + *click as i64), run.rate).seconds() + 0.000_25;
        assert!(
            level > 0.1 && (time - expected).abs() < TOLERANCE_S,
            "{hz} Hz: {time} s is not {expected} s"
        );
    }
}

#[test]
fn a_click_is_within_10_ms_after_an_hour_at_every_rate_and_block_size() {
    for (hz, block) in
        [(22_050, 64), (44_100, 480), (48_000, 512), (88_200, 17), (96_000, 1_024), (192_000, 4_096)]
    {
        check_clicks(hz, block, 0);
    }
    check_clicks(44_100, 1, -44_100 * 10);
}

/// Numerical Recipes' linear congruence: chance enough to go through many transports, the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// A session under a transport that does anything; keeps what it played.
struct Journey {
    chance: Chance,
    track: Track,
    commands: crossbeam_channel::Sender<Command>,
    script: Script,
    tap: Tap,
    hz: u32,
    /// The playhead, in seconds.
    at: f64,
    /// Every stretch that was played in one go, in seconds.
    played: Vec<Range<f64>>,
}

impl Journey {
    fn new(seed: u64) -> Self {
        let (commands, inbox) = bounded(64);
        let track = Track::new(Arc::new(Shared::default()), inbox);
        let (tap, drain) = tap_and_drain(rate(48_000), FramePos(0));
        assert!(commands.try_send(Command::Connect(drain)).is_ok());
        let chance = Chance(seed);
        Self { chance, track, commands, script: Script::new(), tap, hz: 48_000, at: 0.0, played: Vec::new() }
    }

    /// Plays up to two seconds that may hold speech, in blocks of any size; a ring holds 2.7 s at 192 kHz.
    fn play(&mut self) {
        let frames = self.chance.below(2 * u64::from(self.hz)) as usize;
        let (from, to) = (self.chance.below(frames as u64 + 1) as usize, frames);
        let start = (self.at * f64::from(self.hz)).round() as i64;
        let mut done = 0;
        while done < frames {
            let count = (1 + self.chance.below(8_192) as usize).min(frames - done);
            let samples: Vec<f32> = (done..done + count)
                .map(|frame| if (from..to).contains(&frame) { 0.5 } else { 0.0 })
                .collect();
            let project = Some(FramePos(start + done as i64));
            let transport = Transport { playing: true, project, ..Transport::default() };
            self.tap.process(&[samples], count, transport, ChannelChoice::Mix, Listen::WhilePlaying);
            done += count;
        }
        let seconds = |frame: i64| frame as f64 / f64::from(self.hz);
        let (start, end) = (seconds(start), seconds(start + frames as i64));
        match self.played.last_mut() {
            Some(last) if (last.end - start).abs() < 0.0015 => last.end = end,
            _ => self.played.push(start..end),
        }
        self.at = end;
    }

    fn round(&mut self) {
        round(&mut self.track, &mut self.script);
    }

    fn anything(&mut self) {
        match self.chance.below(10) {
            0 => self.at = self.chance.below(20) as f64 - 5.0,
            1 => self.at = (self.at - 2.0).max(-5.0),
            2 => {
                let stopped = Transport::default();
                self.tap.process(&[[0.0f32; 7]], 7, stopped, ChannelChoice::Mix, Listen::WhilePlaying);
            }
            3 => {
                let rates = [8_000, 22_050, 44_100, 48_000, 96_000, 192_000];
                self.hz = rates[self.chance.below(rates.len() as u64) as usize];
                let (tap, drain) = tap_and_drain(rate(self.hz), self.tap.capture());
                self.tap = tap;
                assert!(self.commands.try_send(Command::Connect(drain)).is_ok());
                // The next passage is a run of its own, however near it is.
                self.played.push(self.at..self.at);
            }
            _ => self.play(),
        }
        self.round();
    }
}

#[test]
fn whatever_the_transport_does_times_are_in_order_and_within_what_was_played() {
    for seed in 0..60 {
        let mut journey = Journey::new(seed);
        for _ in 0..30 {
            journey.anything();
        }
        journey.tap.end_run();
        journey.round();
        journey.round();
        let snapshot = journey.track.shared().newest();
        assert_eq!(snapshot.status.lost, Frames(0), "seed {seed}");
        let played = |start: f64, end: f64| {
            // A host's position is whole frames: a run may begin up to a millisecond beside its playhead.
            journey.played.iter().any(|pass| pass.start - 0.002 <= start && end <= pass.end + 0.012)
        };
        let mut last = f64::MIN;
        for utterance in snapshot.notebook.utterances() {
            let (start, end) = (utterance.start.seconds(), utterance.end.seconds());
            assert!(last <= start && start < end, "seed {seed}: {start} to {end} after {last}");
            assert!(played(start, end), "seed {seed}: {start} to {end} in {:?}", journey.played);
            let words = utterance.words.iter().all(|word| word.start <= word.end);
            assert!(words, "seed {seed}");
            last = start;
        }
        let apart = snapshot.notebook.spans().windows(2).all(|pair| pair[0].end <= pair[1].start);
        assert!(apart, "seed {seed}");
    }
}
