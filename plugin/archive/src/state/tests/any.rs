//! Properties of any notebook, tried on random ones.

use super::check_stable;
use crate::sample::{Random, parts_of, sound};
use crate::state::{decode, encode};
use earmark_timeline::course::{LoudnessSpan, RoleSpan};
use earmark_timeline::edit::{Edit, History};
use earmark_timeline::mark::{Colour, Mark};
use earmark_timeline::meter::{TempoMap, TempoPoint};
use earmark_timeline::notebook::{Notebook, Parts};
use earmark_timeline::rule::{Rule, Setting};
use earmark_timeline::settings::Settings;
use earmark_timeline::sound::{Reading, Role};
use earmark_timeline::tag::{ClassSpan, SoundClass};
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::{DropReason, Dropped, ItemId, Origin, Utterance, Word};
use earmark_timeline::version::Version;
use std::sync::Arc;

const LETTERS: [&str; 12] = ["a", "B", "ß", "東", "\u{1f600}", "\"", "\\", "\u{1}", "é", "'", "<", "0"];
const ORIGINS: [Origin; 3] = [Origin::Machine, Origin::Chosen, Origin::Hand];
const REASONS: [DropReason; 6] = [
    DropReason::TooShort,
    DropReason::NoSpeech,
    DropReason::NonSpeech,
    DropReason::Repetition,
    DropReason::TooFast,
    DropReason::Failed,
];

/// Makes random parts of a notebook, each after the one before.
struct Maker {
    random: Random,
    at: i64,
    id: u64,
}

impl Maker {
    fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.random.below(of.len())]
    }

    fn text(&mut self) -> String {
        (0..=self.random.below(5)).map(|_| self.one_of(&LETTERS)).collect()
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.random.below(2) == 0).then(|| make(self))
    }

    fn several<T>(&mut self, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.random.below(5)).map(|_| make(self)).collect()
    }

    fn id(&mut self) -> ItemId {
        self.id += 1 + self.random.below(9) as u64;
        ItemId(self.id)
    }

    /// A time after the last one, by nothing, a tick or much more.
    fn time(&mut self) -> ProjectTime {
        self.at += [0, 1, self.random.next() as i64 >> 30][self.random.below(3)].abs();
        ProjectTime::from_ticks(self.at)
    }

    fn share(&mut self) -> f32 {
        (self.random.below(1_001) as f32) / 1_000.0
    }

    fn word(&mut self) -> Word {
        Word { text: self.text(), start: self.time(), end: self.time(), confidence: self.share() }
    }

    fn utterance(&mut self) -> Utterance {
        let (id, start) = (self.id(), self.time());
        let words = (0..=self.random.below(4)).map(|_| self.word()).collect();
        let language = self.maybe(Self::text).map(Arc::from);
        let (model, origin, end) = (self.text().into(), self.one_of(&ORIGINS), self.time());
        Utterance { id, start, end, words, language, model, origin, run: None }
    }

    fn mark(&mut self) -> Mark {
        let (id, start, end) = (self.id(), self.time(), self.time());
        let colour = self.maybe(|make| Colour([make.random.next() as u8, 0, 255]));
        let (label, origin) = (self.text(), self.one_of(&ORIGINS));
        Mark { id, start, end, label, origin, colour, run: None }
    }

    fn rule(&mut self) -> (Rule, Setting) {
        let is_on = self.random.below(2) == 0;
        (self.one_of(&Rule::ALL), Setting { is_on, threshold: self.random.below(1_000) as u16 })
    }

    fn span(&mut self) -> ClassSpan {
        let (start, end, class) = (self.time(), self.time(), self.one_of(&SoundClass::ALL));
        ClassSpan { start, end, class, probability: self.share() }
    }

    fn role(&mut self) -> RoleSpan {
        let (start, end, role) = (self.time(), self.time(), self.one_of(&Role::ALL));
        RoleSpan { start, end, role, probability: self.share() }
    }

    fn loud(&mut self) -> LoudnessSpan {
        LoudnessSpan { start: self.time(), end: self.time(), lufs: self.random.next() as i8 }
    }

    fn dropped(&mut self) -> Dropped {
        let (start, words, end) = (self.time(), self.several(Self::word), self.time());
        let language = self.maybe(Self::text).map(Arc::from);
        let (model, reason) = (self.text().into(), self.one_of(&REASONS));
        Dropped { start, end, words, language, model, reason, run: None }
    }

    fn version(&mut self) -> Version {
        let (id, start) = (self.id(), self.time());
        let utterances = (0..=self.random.below(3)).map(|_| self.utterance()).collect();
        Version { id, start, end: self.time(), utterances, by: None }
    }

    fn tempo(&mut self) -> TempoPoint {
        let number = |make: &mut Self| make.random.below(1 << 20) as f64 / 7.0;
        TempoPoint {
            time: self.time(),
            beats: number(self),
            tempo_bpm: number(self) + 1.0,
            bar_start_beats: number(self),
            bar: self.random.below(999) as i32,
            signature: (1 + self.random.below(15) as u16, 1 + self.random.below(16) as u16),
        }
    }

    fn notebook(&mut self) -> Notebook {
        let settings = Settings {
            model: self.text(),
            language: self.maybe(Self::text),
            translate: self.random.below(2) == 0,
            verbatim: self.random.below(2) == 0,
            glossary: self.several(Self::text),
            speaker: self.maybe(Self::text),
            rules: self.several(Self::rule).into_iter().collect(),
        };
        Notebook::from_parts(Parts {
            settings,
            utterances: self.several(Self::utterance),
            spans: self.several(Self::span),
            roles: self.several(Self::role),
            loudness: self.several(Self::loud),
            marks: self.several(Self::mark),
            dropped: self.several(Self::dropped),
            missed: self.several(|make| make.time()..make.time()),
            versions: self.several(Self::version),
            tempo: TempoMap::from_points(self.several(Self::tempo)),
            reading: self.maybe(|make| Reading { start: make.time(), end: make.time(), sound: sound() }),
        })
    }

    /// An edit of something that is there, as far as anything is.
    fn edit(&mut self, notebook: &Notebook) -> Edit {
        let utterances = notebook.utterances();
        let (utterance, start, end) = match utterances.len() {
            0 => (ItemId(0), ProjectTime::ZERO, ProjectTime::ZERO),
            count => {
                let said = &utterances[self.random.below(count)];
                (said.id, said.start, said.end)
            }
        };
        let marks = notebook.marks();
        let mark = if marks.is_empty() { ItemId(0) } else { marks[self.random.below(marks.len())].id };
        let dropped = notebook.dropped().first().map_or(start..end, |dropped| dropped.start..dropped.end);
        match self.random.below(12) {
            0 => Edit::Correct { utterance, text: self.text() },
            1 => Edit::Split { utterance, word: self.random.below(3) },
            2 => Edit::Merge(utterance),
            3 => Edit::Retime { utterance, start, end: end.plus(ProjectTime::from_ticks(1)) },
            4 => Edit::Delete(utterance),
            5 => Edit::AddMark { at: self.time(), label: self.text() },
            6 => Edit::RenameMark { mark, label: self.text() },
            7 => Edit::MoveMark { mark, start: self.time(), end: self.time() },
            8 => Edit::ColourMark { mark, colour: self.maybe(|_| Colour([1, 2, 3])) },
            9 => Edit::RemoveMark(mark),
            10 => Edit::Restore { start: dropped.start, end: dropped.end },
            _ => Edit::BringBack(notebook.versions().first().map_or(ItemId(0), |version| version.id)),
        }
    }
}

/// Five hundred notebooks, the same each time.
fn each(mut check: impl FnMut(&mut Maker, Notebook)) {
    for seed in 0..500 {
        let mut maker = Maker { random: Random(seed), at: 0, id: 0 };
        let notebook = maker.notebook();
        check(&mut maker, notebook);
    }
}

#[test]
fn any_notebook_comes_back_whole_and_is_saved_again_to_the_same_bytes() {
    each(|_, notebook| {
        let back = decode(&check_stable(&notebook)).expect("our own state");
        // Spans that were joined have a mean probability, which is kept in thousandths.
        let but_spans = |notebook| Parts { spans: Vec::new(), roles: Vec::new(), ..parts_of(notebook) };
        assert_eq!(but_spans(&back), but_spans(&notebook));
        assert_eq!(back.roles().len(), notebook.roles().len());
        assert_eq!(back.spans().len(), notebook.spans().len());
    });
}

#[test]
fn any_edits_taken_back_are_saved_to_the_same_bytes_as_if_they_had_never_been() {
    let mut done = 0;
    each(|maker, mut notebook| {
        let before = encode(&notebook);
        let mut history = History::default();
        for _ in 0..12 {
            let edit = maker.edit(&notebook);
            done += usize::from(history.edit(&mut notebook, &edit).is_ok());
        }
        while history.undo(&mut notebook) {}
        assert_eq!(encode(&notebook), before);
    });
    assert!(done > 1_500, "only {done} edits applied");
}
