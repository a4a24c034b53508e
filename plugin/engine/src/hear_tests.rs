use super::*;
use earmark_timeline::sound::Scale;
use std::f64::consts::TAU;

const RATE: SampleRate = SampleRate::new(44_100).expect("a rate");

/// Twelve seconds of plucked triads, I, IV, V and I over and over, `bpm` a minute from `first` seconds on; `root` is
/// in semitones above middle C.
fn song(bpm: f64, first: f64, root: f64) -> Vec<f32> {
    let hz = |note: f64| 261.626 * ((note + root) / 12.0).exp2();
    let sample = |at: usize| {
        let beat = (at as f64 / 44_100.0 - first) * bpm / 60.0;
        if beat < 0.0 {
            return 0.0;
        }
        let chord = [0.0, 5.0, 7.0, 0.0][beat as usize % 4];
        let since = beat.fract() * 60.0 / bpm;
        let tones = [0.0, 4.0, 7.0].map(|note| (TAU * hz(chord + note) * since).sin());
        (0.2 * (-4.0 * since).exp() * tones.iter().sum::<f64>()) as f32
    };
    (0..12 * 44_100).map(sample).collect()
}

fn heard(audio: &[f32], portion: usize) -> Sound {
    let mut hearing = Hearing::new(RATE, 1, &Models::new(Store::at("no-such-folder")));
    audio.chunks(portion).for_each(|part| hearing.push(part));
    hearing.sound(None)
}

#[test]
fn a_song_has_its_tempo_its_first_beat_and_its_key() {
    for (bpm, first, root) in [(120.0, 0.0, 0.0), (100.0, 0.75, 3.0), (140.0, 0.3, 8.0)] {
        let sound = heard(&song(bpm, first, root), 4_096);
        let tempo = sound.tempo.expect("a tempo");
        assert!((f64::from(tempo.bpm) / bpm - 1.0).abs() < 0.01, "{bpm}: {tempo:?}");
        assert!((tempo.first_beat.seconds() - first).abs() < 0.03, "{first}: {tempo:?}");
        let halves = [tempo.bpm / 2.0, tempo.bpm * 2.0];
        assert!(halves.contains(&tempo.other_bpm) && tempo.confidence > 0.9, "{tempo:?}");
        let key = sound.key.expect("a key");
        assert_eq!(key.scale, Scale::new(root as u8, false), "{key:?}");
        assert!(key.tuning_cents.abs() < 5.0, "{key:?}");
    }
}

#[test]
fn what_is_heard_does_not_depend_on_the_block_size() {
    let audio = song(120.0, 0.2, 0.0);
    let whole = heard(&audio, audio.len());
    assert!([1_000, 64].into_iter().all(|portion| heard(&audio, portion) == whole));
}

#[test]
fn silence_and_steady_noise_have_neither_tempo_nor_key() {
    let mut state = 1_u32;
    let noise: Vec<f32> = (0..12 * 44_100)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 16_777_216.0 - 0.5
        })
        .collect();
    for audio in [vec![0.0; 12 * 44_100], noise] {
        let sound = heard(&audio, 4_096);
        assert_eq!((sound.tempo, sound.key), (None, None));
    }
}
