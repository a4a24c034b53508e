//! What the header says of how loud, how fast and in which key something is, and what plays.

use super::fixture::{at, facts, filled};
use crate::{ViewModel, ViewState};
use earmark_timeline::snapshot::Snapshot;
use earmark_timeline::sound::{Drive, Form, Key, Loudness, Reading, Role, Scale, Sound, Stem, Tag, Tempo};
use earmark_timeline::tag::{ClassSpan, SoundClass};
use std::sync::Arc;

fn reading() -> Reading {
    let loudness = Loudness {
        integrated_lufs: Some(-16.24),
        short_term_lufs: Some(-12.0),
        range_lu: Some(5.5),
        true_peak_dbtp: Some(-0.31),
        ..Loudness::default()
    };
    let tempo = Tempo { bpm: 119.98, other_bpm: 59.99, confidence: 0.97, first_beat: at(8.25) };
    let key = Key {
        scale: Scale::new(9, true),
        runner_up: Scale::new(0, false),
        confidence: 0.82,
        tuning_cents: -4.2,
    };
    let stem = Stem {
        role: Some(Role::Bass),
        likely: vec![(Role::Bass, 0.71), (Role::Synth, 0.2)],
        tags: ["Music", "Bass guitar"].map(|name| Tag { name: name.to_owned(), score: 0.5 }).into(),
    };
    let (tempo, key, stem) = (Some(tempo), Some(key), Some(stem));
    let sound = Sound { loudness, tempo, key, form: None, drive: None, stem };
    Reading { start: at(8.0), end: at(20.0), sound }
}

/// What the header tells of a session's newest reading.
fn told(snapshot: &Snapshot) -> Option<(String, String)> {
    let model = ViewModel::new(snapshot, &ViewState::default(), &facts(), None);
    model.header.reading.map(|line| (line.text, line.details))
}

fn check(change: impl FnOnce(&mut Snapshot, &mut Reading), expected: Option<&str>) {
    let (mut snapshot, mut reading) = (filled(), reading());
    change(&mut snapshot, &mut reading);
    snapshot.reading = Some(reading);
    assert_eq!(told(&snapshot).map(|(text, _)| text).as_deref(), expected);
}

#[test]
fn a_line_says_tempo_key_loudness_and_what_plays() {
    check(|_, _| (), Some("120.0 BPM (host 120)  ·  A minor 82 %  ·  −16.2 LUFS  ·  bass 71 %"));
    check(
        |snapshot, reading| {
            *snapshot = Snapshot::default();
            reading.sound.stem.as_mut().expect("it has one").role = None;
        },
        Some("120.0 BPM  ·  A minor 82 %  ·  −16.2 LUFS  ·  not sure what plays"),
    );
}

#[test]
fn a_loop_and_a_guitars_drive_are_told() {
    check(
        |_, reading| {
            let stem = reading.sound.stem.as_mut().expect("it has one");
            (stem.role, stem.likely) = (Some(Role::Guitar), vec![(Role::Guitar, 0.5)]);
            (reading.sound.form, reading.sound.drive) = (Some(Form::Loop), Some(Drive::Distorted));
        },
        Some("120.0 BPM (host 120)  ·  A minor 82 %  ·  −16.2 LUFS  ·  guitar 50 %, distorted  ·  loop"),
    );
}

#[test]
fn what_is_unsure_or_no_music_is_left_out() {
    let unsure = |reading: &mut Reading| {
        reading.sound.tempo.as_mut().expect("it has one").confidence = 0.4;
        reading.sound.stem = None;
    };
    check(|_, reading| unsure(reading), Some("A minor 82 %  ·  −16.2 LUFS"));
    let speech = |snapshot: &mut Snapshot| {
        let span = ClassSpan { start: at(0.0), end: at(60.0), class: SoundClass::Speech, probability: 0.9 };
        Arc::make_mut(&mut snapshot.notebook).hear(span);
    };
    check(|snapshot, _| speech(snapshot), Some("−16.2 LUFS  ·  bass 71 %"));
    check(|_, reading| reading.sound = Sound::default(), None);
}

#[test]
fn what_was_kept_is_told_until_something_newer_is_heard() {
    let mut snapshot = filled();
    assert_eq!(told(&snapshot), None);
    Arc::make_mut(&mut snapshot.notebook).measure(reading());
    let details = "Measured from 0:08.0 to 0:20.0\n\
        Loudness: −16.2 LUFS, at most −12.0 over 3 s, range 5.5 LU, true peak −0.3 dB\n\
        Tempo: 120.0 BPM or 60.0, sure to 97 %, first beat at 0:08.2\n\
        Key: A minor 82 %, or C major; -4 cents\n\
        Plays: bass 71 %, synth 20 %\n\
        Heard: Music; Bass guitar";
    assert_eq!(told(&snapshot).map(|(_, details)| details).as_deref(), Some(details));
    let newer = Sound {
        loudness: Loudness { integrated_lufs: Some(-9.0), ..Loudness::default() },
        ..Sound::default()
    };
    snapshot.reading = Some(Reading { sound: newer, ..reading() });
    assert_eq!(told(&snapshot).map(|(text, _)| text).as_deref(), Some("−9.0 LUFS"));
}
