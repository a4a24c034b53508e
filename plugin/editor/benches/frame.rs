//! What a frame costs with a long day's work in it: 20,000 marks and 40,000 words over four hours.
//!
//! `cargo bench -p earmark-editor --bench frame`; the aims are 2 ms for the view-model and 6 ms for painting,
//! that is, all of a frame up to the triangles. Filling the pixels is the graphics processor's. Times are the thread's
//! own, so that other programs do not count.

use cpu_time::ThreadTime;
use criterion::{Criterion, criterion_group, criterion_main};
use earmark_editor::{EditorView, Facts, Stretch, ViewModel, ViewState};
use earmark_timeline::course::{LoudnessSpan, RoleSpan};
use earmark_timeline::mark::Mark;
use earmark_timeline::notebook::{Notebook, Parts};
use earmark_timeline::snapshot::Snapshot;
use earmark_timeline::sound::Role;
use earmark_timeline::tag::{ClassSpan, SoundClass};
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::{ItemId, Origin, Utterance, Word};
use egui::{Context, Pos2, RawInput, Rect, Vec2};
use std::hint::black_box;
use std::sync::Arc;

const SECONDS: f64 = 4.0 * 3_600.0;
const MARKS: u64 = 20_000;
/// Ten words each.
const UTTERANCES: u64 = 4_000;

fn at(seconds: f64) -> ProjectTime {
    ProjectTime::from_seconds(seconds)
}

/// The start of the `index`th of `count` things that are spread over the whole.
fn place(index: u64, count: u64) -> f64 {
    index as f64 * SECONDS / count as f64
}

fn utterance(index: u64) -> Utterance {
    let start = place(index, UTTERANCES);
    let said = "ten words that somebody said in one breath and meant".split(' ').enumerate();
    let words = said.map(|(count, text)| {
        let start = start + count as f64 * 0.3;
        let confidence = if count % 4 == 3 { 0.4 } else { 0.9 };
        Word { text: text.to_owned(), start: at(start), end: at(start + 0.25), confidence }
    });
    Utterance {
        id: ItemId(MARKS + index + 1),
        start: at(start),
        end: at(start + 3.0),
        words: words.collect(),
        language: Some(Arc::from("en")),
        model: Arc::from("whisper-tiny.en"),
        origin: Origin::Machine,
        run: None,
    }
}

fn mark(index: u64) -> Mark {
    let start = at(place(index, MARKS));
    let label = format!("Mark {index}");
    Mark { id: ItemId(index + 1), start, end: start, label, origin: Origin::Hand, colour: None, run: None }
}

/// What was heard in four hours.
fn long_day() -> Snapshot {
    let span = |index: u64| ClassSpan {
        start: at(place(index, UTTERANCES)),
        end: at(place(index + 1, UTTERANCES)),
        class: SoundClass::ALL[index as usize % SoundClass::ALL.len()],
        probability: 0.9,
    };
    let role = |index: u64| RoleSpan {
        start: at(place(index, UTTERANCES)),
        end: at(place(index + 1, UTTERANCES)),
        role: Role::ALL[index as usize % Role::ALL.len()],
        probability: 0.9,
    };
    let loud = |second: u64| LoudnessSpan {
        start: at(second as f64),
        end: at(second as f64 + 1.0),
        lufs: -30 + (second % 23) as i8,
    };
    let notebook = Notebook::from_parts(Parts {
        utterances: (0..UTTERANCES).map(utterance).collect(),
        spans: (0..UTTERANCES).map(span).collect(),
        roles: (0..UTTERANCES).map(role).collect(),
        loudness: (0..SECONDS as u64).map(loud).collect(),
        marks: (0..MARKS).map(mark).collect(),
        ..Parts::default()
    });
    let mut snapshot = Snapshot { notebook: Arc::new(notebook), ..Snapshot::default() };
    for bin in 0..SECONDS as u64 * 20 {
        snapshot.overview.note(at(bin as f64 / 20.0), (bin % 97) as f32 / 97.0);
    }
    snapshot
}

/// A moving playhead, so that nothing of a frame may be left out.
fn facts(frame: u64) -> Facts {
    let playhead = Some(at(place(frame % 14_400, 14_400)));
    Facts { playing: true, playhead, ..Facts::default() }
}

/// The view-model with its transcript kept, as in most frames, and made anew, as when words have settled.
fn deciding(criterion: &mut Criterion) {
    let (snapshot, state) = (long_day(), ViewState { width: 1_900.0, ..ViewState::default() });
    let kept = ViewModel::new(&snapshot, &state, &facts(0), None).transcript;
    for (name, kept) in [("view-model", Some(&kept)), ("view-model, new words", None)] {
        let mut frame = 0;
        criterion.bench_function(name, |bencher| {
            bencher.iter_custom(|count| {
                let begun = ThreadTime::now();
                for _ in 0..count {
                    frame += 1;
                    black_box(ViewModel::new(&snapshot, &state, &facts(frame), kept));
                }
                begun.elapsed()
            });
        });
    }
}

/// Whole frames up to the triangles: everything in view, and a minute.
fn painting(criterion: &mut Criterion) {
    let snapshot = long_day();
    let mut minute = ViewState::default();
    minute.zoom(Stretch { start: 0.0, length: SECONDS }, SECONDS / 60.0, 0.5);
    minute.follow = false;
    for (name, size, state) in [
        ("frame, 4 h", Vec2::new(900.0, 560.0), ViewState::default()),
        ("frame, 4 h, 1920 × 1080", Vec2::new(1_920.0, 1_080.0), ViewState::default()),
        ("frame, 1 min, 1920 × 1080", Vec2::new(1_920.0, 1_080.0), minute),
    ] {
        let (context, mut view) = (Context::default(), EditorView::with_state(state));
        let mut frame = 0;
        criterion.bench_function(name, |bencher| {
            bencher.iter_custom(|count| {
                let begun = ThreadTime::now();
                for _ in 0..count {
                    frame += 1;
                    let screen_rect = Some(Rect::from_min_size(Pos2::ZERO, size));
                    let time = Some(frame as f64 / 60.0);
                    let input = RawInput { screen_rect, time, ..RawInput::default() };
                    let facts = facts(frame);
                    let mut output =
                        context.run_ui(input, |ui| view.ui(ui, &snapshot, &facts, &mut Vec::new()));
                    // The font's picture is the graphics processor's.
                    output.textures_delta.clear();
                    black_box(context.tessellate(output.shapes, output.pixels_per_point));
                }
                begun.elapsed()
            });
        });
    }
}

criterion_group!(benches, deciding, painting);
criterion_main!(benches);
