//! Writing an export where a person finds it.

use earmark_archive::export::{
    self, Existing, ExportError, Format, Include, Options, SaveError, Speakers, Speech,
};
use earmark_editor::{ExportJob, ExportParts, Preview};
use earmark_timeline::notebook::Notebook;
use earmark_timeline::settings::Settings;
use earmark_timeline::units::ProjectTime;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How many exports of one name a folder may hold before it is time to tidy up.
const MOST_NUMBERS: u32 = 999;

/// How many lines of an export are shown before it is written.
const PREVIEW_LINES: usize = 60;

/// The formats that the window offers: a track has no recording of its own that could be copied.
pub(crate) fn formats() -> impl Iterator<Item = Format> {
    Format::ALL.into_iter().filter(|format| !format.needs().recording)
}

/// What a format usually shows.
pub(crate) fn usual_parts(format: Format) -> ExportParts {
    let Include { speech, classes, marks, .. } = format.usual();
    ExportParts { speech: speech != Speech::Nothing, words: speech == Speech::Words, marks, classes }
}

/// What is exported, and how.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    format: Format,
    options: Options,
}

impl Order {
    /// What the window asks for, of a track; `None` if it offered no such format.
    pub(crate) fn new(job: &ExportJob, track: Option<&str>, settings: &Settings) -> Option<Self> {
        let format = formats().nth(job.format)?;
        let speech = match job.parts {
            ExportParts { speech: false, .. } => Speech::Nothing,
            ExportParts { words: true, .. } => Speech::Words,
            _ => Speech::Utterances,
        };
        let ExportParts { marks, classes, .. } = job.parts;
        let include = Some(Include { speech, marks, classes, ..format.usual() });
        // A track is not always named after a person: where its name would stand among the words, it does not.
        let speaker = settings.speaker.as_deref().or(track.filter(|_| format.has_speakers()));
        let otherwise = speaker.filter(|name| !name.is_empty()).map(Arc::from);
        let speakers = Speakers { otherwise, ..Speakers::default() };
        let (source, range) = (track.map(str::to_owned), job.range.clone());
        Some(Self { format, options: Options { source, speakers, include, range, ..Options::default() } })
    }

    /// Writes the notebook into the user's documents, under a name that no file has yet, and returns its path.
    ///
    /// # Errors
    /// A sentence that names the file and the remedy.
    pub(crate) fn save(&self, notebook: &Notebook) -> Result<PathBuf, String> {
        let folder = documents().ok_or("no documents folder was found; set HOME and try again")?;
        fs::create_dir_all(&folder).map_err(|error| {
            format!("{} cannot be made ({error}); check its permissions", folder.display())
        })?;
        let write = |path: &Path| export::export(notebook, self.format, &self.options, path, Existing::Keep);
        write_numbered(&folder, &self.name(), self.format.extension(), write)
    }

    /// Writes the notebook to a file that the person chose, and may have chosen to replace.
    ///
    /// # Errors
    /// A sentence that names the file and the remedy.
    pub(crate) fn save_to(&self, notebook: &Notebook, path: &Path) -> Result<(), String> {
        export::export(notebook, self.format, &self.options, path, Existing::Replace)
            .map_err(|error| error.to_string())
    }

    /// The whole export as text.
    ///
    /// # Errors
    /// A sentence that says why it is none.
    pub(crate) fn text(&self, notebook: &Notebook) -> Result<String, String> {
        if !self.format.is_text() {
            return Err("Not a text format: there is nothing to read here".to_owned());
        }
        let bytes = export::write(notebook, self.format, &self.options).map_err(|error| error.to_string())?;
        String::from_utf8(bytes).map_err(|error| error.to_string())
    }

    /// Its first lines, and where [`Order::save`] puts it.
    pub(crate) fn preview(&self, notebook: &Notebook) -> Preview {
        let mut beginning = self.clone();
        if let Some(end) = self.enough(notebook) {
            let range = self.options.range.clone();
            let start = range.map_or(ProjectTime::from_ticks(i64::MIN), |range| range.start);
            beginning.options.range = Some(start..end);
        }
        let text = beginning.text(notebook);
        let text = text.map(|text| text.lines().take(PREVIEW_LINES).collect::<Vec<_>>().join("\n"));
        let file = documents().unwrap_or_default().join(self.file_name());
        Preview { text, file: file.display().to_string() }
    }

    /// The name of the file, unless there is one already.
    pub(crate) fn file_name(&self) -> String {
        format!("{}.{}", self.name(), self.format.extension())
    }

    fn name(&self) -> String {
        file_name(self.options.source.as_deref().unwrap_or("Earmark transcript"))
    }

    /// Where so much of the speech has been that its lines are enough to be looked at: four hours are not written
    /// with each word that is heard. `None` where all of it is little.
    fn enough(&self, notebook: &Notebook) -> Option<ProjectTime> {
        let speaks = self.options.include.is_some_and(|include| include.speech != Speech::Nothing);
        let range = self.options.range.as_ref();
        let inside = |start: ProjectTime| range.is_none_or(|range| range.contains(&start));
        let mut starts =
            notebook.utterances().iter().map(|utterance| utterance.start).filter(|at| inside(*at));
        if speaks { starts.nth(PREVIEW_LINES) } else { None }
    }
}

fn documents() -> Option<PathBuf> {
    let user = directories::UserDirs::new()?;
    Some(user.document_dir().unwrap_or(user.home_dir()).join("Earmark"))
}

fn write_numbered(
    folder: &Path,
    name: &str,
    extension: &str,
    write: impl Fn(&Path) -> Result<(), ExportError>,
) -> Result<PathBuf, String> {
    for number in 1..=MOST_NUMBERS {
        let file = match number {
            1 => format!("{name}.{extension}"),
            _ => format!("{name} {number}.{extension}"),
        };
        let path = folder.join(file);
        match write(&path) {
            Ok(()) => return Ok(path),
            Err(ExportError::Save(SaveError::Exists { .. })) => {}
            Err(error) => return Err(error.to_string()),
        }
    }
    Err(format!("{} is full of exports called {name}; move some away", folder.display()))
}

/// A track's name as a file's name on any system.
fn file_name(track: &str) -> String {
    let safe: String = track
        .chars()
        .map(|letter| if letter.is_control() || r#"<>:"/\|?*"#.contains(letter) { '_' } else { letter })
        .collect();
    let safe = safe.trim_matches([' ', '.']);
    if safe.is_empty() { "Earmark transcript".to_owned() } else { safe.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use earmark_timeline::utterance::{ItemId, Origin, Utterance, Word};

    #[test]
    fn a_tracks_name_becomes_a_file_name_everywhere() {
        for (track, expected) in [
            ("Anna", "Anna"),
            ("Guest: \"Bob\" 1/2", "Guest_ _Bob_ 1_2"),
            (" .. ", "Earmark transcript"),
            ("Käse.", "Käse"),
        ] {
            assert_eq!(file_name(track), expected);
        }
    }

    #[test]
    fn an_export_never_replaces_a_file() {
        let folder = std::env::temp_dir().join(format!("earmark-export-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder for the test");
        let write = |path: &Path| {
            export::export(&Notebook::default(), Format::Srt, &Options::default(), path, Existing::Keep)
        };
        let paths: Vec<_> =
            (0..3).map(|_| write_numbered(&folder, "take", "srt", write).expect("written")).collect();
        fs::remove_dir_all(&folder).expect("the folder was made above");
        let names: Vec<_> = paths.iter().filter_map(|path| path.file_name()?.to_str()).collect();
        assert_eq!(names, ["take.srt", "take 2.srt", "take 3.srt"]);
    }

    #[test]
    fn a_tracks_name_speaks_where_it_has_a_place_and_a_persons_everywhere() {
        let mut notebook = said(1);
        let parts = ExportParts { speech: true, ..ExportParts::default() };
        let mut check = |track: Option<&str>, speaker: Option<&str>, [vtt, srt]: [&str; 2]| {
            let settings = Settings { speaker: speaker.map(str::to_owned), ..Settings::default() };
            notebook.set_settings(settings);
            for (format, expected) in [(Format::Vtt, vtt), (Format::Srt, srt)] {
                let format = formats().position(|offered| offered == format).expect("it is offered");
                let order = Order::new(&ExportJob { format, range: None, parts }, track, notebook.settings());
                let text = order.expect("it was offered").text(&notebook).expect("it is text");
                assert_eq!(text.trim_end().lines().last(), Some(expected), "{track:?}, {speaker:?}");
            }
        };
        check(None, None, ["w0", "w0"]);
        check(Some("Lead Vox"), None, ["<v Lead Vox>w0", "w0"]);
        check(Some("Lead Vox"), Some("Anna"), ["<v Anna>w0", "Anna: w0"]);
        check(Some("Lead Vox"), Some(""), ["w0", "w0"]);
        check(None, Some("Anna"), ["<v Anna>w0", "Anna: w0"]);
    }

    /// So many words, each an utterance.
    fn said(count: u32) -> Notebook {
        let mut notebook = Notebook::default();
        for number in 0..count {
            let (start, end) = (f64::from(number), f64::from(number) + 0.5);
            let [start, end] = [start, end].map(ProjectTime::from_seconds);
            let word = Word { text: format!("w{number}"), start, end, confidence: 1.0 };
            notebook.settle(Utterance {
                id: ItemId(u64::from(number) + 1),
                start,
                end,
                words: vec![word],
                language: None,
                model: "test".into(),
                origin: Origin::Machine,
                run: None,
            });
        }
        notebook
    }

    #[test]
    fn a_long_export_is_previewed_by_the_beginning_that_it_will_have() {
        let notebook = said(1_000);
        let all = ExportParts { speech: true, ..ExportParts::default() };
        for (index, format) in formats().enumerate() {
            let from = ProjectTime::from_seconds(100.0);
            for range in [None, Some(from..ProjectTime::from_seconds(900.0))] {
                let job = ExportJob { format: index, range, parts: all };
                let order = Order::new(&job, Some("Anna"), notebook.settings());
                let order = order.expect("it was offered");
                let Preview { text, file } = order.preview(&notebook);
                assert!(file.ends_with(&format!("Anna.{}", format.extension())), "{file}");
                match (text, order.text(&notebook)) {
                    (Ok(text), Ok(whole)) => {
                        let same = text.bytes().zip(whole.bytes()).take_while(|(a, b)| a == b).count();
                        let enough = (text.len() - 1).min(200);
                        assert!(same >= enough, "{}: {same} of {text}", format.name());
                    }
                    (told, whole) => assert_eq!(told, whole, "{}", format.name()),
                }
            }
        }
    }
}
