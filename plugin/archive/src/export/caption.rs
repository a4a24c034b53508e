//! Utterances as captions: cut into cues that can be read, at the times of their words.

use earmark_timeline::utterance::{Utterance, Word};

/// The longest line, in characters. Netflix, "English Timed Text Style Guide", I.5: 42 a line, 2 lines.
const LINE_CHARS: usize = 42;
/// The most lines of a cue, from the same.
const LINES: usize = 2;
/// The longest a cue may stand: Netflix, "Timed Text Style Guide: General Requirements", 7 seconds.
const LONGEST_MS: i64 = 7_000;
/// The shortest that a cue may stand, from the same: 5/6 of a second. A cue that was said faster gets it
/// only as far as the next one leaves room.
const SHORTEST_MS: i64 = 833;

/// One caption: one or two lines, and when they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cue {
    pub(super) start_ms: i64,
    /// Later than `start_ms`, not later than the next cue's start.
    pub(super) end_ms: i64,
    pub(super) lines: Vec<String>,
}

/// How a format shows a time.
pub(super) struct Clock {
    pub(super) decimal: char,
}

impl Clock {
    /// Hours, minutes, seconds and milliseconds.
    pub(super) fn show(&self, ms: i64) -> String {
        let (hours, minutes, seconds) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
        format!("{hours:02}:{minutes:02}:{seconds:02}{}{:03}", self.decimal, ms % 1_000)
    }
}

/// The captions of some utterances, in time order. None begins before the project does, none is empty,
/// none overlaps the next, and no word is left out.
pub(super) fn cues(utterances: &[Utterance]) -> Vec<Cue> {
    let mut cues: Vec<Cue> = utterances.iter().flat_map(cut).collect();
    cues.sort_by_key(|cue| cue.start_ms);
    let mut floor_ms = 0;
    let mut until_ms = i64::MAX;
    for cue in &mut cues {
        let said_ms = (cue.end_ms - cue.start_ms).clamp(1, SHORTEST_MS);
        cue.start_ms = cue.start_ms.max(floor_ms);
        // What two people said at once follows each other as soon as the first can have been read.
        floor_ms = cue.start_ms + said_ms;
        cue.end_ms = cue.end_ms.max(cue.start_ms + SHORTEST_MS);
    }
    for cue in cues.iter_mut().rev() {
        cue.end_ms = cue.end_ms.min(until_ms);
        until_ms = cue.start_ms;
    }
    cues
}

/// A run of characters without space, short enough for a line.
struct Piece {
    text: String,
    start_ms: i64,
    end_ms: i64,
}

fn cut(utterance: &Utterance) -> Vec<Cue> {
    let pieces: Vec<Piece> = utterance.words.iter().flat_map(pieces).collect();
    let mut rest = pieces.as_slice();
    let mut cues = Vec::new();
    while let Some(first) = rest.first() {
        let (now, later) = rest.split_at(cue_length(rest));
        let end_ms = now.iter().map(|piece| piece.end_ms).fold(first.end_ms, i64::max);
        cues.push(Cue { start_ms: first.start_ms, end_ms, lines: balanced(lines(now)) });
        rest = later;
    }
    cues
}

/// How many of `pieces` make the next cue: all that fit or, where some must wait, up to the end of a
/// sentence, or else of a clause, if that fills the first line: no word is left alone in the cue after.
fn cue_length(pieces: &[Piece]) -> usize {
    let fits = |count: &usize| {
        let duration_ms = pieces[count - 1].end_ms - pieces[0].start_ms;
        lines(&pieces[..*count]).len() <= LINES && duration_ms <= LONGEST_MS
    };
    let most = (2..=pieces.len()).take_while(fits).last().unwrap_or(1);
    if most == pieces.len() {
        return most;
    }
    let one_line = (1..=most).take_while(|count| lines(&pieces[..*count]).len() == 1).count();
    let last_after =
        |marks: &[char]| (one_line..=most).rev().find(|count| pieces[count - 1].text.ends_with(marks));
    last_after(&['.', '?', '!', '…']).or_else(|| last_after(&[',', ';', ':', '–', '—'])).unwrap_or(most)
}

/// Fills lines from the first to the last.
fn lines(pieces: &[Piece]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for piece in pieces {
        match lines.last_mut() {
            Some(line) if chars(line) + 1 + chars(&piece.text) <= LINE_CHARS => {
                line.push(' ');
                line.push_str(&piece.text);
            }
            _ => lines.push(piece.text.clone()),
        }
    }
    lines
}

/// Breaks two lines where they become most alike in length, which reads better than one word below a
/// full line.
fn balanced(lines: Vec<String>) -> Vec<String> {
    if lines.len() != LINES {
        return lines;
    }
    let text = lines.join(" ");
    let halves = text.match_indices(' ').map(|(at, _)| (&text[..at], &text[at + 1..]));
    let longest = |(first, second): &(&str, &str)| chars(first).max(chars(second));
    match halves.min_by_key(longest) {
        Some((first, second)) => vec![first.to_owned(), second.to_owned()],
        None => lines,
    }
}

/// The text of a word in pieces that fit a line, each with its share of the word's time.
fn pieces(word: &Word) -> Vec<Piece> {
    let text = super::one_line(&word.text);
    let mut texts: Vec<String> = Vec::new();
    for part in text.split(' ').filter(|part| !part.is_empty()) {
        let letters: Vec<char> = part.chars().collect();
        texts.extend(letters.chunks(LINE_CHARS).map(String::from_iter));
    }
    let (start_ms, end_ms) = (word.start.milliseconds(), word.end.milliseconds());
    let total = texts.iter().map(|text| chars(text)).sum::<usize>() as i64;
    let mut before = 0;
    let share = |count: i64| start_ms + (end_ms - start_ms) * count / total;
    let place = |text: String| {
        let from = before;
        before += chars(&text) as i64;
        Piece { text, start_ms: share(from), end_ms: share(before) }
    };
    texts.into_iter().map(place).collect()
}

fn chars(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests;
