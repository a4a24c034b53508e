use super::*;
use crate::session::scripted::song;
use earmark_timeline::sound::Scale;

const RATE: SampleRate = SampleRate::new(44_100).expect("a rate");

fn heard(audio: &[f32], portion: usize) -> Sound {
    let mut hearing = Hearing::new(RATE, 1, &Models::new(Store::at("no-such-folder")));
    audio.chunks(portion).for_each(|part| hearing.push(part));
    hearing.sound(None)
}

#[test]
fn a_song_has_its_tempo_its_first_beat_and_its_key() {
    for (bpm, first, root) in [(120.0, 0.0, 0.0), (84.0, 0.2, 5.0), (100.0, 0.75, 3.0), (140.0, 0.3, 8.0)] {
        let sound = heard(&song(RATE, bpm, first, root), 4_096);
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
    let audio = song(RATE, 120.0, 0.2, 0.0);
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
