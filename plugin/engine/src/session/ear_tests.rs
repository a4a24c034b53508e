use super::*;
use crate::session::scripted::{LevelVoice, sound};
use earmark_timeline::clock::RunId;
use earmark_timeline::transport::Transport;
use earmark_timeline::units::{FramePos, SampleRate};

fn run() -> Run {
    Run { id: RunId(0), rate: SampleRate::MODEL, capture: FramePos(0), transport: Transport::default() }
}

fn heard(samples: &[f32], cut: usize, voice: Option<Box<dyn Voice>>) -> Vec<Heard> {
    let mut ear = Ear::new(run(), 1, voice);
    let mut found = Vec::new();
    for part in samples.chunks(cut) {
        ear.push(part);
        ear.analyse(usize::MAX, &mut found);
    }
    ear.end();
    ear.analyse(usize::MAX, &mut found);
    assert!(ear.is_done() && ear.backlog() == 0);
    found
}

fn speech(found: &[Heard]) -> Vec<(Range<u64>, usize)> {
    found
        .iter()
        .filter_map(|heard| match heard {
            Heard::Speech { segment, audio } => Some((segment.speech.clone(), audio.len())),
            _ => None,
        })
        .collect()
}

/// What was found but for sounds. These are to tile `samples`, each with its context: how many come at a time is no
/// matter, for the classes are the same.
fn all_but_sounds(samples: &[f32], found: Vec<Heard>) -> Vec<Heard> {
    let mut next = 0;
    let mut is_other = |heard: &Heard| {
        let Heard::Sound { range, audio, keep } = heard else { return true };
        assert_eq!(range.start, next);
        assert_eq!(keep.len() as u64, range.end - range.start);
        assert_eq!(keep.start as u64, range.start.min(LOOKBACK));
        let context = (samples.len() as u64).min(range.end + LOOKAHEAD) - range.start;
        assert_eq!(audio.len() - keep.start, context as usize);
        next = range.end;
        false
    };
    let others = found.into_iter().filter(|heard| is_other(heard)).collect();
    assert_eq!(next, (samples.len() as u64).next_multiple_of(CELL_SAMPLES as u64));
    others
}

#[test]
fn what_is_found_does_not_depend_on_how_the_stream_was_cut() {
    let samples = sound(&[(1.0, 0.0), (2.0, 0.5), (1.0, 0.0), (20.0, 0.5), (3.0, 0.01), (0.5, 0.9)]);
    let found = |cut| all_but_sounds(&samples, heard(&samples, cut, Some(Box::new(LevelVoice))));
    let whole = found(samples.len());
    assert!(!whole.is_empty());
    for cut in [1, 160, 256, 511, 4_096] {
        assert!(found(cut) == whole, "in cuts of {cut}");
    }
}

#[test]
fn speech_comes_with_the_audio_around_it() {
    let found = heard(&sound(&[(1.024, 0.0), (2.048, 0.5), (1.024, 0.0)]), 256, Some(Box::new(LevelVoice)));
    let frames = FRAME as u64;
    assert_eq!(speech(&found), [(32 * frames..96 * frames, (9 + 64 + 5) * FRAME)]);
}

#[test]
fn every_sample_is_classified_once_with_its_context() {
    let samples = sound(&[(30.505, 0.5)]);
    let others = all_but_sounds(&samples, heard(&samples, 256, None));
    assert_eq!(others, []);
}

#[test]
fn what_is_there_already_is_classified_in_longer_stretches() {
    let is_sound = |heard: &Heard| matches!(heard, Heard::Sound { .. });
    let sounds =
        |cut| heard(&sound(&[(60.0, 0.5)]), cut, None).iter().filter(|heard| is_sound(heard)).count();
    assert_eq!((sounds(60 * 16_000), sounds(256)), (5, 8));
}

#[test]
fn memory_stays_bounded_on_a_quiet_track() {
    let mut ear = Ear::new(run(), 1, Some(Box::new(LevelVoice)));
    let mut found = Vec::new();
    for _ in 0..60 {
        ear.push(&sound(&[(1.0, 0.0)]));
        ear.analyse(usize::MAX, &mut found);
    }
    let seconds = ear.samples.len() as u64 / 16_000;
    assert!(seconds < 20, "{seconds} s are kept");
}

#[test]
fn broken_numbers_never_reach_a_model() {
    let mut ear = Ear::new(run(), 1, Some(Box::new(LevelVoice)));
    ear.push(&[f32::NAN, f32::INFINITY, -1e30, 0.5]);
    assert_eq!(ear.since(0), [0.0, 0.0, -LOUDEST, 0.5]);
}

#[test]
fn looking_through_later_finds_the_same() {
    let samples = sound(&[(1.0, 0.0), (2.0, 0.5), (1.0, 0.0), (20.0, 0.5), (3.0, 0.01)]);
    let at_once = heard(&samples, 256, Some(Box::new(LevelVoice)));
    let mut ear = Ear::new(run(), 1, Some(Box::new(LevelVoice)));
    let mut found = Vec::new();
    ear.push(&samples);
    ear.end();
    while !ear.is_done() {
        ear.analyse(7, &mut found);
    }
    assert!(all_but_sounds(&samples, found) == all_but_sounds(&samples, at_once));
}
