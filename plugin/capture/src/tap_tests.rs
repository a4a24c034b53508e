use super::*;
use crate::BLOCK_FRAMES;
use alloc::vec;
use alloc::vec::Vec;

const RATE: SampleRate = SampleRate::MODEL;

fn playing(project: Option<i64>) -> Transport {
    Transport { playing: true, project: project.map(FramePos), ..Transport::default() }
}

/// A ramp, so that every sample says where it came from.
fn ramp(from: usize, frames: usize) -> Vec<f32> {
    (from..from + frames).map(|frame| frame as f32).collect()
}

fn drained(drain: &mut Drain) -> Vec<Block> {
    core::iter::from_fn(|| drain.pop()).collect()
}

/// A run as the listener sees it: where it starts on both clocks, its samples, and whether it was closed.
type Run = (i64, Option<i64>, Vec<f32>, bool);

/// Plays `buffers` of (frames, transport) and returns what the listener sees.
fn runs(buffers: &[(usize, Transport)], listen: Listen) -> Vec<Run> {
    let (mut tap, mut drain) = tap_and_drain(RATE, FramePos(0));
    let mut frame = 0;
    for (frames, transport) in buffers {
        tap.process(&[ramp(frame, *frames)], *frames, *transport, ChannelChoice::Mix, listen);
        frame += frames;
    }
    tap.end_run();
    let mut runs: Vec<(u32, Run)> = Vec::new();
    for block in drained(&mut drain) {
        match runs.last_mut() {
            Some((epoch, run)) if *epoch == block.epoch => {
                run.2.extend_from_slice(block.samples());
                run.3 = block.last;
            }
            _ => {
                let project = block.transport.project.map(|project| project.0);
                runs.push((block.epoch, (block.capture.0, project, block.samples().to_vec(), block.last)));
            }
        }
    }
    runs.into_iter().map(|(_, run)| run).collect()
}

#[test]
fn what_the_listener_sees_does_not_depend_on_the_block_size() {
    let blocks_of = |size: usize| {
        let (mut tap, mut drain) = tap_and_drain(RATE, FramePos(0));
        let mut seen = Vec::new();
        for from in (0..4096).step_by(size) {
            let frames = size.min(4096 - from);
            let transport = playing(Some(100 + from as i64));
            tap.process(&[ramp(from, frames)], frames, transport, ChannelChoice::Mix, Listen::WhilePlaying);
        }
        tap.end_run();
        for block in drained(&mut drain) {
            seen.push((block.capture, block.transport.project, block.last, block.samples().to_vec()));
        }
        seen
    };
    let expected = blocks_of(4096);
    assert_eq!(expected.len(), 4096 / BLOCK_FRAMES);
    for size in [1, 17, 64, 255, 256, 257, 480, 1024] {
        assert_eq!(blocks_of(size), expected, "in buffers of {size}");
    }
}

#[test]
fn seeks_stops_and_starts_begin_new_runs() {
    let stopped = Transport { project: Some(FramePos(99)), ..Transport::default() };
    let buffers = [
        (10, playing(Some(0))),
        (10, playing(Some(10))),
        (5, stopped),
        (7, playing(Some(500))),
        (3, playing(Some(0))),
    ];
    let expected = vec![
        (0, Some(0), ramp(0, 20), true),
        (25, Some(500), ramp(25, 7), true),
        (32, Some(0), ramp(32, 3), true),
    ];
    assert_eq!(runs(&buffers, Listen::WhilePlaying), expected);
}

#[test]
fn rounding_in_the_hosts_position_is_no_seek() {
    let buffers: Vec<_> =
        (0..100).map(|block| (48, playing(Some(block * 48 + [0, 1, -1, 16][block as usize % 4])))).collect();
    assert_eq!(runs(&buffers, Listen::WhilePlaying), vec![(0, Some(0), ramp(0, 4800), true)]);
}

#[test]
fn a_host_that_tells_nothing_is_one_run_on_the_capture_clock() {
    let quiet = Transport::default();
    assert_eq!(runs(&[(10, quiet), (20, quiet)], Listen::Always), vec![(0, None, ramp(0, 30), true)]);
    assert_eq!(runs(&[(10, quiet)], Listen::WhilePlaying), vec![]);
    assert_eq!(runs(&[(10, playing(None))], Listen::Off), vec![]);
}

#[test]
fn a_position_that_stands_is_not_believed() {
    let standing = Transport { project: Some(FramePos(40)), ..Transport::default() };
    let expected = vec![(0, None, ramp(0, 30), true)];
    assert_eq!(runs(&[(10, standing), (10, standing), (10, standing)], Listen::Always), expected);
    let stuck = playing(Some(40));
    let expected = vec![(0, Some(40), ramp(0, 10), true), (10, None, ramp(10, 20), true)];
    assert_eq!(runs(&[(10, stuck), (10, stuck), (10, stuck)], Listen::Always), expected);
}

#[test]
fn a_full_ring_drops_counts_and_leaves_a_hole_in_the_positions() {
    let (mut tap, mut drain) = tap_and_drain(RATE, FramePos(0));
    let zeros = [[0.0f32; BLOCK_FRAMES]];
    let play = |tap: &mut Tap, block: usize| {
        let transport = playing(Some((block * BLOCK_FRAMES) as i64));
        tap.process(&zeros, BLOCK_FRAMES, transport, ChannelChoice::Mix, Listen::WhilePlaying);
    };
    for block in 0..RING_BLOCKS + 3 {
        play(&mut tap, block);
    }
    // The newest block is still being filled; two found no room.
    assert_eq!(tap.gauge().lost(), Frames(2 * BLOCK_FRAMES as u64));
    assert_eq!(drained(&mut drain).len(), RING_BLOCKS);
    play(&mut tap, RING_BLOCKS + 3);
    let next = drain.pop().expect("the block that was being filled");
    assert_eq!(next.capture, FramePos(((RING_BLOCKS + 2) * BLOCK_FRAMES) as i64));
}

#[test]
fn channels_are_mixed_or_chosen() {
    let stereo = [vec![1.0f32, 2.0, f32::NAN], vec![3.0f32, -2.0, 1.0]];
    let six = [vec![6.0f32], vec![0.0], vec![0.0], vec![0.0], vec![0.0], vec![6.0]];
    let check = |channels: &[Vec<f32>], choice, expected: &[f32]| {
        let (mut tap, mut drain) = tap_and_drain(RATE, FramePos(0));
        tap.process(channels, channels[0].len(), playing(None), choice, Listen::Always);
        tap.end_run();
        let block = drain.pop().expect("one block");
        let same = block
            .samples()
            .iter()
            .zip(expected)
            .all(|(a, b)| (a - b).abs() < 1e-6 || (a.is_nan() && b.is_nan()));
        assert!(same && block.samples().len() == expected.len(), "{:?} is not {expected:?}", block.samples());
    };
    check(&stereo, ChannelChoice::Mix, &[2.0, 0.0, f32::NAN]);
    check(&stereo, ChannelChoice::Left, &[1.0, 2.0, f32::NAN]);
    check(&stereo, ChannelChoice::Right, &[3.0, -2.0, 1.0]);
    check(&stereo[..1], ChannelChoice::Right, &[1.0, 2.0, f32::NAN]);
    check(&six, ChannelChoice::Mix, &[2.0]);
}

#[test]
fn the_gauge_shows_the_playhead_and_the_drain_sees_the_tap_go() {
    let (mut tap, mut drain) = tap_and_drain(RATE, FramePos(0));
    tap.process(&[[0.0f32; 4]], 4, playing(Some(77)), ChannelChoice::Mix, Listen::WhilePlaying);
    let playhead = drain.gauge().playhead();
    assert!(playhead.playing && playhead.project == Some(FramePos(77)));
    tap.process(&[[0.0f32; 4]], 4, Transport::default(), ChannelChoice::Mix, Listen::WhilePlaying);
    assert_eq!(drain.gauge().playhead().project, None);
    assert_eq!(tap.capture(), FramePos(8));
    drop(tap);
    assert!(!drain.is_finished(), "a block still waits");
    assert!(drain.pop().is_some() && drain.is_finished());
}
