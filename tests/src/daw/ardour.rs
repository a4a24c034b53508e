//! Ardour, a whole DAW without a display: records, plays, saves, loads in a new process and exports.

use super::{DawError, Options, RATE_HZ, Stage, at, heard, state_between, words, wrong};
use crate::audio::Clip;
use crate::saved;
use earmark_timeline::notebook::Notebook;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

/// How long any step may take on a busy machine.
const LIMIT: Duration = Duration::from_secs(240);
/// An export hangs now and then, whatever plugins there are.
const EXPORT_LIMIT: Duration = Duration::from_secs(90);
const EXPORT_TRIES: usize = 3;
/// Ardour fades its master bus in; from this frame on, what comes out is what goes in.
const FADED_IN: usize = RATE_HZ as usize / 5;
/// How old the plugin is made to look.
const AGE: Duration = Duration::from_secs(3_600);
/// Where the package puts the programs.
const PROGRAMS: &str = "/usr/lib/ardour7";
/// A VST3 preset's head: a name, a version, the class, and where the list of its parts is.
const PRESET_HEAD: usize = 48;

/// Records, puts speech in the recording's place, plays that, saves, and looks at what a new process makes of it;
/// returns what was seen, in a sentence.
///
/// # Errors
///
/// [`DawError`] when Ardour or the plugin does not do what it should.
pub fn check(options: &Options) -> Result<String, DawError> {
    let stage = Stage::new(options)?;
    let session = stage.path("take");
    let speech = stage.speech()?;
    let frames = speech.frames().to_string();
    scan(&stage)?;
    run_script(&stage, "record", include_str!("record.lua"), &frames)?;
    let takes = replace_takes(&session, &speech)?;
    play(&stage, &session, &frames)?;
    run_script(&stage, "again", include_str!("again.lua"), &frames)?;
    let before = state_of(&session.join("take.ardour"))?;
    if before != state_of(&session.join("again.ardour"))? {
        return Err(wrong("a new process saves another state than it has loaded"));
    }
    let exported = export(&stage, &session)?;
    for (take, channel) in takes.iter().zip(&exported.channels) {
        let source = &Clip::read(take)?.channels[0];
        if channel.len() != source.len() || channel[FADED_IN..] != source[FADED_IN..] {
            return Err(wrong("the export is not the recording"));
        }
    }
    let notebook = saved::read(&before)?;
    Ok(format!(
        "{} words, {} bytes of state, the same in a new process; {:.0} s exported bit for bit",
        words(&notebook),
        before.len(),
        exported.seconds()
    ))
}

/// Has Ardour find the plugin, which lies where it looks.
fn scan(stage: &Stage<'_>) -> Result<(), DawError> {
    let placed = stage.path("plugins").join("Earmark.vst3");
    copy_folder(&stage.options.plugin, &placed)?;
    let scanner = format!("{PROGRAMS}/ardour-vst3-scanner");
    stage.run(ardour(stage, &scanner)?.arg("-f").arg(placed), LIMIT)
}

/// A program of Ardour's, which elsewhere are started by scripts that set the same.
fn ardour(stage: &Stage<'_>, program: &str) -> Result<Command, DawError> {
    let mut command = stage.command(program)?;
    command.env("VST3_PATH", stage.path("plugins"));
    command.env("LD_LIBRARY_PATH", PROGRAMS).env("ARDOUR_DLL_PATH", PROGRAMS);
    command.env("ARDOUR_DATA_PATH", "/usr/share/ardour7").env("ARDOUR_CONFIG_PATH", "/etc/ardour7");
    Ok(command)
}

fn script(stage: &Stage<'_>, name: &str, text: &str, frames: &str) -> Result<Command, DawError> {
    let path = stage.path(name).with_extension("lua");
    fs::write(&path, text).map_err(at(&path))?;
    let mut lua = ardour(stage, &format!("{PROGRAMS}/luasession"))?;
    lua.arg(path).arg(stage.path("take")).arg(frames);
    Ok(lua)
}

fn run_script(stage: &Stage<'_>, name: &str, text: &str, frames: &str) -> Result<(), DawError> {
    stage.run(&mut script(stage, name, text, frames)?, LIMIT)
}

/// Plays the session until enough of it has been heard and saved.
fn play(stage: &Stage<'_>, session: &Path, frames: &str) -> Result<(), DawError> {
    let running = stage.start(&mut script(stage, "play", include_str!("play.lua"), frames)?)?;
    let file = session.join("take.ardour");
    let is_whole = |notebook: &Notebook| notebook.missed().is_empty();
    stage.until("all words in the session", LIMIT, || Ok(heard(&state_of(&file)?)?.filter(is_whole)))?;
    let told = session.join("heard");
    fs::write(&told, "").map_err(at(&told))?;
    stage.ended(running, "luasession", LIMIT)
}

/// Puts the speech into the files that Ardour recorded, a channel each, left before right.
fn replace_takes(session: &Path, speech: &Clip) -> Result<Vec<PathBuf>, DawError> {
    let folder = session.join("interchange/take/audiofiles");
    let files = fs::read_dir(&folder).map_err(at(&folder))?.filter_map(|entry| Some(entry.ok()?.path()));
    let mut takes: Vec<_> = files.collect();
    takes.sort();
    if takes.len() != speech.channels.len() {
        return Err(DawError::Wrong(format!("Ardour recorded {} files of 2", takes.len())));
    }
    for (take, channel) in takes.iter().zip(&speech.channels) {
        let mut bytes = fs::read(take).map_err(at(take))?;
        let data = bytes.windows(4).position(|name| name == b"data").map(|at| at + 8);
        let samples = data.and_then(|data| bytes.get_mut(data..));
        let samples = samples.ok_or_else(|| wrong("Ardour recorded something else than a WAV file"))?;
        let speech = channel.iter().copied().chain(std::iter::repeat(0.0));
        for (sample, value) in samples.chunks_exact_mut(4).zip(speech) {
            sample.copy_from_slice(&f32::to_le_bytes(value));
        }
        fs::write(take, bytes).map_err(at(take))?;
    }
    Ok(takes)
}

/// The plugin's own state in a session file, out of the preset that Ardour wraps around it.
fn state_of(session: &Path) -> Result<Vec<u8>, DawError> {
    let preset = state_between(session, "<chunk>", "</chunk>")?;
    let list = preset.get(PRESET_HEAD - 8..PRESET_HEAD).and_then(|end| end.try_into().ok());
    let end = list.map(u64::from_le_bytes).and_then(|end| usize::try_from(end).ok());
    let parts = end.and_then(|end| preset.get(PRESET_HEAD..end));
    parts.map(<[u8]>::to_vec).ok_or_else(|| wrong("the session's state is no VST3 preset"))
}

fn export(stage: &Stage<'_>, session: &Path) -> Result<Clip, DawError> {
    let out = stage.path("export.wav");
    let mut tries = 0;
    loop {
        tries += 1;
        let mut command = ardour(stage, &format!("{PROGRAMS}/utils/ardour7-export"))?;
        command.args(["-b", "float", "-o"]).arg(&out).arg(session).arg("take");
        match stage.run(&mut command, EXPORT_LIMIT) {
            Err(DawError::Late { .. }) if tries < EXPORT_TRIES => {}
            ended => break ended?,
        }
    }
    Ok(Clip::read(&out)?)
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), DawError> {
    fs::create_dir_all(to).map_err(at(to))?;
    for entry in fs::read_dir(from).map_err(at(from))? {
        let path = entry.map_err(at(from))?.path();
        let to = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy_folder(&path, &to)?;
        } else {
            fs::copy(&path, &to).map_err(at(&path))?;
            // Ardour passes over a plugin that is not older than what it wrote down of it.
            let file = File::options().write(true).open(&to).map_err(at(&to))?;
            file.set_modified(SystemTime::now() - AGE).map_err(at(&to))?;
        }
    }
    Ok(())
}
