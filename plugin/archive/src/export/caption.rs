//! Utterances as captions: cut into cues that can be read, at the times of their words.

use super::options::Speakers;
use earmark_timeline::script;
use earmark_timeline::utterance::{Origin, Utterance, Word};
use std::sync::Arc;

/// The most lines of a cue: Netflix, "English Timed Text Style Guide", I.5.
const LINES: usize = 2;
/// The longest a cue may stand: Netflix, "Timed Text Style Guide: General Requirements", 7 seconds.
const LONGEST_MS: i64 = 7_000;
/// The shortest that a cue may stand, from the same: 5/6 of a second. A cue that was said faster gets it
/// only as far as the next one leaves room.
const SHORTEST_MS: i64 = 833;

/// The most characters a second that a reader follows, from the same, I.15 (adults).
const READING_CPS: i64 = 20;
/// How much later than it was said a cue may begin so that the one before can be read to its end.
const LONGEST_LAG_MS: i64 = 2_000;

/// How captions are cut.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style<'a> {
    /// The longest line, in characters.
    pub(super) width: usize,
    /// Who speaks.
    pub(super) speakers: &'a Speakers,
    /// Whether the text itself names a speaker who was not the last, or who is not the only one.
    pub(super) names_in_text: bool,
}

/// One caption: one or two lines, and when they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cue {
    pub(super) start_ms: i64,
    /// Later than `start_ms`, not later than the next cue's start.
    pub(super) end_ms: i64,
    pub(super) lines: Vec<String>,
    pub(super) speaker: Option<Arc<str>>,
    pub(super) origin: Origin,
}

/// The captions of some utterances, in time order. None begins before the project does, none is empty,
/// none overlaps the next, and no word is left out. Each stands long enough to be read, as far as what is
/// said next leaves room within [`LONGEST_LAG_MS`].
pub(super) fn cues(utterances: &[Utterance], style: Style<'_>) -> Vec<Cue> {
    let named = names(utterances, style);
    let cut = |(utterance, named): (&Utterance, &Named)| cut(utterance, *named, style);
    let mut cues: Vec<Cue> = utterances.iter().zip(&named).flat_map(cut).collect();
    cues.sort_by_key(|cue| cue.start_ms);
    let mut floor_ms = 0;
    let mut read_ms = 0;
    let mut until_ms = i64::MAX;
    for cue in &mut cues {
        let said_ms = (cue.end_ms - cue.start_ms).clamp(1, SHORTEST_MS);
        let latest_ms = cue.start_ms.max(0).saturating_add(LONGEST_LAG_MS);
        // What two people said at once follows each other: the first is read before the second begins.
        cue.start_ms = cue.start_ms.max(floor_ms).max(read_ms.min(latest_ms));
        floor_ms = cue.start_ms + said_ms;
        read_ms = cue.start_ms + reading_ms(cue);
        cue.end_ms = cue.end_ms.max(cue.start_ms + SHORTEST_MS).max(read_ms);
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

/// Which cues of an utterance begin with the speaker's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    No,
    First,
    /// Somebody else speaks meanwhile, and cues of both alternate.
    All,
}

fn names(utterances: &[Utterance], style: Style<'_>) -> Vec<Named> {
    let mut before: Option<&Utterance> = None;
    let named = |utterance| {
        let speaker = style.speakers.of(utterance);
        let changed = before.replace(utterance).is_none_or(|last| style.speakers.of(last) != speaker);
        match (style.names_in_text && speaker.is_some(), changed) {
            (true, true) => Named::First,
            _ => Named::No,
        }
    };
    let mut named: Vec<Named> = utterances.iter().map(named).collect();
    // Utterances are in order of their starts: whoever speaks at once with one follows it directly.
    for (index, utterance) in utterances.iter().enumerate() {
        let later = utterances.iter().enumerate().skip(index + 1);
        for (other, _) in later
            .take_while(|(_, later)| later.start < utterance.end)
            .filter(|(_, later)| style.speakers.of(later) != style.speakers.of(utterance))
        {
            for index in [index, other] {
                if style.names_in_text && style.speakers.of(&utterances[index]).is_some() {
                    named[index] = Named::All;
                }
            }
        }
    }
    named
}

fn cut(utterance: &Utterance, named: Named, style: Style<'_>) -> Vec<Cue> {
    let speaker = style.speakers.of(utterance);
    let mut rest: Vec<Piece> = utterance.words.iter().flat_map(|word| pieces(word, style.width)).collect();
    let mut cues: Vec<Cue> = Vec::new();
    while let Some(first) = rest.first() {
        let start_ms = first.start_ms;
        let name = match (named, speaker) {
            (Named::All, Some(name)) => name_pieces(name, start_ms, style.width),
            (Named::First, Some(name)) if cues.is_empty() => name_pieces(name, start_ms, style.width),
            _ => Vec::new(),
        };
        let name_length = name.len();
        rest.splice(..0, name);
        // A name alone would say nothing: at least one word comes with it. It has room on the second line.
        let now: Vec<Piece> = {
            let length = cue_length(&rest, style.width).max(name_length + 1);
            rest.drain(..length).collect()
        };
        let end_ms = now.iter().map(|piece| piece.end_ms).fold(start_ms, i64::max);
        let lines = balanced(&now, style.width);
        cues.push(Cue { start_ms, end_ms, lines, speaker: speaker.cloned(), origin: utterance.origin });
    }
    cues
}

/// How long a cue takes to read; a line break counts as a space.
fn reading_ms(cue: &Cue) -> i64 {
    let letters = cue.lines.iter().map(|line| chars(line) + 1).sum::<usize>().saturating_sub(1);
    (letters as i64 * 1_000 + READING_CPS - 1) / READING_CPS
}

/// How many of `pieces` make the next cue: all that fit or, where some must wait, up to the end of a
/// sentence, or else of a clause, if that fills the first line: no word is left alone in the cue after.
fn cue_length(pieces: &[Piece], width: usize) -> usize {
    let fits = |count: &usize| {
        let duration_ms = pieces[count - 1].end_ms - pieces[0].start_ms;
        lines(&pieces[..*count], width).len() <= LINES && duration_ms <= LONGEST_MS
    };
    let most = (2..=pieces.len()).take_while(fits).last().unwrap_or(1);
    if most == pieces.len() {
        return most;
    }
    let one_line = (1..=most).take_while(|count| lines(&pieces[..*count], width).len() == 1).count();
    let last_after =
        |marks: &[char]| (one_line..=most).rev().find(|count| pieces[count - 1].text.ends_with(marks));
    last_after(&['.', '?', '!', '…']).or_else(|| last_after(&[',', ';', ':', '–', '—'])).unwrap_or(most)
}

/// Fills lines from the first to the last.
fn lines(pieces: &[Piece], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for piece in pieces {
        match lines.last_mut() {
            Some(line) if chars(line) + space(line, &piece.text) + chars(&piece.text) <= width => {
                if space(line, &piece.text) > 0 {
                    line.push(' ');
                }
                line.push_str(&piece.text);
            }
            _ => lines.push(piece.text.clone()),
        }
    }
    lines
}

/// How many spaces stand between two neighbours of one line.
fn space(left: &str, right: &str) -> usize {
    usize::from(script::has_space_between(left, right))
}

/// Breaks two lines where they become most alike in length, which reads better than one word below a
/// full line.
fn balanced(pieces: &[Piece], width: usize) -> Vec<String> {
    let greedy = lines(pieces, width);
    if greedy.len() != LINES {
        return greedy;
    }
    let halves = (1..pieces.len()).map(|count| {
        let (first, second) = pieces.split_at(count);
        [lines(first, width), lines(second, width)].concat()
    });
    let longest = |lines: &Vec<String>| lines.iter().map(|line| chars(line)).max();
    halves.filter(|lines| lines.len() == LINES).min_by_key(longest).unwrap_or(greedy)
}

/// The text of a word in pieces that fit a line, each with its share of the word's time.
fn pieces(word: &Word, width: usize) -> Vec<Piece> {
    let texts = line_parts(&word.text, width);
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

/// A speaker's name, said at once. A name that leaves no room for words beside it is cut to the half of
/// a line.
fn name_pieces(name: &str, at_ms: i64, width: usize) -> Vec<Piece> {
    let short: String = super::one_line(name).chars().take(width / 2).collect();
    let place = |text| Piece { text, start_ms: at_ms, end_ms: at_ms };
    line_parts(&format!("{}:", short.trim_end()), width).into_iter().map(place).collect()
}

/// The runs of a text without space, none longer than a line.
fn line_parts(text: &str, width: usize) -> Vec<String> {
    let text = super::one_line(text);
    let mut parts: Vec<String> = Vec::new();
    for part in text.split(' ').filter(|part| !part.is_empty()) {
        let letters: Vec<char> = part.chars().collect();
        parts.extend(letters.chunks(width).map(String::from_iter));
    }
    parts
}

fn chars(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests;
