//! Writing an export where a person finds it.

use earmark_archive::export::{Existing, ExportError, Format, Options, SaveError, export as save};
use earmark_timeline::notebook::Notebook;
use std::fs;
use std::path::{Path, PathBuf};

/// How many exports of one name a folder may hold before it is time to tidy up.
const MOST_NUMBERS: u32 = 999;

/// Writes the notebook into the user's documents, under a name that no file has yet, and returns its path.
///
/// # Errors
/// A sentence that names the file and the remedy.
pub(crate) fn export(notebook: &Notebook, format: Format, track: Option<&str>) -> Result<PathBuf, String> {
    let folder = documents().ok_or("no documents folder was found; set HOME and try again")?;
    fs::create_dir_all(&folder)
        .map_err(|error| format!("{} cannot be made ({error}); check its permissions", folder.display()))?;
    let name = file_name(track.unwrap_or("Earmark transcript"));
    let options = Options { source: track.map(str::to_owned), ..Options::default() };
    write_numbered(&folder, &name, format.extension(), |path| {
        save(notebook, format, &options, path, Existing::Keep)
    })
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
        let write =
            |path: &Path| save(&Notebook::default(), Format::Srt, &Options::default(), path, Existing::Keep);
        let paths: Vec<_> =
            (0..3).map(|_| write_numbered(&folder, "take", "srt", write).expect("written")).collect();
        fs::remove_dir_all(&folder).expect("the folder was made above");
        let names: Vec<_> = paths.iter().filter_map(|path| path.file_name()?.to_str()).collect();
        assert_eq!(names, ["take.srt", "take 2.srt", "take 3.srt"]);
    }
}
