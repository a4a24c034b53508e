//! Qtractor once more, as a new user goes: the shortest way from the plugin to captions, and every panel.

use super::{Desk, Open, Stage, from_right};
use crate::daw::{DawError, Options, WORDS, at, words, wrong};
use crate::saved;
use crate::visit::{CAPTIONS, EXPORT, FILE, Place, SAVE, SETTINGS, VIEW};
use earmark_archive::import::{self, Source};
use earmark_timeline::notebook::Notebook;
use std::fs;
use std::path::{Path, PathBuf};

/// What the tour presses one after the other: each opens what the next closes.
const TOUR: [(&str, Place); 6] = [
    ("file", FILE),
    ("file-closed", FILE),
    ("view", VIEW),
    ("view-closed", VIEW),
    ("settings", SETTINGS),
    ("settings-closed", SETTINGS),
];
/// A panel covers more pixels than this, and a button that the pointer is over fewer.
const FEWEST_CHANGED: u64 = 5_000;

/// Goes the shortest way from the inserted plugin to captions on the disk, in five clicks: on the plugin, Play, Export,
/// the format and Save; then through the other panels, each of which must show. Returns what was seen, in a sentence.
///
/// # Errors
///
/// [`DawError`] when Qtractor or the plugin does not do what it should.
pub fn tour(options: &Options) -> Result<String, DawError> {
    let desk = Desk::set_up(Stage::new(options)?)?;
    let open = desk.open(&desk.session()?)?;
    let editor = open.editor()?;
    open.play()?;
    open.bring_to_front()?;
    let mut before = open.picture(&editor, "heard")?;
    for (name, place) in [("export", EXPORT), ("captions", CAPTIONS)] {
        before = open.click_through(&editor, name, place, &before)?;
    }
    let captions =
        open.click_until("a file with captions", &editor, from_right(SAVE), 1, || open.exported())?;
    let cues = is_said(&captions, &saved::read(&open.saved()?)?)?;
    before = open.picture(&editor, "saved")?;
    for (name, place) in TOUR {
        before = open.click_through(&editor, name, place, &before)?;
    }
    open.stop()?;
    // Nothing of this is kept: what is unsaved would have Qtractor ask.
    open.saved()?;
    open.close()?;
    Ok(format!(
        "{cues} captions in five clicks, and {} more, each with its picture, in {}",
        TOUR.len(),
        options.folder.display()
    ))
}

/// How many captions there are, if they say in order and in time what the notebook does as far as they go.
fn is_said(captions: &Path, notebook: &Notebook) -> Result<usize, DawError> {
    let text = fs::read(captions).map_err(at(captions))?;
    let cues =
        import::read(Source::Srt, &text).map_err(|error| wrong(&format!("the captions: {error}")))?.notebook;
    let text =
        |notebook: &Notebook| notebook.utterances().iter().map(|it| it.text()).collect::<Vec<_>>().join(" ");
    let (read, said) = (text(&cues), text(notebook));
    let start =
        |notebook: &Notebook| notebook.utterances().first().map(|it| (it.start.seconds() * 100.0).round());
    if words(&cues) < WORDS || !said.starts_with(&read) || start(&cues) != start(notebook) {
        return Err(wrong(&format!("the captions say \"{read}\", and the notebook \"{said}\"")));
    }
    Ok(cues.utterances().len())
}

impl Open<'_> {
    /// Clicks until the editor's window has changed since the picture `before`; returns the picture of it.
    fn click_through(
        &self,
        editor: &str,
        name: &str,
        place: Place,
        before: &Path,
    ) -> Result<PathBuf, DawError> {
        let what = format!("a change in the window after a click on \"{name}\"");
        self.click_until(&what, editor, from_right(place), 1, || {
            let picture = self.picture(editor, name)?;
            Ok((self.desk.differing(before, &picture)? >= FEWEST_CHANGED).then_some(picture))
        })
    }

    /// The file with captions in the host's home, once it is there.
    fn exported(&self) -> Result<Option<PathBuf>, DawError> {
        let folder = self.desk.stage.path("home").join("Earmark");
        let files = fs::read_dir(&folder).into_iter().flatten().filter_map(|file| Some(file.ok()?.path()));
        Ok({ files }.find(|path| path.extension().is_some_and(|extension| extension == "srt")))
    }
}
