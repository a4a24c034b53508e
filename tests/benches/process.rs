//! What the audio thread pays: `Tap::process` beside a plain copy of the same stereo block at 48 kHz.
//!
//! `cargo bench -p earmark-tests --bench process`; the aim is a median below twice the copy and 200 ns more.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use earmark_capture::{Drain, Tap, tap_and_drain};
use earmark_timeline::transport::{ChannelChoice, Listen, Transport};
use earmark_timeline::units::{FramePos, SampleRate};
use std::hint::black_box;
use std::time::{Duration, Instant};

const SIZES: [usize; 3] = [64, 512, 4_096];

/// Blocks measured in one go, so that reading the clock costs nothing beside them, and no more than wait for
/// a listener that looks every 10 ms and is held up for a while.
const BATCH: u64 = 16;

/// Calls whose durations are told apart for the tail.
const TAIL_CALLS: usize = 100_000;

struct Instance {
    tap: Tap,
    drain: Drain,
    at: i64,
}

impl Instance {
    fn new() -> Self {
        let rate = SampleRate::new(48_000).expect("a rate in range");
        let (tap, drain) = tap_and_drain(rate, FramePos(0));
        Self { tap, drain, at: 0 }
    }

    fn process(&mut self, channels: &[Vec<f32>; 2]) {
        let frames = channels[0].len();
        let transport = Transport { playing: true, project: Some(FramePos(self.at)), ..Transport::default() };
        self.tap.process(black_box(channels), frames, transport, ChannelChoice::Mix, Listen::WhilePlaying);
        self.at += frames as i64;
    }

    fn empty(&mut self) {
        while self.drain.pop().is_some() {}
    }
}

fn stereo(frames: usize) -> [Vec<f32>; 2] {
    [0.25, -0.5].map(|level| vec![level; frames])
}

/// The time that `calls` calls on each of `instances` take, without what empties the rings in between.
fn timed(instances: &mut [Instance], channels: &[Vec<f32>; 2], calls: u64, drained: bool) -> Duration {
    let mut total = Duration::ZERO;
    for batch in (0..calls).step_by(BATCH as usize) {
        let begin = Instant::now();
        for _ in batch..(batch + BATCH).min(calls) {
            for instance in &mut *instances {
                instance.process(channels);
            }
        }
        total += begin.elapsed();
        if drained {
            instances.iter_mut().for_each(Instance::empty);
        }
    }
    total / instances.len() as u32
}

fn process(criterion: &mut Criterion) {
    for frames in SIZES {
        let channels = stereo(frames);
        let mut group = criterion.benchmark_group(format!("{frames} frames"));
        let mut out = stereo(frames);
        group.bench_function(BenchmarkId::from_parameter("copy"), |bencher| {
            bencher.iter(|| {
                for (out, channel) in out.iter_mut().zip(black_box(&channels)) {
                    out.copy_from_slice(channel);
                }
                black_box(&mut out);
            });
        });
        for (name, count, drained) in
            [("process", 1, true), ("ring full", 1, false), ("8 instances", 8, true)]
        {
            let mut instances: Vec<_> = (0..count).map(|_| Instance::new()).collect();
            group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
                bencher.iter_custom(|calls| timed(&mut instances, &channels, calls, drained));
            });
        }
        group.finish();
        tail(&channels);
    }
}

/// Prints the 99.9th percentile of single calls, the clock's own cost included.
#[allow(clippy::print_stdout, reason = "a benchmark's report")]
fn tail(channels: &[Vec<f32>; 2]) {
    let mut instance = Instance::new();
    let mut calls: Vec<Duration> = (0..TAIL_CALLS)
        .map(|_| {
            let begin = Instant::now();
            instance.process(channels);
            let length = begin.elapsed();
            instance.empty();
            length
        })
        .collect();
    calls.sort_unstable();
    let (median, tail) = (calls[TAIL_CALLS / 2], calls[TAIL_CALLS * 999 / 1_000]);
    println!("{} frames, single calls: median {median:?}, p99.9 {tail:?}", channels[0].len());
}

criterion_group!(benches, process);
criterion_main!(benches);
