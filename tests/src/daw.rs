//! Hosts that nobody here wrote, driven as a person drives them, each with a home of its own.

pub mod ardour;
pub mod python;
pub mod qtractor;

use crate::audio::Clip;
use crate::host::DisplayError;
use crate::saved::{self, SavedError};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use earmark_engine::decode::DecodeError;
use earmark_models::Store;
use earmark_timeline::notebook::Notebook;
use rustix::process::{Pid, Signal, kill_process};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// What is checked, and where.
#[derive(Debug, Clone)]
pub struct Options {
    /// The built plugin: a CLAP file or a VST3 bundle.
    pub plugin: PathBuf,
    /// A recording of somebody who speaks.
    pub speech: PathBuf,
    /// An empty folder, whose path has no blank and no sign of XML: the host's home, its session and the pictures.
    pub folder: PathBuf,
}

/// Why a host did not do, or the plugin in it, what is asked for.
#[derive(Debug, thiserror::Error)]
pub enum DawError {
    /// A program is not installed.
    #[error("{program} does not start ({reason}). `cargo xtask validate` installs it.")]
    Start {
        /// The program.
        program: String,
        /// What the system says.
        reason: io::Error,
    },
    /// Something did not happen within its time.
    #[error("{what} did not happen within {seconds} s; the logs are in {folder}.")]
    Late {
        /// What.
        what: String,
        /// The time it had.
        seconds: u64,
        /// Where to look.
        folder: PathBuf,
    },
    /// A program failed.
    #[error("{program} ended with {status}; its log is in {folder}.")]
    Failed {
        /// The program.
        program: String,
        /// How it ended.
        status: ExitStatus,
        /// Where its log is.
        folder: PathBuf,
    },
    /// The plugin in the host is not as it should be.
    #[error("{0}.")]
    Wrong(String),
    /// The host saves something else than a notebook.
    #[error(transparent)]
    Saved(#[from] SavedError),
    /// The recording cannot be read.
    #[error(transparent)]
    Read(#[from] DecodeError),
    /// There is no display.
    #[error(transparent)]
    Display(#[from] DisplayError),
    /// A file cannot be read or written.
    #[error("{path} cannot be used: {reason}.")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
}

/// The rate of all sessions, in frames a second.
const RATE_HZ: u32 = 48_000;
/// How often is looked whether something has happened.
const GLANCE: Duration = Duration::from_millis(200);
/// How long a program may take to end by itself.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many words have to be heard of the recording: most of a sentence.
const WORDS: usize = 8;

/// A program that runs in the background; it ends when this is dropped.
struct Running(Child);

impl Running {
    fn signal(&self, signal: Signal) {
        // A program that has ended meanwhile is noticed by whoever waits for what it should do.
        if let Some(pid) = Pid::from_raw(self.0.id() as i32) {
            kill_process(pid, signal).ok();
        }
    }
}

impl Drop for Running {
    /// Asks it to end first: a sound server that is killed leaves its entry in a table of eight for good.
    fn drop(&mut self) {
        self.signal(Signal::TERM);
        let begin = Instant::now();
        while matches!(self.0.try_wait(), Ok(None)) && begin.elapsed() < PATIENCE {
            std::thread::sleep(GLANCE);
        }
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// The host's home and everything that it needs to find there.
struct Stage<'a> {
    options: &'a Options,
    models: PathBuf,
}

impl<'a> Stage<'a> {
    fn new(options: &'a Options) -> Result<Self, DawError> {
        for folder in ["home", "plugins", "run"] {
            let path = options.folder.join(folder);
            fs::create_dir_all(&path).map_err(at(&path))?;
        }
        // The host's home is not ours, where the models are.
        let store = Store::from_environment();
        Ok(Self { options, models: store.install_folder().unwrap_or(Path::new("")).to_owned() })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.options.folder.join(name)
    }

    /// The program in the host's home, to be given arguments; what it says goes to a file there.
    fn command(&self, program: &str) -> Result<Command, DawError> {
        let name = Path::new(program).file_name().unwrap_or_default();
        let path = self.path("run").join(name).with_extension("log");
        let log = File::options().create(true).append(true).open(&path).map_err(at(&path))?;
        let second = log.try_clone().map_err(at(&path))?;
        let mut command = Command::new(program);
        command.stdin(Stdio::null()).stdout(log).stderr(second);
        command
            .current_dir(&self.options.folder)
            .env("HOME", self.path("home"))
            .env_remove("XDG_CONFIG_HOME");
        command.env("XDG_RUNTIME_DIR", self.path("run")).env(Store::VARIABLE, &self.models);
        Ok(command)
    }

    fn start(&self, command: &mut Command) -> Result<Running, DawError> {
        command.spawn().map(Running).map_err(|reason| DawError::Start { program: name(command), reason })
    }

    /// Runs a program to its end.
    fn run(&self, command: &mut Command, limit: Duration) -> Result<(), DawError> {
        let running = self.start(command)?;
        self.ended(running, &name(command), limit)
    }

    /// Waits for a program's own end.
    fn ended(&self, mut running: Running, program: &str, limit: Duration) -> Result<(), DawError> {
        let ended = || Ok(running.0.try_wait().ok().flatten());
        let status = self.until(&format!("the end of {program}"), limit, ended)?;
        let folder = self.path("run");
        status.success().then_some(()).ok_or(DawError::Failed { program: program.to_owned(), status, folder })
    }

    /// Waits until `look` finds something.
    fn until<T>(
        &self,
        what: &str,
        limit: Duration,
        mut look: impl FnMut() -> Result<Option<T>, DawError>,
    ) -> Result<T, DawError> {
        let begin = Instant::now();
        loop {
            if let Some(found) = look()? {
                return Ok(found);
            }
            if begin.elapsed() >= limit {
                let folder = self.path("run");
                return Err(DawError::Late { what: what.to_owned(), seconds: limit.as_secs(), folder });
            }
            std::thread::sleep(GLANCE);
        }
    }

    /// The recording as the session has it: in two channels.
    fn speech(&self) -> Result<Clip, DawError> {
        Ok(Clip::read(&self.options.speech)?.with_channels(2).resampled(RATE_HZ))
    }
}

/// The plugin's state in a session file: what stands between two tags, in base 64.
fn state_between(session: &Path, open: &str, close: &str) -> Result<Vec<u8>, DawError> {
    let text = fs::read_to_string(session).map_err(at(session))?;
    let inside = text.split_once(open).and_then(|(_, rest)| rest.split_once(close));
    let (state, _) = inside.ok_or_else(|| wrong("the session holds no state of the plugin"))?;
    let packed: String = state.split_whitespace().collect();
    STANDARD.decode(packed).map_err(|error| wrong(&format!("the session's state is no base 64: {error}")))
}

fn words(notebook: &Notebook) -> usize {
    notebook.utterances().iter().map(|said| said.words.len()).sum()
}

/// The notebook of a state, if enough of the recording is in it.
fn heard(state: &[u8]) -> Result<Option<Notebook>, DawError> {
    Ok(Some(saved::read(state)?).filter(|notebook| words(notebook) >= WORDS))
}

fn wrong(what: &str) -> DawError {
    DawError::Wrong(what.to_owned())
}

fn name(command: &Command) -> String {
    Path::new(command.get_program()).file_name().unwrap_or_default().display().to_string()
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> DawError {
    let path = path.to_owned();
    move |reason| DawError::File { path, reason }
}
