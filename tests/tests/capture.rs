//! The tap and the drain on two threads, as the host and the listener hold them.

use earmark_capture::{BLOCK_FRAMES, Block, Drain, tap_and_drain};
use earmark_timeline::transport::{ChannelChoice, Listen, Transport};
use earmark_timeline::units::{FramePos, SampleRate};

fn rate() -> SampleRate {
    SampleRate::new(48_000).expect("a rate in range")
}

fn playing(project: usize) -> Transport {
    Transport { playing: true, project: Some(FramePos(project as i64)), ..Transport::default() }
}

/// Takes blocks until the tap is gone and everything was taken.
fn drained(mut drain: Drain) -> Vec<Block> {
    let mut blocks = Vec::new();
    while !drain.is_finished() {
        match drain.pop() {
            Some(block) => blocks.push(block),
            None => std::thread::yield_now(),
        }
    }
    blocks
}

#[test]
fn a_listener_that_keeps_up_gets_every_frame_once_and_in_order() {
    const FRAMES: usize = 5_000_000;
    for size in [1, 61, 512, 8_192] {
        let total = if size == 1 { FRAMES / 10 } else { FRAMES };
        let (mut tap, drain) = tap_and_drain(rate(), FramePos(0));
        let listener = std::thread::spawn(move || drained(drain));
        let mut at = 0;
        while at < total {
            let frames = size.min(total - at);
            // Exact in an f32, and different for any two frames that could be taken for each other.
            let ramp: Vec<f32> = (at..at + frames).map(|frame| (frame % (1 << 20)) as f32).collect();
            while (tap.room().0 as usize) < frames {
                std::thread::yield_now();
            }
            tap.process(&[&ramp], frames, playing(at), ChannelChoice::Mix, Listen::WhilePlaying);
            at += frames;
        }
        assert_eq!(tap.gauge().lost().0, 0);
        drop(tap);
        let mut expected = 0;
        for block in listener.join().expect("the listener ends well") {
            assert_eq!(block.capture, FramePos(expected as i64), "in buffers of {size}");
            for sample in block.samples() {
                assert_eq!(*sample, (expected % (1 << 20)) as f32, "frame {expected} in buffers of {size}");
                expected += 1;
            }
        }
        assert_eq!(expected, total, "in buffers of {size}");
    }
}

#[test]
fn what_a_full_ring_drops_is_counted_and_shows_in_the_positions() {
    const BUFFERS: usize = 4_000;
    const FRAMES: usize = 512;
    let (mut tap, drain) = tap_and_drain(rate(), FramePos(0));
    let samples = [0.5_f32; FRAMES];
    for buffer in 0..BUFFERS {
        let transport = playing(buffer * FRAMES);
        tap.process(&[samples], FRAMES, transport, ChannelChoice::Mix, Listen::WhilePlaying);
    }
    let lost = tap.gauge().lost().0 as usize;
    drop(tap);
    let blocks = drained(drain);
    let kept: usize = blocks.iter().map(|block| block.samples().len()).sum();
    assert!(lost > 0, "the ring was to overflow");
    // The block that was being filled when the tap went away is lost in a full ring, and counted after.
    assert!((BUFFERS * FRAMES - kept - lost) <= BLOCK_FRAMES, "{kept} kept and {lost} lost");
    for pair in blocks.windows(2) {
        assert!(pair[0].capture.0 + pair[0].frames().0 as i64 <= pair[1].capture.0, "time runs on");
    }
}
