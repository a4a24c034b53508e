//! What of a notebook an export shows, and when it says that it was.

use super::Options;
use super::options::{Include, Speech, TimeOrigin};
use earmark_timeline::filler;
use earmark_timeline::meter::{TempoMap, TempoPoint};
use earmark_timeline::notebook::{Notebook, Parts};
use earmark_timeline::sound::Reading;
use earmark_timeline::tag::ClassSpan;
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::{Origin, Utterance, Word};
use std::ops::Range;

/// The chosen parts of a notebook, with times counted from the chosen origin.
///
/// A word belongs to the range that holds its middle, as an utterance to its passage; what lasts is cut
/// at the ends of the range.
pub(super) fn select(notebook: &Notebook, options: &Options, include: Include) -> Notebook {
    let wanted = |origin| match origin {
        Origin::Machine | Origin::Chosen => include.machine,
        Origin::Hand => include.hand,
    };
    let mut parts =
        Parts { settings: notebook.settings().clone(), tempo: notebook.tempo().clone(), ..Parts::default() };
    if include.speech != Speech::Nothing {
        let spoken = notebook.utterances().iter().filter(|utterance| wanted(utterance.origin));
        parts.utterances = spoken.filter_map(|utterance| within(utterance, options.range.as_ref())).collect();
    }
    let cut = |start, end| overlap(start, end, options.range.as_ref());
    if include.classes && include.machine {
        let spans = notebook.spans().iter();
        let cut = |span: &ClassSpan| {
            cut(span.start, span.end).map(|range| ClassSpan { start: range.start, end: range.end, ..*span })
        };
        parts.spans = spans.filter_map(cut).collect();
    }
    let is_whole = |reading: &&Reading| {
        options.range.as_ref().is_none_or(|range| range.start <= reading.start && reading.end <= range.end)
    };
    if include.classes && include.machine {
        parts.reading = notebook.reading().filter(is_whole).cloned();
    }
    if include.marks {
        for mark in notebook.marks().iter().filter(|mark| wanted(mark.origin)) {
            if let Some(Range { start, end }) = cut(mark.start, mark.end) {
                let mut mark = mark.clone();
                (mark.start, mark.end) = (start, end);
                parts.marks.push(mark);
            }
        }
    }
    if include.left_out && include.machine {
        for dropped in notebook.dropped() {
            if let Some(Range { start, end }) = cut(dropped.start, dropped.end) {
                let mut dropped = dropped.clone();
                (dropped.start, dropped.end) = (start, end);
                parts.dropped.push(dropped);
            }
        }
        parts.missed = notebook.missed().iter().filter_map(|missed| cut(missed.start, missed.end)).collect();
    }
    let origin = match options.origin {
        TimeOrigin::ProjectStart => ProjectTime::ZERO,
        TimeOrigin::First => first(&parts).unwrap_or_default(),
        TimeOrigin::At(time) => time,
    };
    shift(&mut parts, origin);
    Notebook::from_parts(parts)
}

/// What is spoken, as the pieces that `speech` asks for: a piece of one word keeps its utterance's name.
/// Hesitations are hidden unless the session is verbatim.
pub(super) fn spoken(notebook: &Notebook, speech: Speech) -> Vec<Utterance> {
    let verbatim = notebook.settings().verbatim;
    let shown = |utterance: &Utterance| {
        let words = filler::shown(&utterance.words, utterance.language.as_deref(), verbatim);
        let words: Vec<Word> = words.cloned().collect();
        (!words.is_empty()).then(|| Utterance { words, ..utterance.clone() })
    };
    let utterances: Vec<Utterance> = notebook.utterances().iter().filter_map(shown).collect();
    match speech {
        Speech::Nothing => Vec::new(),
        Speech::Utterances => utterances,
        Speech::Words => {
            let one = |utterance: &Utterance, word: &Word| Utterance {
                start: word.start,
                end: word.end,
                words: vec![word.clone()],
                ..utterance.clone()
            };
            let words = |utterance: &Utterance| {
                utterance.words.iter().map(|word| one(utterance, word)).collect::<Vec<_>>()
            };
            utterances.iter().flat_map(words).collect()
        }
    }
}

fn within(utterance: &Utterance, range: Option<&Range<ProjectTime>>) -> Option<Utterance> {
    let Some(range) = range else { return Some(utterance.clone()) };
    let inside = |word: &&Word| range.contains(&word.middle());
    let words: Vec<Word> = utterance.words.iter().filter(inside).cloned().collect();
    if words.is_empty() {
        return None;
    }
    let (start, end) = (utterance.start.max(range.start), utterance.end.min(range.end));
    // Words reach across the end of a range by less than half of themselves.
    let start = words.iter().map(|word| word.start).fold(start, ProjectTime::min);
    let end = words.iter().map(|word| word.end).fold(end, ProjectTime::max);
    Some(Utterance { start, end, words, ..utterance.clone() })
}

/// The part of a stretch, or the point, that lies in a range.
fn overlap(
    start: ProjectTime,
    end: ProjectTime,
    range: Option<&Range<ProjectTime>>,
) -> Option<Range<ProjectTime>> {
    let Some(range) = range else { return Some(start..end) };
    let inside = range.contains(&start) || (start < range.start && range.start < end);
    inside.then(|| start.max(range.start)..end.min(range.end).max(start))
}

fn first(parts: &Parts) -> Option<ProjectTime> {
    let utterances = parts.utterances.iter().map(|utterance| utterance.start);
    let spans = parts.spans.iter().map(|span| span.start);
    utterances.chain(spans).chain(parts.marks.iter().map(|mark| mark.start)).min()
}

fn shift(parts: &mut Parts, origin: ProjectTime) {
    let move_to = |start: &mut ProjectTime, end: &mut ProjectTime| {
        (*start, *end) = (start.minus(origin), end.minus(origin));
    };
    for utterance in &mut parts.utterances {
        move_to(&mut utterance.start, &mut utterance.end);
        for word in &mut utterance.words {
            move_to(&mut word.start, &mut word.end);
        }
    }
    for span in &mut parts.spans {
        move_to(&mut span.start, &mut span.end);
    }
    for mark in &mut parts.marks {
        move_to(&mut mark.start, &mut mark.end);
    }
    for dropped in &mut parts.dropped {
        move_to(&mut dropped.start, &mut dropped.end);
        for word in &mut dropped.words {
            move_to(&mut word.start, &mut word.end);
        }
    }
    for missed in &mut parts.missed {
        move_to(&mut missed.start, &mut missed.end);
    }
    if let Some(Reading { start, end, sound }) = &mut parts.reading {
        move_to(start, end);
        if let Some(tempo) = &mut sound.tempo {
            tempo.first_beat = tempo.first_beat.minus(origin);
        }
    }
    let moved = |point: &TempoPoint| TempoPoint { time: point.time.minus(origin), ..*point };
    parts.tempo = TempoMap::from_points(parts.tempo.points().iter().map(moved).collect());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{at, small};

    fn chosen(options: &Options, include: Include) -> Vec<(f64, f64, String)> {
        let notebook = select(&small(), options, include);
        let said = notebook.utterances().iter().map(|item| (item.start, item.end, item.text()));
        let heard = notebook.spans().iter().map(|span| (span.start, span.end, span.class.name().to_owned()));
        let marked = notebook.marks().iter().map(|mark| (mark.start, mark.end, mark.label.clone()));
        let all = said.chain(heard).chain(marked);
        all.map(|(start, end, text)| (start.seconds(), end.seconds(), text)).collect()
    }

    fn check(options: &Options, include: Include, expected: &[(f64, f64, &str)]) {
        let expected: Vec<_> = expected.iter().map(|(a, b, text)| (*a, *b, (*text).to_owned())).collect();
        assert_eq!(chosen(options, include), expected);
    }

    #[test]
    fn everything_at_its_own_time_is_the_notebook_but_for_earlier_passes() {
        let everything = select(&small(), &Options::default(), Include::EVERYTHING);
        assert!(everything.versions().is_empty());
        assert_eq!(everything.utterances(), small().utterances());
        assert_eq!(everything.spans(), small().spans());
        assert_eq!(everything.marks(), small().marks());
        assert_eq!(everything.dropped(), small().dropped());
        assert_eq!(everything.missed(), small().missed());
        assert_eq!((everything.settings(), everything.tempo()), (small().settings(), small().tempo()));
        assert_eq!(everything.reading(), small().reading());
    }

    #[test]
    fn a_range_takes_words_by_their_middle_and_cuts_what_lasts() {
        let range = Some(at(13.0)..at(16.0));
        check(
            &Options { range: range.clone(), origin: TimeOrigin::At(at(12.0)), ..Options::default() },
            Include::EVERYTHING,
            &[
                (0.8, 2.0, "<chips> --> \"twice\"."),
                (1.0, 2.0, "speech"),
                (2.0, 4.0, "music"),
                (2.0, 4.0, "music"),
            ],
        );
        check(&Options { range: Some(at(500.0)..at(600.0)), ..Options::default() }, Include::EVERYTHING, &[]);
    }

    #[test]
    fn who_made_it_can_be_chosen() {
        let hand = Include { machine: false, ..Include::EVERYTHING };
        check(
            &Options::default(),
            hand,
            &[(12.0, 14.0, "Fish & <chips> --> \"twice\"."), (2.0, 2.0, "Take 2, good")],
        );
    }

    #[test]
    fn the_first_thing_shown_can_be_zero() {
        let marks = Include { speech: Speech::Nothing, ..Include::SPOKEN_AND_MARKED };
        let options = Options { origin: TimeOrigin::First, ..Options::default() };
        check(&options, marks, &[(0.0, 0.0, "Take 2, good"), (12.0, 18.5, "music")]);
    }

    #[test]
    fn words_become_pieces_that_keep_their_utterance_s_name() {
        let words = spoken(&small(), Speech::Words);
        assert_eq!(words.len(), small().utterances().iter().map(|item| item.words.len()).sum::<usize>());
        assert!(words.iter().all(|word| small().utterances().iter().any(|whole| whole.id == word.id)));
    }
}
