//! The tap by itself, with a listener that takes blocks or one that sleeps.

use super::plant::Planted;
use super::{Request, Seen};
use crate::host::Watch;
use earmark_capture::tap_and_drain;
use earmark_timeline::transport::{ChannelChoice, Listen, Transport};
use earmark_timeline::units::{FramePos, Frames, SampleRate};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Plays into a tap whose ring is never emptied if `request` wants it full, and by another thread if not.
pub(super) fn perform<W: Watch>(request: &Request, watch: W) -> (W, Seen) {
    let rate = SampleRate::new(48_000).unwrap_or(SampleRate::MODEL);
    let (mut tap, mut drain) = tap_and_drain(rate, FramePos(0));
    let ended = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&ended);
    let listens = !request.full;
    let listener = std::thread::spawn(move || {
        while !seen.load(Ordering::Acquire) {
            while listens && drain.pop().is_some() {}
            std::thread::yield_now();
        }
        drain
    });
    let frames = request.frames as usize;
    let channels = [vec![0.25_f32; frames], vec![-0.5_f32; frames]];
    let mut watch = Planted::new(watch, request);
    let mut project = 0;
    for block in 0..request.blocks {
        // Every hundredth block jumps, every thousandth stands: runs end and begin inside the bracket.
        project += if block % 100 == 99 { 1_000_000 } else { frames as i64 };
        let transport = Transport {
            playing: block % 1_000 != 999,
            project: Some(FramePos(project)),
            ..Transport::default()
        };
        if !request.full {
            tap.wait_for_room(Frames(frames as u64), || {
                std::thread::yield_now();
                true
            });
        }
        watch.before();
        tap.process(&channels, frames, transport, ChannelChoice::Mix, Listen::WhilePlaying);
        watch.after();
    }
    ended.store(true, Ordering::Release);
    listener.join().ok();
    let seen = Seen { blocks: request.blocks, lost: tap.gauge().lost().0, ..Seen::default() };
    (watch.watch, seen)
}
