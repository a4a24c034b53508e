//! Classes of sound with the real models: these say what their makers' do, and what is heard depends on no host's rate.

use earmark_engine::infer::classify::yamnet::{LogMel, PATCH_SAMPLES};
use earmark_engine::infer::classify::{Classifier, Yamnet};
use earmark_models::{Store, card};
use earmark_tests::audio::Clip;
use earmark_tests::fixtures;
use earmark_tests::playback::notebook_of;
use earmark_timeline::tag::SoundClass;
use std::path::PathBuf;

/// A recording of the fixtures, mono at 16 kHz.
fn recording(name: &str) -> Clip {
    let path = fixtures::fixture(name).expect("the fixtures are there");
    Clip::read(&path).expect("a recording").with_channels(1).resampled(16_000)
}

/// The inference library and a model's bytes.
fn model(name: &str) -> (PathBuf, Vec<u8>) {
    const MISSING: &str = "`cargo xtask models` fetches it";
    let store = Store::from_environment();
    let library = store.verified_path(card("onnxruntime").expect("a card")).expect(MISSING);
    (library, store.read(card(name).expect("a card")).expect(MISSING))
}

fn close(found: f32, expected: f32) -> bool {
    (found - expected).abs() < 1e-3
}

/// Scores of another conversion of the makers' YAMNet in Python's onnxruntime 1.32, over a front end of NumPy's.
#[test]
fn yamnet_says_what_its_makers_model_does() {
    let (library, bytes) = model("yamnet");
    let mut yamnet = Yamnet::load(&library, &bytes).expect("a model");
    let speech = &recording("jfk.wav").channels[0];
    let expected = [
        (0.5, [("Speech", 0.91416), ("Narration, monologue", 0.03527), ("Mantra", 0.00596)]),
        (5.5, [("Speech", 0.99333), ("Narration, monologue", 0.01798), ("Conversation", 0.01707)]),
        (8.0, [("Speech", 0.99797), ("Narration, monologue", 0.06999), ("Conversation", 0.04103)]),
    ];
    for (seconds, expected) in expected {
        let start = (seconds * 16_000.0) as usize;
        let samples = speech[start..][..PATCH_SAMPLES].try_into().expect("a patch's samples");
        let scores = yamnet.scores(&LogMel::new().patch(samples)).expect("an answer");
        for (name, score) in expected {
            let class = yamnet.names().iter().position(|other| other == name).expect("a class");
            assert!(close(scores[class], score), "{name} at {seconds} s: {} and not {score}", scores[class]);
        }
    }
}

/// Probabilities of another conversion of the makers' model there, over Kaldi's energies by NumPy.
#[test]
fn the_audio_event_model_says_what_its_makers_model_does() {
    let (library, bytes) = model("firered-aed");
    let mut classifier = Classifier::load(&library, &bytes).expect("a model");
    let found = classifier.probabilities(&recording("jfk.wav").channels[0]).expect("an answer");
    assert_eq!(found.len(), 1098);
    let expected = [
        (20, [0.00717, 0.00005, 0.00024]),
        (60, [0.93288, 0.01684, 0.00594]),
        (150, [0.98562, 0.01076, 0.01696]),
        (250, [0.00351, 0.00225, 0.06883]),
        (500, [0.00184, 0.00302, 0.42593]),
        (700, [0.99469, 0.00033, 0.00247]),
        (1050, [0.51309, 0.01386, 0.04210]),
    ];
    for (frame, expected) in expected {
        let is_close = found[frame].iter().zip(expected).all(|(found, expected)| close(*found, expected));
        assert!(is_close, "frame {frame}: {:?} and not {expected:?}", found[frame]);
    }
}

/// Somebody speaks, nothing, a band, nothing.
fn session() -> Clip {
    let mut clip = recording("jfk.wav").padded(0.0, 2.0);
    let mut band = recording("band.mp3");
    band.channels[0].truncate(10 * 16_000);
    clip.channels[0].append(&mut band.channels[0]);
    clip.padded(0.0, 2.0)
}

#[test]
fn the_rate_moves_no_border_by_more_than_two_frames() {
    let plugin = fixtures::plugin().expect("the plugin is built");
    let spans = |rate_hz: u32| {
        let notebook = notebook_of(&plugin, session().resampled(rate_hz), 512, 20.0).expect("it plays");
        let told = notebook.spans().iter();
        told.map(|span| (span.class, span.start.seconds(), span.end.seconds())).collect::<Vec<_>>()
    };
    let expected = spans(48_000);
    let classes: Vec<_> = expected.iter().map(|span| span.0).collect();
    assert!(classes.contains(&SoundClass::Speech) && classes.contains(&SoundClass::Music), "{expected:?}");
    for rate_hz in [16_000, 44_100, 192_000] {
        let found = spans(rate_hz);
        let near = |one: f64, other: f64| (one - other).abs() < 0.0201;
        let alike = found.len() == expected.len()
            && found
                .iter()
                .zip(&expected)
                .all(|(one, other)| one.0 == other.0 && near(one.1, other.1) && near(one.2, other.2));
        assert!(alike, "at {rate_hz} Hz: {found:?} and not {expected:?}");
    }
}
