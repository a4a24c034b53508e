//! Where the text is that is searched for.

use super::{Row, RowId, Transcript};
use std::ops::Range;

impl Transcript {
    /// What is searched for.
    pub fn query(&self) -> &str {
        &self.lens.find.query
    }

    /// Which rows hold it, by their indices.
    pub fn hits(&self) -> &[usize] {
        &self.hits
    }

    /// The nearest such row after `from` (before it, unless `forward`), from the other end again where
    /// there is none.
    pub fn hit_beside(&self, from: Option<RowId>, forward: bool) -> Option<usize> {
        let at = from.and_then(|id| self.position(id));
        let hits = &self.hits;
        let next = match (at, forward) {
            (None, _) => None,
            (Some(at), true) => hits.iter().find(|hit| **hit > at),
            (Some(at), false) => hits.iter().rev().find(|hit| **hit < at),
        };
        next.or(if forward { hits.first() } else { hits.last() }).copied()
    }

    /// How far one has come: "2 of 5", or "5 found" while no such row is chosen.
    pub fn progress(&self, chosen: Option<RowId>) -> String {
        let count = self.hits.len();
        let at = chosen.and_then(|id| self.position(id)).and_then(|at| self.hits.binary_search(&at).ok());
        match at {
            _ if self.query().is_empty() => String::new(),
            Some(at) => format!("{} of {count}", at + 1),
            None if count == 0 => "Not found".to_owned(),
            None => format!("{count} found"),
        }
    }

    /// Goes through all rows, if anything is searched for.
    pub(super) fn find(&self) -> Vec<usize> {
        if self.query().is_empty() {
            return Vec::new();
        }
        (0..self.len()).filter(|index| !self.row(*index).places_of(self.query()).is_empty()).collect()
    }
}

impl Row {
    /// Where `query` stands in the row's text, in letters and in any case.
    pub fn places_of(&self, query: &str) -> Vec<Range<usize>> {
        let fold =
            |text: &str| text.chars().map(|c| c.to_lowercase().next().unwrap_or(c)).collect::<Vec<_>>();
        let (text, query) = (fold(&self.text()), fold(query));
        if query.is_empty() {
            return Vec::new();
        }
        let starts = text.windows(query.len()).enumerate().filter(|(_, letters)| *letters == query);
        starts.map(|(start, _)| start..start + query.len()).collect()
    }
}
