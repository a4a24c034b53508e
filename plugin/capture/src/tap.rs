//! The audio thread's end of the ring.

use crate::{BLOCK_FRAMES, Block, Drain, Gauge};
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use earmark_timeline::transport::{ChannelChoice, Listen, Transport};
use earmark_timeline::units::{FramePos, Frames, SampleRate};
use ringbuf::traits::{Consumer, Observer, Producer, Split};
use ringbuf::{HeapCons, HeapProd, HeapRb};

/// Blocks in the ring: 21.8 s at 48 kHz and 5.5 s at 192 kHz in 4.6 MB. In a bounce at 100 times real time a
/// listener that rests for 10 ms between rounds may be held up for a fifth of a second, as on a machine
/// whose cores are all taken.
const RING_BLOCKS: usize = 4096;

/// How far a host's own position may wander from the frames it processed before it counts as a jump:
/// 1 ms, which forgives positions rounded to ticks or beats and stays below what a mark may be off.
const JITTER_HZ: u32 = 1_000;

/// Writes down what passes and hands it to the listener. Held by the host's audio thread.
///
/// Blocks go round: the tap fills one in place, swaps it for an empty one and sends it off; the drain
/// sends it back. So a sample is written once, and no memory is made or freed on the way. Blocks that came
/// back go first, so that with a listener that keeps up a handful go round and stay in the cache.
pub struct Tap {
    ring: HeapProd<Box<Block>>,
    /// Blocks that the drain has emptied.
    returned: HeapCons<Box<Block>>,
    /// Blocks that were never used; never grows.
    #[allow(clippy::vec_box, reason = "the boxes themselves go into the ring")]
    stock: Vec<Box<Block>>,
    gauge: Arc<Gauge>,
    rate: SampleRate,
    /// The position that the host told last.
    told: Option<FramePos>,
    /// Counts every frame that passed, listened to or not.
    capture: FramePos,
    epoch: u32,
    /// Where the current epoch began, while one is open.
    origin: Option<Origin>,
    /// The block being filled.
    pending: Box<Block>,
}

/// The first frame of the open epoch on both clocks.
#[derive(Clone, Copy)]
struct Origin {
    capture: FramePos,
    project: Option<FramePos>,
}

/// Makes both ends of a ring for audio at `rate` whose capture clock starts at `start`; allocates all
/// the memory that they will ever use.
///
/// A later ring of the same session starts its clock where the former tap stopped ([`Tap::capture`]).
pub fn tap_and_drain(rate: SampleRate, start: FramePos) -> (Tap, Drain) {
    let (ring, full) = HeapRb::new(RING_BLOCKS).split();
    let (back, returned) = HeapRb::new(RING_BLOCKS).split();
    // Made and written to here, so that the audio thread does not meet a page that the kernel has yet to give.
    let block = || Box::new(Block::starting_at(start, Transport::default(), 0));
    let gauge = Arc::new(Gauge::default());
    let tap = Tap {
        ring,
        returned,
        stock: core::iter::repeat_with(block).take(RING_BLOCKS).collect(),
        gauge: Arc::clone(&gauge),
        rate,
        told: None,
        capture: start,
        epoch: 0,
        origin: None,
        pending: block(),
    };
    (tap, Drain { ring: full, back, gauge, rate })
}

impl Tap {
    /// Takes note of one host buffer: `frames` frames of each of `channels`, played under `transport`.
    ///
    /// Channels shorter than `frames` are read as far as they go. Audio is not changed. A block that
    /// finds the ring full is dropped and counted in the [`Gauge`]; the hole shows in the positions.
    ///
    /// # Realtime Safety
    /// Neither allocates, frees, locks, waits nor calls the system; the time is proportional to `frames`.
    pub fn process<C: AsRef<[f32]>>(
        &mut self,
        channels: &[C],
        frames: usize,
        transport: Transport,
        choice: ChannelChoice,
        listen: Listen,
    ) {
        self.gauge.show(&transport);
        let transport = self.believed(transport, frames);
        if listen.wants(&transport) && !channels.is_empty() {
            if !self.continues(&transport) {
                self.end_run();
                self.begin_run(transport);
            }
            self.copy(channels, frames, transport, choice);
        } else {
            self.end_run();
        }
        self.capture = self.capture.plus(Frames(frames as u64));
    }

    /// Wishes for a mark where the next block begins, on the capture clock if the host tells no place.
    ///
    /// # Realtime Safety
    /// One relaxed store.
    pub fn wish_mark(&self, transport: &Transport) {
        self.gauge.wish_mark(transport.project.unwrap_or(self.capture));
    }

    /// Closes the open epoch, if any: what comes next is not next to it in time. For a host that stops
    /// processing, resets or deactivates.
    ///
    /// # Realtime Safety
    /// As [`Tap::process`].
    pub fn end_run(&mut self) {
        if self.origin.take().is_some() {
            self.pending.last = true;
            self.push();
        }
    }

    /// How many frames surely find room in the ring now.
    pub fn room(&self) -> Frames {
        // The block being filled needs a place too.
        let empty = self.stock.len() + self.returned.occupied_len();
        Frames((empty.saturating_sub(1) * BLOCK_FRAMES) as u64)
    }

    /// The capture clock: the frames that passed so far.
    pub const fn capture(&self) -> FramePos {
        self.capture
    }

    /// The atomics that this tap writes.
    pub const fn gauge(&self) -> &Arc<Gauge> {
        &self.gauge
    }

    /// The transport without a position that cannot be the playhead's: one that stands while the playhead
    /// is said to move, or that is told while it stands. The capture clock counts instead.
    fn believed(&mut self, transport: Transport, frames: usize) -> Transport {
        let stands = !transport.playing || (transport.project.is_some() && transport.project == self.told);
        self.told = if frames > 0 { transport.project } else { self.told };
        if stands { Transport { project: None, ..transport } } else { transport }
    }

    /// Whether a buffer under `transport` is next in time to what the open epoch holds.
    fn continues(&self, transport: &Transport) -> bool {
        let Some(origin) = self.origin else { return false };
        match (origin.project, transport.project) {
            (None, None) => true,
            (Some(start), Some(now)) => {
                // Measured from the epoch's first frame, so that small errors cannot add up.
                let expected = start.plus(self.capture.since(origin.capture));
                now.0.abs_diff(expected.0) <= u64::from(self.rate.hz() / JITTER_HZ)
            }
            _ => false,
        }
    }

    fn begin_run(&mut self, transport: Transport) {
        self.epoch = self.epoch.wrapping_add(1);
        self.origin = Some(Origin { capture: self.capture, project: transport.project });
        self.pending.restart(self.capture, transport, self.epoch);
    }

    fn copy<C: AsRef<[f32]>>(
        &mut self,
        channels: &[C],
        frames: usize,
        transport: Transport,
        choice: ChannelChoice,
    ) {
        let chosen = chosen(channels, choice);
        let mut done = 0;
        while done < frames {
            if self.pending.room() == 0 {
                self.push();
                let passed = Frames(done as u64);
                self.pending.restart(
                    self.capture.plus(passed),
                    transport.after(passed, self.rate),
                    self.epoch,
                );
            }
            let count = self.pending.room().min(frames - done);
            self.pending.channels = chosen.len().min(usize::from(u8::MAX)) as u8;
            mix(chosen, done, self.pending.extend(count));
            done += count;
        }
    }

    fn push(&mut self) {
        // Every block that is not in the ring, on its way through the drain or being filled is an empty one:
        // without one the ring is full, and the block being filled is dropped by being filled anew.
        let next = self.returned.try_pop().or_else(|| self.stock.pop());
        let Some(next) = next else { return self.gauge.lose(self.pending.frames()) };
        let filled = core::mem::replace(&mut self.pending, next);
        let refused = self.ring.try_push(filled);
        debug_assert!(refused.is_ok(), "the ring has a place for every block but the one being filled");
    }
}

impl Drop for Tap {
    /// What is still being filled goes out as well: nothing that was heard is lost.
    fn drop(&mut self) {
        self.end_run();
    }
}

/// The channels that are listened to, of one at least.
fn chosen<C>(channels: &[C], choice: ChannelChoice) -> &[C] {
    match (choice, channels) {
        (ChannelChoice::Right, [_, right, ..]) => core::slice::from_ref(right),
        (ChannelChoice::Mix, all) => all,
        (_, all) => &all[..1],
    }
}

/// Writes the mean of the chosen channels from frame `from` on into `out`.
fn mix<C: AsRef<[f32]>>(chosen: &[C], from: usize, out: &mut [f32]) {
    let frames = out.len();
    let part = |channel: &'_ C| {
        // A host's channels are equally long; were one shorter, its rest would count as silence.
        let len = channel.as_ref().len();
        from.min(len)..(from + frames).min(len)
    };
    match chosen {
        [only] => {
            let samples = &only.as_ref()[part(only)];
            out[..samples.len()].copy_from_slice(samples);
            out[samples.len()..].fill(0.0);
        }
        [left, right] if part(left).len() == frames && part(right).len() == frames => {
            halve_sum(&left.as_ref()[part(left)], &right.as_ref()[part(right)], out);
        }
        _ => {
            let scale = 1.0 / chosen.len() as f32;
            out.fill(0.0);
            for channel in chosen {
                add_scaled(&channel.as_ref()[part(channel)], scale, out);
            }
        }
    }
}

// The loops below are no generics, so they are compiled here, as this crate is: optimised and vectorised even
// where the caller's crate is not.

/// Writes the mean of two equally long channels.
fn halve_sum(left: &[f32], right: &[f32], out: &mut [f32]) {
    for (out, (left, right)) in out.iter_mut().zip(left.iter().zip(right)) {
        *out = (left + right) * 0.5;
    }
}

/// Adds `samples`, each times `scale`, to the beginning of `out`.
fn add_scaled(samples: &[f32], scale: f32, out: &mut [f32]) {
    for (out, sample) in out.iter_mut().zip(samples) {
        *out += sample * scale;
    }
}

#[cfg(test)]
#[path = "tap_tests.rs"]
mod tests;
