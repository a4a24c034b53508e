//! The demonstration: a host plays a recording into the built plugin and reports what came of it.

mod report;

pub use report::{Check, Summary};

use crate::audio::Clip;
use crate::host::{HostError, Image, Plugin, Setup, Window, WindowError, threads, threads_ended};
use crate::playback::{self, Heard, PlaybackError, text};
use crate::saved::{self, SavedError};
use crate::wer::word_errors;
use earmark_archive::export::{self, Format};
use earmark_engine::decode::DecodeError;
use earmark_timeline::notebook::Notebook;
use report::clock;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What is to be demonstrated.
#[derive(Debug, Clone)]
pub struct Options {
    /// The built plugin.
    pub plugin: PathBuf,
    /// The recording.
    pub file: PathBuf,
    /// A text file with what is said in it.
    pub reference: Option<PathBuf>,
    /// How many times faster than real time the host plays.
    pub speed: f64,
    /// Where the state, the exports and the picture are written.
    pub out: PathBuf,
}

/// Why the demonstration ended early.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The plugin failed.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The recording cannot be read.
    #[error(transparent)]
    Read(#[from] DecodeError),
    /// The plugin failed while it played.
    #[error(transparent)]
    Playback(#[from] PlaybackError),
    /// The plugin saves something else than a notebook.
    #[error(transparent)]
    Saved(#[from] SavedError),
    /// There is no window for the editor.
    #[error(transparent)]
    Window(#[from] WindowError),
    /// What it heard cannot be written down.
    #[error(transparent)]
    Export(#[from] export::ExportError),
    /// A file cannot be read or written.
    #[error("{path} cannot be used: {reason}.")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
}

/// The host's block size, the commonest one.
const BLOCK: u32 = 512;

/// Silence after the recording, so that its last words end.
const TAIL_S: f64 = 2.0;

/// How long the editor may take to draw: software rendering is slow to begin.
const DRAW_LIMIT: Duration = Duration::from_secs(15);

/// Runs the demonstration and tells `say` each line as it becomes true.
///
/// # Errors
///
/// [`DemoError`] when it cannot go on; a plugin that works badly is reported in the [`Summary`].
pub fn run(options: &Options, say: &mut dyn FnMut(&str)) -> Result<Summary, DemoError> {
    std::fs::create_dir_all(&options.out).map_err(at(&options.out))?;
    let clip = Clip::read(&options.file)?.with_channels(2);
    let seconds = clip.seconds();
    let reference = options.reference.as_deref().map(|path| std::fs::read_to_string(path).map_err(at(path)));
    let reference = reference.transpose()?;
    let begun = Instant::now();
    let before = threads();

    let mut plugin = Plugin::load(&options.plugin)?;
    say(&format!("{} plays {:.1} s of {}", plugin.name(), seconds, options.file.display()));
    let audio = plugin.activate(Setup::stereo(f64::from(clip.rate_hz), BLOCK))?;
    let player = playback::start(audio, clip.padded(0.0, TAIL_S), options.speed);
    let heard = playback::until_settled(&mut plugin, &player, &mut |utterance| {
        let (start, end) = (clock(utterance.start.seconds()), clock(utterance.end.seconds()));
        say(&format!("{start} – {end}  {}", utterance.text()));
    })?;
    let audio = player.stop()?;
    plugin.deactivate(audio);

    let state = plugin.save()?;
    write(&options.out.join("state.bin"), &state)?;
    let notebook = saved::read(&state)?;
    let restored = restored(&options.plugin, &state, &notebook)?;
    export(options, &notebook)?;
    let picture = picture(&mut plugin)?;
    picture.save(&options.out.join("editor.png"))?;
    drop(plugin);

    let Heard { first_mark_s, lag_s, settled_stays, cpu_s } = heard;
    let text = text(&notebook);
    Ok(Summary {
        words: notebook.utterances().iter().map(|utterance| utterance.words.len()).sum(),
        errors: reference.map(|reference| word_errors(&reference, &text)),
        first_mark_s,
        lag_s,
        settled_stays,
        real_time: options.speed <= 1.0,
        cpu_per_minute_s: cpu_s / (seconds / 60.0),
        // Not `sum`, which is minus zero for nothing and would read so.
        missed_s: notebook
            .missed()
            .iter()
            .fold(0.0, |sum, range| sum + range.end.minus(range.start).seconds()),
        restored,
        ended: threads_ended(before),
        drawn: picture.is_drawn(),
        audio_s: seconds,
        elapsed_s: begun.elapsed().as_secs_f64(),
    })
}

/// Whether a second instance makes the same notebook of the same state.
fn restored(path: &Path, state: &[u8], expected: &Notebook) -> Result<bool, DemoError> {
    let mut second = Plugin::load(path)?;
    second.restore(state)?;
    let same = |second: &mut Plugin| {
        let read = second.save().ok().and_then(|state| saved::read(&state).ok());
        read.as_ref() == Some(expected)
    };
    // A state is taken over by the listener's thread, not within the call.
    Ok(second.pump_until(Duration::from_secs(5), same))
}

fn export(options: &Options, notebook: &Notebook) -> Result<(), DemoError> {
    let source = options.file.file_name().map(|name| name.to_string_lossy().into_owned());
    let described = export::Options { source, ..export::Options::default() };
    for format in [Format::Srt, Format::Json] {
        let file = format!("transcript.{}", format.extension());
        let text = export::write(notebook, format, &described)?;
        write(&options.out.join(file), &text)?;
    }
    Ok(())
}

/// A picture of the editor, taken once it has drawn and had a moment to settle.
fn picture(plugin: &mut Plugin) -> Result<Image, DemoError> {
    let window = Window::open(960, 640, "Earmark")?;
    plugin.open_editor(&window, 1.0, Duration::ZERO)?;
    let drawn = |_: &mut Plugin| window.image().is_ok_and(|image| image.is_drawn());
    plugin.pump_until(DRAW_LIMIT, drawn);
    plugin.pump(Duration::from_secs(1));
    let image = window.image()?;
    plugin.gui()?.destroy();
    Ok(image)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), DemoError> {
    std::fs::write(path, bytes).map_err(at(path))
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> DemoError {
    move |reason| DemoError::File { path: path.to_owned(), reason }
}
