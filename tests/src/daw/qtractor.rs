//! Qtractor, a DAW that loads CLAP and shows its window: plays, is clicked in, saves, and loads in a new process.

mod tour;

pub use tour::tour;

use super::{DawError, Options, RATE_HZ, Running, Stage, at, heard, state_between, words, wrong};
use crate::host::Xvfb;
use crate::saved;
use crate::visit::{Place, USUAL};
use earmark_timeline::notebook::Notebook;
use flate2::read::ZlibDecoder;
use rustix::process::Signal;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long any step may take on a busy machine.
const LIMIT: Duration = Duration::from_secs(240);
/// How long a click has to show what it does before it is tried again; the first may come before a window is ready.
const AGAIN: Duration = Duration::from_secs(30);
/// How long the pointer rests before and after a click, in seconds: a pointer that comes from elsewhere is seen before
/// it presses.
const BREATH: &str = "0.5";

/// Places in Qtractor's window as it first opens, from its corner, in pixels.
const PLAY: (u32, u32) = (239, 77);
const PLUGIN: (u32, u32) = (178, 180);
/// The button in the editor's window.
const ADD_MARK: Place = (177, 18);
/// A blank window has one colour; text on a ground has many.
const FEWEST_COLOURS: u64 = 16;
/// What the title has while there is something to save.
const MODIFIED: &str = "[modified]";

/// A desk with a display, a window manager and a sound server.
struct Desk<'a> {
    stage: Stage<'a>,
    xvfb: Xvfb,
    stub: PathBuf,
    server: String,
    _others: [Running; 2],
}

/// An open session.
struct Open<'a> {
    desk: &'a Desk<'a>,
    qtractor: Running,
    session: PathBuf,
    window: String,
}

/// Plays speech to the plugin, sets a mark in its window, saves, and looks at what a new process makes of it;
/// returns what was seen, in a sentence.
///
/// # Errors
///
/// [`DawError`] when Qtractor or the plugin does not do what it should.
pub fn check(options: &Options) -> Result<String, DawError> {
    let desk = Desk::set_up(Stage::new(options)?)?;
    let session = desk.session()?;
    let open = desk.open(&session)?;
    let editor = open.editor()?;
    open.play()?;
    open.stop()?;
    open.bring_to_front()?;
    desk.stage.until("a title without unsaved changes", LIMIT, || {
        open.saved()?;
        Ok((!open.is_modified()?).then_some(()))
    })?;
    open.click_until("unsaved changes in the title", &editor, from_right(ADD_MARK), 1, || {
        Ok(open.is_modified()?.then_some(()))
    })?;
    let (before, notebook) = desk.stage.until("the mark in the session", LIMIT, || {
        let state = open.saved()?;
        let notebook = saved::read(&state)?;
        Ok((!notebook.marks().is_empty()).then_some((state, notebook)))
    })?;
    let picture = open.picture(&editor, "qtractor")?;
    open.close()?;

    let again = desk.stage.path("again.qtr");
    fs::copy(&session, &again).map_err(at(&again))?;
    let open = desk.open(&again)?;
    if open.saved()? != before {
        return Err(wrong("a new process saves another state than it has loaded"));
    }
    open.close()?;
    Ok(format!(
        "{} words and a mark, {} bytes of state, the same in a new process; {}",
        words(&notebook),
        before.len(),
        picture.display()
    ))
}

/// A place in the editor's window as it first opens.
fn from_right((from_right, y): Place) -> (u32, u32) {
    (USUAL.0 - from_right, y)
}

impl<'a> Desk<'a> {
    fn set_up(stage: Stage<'a>) -> Result<Self, DawError> {
        let (source, stub) = (stage.path("no_sequencer.c"), stage.path("no_sequencer.so"));
        fs::write(&source, include_str!("no_sequencer.c")).map_err(at(&source))?;
        let mut compiler = stage.command("c++")?;
        compiler.args(["-x", "c", "-shared", "-fPIC", "-o"]).arg(&stub).arg(&source);
        stage.run(&mut compiler, LIMIT)?;
        let xvfb = Xvfb::start()?;
        let manager = stage.start(stage.command("openbox")?.env("DISPLAY", xvfb.display()))?;
        // A name that is no person's own server's, nor that of another check at the same time.
        let name = format!("earmark-{}", std::process::id());
        let mut server = stage.command("jackd")?;
        let dummy = ["-d", "dummy", "-r", &RATE_HZ.to_string(), "-p", "1024"].map(str::to_owned);
        server.args(["-r", "-n", &name]).args(dummy).env("JACK_NO_AUDIO_RESERVATION", "1");
        let others = [manager, stage.start(&mut server)?];
        stage.until("the sound server", LIMIT, || {
            let mut wait = stage.command("jack_wait")?;
            let ended = stage.run(wait.args(["-w", "-t", "5", "-s", &name]), LIMIT);
            Ok(ended.is_ok().then_some(()))
        })?;
        Ok(Self { stage, xvfb, stub, server: name, _others: others })
    }

    /// A session with the speech on a track that has the plugin.
    fn session(&self) -> Result<PathBuf, DawError> {
        let plugin = self.stage.path("plugins").join("Earmark.clap");
        fs::copy(&self.stage.options.plugin, &plugin).map_err(at(&plugin))?;
        let text = include_str!("session.qtr")
            .replace("FOLDER", &self.stage.options.folder.to_string_lossy())
            .replace("SPEECH", &self.stage.options.speech.to_string_lossy())
            .replace("PLUGIN", &plugin.to_string_lossy())
            .replace("FRAMES", &self.stage.speech()?.frames().to_string());
        let session = self.stage.path("take.qtr");
        fs::write(&session, text).map_err(at(&session))?;
        Ok(session)
    }

    fn open(&self, session: &Path) -> Result<Open<'_>, DawError> {
        let mut qtractor = self.stage.command("qtractor")?;
        qtractor.arg(session).env("DISPLAY", self.xvfb.display()).env("LD_PRELOAD", &self.stub);
        qtractor.env("JACK_DEFAULT_SERVER", &self.server).env("JACK_NO_START_SERVER", "1");
        qtractor.env("LIBGL_ALWAYS_SOFTWARE", "1").env("CLAP_PATH", self.stage.path("plugins"));
        let qtractor = self.stage.start(&mut qtractor)?;
        let name = session.file_name().unwrap_or_default().to_string_lossy();
        let window = self.window(&name)?;
        Ok(Open { desk: self, qtractor, session: session.to_owned(), window })
    }

    /// The window with such a name, once it is there.
    fn window(&self, name: &str) -> Result<String, DawError> {
        self.stage.until(&format!("a window named {name}"), LIMIT, || self.found(name))
    }

    fn found(&self, name: &str) -> Result<Option<String>, DawError> {
        let found = self.xdotool(&["search", "--onlyvisible", "--name", name])?;
        Ok(found.lines().next().map(str::to_owned))
    }

    /// In how many pixels two pictures differ; in all where they differ in size.
    fn differing(&self, one: &Path, other: &Path) -> Result<u64, DawError> {
        self.asked("compare", &["-metric", "AE"], &[one, other, Path::new("null:")])
    }

    /// The number that a program of ImageMagick's prints, on whichever of its outputs.
    fn asked(&self, program: &str, arguments: &[&str], files: &[&Path]) -> Result<u64, DawError> {
        let output = Command::new(program).args(arguments).args(files).output();
        let output = output.map_err(|reason| DawError::Start { program: program.to_owned(), reason })?;
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        // From a million on it is written like 1e+06.
        let number = said.trim().parse().map(|number: f64| number as u64);
        number.map_err(|_| DawError::Wrong(format!("{program} says no number but: {said}")))
    }

    /// What xdotool answers; nothing where it finds nothing.
    fn xdotool(&self, arguments: &[&str]) -> Result<String, DawError> {
        let mut xdotool = Command::new("xdotool");
        xdotool.args(arguments).env("DISPLAY", self.xvfb.display()).stderr(Stdio::null());
        let output = xdotool.output();
        let output = output.map_err(|reason| DawError::Start { program: "xdotool".to_owned(), reason })?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

impl Open<'_> {
    /// Clicks, and clicks again where nothing came of it, until `look` finds what was to happen.
    fn click_until<T>(
        &self,
        what: &str,
        window: &str,
        place: (u32, u32),
        times: u32,
        mut look: impl FnMut() -> Result<Option<T>, DawError>,
    ) -> Result<T, DawError> {
        let mut clicked: Option<Instant> = None;
        self.desk.stage.until(what, LIMIT, || {
            if clicked.is_none_or(|at| at.elapsed() >= AGAIN) {
                self.click(window, place, times)?;
                clicked = Some(Instant::now());
            }
            look()
        })
    }

    fn click(&self, window: &str, (x, y): (u32, u32), times: u32) -> Result<(), DawError> {
        let (x, y, times) = (x.to_string(), y.to_string(), times.to_string());
        let there = ["sleep", BREATH, "mousemove", "--window", window, &x, &y, "sleep", BREATH];
        let click = ["click", "--repeat", &times, "--delay", "100", "1", "sleep", BREATH];
        self.desk.xdotool(&[&there[..], &click[..]].concat()).map(drop)
    }

    fn is_modified(&self) -> Result<bool, DawError> {
        Ok(self.desk.xdotool(&["getwindowname", &self.window])?.contains(MODIFIED))
    }

    /// Has Qtractor save and returns the plugin's state in the session.
    fn saved(&self) -> Result<Vec<u8>, DawError> {
        let written = |path: &Path| fs::metadata(path).and_then(|it| it.modified()).map_err(at(path));
        let before = written(&self.session)?;
        self.qtractor.signal(Signal::USR1);
        let is_saved = || {
            let whole = fs::read_to_string(&self.session).map_err(at(&self.session))?.contains("</session>");
            Ok((whole && written(&self.session)? != before).then_some(()))
        };
        self.desk.stage.until("the session's saving", LIMIT, is_saved)?;
        let packed = state_between(&self.session, "<config key=\"state\">", "</config>")?;
        // Qt's compression: the length in four bytes, and a zlib stream.
        let mut state = Vec::new();
        let read = packed.get(4..).map(|packed| ZlibDecoder::new(packed).read_to_end(&mut state));
        read.and_then(Result::ok)
            .map(|_| state)
            .ok_or_else(|| wrong("the session's state cannot be unpacked"))
    }

    /// Opens the editor's window and returns it.
    fn editor(&self) -> Result<String, DawError> {
        self.click_until("the editor's window", &self.window, PLUGIN, 2, || self.desk.found("^Earmark$"))
    }

    /// Plays until enough of the speech is heard.
    fn play(&self) -> Result<(), DawError> {
        let notebook = || Ok::<_, DawError>(saved::read(&self.saved()?)?);
        let began = |notebook: Notebook| !notebook.tempo().points().is_empty();
        self.click_until("the playing", &self.window, PLAY, 1, || Ok(began(notebook()?).then_some(())))?;
        self.desk.stage.until("the first words in the session", LIMIT, || heard(&self.saved()?)).map(drop)
    }

    /// Stops, until all of the speech is worked off.
    fn stop(&self) -> Result<(), DawError> {
        let mut before = Vec::new();
        self.click_until("the end of the analysis", &self.window, PLAY, 1, || {
            let state = self.saved()?;
            let is_settled = state == before && saved::read(&state)?.missed().is_empty();
            before = state;
            Ok(is_settled.then_some(()))
        })
    }

    fn bring_to_front(&self) -> Result<(), DawError> {
        // Qtractor's own window came to the front; the editor's lies in another one of Qtractor's.
        let frame = self.desk.window("^Earmark - ")?;
        self.desk.xdotool(&["windowactivate", &frame])?;
        let is_active = || Ok((self.desk.xdotool(&["getactivewindow"])? == frame).then_some(()));
        self.desk.stage.until("the editor's window in front", LIMIT, is_active)
    }

    /// Takes a picture of the editor's window as soon as there is something in it.
    fn picture(&self, editor: &str, name: &str) -> Result<PathBuf, DawError> {
        let path = self.desk.stage.path(name).with_extension("png");
        self.desk.stage.until("something in the editor's window", LIMIT, || {
            let mut import = self.desk.stage.command("import")?;
            import.env("DISPLAY", self.desk.xvfb.display()).args(["-window", editor]).arg(&path);
            self.desk.stage.run(&mut import, LIMIT)?;
            let colours = self.desk.asked("identify", &["-format", "%k"], &[&path])?;
            Ok((colours >= FEWEST_COLOURS).then_some(()))
        })?;
        Ok(path)
    }

    /// Closes Qtractor as a session manager would; it goes by itself if there is nothing to save.
    fn close(self) -> Result<(), DawError> {
        self.qtractor.signal(Signal::TERM);
        self.desk.stage.ended(self.qtractor, "qtractor", LIMIT)
    }
}
