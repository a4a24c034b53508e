//! Tables with a date, kept from run to run.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::scripts;

/// One table, and what it was made by.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Section {
    /// The model that was measured.
    pub(crate) model: String,
    /// What was measured; with the model, the section's name.
    pub(crate) title: String,
    /// The day, as 2026-01-31.
    pub(crate) date: String,
    /// The processor and how many of its cores there are.
    pub(crate) machine: String,
    /// The command that measured it.
    pub(crate) command: String,
    /// The columns' titles.
    pub(crate) header: Vec<String>,
    /// The cells.
    pub(crate) rows: Vec<Vec<String>>,
    /// What has to be said about it.
    pub(crate) notes: Vec<String>,
    /// The figures that the next run compares itself with.
    pub(crate) figures: BTreeMap<String, f64>,
}

impl Section {
    /// Prints it, and beside each figure what the section before said.
    pub(crate) fn print(&self, before: Option<&Section>) {
        println!("\n{}: {}\n{}", self.model, self.title, self.table());
        for note in &self.notes {
            println!("{note}");
        }
        let Some(before) = before else { return };
        println!("against {}:", before.date);
        for (name, figure) in &self.figures {
            if let Some(old) = before.figures.get(name).filter(|old| **old != 0.0) {
                println!("  {name}: {figure:.3}, was {old:.3} (× {:.2})", figure / old);
            }
        }
    }

    /// The cells as a table that reads well as text and as Markdown.
    fn table(&self) -> String {
        let lines: Vec<&Vec<String>> = std::iter::once(&self.header).chain(&self.rows).collect();
        let width = |column: usize| {
            lines
                .iter()
                .filter_map(|line| line.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.header.len()).map(width).collect();
        let mut text = String::new();
        for (number, line) in lines.iter().enumerate() {
            for (cell, width) in line.iter().zip(&widths) {
                text.push_str(&format!("| {cell:width$} "));
            }
            text.push_str("|\n");
            if number == 0 {
                let rule: String = widths.iter().map(|width| format!("|{}", "-".repeat(width + 2))).collect();
                text.push_str(&format!("{rule}|\n"));
            }
        }
        text
    }
}

/// The sections of all runs, the newest of each name.
pub(crate) struct Results(Vec<Section>);

impl Results {
    /// The page for people.
    pub(crate) fn page() -> PathBuf {
        scripts().join("RESULTS.md")
    }

    fn file() -> PathBuf {
        scripts().join("results.json")
    }

    /// What was kept so far.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn read() -> Result<Self> {
        let file = Self::file();
        if !file.exists() {
            return Ok(Self(Vec::new()));
        }
        let text = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let sections = serde_json::from_slice(&text)
            .with_context(|| format!("{} is damaged; take it back from the repository", file.display()))?;
        Ok(Self(sections))
    }

    /// The section that this one replaces.
    pub(crate) fn before(&self, section: &Section) -> Option<&Section> {
        self.0.iter().find(|kept| kept.model == section.model && kept.title == section.title)
    }

    /// Keeps a section in the place of the one of the same name.
    pub(crate) fn put(&mut self, section: Section) {
        let section = Section { date: today(), machine: machine(), command: command(), ..section };
        let same = |kept: &&mut Section| kept.model == section.model && kept.title == section.title;
        match self.0.iter_mut().find(same) {
            Some(kept) => *kept = section,
            None => self.0.push(section),
        }
    }

    /// All figures that a next run compares itself with, in one table.
    fn headlines(&self) -> Section {
        let rows = |section: &Section| -> Vec<Vec<String>> {
            let Section { model, title, date, .. } = section;
            let row = |(name, figure): (&String, &f64)| {
                vec![model.clone(), title.clone(), name.clone(), in_digits(*figure), date.clone()]
            };
            section.figures.iter().map(row).collect()
        };
        Section {
            header: ["of", "table", "what", "figure", "measured"].map(str::to_owned).to_vec(),
            rows: self.0.iter().flat_map(rows).collect(),
            ..Section::default()
        }
    }

    /// Writes the figures and the page.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub(crate) fn write(&self) -> Result<()> {
        let mut page = HEAD.to_owned() + &self.headlines().table();
        let mut models: Vec<&str> = self.0.iter().map(|section| section.model.as_str()).collect();
        models.dedup();
        models.sort_unstable();
        models.dedup();
        for model in models.into_iter().rev() {
            page.push_str(&format!("\n## {model}\n"));
            for section in self.0.iter().filter(|section| section.model == model) {
                let Section { title, date, machine, command, notes, .. } = section;
                let (table, notes) = (section.table(), notes.join("\n"));
                page.push_str(&format!(
                    "\n### {title}\n\n{table}\n{notes}\n{date}, {machine}, `{command}`\n"
                ));
            }
        }
        fs::write(Self::page(), page).with_context(|| format!("cannot write {}", Self::page().display()))?;
        let text = serde_json::to_string_pretty(&self.0)? + "\n";
        fs::write(Self::file(), text).with_context(|| format!("cannot write {}", Self::file().display()))
    }
}

/// A number with three digits that count.
pub(crate) fn in_digits(figure: f64) -> String {
    if figure == 0.0 {
        return "0".to_owned();
    }
    let before_the_point = figure.abs().log10().floor() as i32 + 1;
    format!("{figure:.*}", usize::try_from(3 - before_the_point).unwrap_or(0))
}

const HEAD: &str = "# What was measured\n\nWritten by `cargo xtask bench`. CPU times of one table come from one run on \
one machine: compare them with each other, and runs by their ratios.\n\n## All figures\n\n";

/// What was typed, without the paths of this machine.
fn command() -> String {
    let mut words = vec!["cargo xtask".to_owned()];
    for word in std::env::args().skip(1) {
        let is_path = words.last().is_some_and(|last| last == "--corpus");
        words.push(if is_path { "FOLDER".to_owned() } else { word });
    }
    words.join(" ")
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name =
        text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map(|(_, name)| name);
    format!("{} with {cores} cores", name.unwrap_or(std::env::consts::ARCH))
}

/// The day in Greenwich, as 2026-01-31.
fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (year, month, day) = date_from_days((seconds / 86_400) as i64);
    format!("{year}-{month:02}-{day:02}")
}

/// The date so many days after 1 January 1970: the years begin in March, so that a leap day is a year's
/// last, and 400 of them have 146,097 days.
fn date_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_dates() {
        let check = |days, date| assert_eq!(date_from_days(days), date);
        check(0, (1970, 1, 1));
        check(-1, (1969, 12, 31));
        check(11_016, (2000, 2, 29));
        check(11_017, (2000, 3, 1));
        check(20_454, (2026, 1, 1));
    }

    #[test]
    fn a_table_is_aligned_markdown() {
        let cells = |line: &[&str]| line.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let section = Section {
            header: cells(&["a", "bcd"]),
            rows: vec![cells(&["één", "1"]), cells(&["2", "3"])],
            ..Section::default()
        };
        assert_eq!(section.table(), "| a   | bcd |\n|-----|-----|\n| één | 1   |\n| 2   | 3   |\n");
    }
}
