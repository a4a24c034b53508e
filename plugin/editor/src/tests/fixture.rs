//! A session as it might be, for tests to change.

use crate::theme::SWATCHES;
use crate::{ExportFormat, ExportParts, Facts, ModelCard};
use earmark_timeline::clock::RunId;
use earmark_timeline::course::LoudnessSpan;
use earmark_timeline::edit::Edit;
use earmark_timeline::mark::Mark;
use earmark_timeline::meter::{TempoMap, TempoPoint};
use earmark_timeline::notebook::{Notebook, Parts};
use earmark_timeline::snapshot::{Activity, Engine, Health, ModelUsage, Snapshot, Status, Usage};
use earmark_timeline::sound::Role;
use earmark_timeline::tag::{ClassSpan, SoundClass};
use earmark_timeline::transport::Transport;
use earmark_timeline::units::{ProjectTime, SampleRate, Seconds};
use earmark_timeline::utterance::{DropReason, Dropped, ItemId, Origin, Utterance, Word};
use std::sync::Arc;

/// What the recording says: start in seconds and words, "?" after an unsure and "??" after a doubtful one.
const SAID: [(f64, &str); 8] = [
    (1.2, "Welcome back to the second take of the river song."),
    (4.9, "Count me in, and leave the click on until the bridge."),
    (21.4, "Sorry, that was too fast, could? we take it again from bar seventeen??"),
    (
        27.0,
        "Right. The low strings stay as they are, but I would like the cellos a little further back, and \
         nobody should breathe before the last chord has died away, because the room is so quiet that the \
         microphones hear every chair.",
    ),
    (41.3, "Was that the good one?"),
    (44.0, "I think so."),
    (46.8, "Let us hear it, then we go? and eat."),
    (52.4, "Bye."),
];

pub(super) fn at(seconds: f64) -> ProjectTime {
    ProjectTime::from_seconds(seconds)
}

fn words(start: f64, text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for (index, word) in text.split_whitespace().enumerate() {
        let bare = word.trim_end_matches('?');
        let confidence = match word.len() - bare.len() {
            0 => 0.93,
            1 if index + 1 == text.split_whitespace().count() => 0.93,
            1 => 0.5,
            _ => 0.2,
        };
        let text = if confidence > 0.9 { word } else { bare };
        let (start, end) = (start + index as f64 * 0.28, start + index as f64 * 0.28 + 0.24);
        words.push(Word { text: text.to_owned(), start: at(start), end: at(end), confidence });
    }
    words
}

/// An utterance of the given words.
pub(super) fn utterance(id: u64, start: f64, text: &str) -> Utterance {
    let words = words(start, text);
    let end = words.last().expect("an utterance has words").end;
    Utterance {
        id: ItemId(id),
        start: at(start),
        end,
        words,
        language: Some(Arc::from("en")),
        model: Arc::from("whisper-tiny.en"),
        origin: Origin::Machine,
        run: Some(RunId(0)),
    }
}

/// A mark at a point.
pub(super) fn mark(id: u64, start: f64, label: &str) -> Mark {
    Mark {
        id: ItemId(id),
        start: at(start),
        end: at(start),
        label: label.to_owned(),
        origin: Origin::Hand,
        colour: None,
        run: None,
    }
}

/// What was heard in a minute of a recording session.
pub(super) fn notebook() -> Notebook {
    use SoundClass::{Music, Other, Silence, Singing, Speech};
    let marks = vec![mark(20, 8.0, "Take 2"), mark(21, 41.0, "The good one?")];
    let told = Transport { beats: Some(0.0), tempo_bpm: Some(120.0), ..Transport::default() };
    let tempo = TempoMap::from_points(TempoPoint::from_transport(at(0.0), &told).into_iter().collect());
    let mut notebook = Notebook::from_parts(Parts { marks, tempo, ..Parts::default() });
    for (index, (start, text)) in SAID.into_iter().enumerate() {
        notebook.settle(utterance(index as u64 + 1, start, text));
    }
    let lane = [
        (0.0, Silence),
        (1.2, Speech),
        (8.0, Singing),
        (14.2, Music),
        (20.1, Other),
        (21.4, Speech),
        (38.0, Silence),
        (41.3, Speech),
        (53.0, Silence),
    ];
    let ends = lane[1..].iter().map(|(start, _)| *start).chain([58.0]);
    for ((start, class), end) in lane.into_iter().zip(ends) {
        notebook.hear(ClassSpan { start: at(start), end: at(end), class, probability: 0.91 });
    }
    for (start, end, role) in [
        (0.0, 8.0, Role::Speech),
        (8.0, 12.0, Role::Vocals),
        (12.0, 20.0, Role::Guitar),
        (20.0, 21.0, Role::Drums),
        (24.0, 56.0, Role::Speech),
    ] {
        notebook.hear_role(at(start)..at(end), Some((role, 0.82)));
    }
    for second in 0..58 {
        let (start, swing) = (f64::from(second), (second * 7 % 9) as i8);
        let class = lane.iter().rev().find(|(from, _)| *from <= start).map(|(_, class)| *class);
        let lufs = match class {
            Some(Silence) | None => LoudnessSpan::SILENCE,
            Some(Speech) => -26 + swing,
            _ => -16 + swing / 2,
        };
        notebook.hear_loudness(LoudnessSpan { start: at(start), end: at(start + 1.0), lufs });
    }
    notebook.drop_speech(Dropped {
        start: at(20.1),
        end: at(20.6),
        words: vec![Word { text: "[COUGHING]".to_owned(), start: at(20.1), end: at(20.6), confidence: 0.3 }],
        language: None,
        model: "whisper-tiny.en".into(),
        reason: DropReason::NonSpeech,
        run: None,
    });
    notebook
}

/// The same minute after two more passes over its first half, in the second of which nobody spoke at its
/// beginning, and after some work by hand.
pub(super) fn worked_on() -> Snapshot {
    let mut snapshot = filled();
    let notebook = Arc::make_mut(&mut snapshot.notebook);
    notebook.supersede(&(at(20.0)..at(26.0)), RunId(1));
    notebook.settle(Utterance { run: Some(RunId(1)), ..utterance(60, 21.4, "Sorry, that was too slow.") });
    notebook.supersede(&(at(0.0)..at(26.0)), RunId(2));
    notebook.settle(Utterance { run: Some(RunId(2)), ..utterance(61, 21.4, "Sorry, that was right.") });
    let correct = Edit::Correct { utterance: ItemId(5), text: "Was that a good one?".to_owned() };
    let edits = [correct, Edit::ColourMark { mark: ItemId(21), colour: Some(SWATCHES[3].1) }];
    for edit in edits {
        notebook.edit(&edit).expect("what it is about is there");
    }
    notebook.miss(at(54.0)..at(56.5));
    snapshot.status.undo = Some("mark's colour");
    snapshot.status.redo = Some("deletion");
    snapshot
}

/// A session that listens and has heard a minute.
pub(super) fn filled() -> Snapshot {
    let mut snapshot = Snapshot {
        revision: 7,
        notebook_revision: 3,
        notebook: Arc::new(notebook()),
        usage: Usage {
            audio: Seconds(58.0),
            inference_cpu: Seconds(2.9),
            inferences: 21,
            listening_cpu: Seconds(0.4),
            models: vec![ModelUsage { model: "whisper-tiny.en".into(), cpu: Seconds(2.9), runs: 21 }],
            joules: 21.7,
            measured: false,
        },
        status: Status {
            activity: Activity::Listening,
            heard_until: Some(at(58.0)),
            transcriber: Health::Ready,
            classifier: Health::Ready,
            rate: SampleRate::new(48_000),
            engine: Engine { cores: 2, cores_available: 4, sessions: 3, ..Engine::default() },
            ..Status::default()
        },
        ..Snapshot::default()
    };
    for bin in 0..58 * 20 {
        let time = f64::from(bin) / 20.0;
        let loud = match snapshot.notebook.spans().iter().find(|span| at(time) < span.end) {
            Some(span) if span.class == SoundClass::Silence => 0.01,
            Some(span) if span.class == SoundClass::Speech => 0.35,
            _ => 0.6,
        };
        // Two incommensurable swings look enough like syllables.
        let swing = 0.55 + 0.25 * (time * 9.1).sin() + 0.2 * (time * 23.7).sin();
        snapshot.overview.note(at(time), (loud * swing) as f32);
    }
    snapshot
}

/// A playing host whose formats, track and tempo are known.
pub(super) fn facts() -> Facts {
    let format = |name: &str, purpose: &str| ExportFormat {
        name: name.to_owned(),
        purpose: purpose.to_owned(),
        parts: ExportParts { speech: true, ..ExportParts::default() },
    };
    let card = |name: &str, title: &str, languages: &[&str]| ModelCard {
        name: name.to_owned(),
        title: title.to_owned(),
        languages: languages.iter().map(|code| (*code).to_owned()).collect(),
        text: format!("Version 1, 40 MB.\nFor: {title}."),
    };
    Facts {
        playing: true,
        playhead: Some(at(57.5)),
        track: Some("Talkback".to_owned()),
        model: "Whisper tiny, English".to_owned(),
        formats: Arc::from([
            format("SRT subtitles", "Video editors, players, YouTube"),
            format("WebVTT subtitles", "Web players and podcasts"),
            format("JSON", "Every word with its time and confidence, for programs"),
            format("Plain text", "Times and text, for people"),
        ]),
        models: Arc::from([
            card("whisper-tiny.en", "Whisper tiny, English", &["en"]),
            card("whisper-base", "Whisper base", &["de", "en", "zh"]),
        ]),
        ..Facts::default()
    }
}
