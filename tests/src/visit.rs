//! A visit to the editor's window: its panels at several sizes and in both looks, as pictures for people to look at.

use crate::audio::Clip;
use crate::demo::DemoError;

use crate::host::{Painting, Plugin, Setup, Window};
use crate::lifecycle::cpu_s;
use crate::playback;
use crate::saved;
use earmark_archive::state;
use earmark_timeline::mark::Mark;
use earmark_timeline::notebook::{Notebook, Parts};
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::{ItemId, Origin, Utterance};
use rustix::time::{ClockId, clock_gettime};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Where to go and where the pictures are put.
#[derive(Debug, Clone)]
pub struct Options {
    /// The built plugin.
    pub plugin: PathBuf,
    /// A recording of somebody who speaks.
    pub file: PathBuf,
    /// The folder for the pictures.
    pub out: PathBuf,
}

/// How long a window may take to draw: software rendering is slow to begin.
const DRAW_LIMIT: Duration = Duration::from_secs(15);
/// How long menus take to open and text to settle.
const BREATH: Duration = Duration::from_millis(700);
/// How much of the recording has been played when the window is looked at while it listens.
const LIVE: Duration = Duration::from_secs(21);
/// How long what rests is watched.
const REST: Duration = Duration::from_secs(10);
/// As fast as the plugin surely keeps up with.
const FAST: f64 = 20.0;
/// The longest session that is looked at.
const HOURS_4: f64 = 4.0 * 3_600.0;

/// The window's size when it opens, in points.
pub(crate) const USUAL: (u32, u32) = (900, 560);
/// The smallest that it takes.
const LEAST: (u32, u32) = (480, 320);

/// A button by its distance from the right edge, and from the top, in points.
pub(crate) type Place = (u32, u32);
pub(crate) const EXPORT: Place = (46, 18);
pub(crate) const FILE: Place = (352, 18);
pub(crate) const SETTINGS: Place = (43, 48);
pub(crate) const VIEW: Place = (111, 48);
/// Entries of the menus below their buttons.
pub(crate) const CAPTIONS: Place = (200, 137);
const DARK: Place = (259, 172);
const LIGHT: Place = (259, 200);
const FIND: Place = (233, 240);
/// By how much higher that menu begins in the smallest window, to end within it.
const RAISED: u32 = 34;
/// A button of the export page.
pub(crate) const SAVE: Place = (32, 519);
/// The first row's menu.
const ROW: Place = (29, 244);

/// An open window of the plugin.
struct Visit<'a> {
    plugin: Plugin,
    window: Window,
    scale: f64,
    size: (u32, u32),
    out: &'a Path,
}

impl<'a> Visit<'a> {
    fn open(mut plugin: Plugin, scale: f64, out: &'a Path) -> Result<Self, DemoError> {
        let window = Window::open(USUAL.0, USUAL.1, "Earmark")?;
        plugin.open_editor(&window, scale, Duration::ZERO)?;
        plugin.pump_until(DRAW_LIMIT, |_| window.image().is_ok_and(|image| image.is_drawn()));
        let mut visit = Self { plugin, window, scale, size: USUAL, out };
        visit.resize(USUAL)?;
        Ok(visit)
    }

    fn pixels(&self, points: u32) -> u32 {
        (f64::from(points) * self.scale) as u32
    }

    fn resize(&mut self, size: (u32, u32)) -> Result<(), DemoError> {
        self.size = size;
        let (width, height) = (self.pixels(size.0), self.pixels(size.1));
        self.window.resize(width, height)?;
        self.plugin.gui()?.set_size(width, height)?;
        self.plugin.pump(BREATH);
        Ok(())
    }

    /// Clicks `x` points from the left and `y` from the top.
    fn click(&mut self, x: u32, y: u32) -> Result<(), DemoError> {
        let (x, y) = (self.pixels(x) as i16, self.pixels(y) as i16);
        // A pointer that comes from elsewhere is seen before it presses.
        self.window.warp(x, y)?;
        self.plugin.pump(BREATH / 4);
        self.window.click(x, y)?;
        self.plugin.pump(BREATH);
        Ok(())
    }

    fn press(&mut self, (from_right, y): Place) -> Result<(), DemoError> {
        self.click(self.size.0 - from_right, y)
    }

    /// Has the pointer rest where it points at nothing.
    fn rest(&mut self) -> Result<(), DemoError> {
        self.window.warp(self.pixels(self.size.0 / 2) as i16, self.pixels(self.size.1 - 30) as i16)?;
        self.plugin.pump(BREATH);
        Ok(())
    }

    fn picture(&mut self, name: &str) -> Result<(), DemoError> {
        Ok(self.window.image()?.save(&self.out.join(format!("{name}.png")))?)
    }

    /// What the open window costs while the transport stands, in words, beside what all costs without it.
    fn at_rest(&mut self, closed: f64) -> Result<String, DemoError> {
        self.rest()?;
        let painting = Painting::in_window(&self.window)?;
        // A frame may still come of what was done last.
        self.plugin.pump(BREATH);
        painting.count()?;
        let (open, count) = (share_at_rest(&mut self.plugin), painting.count()?);
        Ok(format!("at rest: {open:.2} % of a core, without a window {closed:.2} %, painted {count} times"))
    }

    fn close(mut self) -> Result<Plugin, DemoError> {
        self.plugin.gui()?.destroy();
        Ok(self.plugin)
    }
}

/// Goes through all panels and tells `say` each picture that was taken.
///
/// # Errors
///
/// [`DemoError`] when the plugin refuses something or a picture cannot be written.
pub fn run(options: &Options, say: &mut dyn FnMut(&str)) -> Result<(), DemoError> {
    std::fs::create_dir_all(&options.out)
        .map_err(|reason| DemoError::File { path: options.out.clone(), reason })?;
    let clip = Clip::read(&options.file)?.with_channels(2);
    let out = options.out.as_path();

    say("an empty window");
    let mut visit = Visit::open(Plugin::load(&options.plugin)?, 1.0, out)?;
    visit.rest()?;
    visit.picture("empty")?;
    visit.press(FILE)?;
    visit.picture("file")?;
    drop(visit.close()?);

    say("a window that listens");
    let mut plugin = Plugin::load(&options.plugin)?;
    let setup = Setup::stereo(f64::from(clip.rate_hz), 512);
    let player = playback::start(plugin.activate(setup)?, clip.clone(), 1.0);
    let mut visit = Visit::open(plugin, 1.0, out)?;
    visit.rest()?;
    visit.plugin.pump(LIVE);
    visit.picture("live")?;
    let mut plugin = visit.close()?;
    plugin.deactivate(player.stop()?);
    drop(plugin);

    say("all panels of a window that has heard something");
    let mut plugin = Plugin::load(&options.plugin)?;
    let player = playback::start(plugin.activate(setup)?, clip, FAST);
    playback::until_settled(&mut plugin, &player, &mut |_| ())?;
    plugin.pump(BREATH);
    let closed = share_at_rest(&mut plugin);
    let mut visit = Visit::open(plugin, 1.0, out)?;
    say(&visit.at_rest(closed)?);
    plugin = visit.close()?;
    plugin.deactivate(player.stop()?);
    let state = plugin.save()?;
    for scale in [1.0, 2.0] {
        plugin = panels(plugin, scale, out)?;
    }
    drop(plugin);

    say("a window with four hours");
    let mut plugin = Plugin::load(&options.plugin)?;
    let hours = state::encode(&repeated(&saved::read(&state)?));
    plugin.restore(&saved::with_notebook(&state, &hours)?)?;
    plugin.pump(BREATH);
    let mut visit = Visit::open(plugin, 1.0, out)?;
    visit.rest()?;
    visit.picture("hours")?;
    drop(visit.close()?);
    say(&format!("written to {}", out.display()));
    Ok(())
}

/// How many hundredths of a core all threads take but the host's main one, over a while.
fn share_at_rest(plugin: &mut Plugin) -> f64 {
    let main_s = || {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
    };
    let (begun, before) = (Instant::now(), cpu_s() - main_s());
    plugin.pump(REST);
    100.0 * (cpu_s() - main_s() - before) / begun.elapsed().as_secs_f64()
}

/// Clicks through every panel at both sizes.
fn panels(plugin: Plugin, scale: f64, out: &Path) -> Result<Plugin, DemoError> {
    let mut visit = Visit::open(plugin, scale, out)?;
    for (size, name) in [(USUAL, ""), (LEAST, "-small")] {
        let named = |panel: &str| format!("{panel}{name}-{scale}x");
        visit.resize(size)?;
        visit.rest()?;
        visit.picture(&named("filled"))?;
        for (button, panel) in [(FILE, "file"), (VIEW, "view"), (ROW, "row"), (EXPORT, "formats")] {
            visit.press(button)?;
            visit.picture(&named(panel))?;
            if panel != "formats" {
                visit.press(button)?;
            }
        }
        visit.press(CAPTIONS)?;
        visit.rest()?;
        visit.picture(&named("export"))?;
        visit.press(SETTINGS)?;
        visit.rest()?;
        visit.picture(&named("settings"))?;
        visit.press(SETTINGS)?;
        let raised = |(right, top): Place| (right, if size == LEAST { top - RAISED } else { top });
        for (entry, back, panel) in [(FIND, FIND, "find"), (LIGHT, DARK, "light")] {
            visit.press(VIEW)?;
            visit.press(raised(entry))?;
            visit.rest()?;
            visit.picture(&named(panel))?;
            visit.press(VIEW)?;
            visit.press(raised(back))?;
        }
    }
    visit.close()
}

/// The same again and again for four hours.
fn repeated(notebook: &Notebook) -> Notebook {
    let last = notebook.utterances().last().map_or(1.0, |utterance| utterance.end.seconds());
    let length = last.ceil() + 1.0;
    let mut parts = Parts { settings: notebook.settings().clone(), ..Parts::default() };
    for round in 0..(HOURS_4 / length) as u64 {
        let by = ProjectTime::from_seconds(round as f64 * length);
        for utterance in notebook.utterances() {
            let mut said: Utterance = utterance.clone();
            (said.start, said.end) = (said.start.plus(by), said.end.plus(by));
            for word in &mut said.words {
                (word.start, word.end) = (word.start.plus(by), word.end.plus(by));
            }
            said.id = ItemId(parts.utterances.len() as u64 + 1);
            parts.utterances.push(said);
        }
        for span in notebook.spans() {
            let mut heard = *span;
            (heard.start, heard.end) = (heard.start.plus(by), heard.end.plus(by));
            parts.spans.push(heard);
        }
    }
    let said = parts.utterances.len() as u64;
    for number in 0..8 {
        let at = ProjectTime::from_seconds((number as f64 + 0.4) * HOURS_4 / 8.0);
        let label = format!("Take {}", number + 1);
        let id = ItemId(said + number + 1);
        let origin = Origin::Hand;
        parts.marks.push(Mark { id, start: at, end: at, label, origin, colour: None, run: None });
    }
    Notebook::from_parts(parts)
}
