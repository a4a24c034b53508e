//! Prints what recordings named on standard input are told by, a line of JSON each: what roles are told by, or with
//! the argument `cells` what classes of sound are told by, cell by cell. The tables of both are made of them
//! (`tests/bench/roles.py`, `tests/bench/classes.py`). With the argument `speech` it prints each cell's level and from
//! which second to which goes to the transcriber, for `tests/bench/hear.py`.

use earmark_engine::decode;
use earmark_engine::hear::{Hearing, Models, Shares};
use earmark_engine::infer::classify::spans::levels_dbfs;
use earmark_engine::infer::classify::{CELL_SAMPLES, Classifier, RATE_HZ, Yamnet, course};
use earmark_engine::segment::{Cut, CutRule, Cutter, FRAME, Silero};
use earmark_models::{Store, card};
use earmark_timeline::tag::SoundClass;
use std::error::Error;
use std::io::{self, Write as _};
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let store = Store::from_environment();
    let library = store.verified_path(card("onnxruntime")?)?;
    let mut classifier = Classifier::load(&library, &store.read(card("firered-aed")?)?)?;
    let mut yamnet = Yamnet::load(&library, &store.read(card("yamnet")?)?)?;
    let voice = Silero::from_ggml(&store.read(card("silero-vad")?)?)?;
    let models = Models::new(store);
    for line in io::stdin().lines() {
        let path = line?;
        let mut file = decode::open(Path::new(&path))?;
        let mut hearing = Hearing::new(file.rate(), file.channels(), &models);
        let (mut samples, mut block) = (Vec::new(), Vec::new());
        while file.next_block(&mut block)? {
            hearing.push(&block);
            samples.extend_from_slice(hearing.mono_16k());
        }
        let keep = 0..samples.len().next_multiple_of(CELL_SAMPLES);
        let told = match wanted.as_str() {
            "cells" => {
                let part = classifier.hear(&mut yamnet, &samples, keep)?;
                serde_json::json!({ "path": path, "levels": part.levels, "figures": course::figures(&part) })
            }
            "speech" => {
                let utterances = utterances(voice.clone(), &samples);
                serde_json::json!({ "path": path, "levels": levels_dbfs(&samples), "utterances": utterances })
            }
            _ => {
                let classes = course::classes(classifier.hear(&mut yamnet, &samples, keep)?);
                let share = |class: SoundClass| {
                    classes.iter().filter(|cell| cell.class == class).count() as f64 / classes.len() as f64
                };
                let shares: Shares = SoundClass::ALL.map(share);
                serde_json::json!({ "path": path, "figures": hearing.figures(&shares) })
            }
        };
        writeln!(io::stdout(), "{told}")?;
    }
    Ok(())
}

/// From which second to which each utterance goes to the transcriber.
fn utterances(mut voice: Silero, samples: &[f32]) -> Vec<[f64; 2]> {
    let mut cutter = Cutter::new(CutRule::default());
    let closed = samples.as_chunks::<FRAME>().0.iter().filter_map(|frame| {
        let energy = frame.iter().map(|sample| sample * sample).sum();
        match cutter.push(voice.speech_probability(frame), energy) {
            Some(Cut::Closed(segment)) => Some(segment),
            _ => None,
        }
    });
    let mut segments: Vec<_> = closed.collect();
    segments.extend(cutter.finish());
    let second = |sample: u64| sample as f64 / RATE_HZ as f64;
    segments.iter().map(|segment| [segment.audio.start, segment.audio.end].map(second)).collect()
}
