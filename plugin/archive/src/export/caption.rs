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
    let mut cues = Vec::new();
    let mut open: Option<Cue> = None;
    for piece in utterance.words.iter().flat_map(pieces) {
        let full = open.as_ref().is_some_and(|cue| !fits(cue, &piece));
        if full {
            cues.extend(open.take());
        }
        match &mut open {
            Some(cue) => add(cue, piece),
            None => {
                let Piece { text, start_ms, end_ms } = piece;
                open = Some(Cue { start_ms, end_ms, lines: vec![text] });
            }
        }
    }
    cues.extend(open);
    cues.iter_mut().for_each(balance);
    cues
}

fn fits(cue: &Cue, piece: &Piece) -> bool {
    let Some(last) = cue.lines.last() else { return true };
    let room = cue.lines.len() < LINES || chars(last) + 1 + chars(&piece.text) <= LINE_CHARS;
    let ended = cue.lines.len() == LINES && last.ends_with(['.', '?', '!', '…']);
    room && !ended && piece.end_ms - cue.start_ms <= LONGEST_MS
}

fn add(cue: &mut Cue, piece: Piece) {
    cue.end_ms = cue.end_ms.max(piece.end_ms);
    match cue.lines.last_mut() {
        Some(line) if chars(line) + 1 + chars(&piece.text) <= LINE_CHARS => {
            line.push(' ');
            line.push_str(&piece.text);
        }
        _ => cue.lines.push(piece.text),
    }
}

/// Breaks two lines where they become most alike in length, which reads better than one word below a
/// full line.
fn balance(cue: &mut Cue) {
    if cue.lines.len() != LINES {
        return;
    }
    let text = cue.lines.join(" ");
    let halves = text.match_indices(' ').map(|(at, _)| (&text[..at], &text[at + 1..]));
    let longest = |(first, second): &(&str, &str)| chars(first).max(chars(second));
    if let Some((first, second)) = halves.min_by_key(longest) {
        cue.lines = vec![first.to_owned(), second.to_owned()];
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
