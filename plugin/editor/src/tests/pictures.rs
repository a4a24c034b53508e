//! What the window looks like. `EARMARK_BLESS=1 cargo test -p earmark-editor pictures` takes the pictures anew.

use super::clicks::Window;
use super::fixture::{at, facts, filled, worked_on};
use super::raster;
use crate::theme::Look;
use crate::{EditorView, Facts, Preview};
use earmark_timeline::snapshot::{Snapshot, Unsettled};
use egui::{Color32, ColorImage, Vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// The shades of a channel in a golden picture: few, so that it is small.
const SHADES: [u8; 16] = [0, 17, 34, 51, 68, 85, 102, 119, 136, 153, 170, 187, 204, 221, 238, 255];
/// By how much a channel may differ: half a shade, and what other processors round differently at letters' edges.
const DIFFERENCE: u8 = 24;
/// How many pixels may differ by more: less than a letter.
const PIXELS: usize = 12;

/// What is photographed, and how.
struct Subject {
    name: &'static str,
    snapshot: Snapshot,
    facts: Facts,
    look: Look,
    points: [f32; 2],
    scale: f32,
    /// What is clicked before.
    clicks: &'static [&'static str],
}

/// Opens the window, clicks and paints it.
fn take(subject: Subject) -> ColorImage {
    let Subject { snapshot, facts, look, points, scale, clicks, .. } = subject;
    let mut view = EditorView::default();
    view.state_mut().look = look;
    let window = Window { view, snapshot, facts, actions: Vec::new() };
    let mut harness =
        Harness::builder().with_size(Vec2::from(points)).with_pixels_per_point(scale).build_ui_state(
            |ui, window: &mut Window| {
                window.view.ui(ui, &window.snapshot, &window.facts, &mut window.actions);
            },
            window,
        );
    harness.run();
    for label in clicks {
        harness.get_by_label_contains(label).click();
        harness.run();
    }
    harness.remove_cursor();
    harness.run();
    raster::picture(&harness.ctx, harness.output(), points)
}

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/golden").join(name).with_extension("png")
}

fn save(path: &Path, image: &ColorImage) {
    let shade = |channel: u8| SHADES[(usize::from(channel) + 8) / 17];
    let pixels: Vec<_> = image.pixels.iter().map(|p| [p.r(), p.g(), p.b()].map(shade)).collect();
    let palette: Vec<_> = pixels.iter().collect::<BTreeSet<_>>().into_iter().copied().collect();
    let index = |pixel| palette.binary_search(pixel).ok().and_then(|index| u8::try_from(index).ok());
    let indices: Vec<u8> = pixels.iter().map(|pixel| index(pixel).expect("256 colours at most")).collect();
    let file = File::create(path).expect("the golden picture can be written");
    let mut encoder = png::Encoder::new(file, image.size[0] as u32, image.size[1] as u32);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_palette(palette.concat());
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&indices).expect("all pixels");
    writer.finish().expect("an end");
}

fn read(path: &Path) -> ColorImage {
    let file = BufReader::new(File::open(path).expect("the golden picture is there"));
    let mut decoder = png::Decoder::new(file);
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().expect("a header");
    let mut rgb = vec![0; reader.output_buffer_size().expect("a picture that fits")];
    let info = reader.next_frame(&mut rgb).expect("all pixels");
    ColorImage::from_rgb([info.width as usize, info.height as usize], &rgb)
}

/// How many pixels look different.
fn different(one: &ColorImage, other: &ColorImage) -> usize {
    assert_eq!(one.size, other.size, "the window's size");
    let differs = |(one, other): &(&Color32, &Color32)| {
        one.to_array().iter().zip(other.to_array()).any(|(one, other)| one.abs_diff(other) > DIFFERENCE)
    };
    one.pixels.iter().zip(&other.pixels).filter(differs).count()
}

/// Compares what the window looks like with its golden picture.
fn check(subject: Subject) {
    let (name, path) = (subject.name, golden(subject.name));
    let seen = take(subject);
    if std::env::var_os("EARMARK_BLESS").is_some() {
        save(&path, &seen);
    }
    let pixels = different(&seen, &read(&path));
    assert!(pixels <= PIXELS, "{name}: {pixels} pixels differ; take the pictures anew and look at them");
}

fn subject(name: &'static str) -> Subject {
    let (snapshot, facts) = (filled(), facts());
    Subject { name, snapshot, facts, look: Look::Dark, points: EditorView::SIZE, scale: 1.0, clicks: &[] }
}

const LEAST: [f32; 2] = EditorView::LEAST_SIZE;

#[test]
fn a_session_that_listens_looks_as_it_should() {
    let words = ["And", "one", "more", "thing"].map(str::to_owned).to_vec();
    let unsettled = Some(Unsettled { start: at(56.3), words, agreed: 2 });
    check(Subject { snapshot: Snapshot { unsettled, ..filled() }, ..subject("listening") });
}

#[test]
fn a_light_window_with_all_that_was_done_looks_as_it_should() {
    let clicks = &["View", "What was dropped", "View", "Find and filter"];
    check(Subject { snapshot: worked_on(), look: Look::Light, clicks, ..subject("worked-on-light") });
}

#[test]
fn an_empty_window_of_the_least_size_looks_as_it_should() {
    let (snapshot, facts) = (Snapshot::default(), Facts { playhead: None, playing: false, ..facts() });
    check(Subject { snapshot, facts, points: LEAST, ..subject("empty-small") });
}

#[test]
fn a_rows_menu_on_a_fine_screen_looks_as_it_should() {
    let clicks = &["Change utterance 0:04.9"];
    check(Subject { points: LEAST, scale: 2.0, clicks, ..subject("menu-small-2x") });
}

#[test]
fn the_export_page_looks_as_it_should() {
    let text = Ok("WEBVTT\n\n00:01.200 --> 00:04.240\nWelcome back to the second take".to_owned());
    let preview = Some(Preview { text, file: "Documents/Earmark/Talkback.vtt".to_owned() });
    let facts = Facts { preview, ..facts() };
    check(Subject { facts, points: LEAST, clicks: &["Export", "WebVTT"], ..subject("export-small") });
}

#[test]
fn the_settings_look_as_they_should() {
    check(Subject { points: LEAST, look: Look::Light, clicks: &["Settings"], ..subject("settings-small") });
}

#[test]
fn a_letter_that_is_missing_is_seen() {
    let before = take(subject("before"));
    // The last letter of its line: nothing else moves.
    let model = "Whisper tiny, Englis".to_owned();
    let after = take(Subject { facts: Facts { model, ..facts() }, ..subject("after") });
    assert_eq!(different(&before, &before), 0);
    assert!(different(&before, &after) > PIXELS, "{} pixels", different(&before, &after));
}
