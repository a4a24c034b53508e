use super::*;
use crate::infer::classify::fuse::{GROUPS, tags};
use earmark_timeline::tag::SoundClass;

/// So many seconds in which the models hear speech, music or nothing by turns, with something of both everywhere.
fn stream(cells: usize) -> Part {
    let kind = |cell: usize| [0, 1, 0, 2, 1, 1, 0, 2][cell / 330 % 8];
    let waver = |cell: usize| ((cell * 7) % 97) as f32 / 400.0;
    let probabilities = (0..cells).map(|cell| match kind(cell) {
        0 => [0.9 - waver(cell), 0.1, waver(cell)],
        1 => [waver(cell), 0.1, 0.9 - waver(cell)],
        _ => [0.0; 3],
    });
    let second = |second: usize| {
        let mut scores = [0.0; GROUPS];
        scores[[0, 2, 5][kind(second * PATCH_STEP)]] = 0.8;
        Second { tags: tags(scores), ..Second::silent() }
    };
    Part {
        probabilities: probabilities.collect(),
        levels: (0..cells).map(|cell| if kind(cell) == 2 { -70.0 } else { -20.0 }).collect(),
        seconds: (0..cells.div_ceil(PATCH_STEP)).map(second).collect(),
        ..Part::default()
    }
}

/// The stretches of a stream that comes in parts of so many cells, and how many of them were told before its end.
fn told(stream: &Part, cells: usize) -> (Vec<Stretch>, usize) {
    let mut course = Course::beginning_at(0);
    let mut stretches = Vec::new();
    let seconds = stream.seconds.chunks(cells / PATCH_STEP);
    let parts = stream.probabilities.chunks(cells).zip(stream.levels.chunks(cells)).zip(seconds);
    for ((probabilities, levels), seconds) in parts {
        stretches.extend(course.hear(Part {
            probabilities: probabilities.to_vec(),
            levels: levels.to_vec(),
            seconds: seconds.to_vec(),
            ..Part::default()
        }));
        assert!(course.kept.levels.len() <= cells + STRETCH + AHEAD + BEHIND, "what is kept grows");
    }
    let before_its_end = stretches.len();
    stretches.extend(course.end());
    (stretches, before_its_end)
}

#[test]
fn classes_do_not_depend_on_the_parts_that_a_stream_comes_in() {
    for cells in [5_000, 5_123, 4_007, 150] {
        let stream = stream(cells);
        let whole = classes(stream.clone());
        assert_eq!(whole.len(), cells);
        for part in [STRETCH, 2 * STRETCH, 4 * STRETCH, 8_000] {
            let (stretches, _) = told(&stream, part);
            let mut next = 0;
            for stretch in &stretches {
                assert_eq!((stretch.cells.start, stretch.cells.len()), (next, stretch.classes.len()));
                assert_eq!(stretch.seconds.len(), stretch.cells.len().div_ceil(PATCH_STEP));
                next = stretch.cells.end;
            }
            let classes: Vec<_> = stretches.into_iter().flat_map(|stretch| stretch.classes).collect();
            assert!(classes == whole, "{cells} cells in parts of {part}");
        }
    }
}

#[test]
fn a_stretch_is_told_as_soon_as_the_part_after_it_is_heard() {
    let (stretches, before_its_end) = told(&stream(10 * STRETCH), STRETCH);
    assert_eq!((stretches.len(), before_its_end), (10, 9));
    let classes: Vec<_> =
        stretches.iter().flat_map(|stretch| &stretch.classes).map(|cell| cell.class).collect();
    for class in [SoundClass::Speech, SoundClass::Music, SoundClass::Silence] {
        assert!(classes.contains(&class), "{class:?} is missing");
    }
}

#[test]
fn the_rest_behind_a_hole_is_told_as_a_stream_of_its_own() {
    let part = stream(3 * STRETCH);
    let mut course = Course::beginning_at(6 * STRETCH);
    let mut stretches = course.hear(part.clone());
    stretches.extend(course.end());
    assert_eq!(stretches[0].cells, 6 * STRETCH..7 * STRETCH);
    let behind: Vec<_> = stretches.into_iter().flat_map(|stretch| stretch.classes).collect();
    assert!(behind == classes(part));
}

#[test]
fn a_stream_without_a_cell_has_no_stretch() {
    assert!(classes(Part::default()).is_empty());
    assert!(Course::beginning_at(0).end().is_empty());
}
