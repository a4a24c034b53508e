//! An Audacity label track, with or without the lines of frequencies that a spectral selection adds.

use super::{Gathered, ImportError, Imported, text};

pub(super) fn read(text: &str) -> Result<Imported, ImportError> {
    const REMEDY: &str = "write each label as start, end and text between tabs, as Audacity exports them";
    let mut gathered = Gathered::default();
    for (number, line) in text::lines(text) {
        // A line that begins with a backslash holds the frequencies of the label before.
        if line.trim().is_empty() || line.starts_with('\\') {
            continue;
        }
        let mut fields = line.splitn(3, '\t');
        let mut time = || {
            let field = fields.next().unwrap_or_default();
            text::time(field)
                .ok_or_else(|| ImportError::at(number, format!("\"{}\" is no time", excerpt(field)), REMEDY))
        };
        let (start, end) = (time()?, time()?);
        let label = fields.next().unwrap_or_default().trim().to_owned();
        gathered.mark(number, start, end, label, None)?;
    }
    Ok(gathered.finish())
}

/// As much of a text as a message can show.
pub(super) fn excerpt(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(40).collect()
}
