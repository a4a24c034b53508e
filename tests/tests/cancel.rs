//! An inference may be broken off at any moment, and the same worker goes on with the next.

use earmark_engine::infer::transcribe::{
    Effort, Hypothesis, Manner, Request, TranscribeError, Transcriber, WhisperModel,
};
use earmark_models::{Store, card};
use earmark_tests::audio::Clip;
use earmark_tests::fixtures;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// How often an inference is broken off, at moments all over its run.
const MOMENTS: u32 = 60;

/// As the default model runs, in its shortest form: a pass of the encoder, the decoder's, and the alignment's.
fn transcriber() -> Transcriber {
    let file = Store::from_environment().read(card("whisper-tiny.en").expect("a card"));
    let model = WhisperModel::load("whisper-tiny.en", &file.expect("`cargo xtask models` fetches it"));
    Arc::new(model.expect("a model")).transcriber().expect("memory")
}

fn transcribe(
    transcriber: &mut Transcriber,
    audio: &[f32],
    cancel: &AtomicBool,
) -> Result<Hypothesis, TranscribeError> {
    let speech = 0.0..audio.len() as f32 / 16_000.0;
    let manner = Manner::default();
    transcriber.transcribe(&Request {
        audio,
        speech,
        manner: &manner,
        recent: None,
        effort: Effort::Final,
        cancel,
    })
}

#[test]
fn an_inference_is_broken_off_at_any_moment_and_the_next_is_whole() {
    let clip = Clip::read(&fixtures::fixture("jfk.wav").expect("the fixtures are there"));
    let clip = clip.expect("a recording").with_channels(1).resampled(16_000);
    let audio = &clip.channels[0][..4 * 16_000];
    let mut transcriber = transcriber();
    let never = AtomicBool::new(false);
    let begun = Instant::now();
    let whole = transcribe(&mut transcriber, audio, &never).expect("words");
    let mut took = begun.elapsed();
    assert!(whole.words.len() > 3, "{whole:?}");
    let (mut tried, mut broken_off) = (0, 0);
    while broken_off < MOMENTS {
        let moment = f64::from(tried % MOMENTS) / f64::from(MOMENTS);
        tried += 1;
        let cancel = AtomicBool::new(false);
        let begun = Instant::now();
        let heard = std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(took.mul_f64(moment));
                cancel.store(true, Ordering::Relaxed);
            });
            transcribe(&mut transcriber, audio, &cancel).map(|heard| (heard, begun.elapsed()))
        });
        match heard {
            // What whisper.cpp says of an encoder that was broken off.
            Err(TranscribeError::Cancelled | TranscribeError::Decode(_)) => broken_off += 1,
            Err(other) => panic!("{moment}: {other}"),
            // Sooner than expected: what is left of the moments comes within a run like this.
            Ok((heard, sooner)) => {
                assert_eq!(heard, whole, "{moment}");
                took = took.min(sooner);
            }
        }
    }
    assert_eq!(transcribe(&mut transcriber, audio, &never).expect("words"), whole);
}
