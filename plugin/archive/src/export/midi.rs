//! A Standard MIDI file (Standard MIDI Files 1.0, 1988) of one conductor track: the tempos and the
//! markers, whose text is ASCII as the standard has it. Markers have no length: a region is its start.

use super::ascii::ascii;
use super::label;
use super::options::{Include, Options, Tempo};
use earmark_timeline::notebook::Notebook;
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::Origin;

/// Ticks a quarter note.
const DIVISION: u16 = 960;
/// The most that four bytes of seven bits hold.
const LONGEST_DELTA: u64 = 0x0fff_ffff;

const TEXT: u8 = 0x01;
const TRACK_NAME: u8 = 0x03;
const MARKER: u8 = 0x06;
const END_OF_TRACK: u8 = 0x2f;
const TEMPO: u8 = 0x51;

pub(super) fn write(notebook: &Notebook, options: &Options, include: Include) -> Vec<u8> {
    let mut track = Vec::new();
    let name = options.source.as_deref().map(ascii).filter(|name| !name.is_empty());
    event(&mut track, 0, TRACK_NAME, name.as_deref().unwrap_or("Markers").as_bytes());
    if let Some(credit) = label::credit(notebook, options) {
        event(&mut track, 0, TEXT, ascii(&credit).as_bytes());
    }
    let paces = paces(notebook, options);
    let changes =
        paces.iter().map(|pace| (pace.tick, TEMPO, pace.tempo.quarter_us().to_be_bytes()[1..].to_vec()));
    let mut events: Vec<(u64, u8, Vec<u8>)> = changes.collect();
    for label in label::from_zero(notebook, options, include) {
        let tick = tick(&paces, label.start);
        events.push((tick, MARKER, ascii(&label.title()).into_bytes()));
        if label.origin == Origin::Hand {
            events.push((tick, TEXT, ascii(&label.made_by()).into_bytes()));
        }
    }
    // A stable sort: at one tick the tempo comes first, then the markers with their texts.
    events.sort_by_key(|(tick, ..)| *tick);
    let mut now = 0;
    for (tick, kind, data) in events {
        event(&mut track, tick - now, kind, &data);
        now = tick;
    }
    event(&mut track, 0, END_OF_TRACK, &[]);
    let mut file = chunk(b"MThd", &[0, 1, 0, 1, DIVISION.to_be_bytes()[0], DIVISION.to_be_bytes()[1]]);
    file.extend(chunk(b"MTrk", &track));
    file
}

/// From here on, until the next, quarter notes come at one tempo.
struct Pace {
    time: ProjectTime,
    tick: u64,
    tempo: Tempo,
}

/// The tempos of the file from time zero on, never none: the one that was asked for, or what the host told.
fn paces(notebook: &Notebook, options: &Options) -> Vec<Pace> {
    let first = options.tempo.or_else(|| Tempo::at_zero(notebook)).unwrap_or_default();
    let mut paces = vec![Pace { time: ProjectTime::ZERO, tick: 0, tempo: first }];
    for point in notebook.tempo().points().iter().filter(|point| point.time > ProjectTime::ZERO) {
        let Some(tempo) = Tempo::from_bpm(point.tempo_bpm).filter(|_| options.tempo.is_none()) else {
            continue;
        };
        if paces.last().is_none_or(|last| last.tempo != tempo) {
            paces.push(Pace { time: point.time, tick: tick(&paces, point.time), tempo });
        }
    }
    paces
}

/// The tick that lies nearest to a time at or after zero.
fn tick(paces: &[Pace], time: ProjectTime) -> u64 {
    let pace = paces.iter().rev().find(|pace| pace.time <= time);
    pace.map_or(0, |pace| pace.tick + ticks(time.minus(pace.time), pace.tempo))
}

/// The ticks nearest to a length; none for a negative one.
fn ticks(time: ProjectTime, tempo: Tempo) -> u64 {
    let per_quarter = i128::from(tempo.quarter_us()) * i128::from(ProjectTime::TICKS_PER_SECOND);
    let ticks = i128::from(time.ticks()) * 1_000_000 * i128::from(DIVISION);
    u64::try_from((ticks + per_quarter / 2).div_euclid(per_quarter)).unwrap_or(0)
}

/// A meta event after `delta` ticks; longer waits are held by empty texts.
fn event(track: &mut Vec<u8>, mut delta: u64, kind: u8, data: &[u8]) {
    while delta > LONGEST_DELTA {
        number(track, LONGEST_DELTA);
        track.extend([0xff, TEXT, 0]);
        delta -= LONGEST_DELTA;
    }
    number(track, delta);
    track.extend([0xff, kind]);
    number(track, data.len() as u64);
    track.extend(data);
}

/// A number in groups of seven bits, the highest first, all but the last marked.
fn number(track: &mut Vec<u8>, value: u64) {
    for group in (1..4).rev() {
        let rest = value >> (7 * group);
        if rest > 0 {
            track.push(0x80 | (rest & 0x7f) as u8);
        }
    }
    track.push((value & 0x7f) as u8);
}

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut chunk = name.to_vec();
    chunk.extend((data.len() as u32).to_be_bytes());
    chunk.extend(data);
    chunk
}

#[cfg(test)]
mod tests {
    use super::*;
    use earmark_timeline::meter::{TempoMap, TempoPoint};
    use earmark_timeline::notebook::Parts;

    #[test]
    fn numbers_are_those_of_the_standard() {
        // Standard MIDI Files 1.0, page 2.
        for (value, expected) in [
            (0, &[0][..]),
            (0x7f, &[0x7f]),
            (0x80, &[0x81, 0]),
            (0x2000, &[0xc0, 0]),
            (0x1f_ffff, &[0xff, 0xff, 0x7f]),
            (LONGEST_DELTA, &[0xff, 0xff, 0xff, 0x7f]),
        ] {
            let mut bytes = Vec::new();
            number(&mut bytes, value);
            assert_eq!(bytes, expected, "{value:#x}");
        }
    }

    #[test]
    fn ticks_follow_the_tempo_as_the_file_keeps_it() {
        let at = |seconds, bpm| ticks(ProjectTime::from_seconds(seconds), Tempo::from_bpm(bpm).expect("bpm"));
        assert_eq!(at(1.0, 120.0), 1_920);
        assert_eq!(at(60.0, 60.0), 57_600);
        // 97 a minute is 618,557 microseconds, which an hour must not run away from.
        assert_eq!(at(3_600.0, 97.0), (3_600.0 * 1e6 / 618_557.0 * 960.0_f64).round() as u64);
        assert_eq!(at(-1.0, 120.0), 0);
    }

    #[test]
    fn a_tempo_that_changes_keeps_markers_at_their_beats() {
        let point = |seconds, beats, tempo_bpm| TempoPoint {
            time: ProjectTime::from_seconds(seconds),
            beats,
            tempo_bpm,
            bar_start_beats: 0.0,
            bar: 0,
            signature: (4, 4),
        };
        let tempo = TempoMap::from_points(vec![point(0.0, 0.0, 120.0), point(2.0, 4.0, 60.0)]);
        let notebook = Notebook::from_parts(Parts { tempo, ..Parts::default() });
        let at = |options: &Options, seconds| {
            tick(&paces(&notebook, options), ProjectTime::from_seconds(seconds)) / u64::from(DIVISION)
        };
        assert_eq!([1.0, 2.0, 5.0].map(|seconds| at(&Options::default(), seconds)), [2, 4, 7]);
        let fixed = Options { tempo: Tempo::from_bpm(60.0), ..Options::default() };
        assert_eq!([1.0, 2.0, 5.0].map(|seconds| at(&fixed, seconds)), [1, 2, 5]);
    }

    #[test]
    fn a_wait_longer_than_a_number_is_held() {
        let mut track = Vec::new();
        event(&mut track, LONGEST_DELTA + 5, MARKER, b"x");
        assert_eq!(track, [0xff, 0xff, 0xff, 0x7f, 0xff, TEXT, 0, 5, 0xff, MARKER, 1, b'x']);
    }
}
