//! What the probes play: the tap by itself, or the plugin as a busy host has it.

use super::plant::Planted;
use super::{Request, Seen, Subject, tap};
use crate::audio::Clip;
use crate::host::{
    Audio, HostError, Image, Playhead, Plugin, Setup, Watch, Window, WindowError, threads, threads_ended,
};
use crate::playback::wait_until;
use crate::saved::{self, SavedError};
use earmark_engine::decode::DecodeError;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Why a probe ended early.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// The plugin failed.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The recording cannot be read.
    #[error(transparent)]
    Read(#[from] DecodeError),
    /// The plugin saves something else than a notebook.
    #[error(transparent)]
    Saved(#[from] SavedError),
    /// There is no window for the editor.
    #[error(transparent)]
    Window(#[from] WindowError),
}

/// How many times faster than it sounds a recording is played: words come within seconds, and the listener
/// keeps up.
const SPEED: f64 = 10.0;

/// How often the state and the picture are looked at.
const LOOK: Duration = Duration::from_millis(250);

/// How long the recording may be played before something was said of it and drawn.
const PATIENCE: Duration = Duration::from_secs(120);

/// Plays what `request` asks for, with `watch` round each block on the audio thread and `saving` round each
/// saving of the plugin's state on this thread, the main thread.
///
/// # Errors
///
/// [`ProbeError`] when the plugin, its window or the recording is not as it should be.
pub fn perform<W: Watch + Send + 'static>(
    request: &Request,
    watch: W,
    saving: &mut impl Watch,
) -> Result<(W, Seen), ProbeError> {
    let path = match &request.subject {
        Subject::Tap => return Ok(tap::perform(request, watch)),
        Subject::Plugin(path) => path,
    };
    let before = threads();
    let performed = perform_plugin(path, request, watch, saving);
    // A window's thread takes down a program that exits before it.
    threads_ended(before);
    performed
}

fn perform_plugin<W: Watch + Send + 'static>(
    path: &Path,
    request: &Request,
    watch: W,
    saving: &mut impl Watch,
) -> Result<(W, Seen), ProbeError> {
    let clip = request.recording.as_deref().map(Clip::read).transpose()?.map(|clip| clip.with_channels(2));
    let rate_hz = clip.as_ref().map_or(48_000, |clip| clip.rate_hz);
    let mut plugin = Plugin::load(path)?;
    let audio = plugin.activate(Setup::stereo(rate_hz.into(), request.frames))?;
    let mut view = match clip {
        Some(_) => Some(View::open(&mut plugin)?),
        None => None,
    };
    let satisfied = Arc::new(AtomicBool::new(clip.is_none()));
    let enough = Arc::clone(&satisfied);
    let (theirs, planted) = (request.clone(), Planted::new(watch, request));
    let player = std::thread::spawn(move || play(audio, &theirs, clip.as_ref(), planted, &enough));

    let mut seen = Seen::default();
    let mut state = Vec::with_capacity(1 << 20);
    let mut looked = Instant::now();
    while !player.is_finished() {
        state.clear();
        // The buffer is there already, so what is watched here is the plugin's own code.
        saving.before();
        let saved = plugin.save_into(&mut state);
        saving.after();
        saved?;
        if looked.elapsed() >= LOOK {
            looked = Instant::now();
            let utterances = saved::read(&state)?.utterances().len() as u64;
            seen.utterances = seen.utterances.max(utterances);
            if let Some(view) = &mut view {
                seen.repaints += u64::from(view.has_changed()?);
            }
            satisfied.fetch_or(seen.utterances > 0 && seen.repaints > 1, Ordering::Release);
        }
        plugin.pump(Duration::from_millis(1));
    }
    let Ok((audio, planted, blocks)) = player.join() else { unreachable!("the audio thread has no panics") };
    if view.is_some() {
        plugin.gui()?.destroy();
    }
    plugin.deactivate(audio);
    seen.blocks = blocks?;
    if request.full {
        // What is lost is written down when the ring that lost it is left.
        plugin.pump_until(PATIENCE, |plugin| {
            let notebook = plugin.save().ok().and_then(|state| saved::read(&state).ok());
            seen.lost = notebook.map_or(0, |notebook| notebook.missed().len() as u64);
            seen.lost > 0
        });
    }
    Ok((planted.watch, seen))
}

type Played<W> = (Audio, Planted<W>, Result<u64, HostError>);

/// The audio thread: plays the request's blocks, and more of the recording until that is `enough`.
fn play<W: Watch>(
    mut audio: Audio,
    request: &Request,
    clip: Option<&Clip>,
    mut planted: Planted<W>,
    enough: &AtomicBool,
) -> Played<W> {
    let begun = Instant::now();
    let frames = request.frames as usize;
    let turn = clip.map(|clip| clip.frames() / frames * frames);
    audio.playhead = Playhead::playing_from(0);
    audio.playhead.looping = turn.map(|turn| (0, turn as i64));
    let mut block = 0;
    let mut done = audio.start();
    while done.is_ok()
        && (block < request.blocks || !(enough.load(Ordering::Acquire) || begun.elapsed() > PATIENCE))
    {
        if let Some(clip) = clip {
            let at = audio.playhead.frame as usize;
            for (channel, samples) in clip.channels.iter().enumerate() {
                audio.input(channel)[..frames].copy_from_slice(&samples[at..at + frames]);
            }
            let sounds = (block as usize * frames) as f64 / f64::from(clip.rate_hz);
            wait_until(begun + Duration::from_secs_f64(sounds / SPEED));
        }
        done = audio.block_watched(request.frames, &mut planted);
        block += 1;
    }
    (audio, planted, done.map(|()| block))
}

/// The open editor, and what it showed last.
struct View {
    window: Window,
    shown: Option<Image>,
}

impl View {
    fn open(plugin: &mut Plugin) -> Result<Self, ProbeError> {
        let window = Window::open(960, 640, "Earmark")?;
        plugin.open_editor(&window, 1.0, Duration::ZERO)?;
        Ok(Self { window, shown: None })
    }

    /// Whether the window shows something that it did not show before; one that is blank shows nothing.
    fn has_changed(&mut self) -> Result<bool, WindowError> {
        let image = Some(self.window.image()?).filter(Image::is_drawn);
        let changed = image.is_some() && image != self.shown;
        self.shown = image;
        Ok(changed)
    }
}
