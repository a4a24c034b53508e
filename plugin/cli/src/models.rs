//! `earmark models`: what there is, what it is, and whether its file is the one that is meant.

use earmark_models::{Card, ModelError, Store};
use std::fmt::Write as _;

/// Where the text of a card begins, in characters.
const INDENT: usize = 15;
/// How wide the text of a card is at most, with its indent.
const WIDTH: usize = 100;

/// One line a model, with whether its file is there. Looks at names and lengths only, so it is quick.
pub(crate) fn list(store: &Store) -> String {
    let cards = store.cards();
    table(cards.iter().map(|card| (card, presence(store, card))))
}

/// What reading the files of all models found, one line a model; and whether all that are there are right.
pub(crate) fn verify(store: &Store) -> (String, bool) {
    let mut text = String::new();
    let mut all_well = true;
    for card in store.cards().iter().filter(|card| card.runs_here()) {
        let found = match store.verified_path(card) {
            Ok(path) => format!("{} is the file that the card describes", path.display()),
            Err(error) => {
                all_well &= matches!(error, ModelError::Missing { .. });
                error.to_string()
            }
        };
        // Writing into memory does not fail.
        let _ = writeln!(text, "{}: {found}", card.name);
    }
    (text, all_well)
}

/// Everything known about a model, and what reading its whole file found.
pub(crate) fn show(store: &Store, card: &Card) -> String {
    let file = match store.verified_path(card) {
        Ok(path) => format!("{}, checked: it is the one described here", path.display()),
        Err(error) => error.to_string(),
    };
    describe(card, &file)
}

fn presence(store: &Store, card: &Card) -> &'static str {
    if !card.runs_here() {
        return "for another system";
    }
    match store.find(card).map(|path| path.metadata().map(|file| file.len())) {
        Ok(Ok(bytes)) if bytes == card.bytes => "here",
        Err(ModelError::Missing { .. }) => "missing",
        _ => "damaged",
    }
}

fn table<'a>(rows: impl Iterator<Item = (&'a Card, &'static str)>) -> String {
    let head = ["NAME", "FOR", "SIZE", "FILE", "LANGUAGES", "LICENCE"].map(str::to_owned);
    let rows = rows.map(|(card, presence)| {
        let kind = card.kind.label().to_owned();
        [
            card.name.clone(),
            kind,
            size(card.bytes),
            presence.to_owned(),
            languages(card),
            card.licence.clone(),
        ]
    });
    let rows: Vec<_> = std::iter::once(head).chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
    let mut text = String::new();
    for row in &rows {
        let line: Vec<_> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        text.push_str(line.join("  ").trim_end());
        text.push('\n');
    }
    text
}

fn describe(card: &Card, file: &str) -> String {
    let mut text = format!("{} ({})\n\n", card.title, card.name);
    let mut field = |name: &str, value: &str| {
        // Writing into memory does not fail.
        let _ = writeln!(text, "{name:INDENT$}{}", wrap(value));
    };
    field("For", card.kind.label());
    field("Version", &card.version);
    field("Licence", &card.licence);
    field("Languages", &languages(card));
    field("Training data", &card.training_data);
    field("Intended use", &card.intended_use);
    for (index, weakness) in card.weaknesses.iter().enumerate() {
        field(if index == 0 { "Bad at" } else { "" }, weakness);
    }
    field("Accuracy", &card.accuracy);
    field("Speed", &card.speed);
    for artifact in &card.source.artifacts {
        field("Comes from", &format!("{} {} ({})", artifact.package, artifact.version, card.source.client));
    }
    field("Size", &size(card.bytes));
    field("SHA-256", &card.sha256);
    field("File", file);
    text
}

fn languages(card: &Card) -> String {
    match card.languages.len() {
        0 => "any".to_owned(),
        1..=6 => card.languages.join(" "),
        count => format!("{count} languages"),
    }
}

/// A length in decimal megabytes, as shops and file managers count them.
fn size(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

/// Breaks a text into lines that stand below each other behind the indent.
fn wrap(text: &str) -> String {
    let mut wrapped = String::new();
    let mut column = INDENT;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column > INDENT && column + 1 + length > WIDTH {
            wrapped.push('\n');
            wrapped.extend(std::iter::repeat_n(' ', INDENT));
            column = INDENT;
        } else if column > INDENT {
            wrapped.push(' ');
            column += 1;
        }
        wrapped.push_str(word);
        column += length;
    }
    wrapped
}

#[cfg(test)]
mod tests {
    use super::*;
    use earmark_models::registry;

    fn store() -> Store {
        Store::at("no such folder")
    }

    #[test]
    fn every_model_is_listed_with_its_file() {
        let text = list(&store());
        assert_eq!(text.lines().count(), registry().len() + 1);
        for card in registry() {
            let line = text.lines().find(|line| line.starts_with(&card.name)).expect("a line");
            assert!(line.contains("missing") || line.contains("for another system"), "{line}");
            assert!(line.contains(card.kind.label()), "{line}");
        }
    }

    #[test]
    fn a_card_is_shown_whole_and_readable() {
        for card in registry() {
            let text = show(&store(), card);
            let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let flat_of = |part: &str| part.split_whitespace().collect::<Vec<_>>().join(" ");
            for part in [
                &card.licence,
                &card.training_data,
                &card.intended_use,
                &card.accuracy,
                &card.speed,
                &card.sha256,
            ] {
                assert!(flat.contains(&flat_of(part)), "{}: {part:?} is not shown", card.name);
            }
            assert!(flat.contains("cargo xtask models"), "{}: no remedy", card.name);
            let long = text.lines().filter(|line| line.chars().count() > WIDTH);
            assert!(long.clone().all(|line| !line.trim().contains(' ')), "{:?}", long.collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_missing_file_is_said_and_a_damaged_one_is_a_failure() {
        let (text, all_well) = verify(&store());
        assert!(all_well && text.contains("no such folder"), "{text}");
        let folder = tempfile::tempdir().expect("a folder");
        let card = &registry()[0];
        assert!(std::fs::write(folder.path().join(&card.file), b"damaged").is_ok());
        let (text, all_well) = verify(&Store::at(folder.path()));
        assert!(!all_well && text.contains("cut short"), "{text}");
    }

    #[test]
    fn text_is_broken_between_words_and_indented() {
        let text = wrap(&"ten chars ".repeat(20));
        let lines: Vec<_> = text.lines().collect();
        assert!(lines.len() == 3 && lines[1].starts_with(&" ".repeat(INDENT)), "{text}");
        assert!(lines.iter().skip(1).all(|line| line.chars().count() <= WIDTH), "{text}");
        assert_eq!(wrap(" a\n b "), "a b");
    }
}
