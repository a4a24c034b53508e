//! The editor in a window: it shows something whenever the host gets round to showing it.

use earmark_tests::fixtures;
use earmark_tests::host::{Painting, Plugin, Setup, Window, open_files, threads, under_display};
use earmark_tests::lifecycle::allocated_bytes;
use earmark_tests::noise::Random;
use earmark_tests::saved;
use earmark_tests::soak::KEPT_BY_AN_OPENING;
use std::time::Duration;

/// How long an editor may take to draw: software rendering on a busy machine is slow to begin.
const PATIENCE: Duration = Duration::from_secs(30);

fn plugin() -> Plugin {
    let path = fixtures::plugin().expect("the plugin is built");
    Plugin::load(&path).expect("the plugin loads")
}

fn assert_drawn(plugin: &mut Plugin, window: &Window, what: &str) {
    let drawn = |_: &mut Plugin| window.image().is_ok_and(|image| image.is_drawn());
    assert!(plugin.pump_until(PATIENCE, drawn), "the editor stays blank: {what}");
}

/// The parent's ground is pure black, which the editor does not use: none may show in the corners.
fn assert_filled(plugin: &mut Plugin, window: &Window, (width, height): (u32, u32), what: &str) {
    let filled = |_: &mut Plugin| {
        window.image().is_ok_and(|image| {
            let corners = [(1, 1), (width - 2, 1), (1, height - 2), (width - 2, height - 2)];
            (image.width, image.height) == (width, height)
                && corners.iter().all(|(x, y)| {
                    let at = ((y * width + x) * 3) as usize;
                    image.rgb[at..at + 3] != [0, 0, 0]
                })
        })
    };
    assert!(plugin.pump_until(PATIENCE, filled), "the editor does not fill {width}×{height}: {what}");
}

#[test]
fn the_editor_is_never_blank_however_late_it_is_shown() {
    under_display("the_editor_is_never_blank_however_late_it_is_shown", || {
        for delay_ms in [0, 40, 500] {
            let mut plugin = plugin();
            let window = Window::open(640, 420, "Earmark").expect("a window opens");
            let delay = Duration::from_millis(delay_ms);
            plugin.open_editor(&window, 1.0, delay).expect("the editor opens");
            assert_drawn(&mut plugin, &window, &format!("shown after {delay_ms} ms"));
            plugin.gui().expect("an editor").destroy();
        }
    });
}

#[test]
fn the_editor_is_drawn_although_its_window_comes_to_the_screen_after_it() {
    under_display("the_editor_is_drawn_although_its_window_comes_to_the_screen_after_it", || {
        let mut plugin = plugin();
        let window = Window::open(640, 420, "Earmark").expect("a window opens");
        for is_closed_at_once in [true, false] {
            window.set_shown(false).expect("it goes");
            plugin.open_editor(&window, 1.0, Duration::ZERO).expect("the editor opens");
            plugin.pump(Duration::from_millis(100));
            if !is_closed_at_once {
                window.set_shown(true).expect("it comes");
                assert_drawn(&mut plugin, &window, "in a window that came later");
            }
            plugin.gui().expect("an editor").destroy();
        }
    });
}

#[test]
fn the_editor_opens_again_and_again() {
    under_display("the_editor_opens_again_and_again", || {
        let mut plugin = plugin();
        for turn in 0..4 {
            let window = Window::open(640, 420, "Earmark").expect("a window opens");
            plugin.open_editor(&window, 1.0, Duration::ZERO).expect("the editor opens");
            assert_drawn(&mut plugin, &window, &format!("turn {turn}"));
            plugin.gui().expect("an editor").destroy();
            plugin.pump(Duration::from_millis(20));
        }
    });
}

/// How many times a window is opened: those after which everything is there that is made once, and the rest.
const OPENINGS: [u32; 2] = [100, 100];

/// How many threads and files more than before are still those of windows that are just going: what each opening
/// left would be ten times as many.
const GOING: usize = 10;

/// How long the host takes to show its window: mostly not noticed, seldom long, once two seconds.
fn delay_ms(turn: u32, random: &mut Random) -> u32 {
    match turn % 100 {
        50 if turn > 100 => 2_000,
        n if n.is_multiple_of(25) => random.below(500),
        n if n.is_multiple_of(10) => random.below(150),
        _ => random.below(20),
    }
}

#[test]
fn two_hundred_openings_are_never_blank_and_leave_nothing() {
    under_display("two_hundred_openings_are_never_blank_and_leave_nothing", || {
        let (mut plugin, mut random) = (plugin(), Random::from_seed(8));
        let mut window = Window::open(640, 420, "Earmark").expect("a window opens");
        let mut open = |turn: u32| {
            if turn.is_multiple_of(2) {
                window = Window::open(640, 420, "Earmark").expect("a window opens");
            }
            let delay = delay_ms(turn, &mut random);
            let wait = Duration::from_millis(delay.into());
            plugin.open_editor(&window, 1.0, wait).expect("the editor opens");
            assert_drawn(&mut plugin, &window, &format!("turn {turn}, shown after {delay} ms"));
            plugin.gui().expect("an editor").destroy();
        };
        (0..OPENINGS[0]).for_each(&mut open);
        let before = (threads(), open_files(), allocated_bytes());
        (OPENINGS[0]..OPENINGS[0] + OPENINGS[1]).for_each(&mut open);
        let (most_threads, most_files) = (before.0 + GOING, before.1 + GOING);
        let are_gone = |_: &mut Plugin| threads() <= most_threads && open_files() <= most_files;
        plugin.pump_until(PATIENCE, are_gone);
        assert!(threads() <= most_threads, "threads are left: {} after {}", threads(), before.0);
        assert!(open_files() <= most_files, "files are left open: {} after {}", open_files(), before.1);
        let kept = (allocated_bytes() - before.2) / i64::from(OPENINGS[1]);
        assert!(kept < KEPT_BY_AN_OPENING, "each opening keeps {kept} bytes");
    });
}

#[test]
fn the_editor_fills_its_window_at_every_scale_and_size() {
    under_display("the_editor_fills_its_window_at_every_scale_and_size", || {
        for scale in [1.0, 1.5, 2.0] {
            let mut plugin = plugin();
            let window = Window::open(640, 420, "Earmark").expect("a window opens");
            plugin.open_editor(&window, scale, Duration::ZERO).expect("the editor opens");
            assert_drawn(&mut plugin, &window, &format!("at scale {scale}"));
            let (width, height) = plugin.gui().expect("an editor").size().expect("a size");
            assert_filled(&mut plugin, &window, (width, height), &format!("at scale {scale}"));
            if plugin.gui().expect("an editor").can_resize() {
                let wanted = (width + 120, height + 80);
                let taken = plugin.gui().expect("an editor").adjust_size(wanted.0, wanted.1);
                let (width, height) = taken.unwrap_or(wanted);
                window.resize(width, height).expect("the window grows");
                plugin.gui().expect("an editor").set_size(width, height).expect("the editor grows");
                assert_filled(&mut plugin, &window, (width, height), &format!("grown at scale {scale}"));
            }
            plugin.gui().expect("an editor").destroy();
        }
    });
}

#[test]
fn text_of_another_size_fills_a_window_that_keeps_its_own() {
    under_display("text_of_another_size_fills_a_window_that_keeps_its_own", || {
        let mut plugin = plugin();
        let usual = plugin.save().expect("the plugin saves");
        let mut larger = usual.clone();
        let percent = usual.windows(4).position(|word| word == b"100%").expect("the size of text is saved");
        larger[percent..percent + 4].copy_from_slice(b"150%");
        // The third time with what was saved after the second: neither at once nor anew does the window grow with its text.
        let mut seen = Vec::new();
        for state in [Some(usual), Some(larger), None] {
            let state = state.unwrap_or_else(|| plugin.save().expect("the plugin saves"));
            plugin.restore(&state).expect("the plugin takes it");
            let window = Window::open(1_000, 700, "Earmark").expect("a window opens");
            plugin.open_editor(&window, 1.0, Duration::ZERO).expect("the editor opens");
            assert_drawn(&mut plugin, &window, "with text of another size");
            let size = plugin.gui().expect("an editor").size().expect("a size");
            assert_filled(&mut plugin, &window, size, "with text of another size");
            plugin.pump(Duration::from_millis(500));
            assert_eq!(plugin.gui().expect("an editor").size(), Some(size));
            seen.push((size, window.image().expect("a picture").rgb));
            plugin.gui().expect("an editor").destroy();
        }
        assert!(seen[0].1 != seen[1].1, "the text is as large as ever");
        assert!(seen[1].1 == seen[2].1, "a saved size of text is another one");
        assert!(seen.iter().all(|(size, _)| *size == seen[0].0), "the window has another size");
    });
}

#[test]
fn editors_survive_calls_in_odd_orders() {
    under_display("editors_survive_calls_in_odd_orders", || {
        let mut plugin = plugin();
        let window = Window::open(640, 420, "Earmark").expect("a window opens");
        // Whether each call is granted is the plugin's business; that it is still there afterwards is ours.
        let breath = Duration::from_millis(20);
        plugin.gui().expect("an editor").create().expect("an editor is made");
        plugin.gui().expect("an editor").create().ok();
        plugin.gui().expect("an editor").show().ok();
        plugin.gui().expect("an editor").hide().ok();
        plugin.gui().expect("an editor").destroy();
        plugin.gui().expect("an editor").create().expect("an editor is made");
        plugin.gui().expect("an editor").set_parent(&window).expect("it has a parent");
        plugin.pump(breath);
        plugin.gui().expect("an editor").hide().ok();
        plugin.gui().expect("an editor").show().ok();
        plugin.pump(breath);
        let audio = plugin.activate(Setup::stereo(48_000.0, 512)).expect("the plugin activates");
        plugin.gui().expect("an editor").destroy();
        plugin.deactivate(audio);
        plugin.open_editor(&window, 1.0, breath).expect("the editor opens");
        assert_drawn(&mut plugin, &window, "after odd orders");
        drop(plugin);
    });
}

#[test]
fn a_window_that_rests_is_not_painted() {
    under_display("a_window_that_rests_is_not_painted", || {
        let mut plugin = plugin();
        let window = Window::open(640, 420, "Earmark").expect("a window opens");
        let painting = Painting::in_window(&window).expect("the server tells");
        plugin.open_editor(&window, 1.0, Duration::ZERO).expect("the editor opens");
        assert_drawn(&mut plugin, &window, "before it rests");
        assert!(painting.count().expect("a count") > 0, "the server does not tell what is painted");
        let rests = |plugin: &mut Plugin| {
            plugin.pump(Duration::from_secs(1));
            painting.count().is_ok_and(|count| count == 0)
        };
        assert!(plugin.pump_until(PATIENCE, rests), "a window in which nothing happens is painted anew");
        plugin.gui().expect("an editor").destroy();
    });
}

#[test]
fn a_file_that_is_dropped_on_the_editor_is_analysed() {
    under_display("a_file_that_is_dropped_on_the_editor_is_analysed", || {
        let mut plugin = plugin();
        let window = Window::open(640, 420, "Earmark").expect("a window opens");
        plugin.open_editor(&window, 1.0, Duration::ZERO).expect("the editor opens");
        assert_drawn(&mut plugin, &window, "before the file comes");
        let speech = fixtures::fixture("jfk.wav").expect("the fixtures are there");
        assert!(window.drop_file(&speech).expect("the editor answers"), "the editor does not take the file");
        let is_heard = |plugin: &mut Plugin| {
            let saved = plugin.save().expect("the plugin saves");
            !saved::read(&saved).expect("a notebook").utterances().is_empty()
        };
        assert!(plugin.pump_until(PATIENCE, is_heard), "no word of the file is in the notebook");
        plugin.gui().expect("an editor").destroy();
    });
}

/// The space bar's code on every X server with a usual keyboard (evdev's code 57 and 8).
const SPACE: u8 = 65;

#[test]
fn the_space_bar_stays_the_hosts() {
    under_display("the_space_bar_stays_the_hosts", || {
        let mut plugin = plugin();
        let window = Window::open(640, 420, "Earmark").expect("a window opens");
        plugin.open_editor(&window, 1.0, Duration::ZERO).expect("the editor opens");
        assert_drawn(&mut plugin, &window, "before the first key");
        window.take_keyboard().expect("the host has the keyboard");
        let pressed = |plugin: &mut Plugin, what: &str| {
            // A window that has just been clicked may take a moment to give the keyboard back.
            let arrives = |_: &mut Plugin| {
                window.press_key(SPACE).expect("a key");
                window.keys_pressed(SPACE).is_ok_and(|count| count > 0)
            };
            assert!(plugin.pump_until(PATIENCE, arrives), "the editor swallows the space bar {what}");
        };
        window.warp(300, 300).expect("the pointer moves");
        pressed(&mut plugin, "while the pointer is over it");
        window.click(300, 300).expect("a click");
        plugin.pump(Duration::from_millis(300));
        pressed(&mut plugin, "after a click");
        plugin.gui().expect("an editor").destroy();
    });
}
