//! REAPER's table of markers and regions, with colons in its times or as plain seconds. Its columns are
//! found by their names, so that a table with more or fewer of them is read too.

use super::audacity::excerpt;
use super::{Gathered, ImportError, Imported, text};

const REMEDY: &str = "export the table from REAPER's Region/Marker Manager with times in seconds";

pub(super) fn read(text: &str) -> Result<Imported, ImportError> {
    let mut rows = Rows { rest: text, line: 1 };
    let (line, head) = rows.next().transpose()?.unwrap_or((1, Vec::new()));
    let column = |name: &str| head.iter().position(|field| field.trim().eq_ignore_ascii_case(name));
    let missing = |name| ImportError::at(line, format!("there is no column \"{name}\""), REMEDY);
    let name = column("Name").ok_or_else(|| missing("Name"))?;
    let start = column("Start").ok_or_else(|| missing("Start"))?;
    let (end, colour) = (column("End"), column("Color"));
    let mut gathered = Gathered::default();
    for row in rows {
        let (line, row) = row?;
        if row.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        let field = |column: usize| row.get(column).map(|field| field.trim()).unwrap_or_default();
        let time = |field: &str| {
            let problem = || format!("\"{}\" is no time in seconds", excerpt(field));
            text::time(field).ok_or_else(|| ImportError::at(line, problem(), REMEDY))
        };
        let start = time(field(start))?;
        let until = end.map(field).filter(|end| !end.is_empty());
        let until = until.map(time).transpose()?.unwrap_or(start);
        let colour = colour.map(field).and_then(text::colour);
        gathered.mark(line, start, until, field(name).to_owned(), colour)?;
    }
    Ok(gathered.finish())
}

/// The rows of a CSV file (RFC 4180) with the line on which each begins.
struct Rows<'a> {
    rest: &'a str,
    line: usize,
}

impl Iterator for Rows<'_> {
    type Item = Result<(usize, Vec<String>), ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let begun = self.line;
        let mut row = vec![String::new()];
        let mut quoted = false;
        let mut letters = self.rest.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            let after = |letters: &mut std::iter::Peekable<std::str::CharIndices<'_>>, wanted| {
                letters.next_if(|(_, next)| *next == wanted).is_some()
            };
            let field = row.last_mut()?;
            match letter {
                '"' if quoted && after(&mut letters, '"') => field.push('"'),
                '"' if quoted => quoted = false,
                '"' if field.is_empty() => quoted = true,
                ',' if !quoted => row.push(String::new()),
                '\r' | '\n' if !quoted => {
                    let both = letter == '\r' && after(&mut letters, '\n');
                    self.rest = &self.rest[at + 1 + usize::from(both)..];
                    self.line += 1;
                    return Some(Ok((begun, row)));
                }
                letter => {
                    self.line += usize::from(letter == '\n');
                    field.push(letter);
                }
            }
        }
        self.rest = "";
        if quoted {
            let error = ImportError::at(begun, "a quotation mark is never closed", "close it, or double it");
            return Some(Err(error));
        }
        Some(Ok((begun, row)))
    }
}
