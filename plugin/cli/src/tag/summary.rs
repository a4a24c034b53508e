//! What was heard in a recording, in a line.

use earmark_archive::export::clock;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::script;
use earmark_timeline::sound::Sound;
use earmark_timeline::tag::SoundClass;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// How many letters of what was said are quoted.
const QUOTED: usize = 200;
/// What stands where nothing is known.
const UNKNOWN: &str = "–";

/// What was heard in a recording.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Summary {
    length_ms: i64,
    /// The share of each class, from 0 to 1, in the order of [`SoundClass::ALL`]; `None` if none was heard.
    shares: Option<[f64; SoundClass::ALL.len()]>,
    words: usize,
    language: Option<String>,
    sound: Option<Sound>,
    /// How what was said begins; empty if nothing was.
    pub(crate) opening: String,
}

impl Summary {
    /// Sums up a notebook of a recording of `audio_ms`, and what was measured of it, where that is known.
    pub(crate) fn new(notebook: &Notebook, audio_ms: Option<u64>, sound: Option<Sound>) -> Self {
        let utterances = notebook.utterances();
        let ends = notebook.spans().iter().map(|span| span.end).chain(utterances.iter().map(|said| said.end));
        let length_ms = audio_ms.and_then(|ms| i64::try_from(ms).ok());
        let length_ms = length_ms.unwrap_or_else(|| ends.max().unwrap_or_default().milliseconds());
        let mut languages: BTreeMap<&str, usize> = BTreeMap::new();
        for said in utterances {
            if let Some(language) = said.language.as_deref() {
                *languages.entry(language).or_default() += said.words.len();
            }
        }
        let most_spoken = languages.into_iter().max_by_key(|(_, words)| *words);
        Self {
            length_ms,
            shares: notebook.class_shares(),
            words: utterances.iter().map(|said| said.words.len()).sum(),
            language: most_spoken.map(|(language, _)| language.to_owned()),
            sound,
            opening: opening(notebook),
        }
    }

    /// The class that fills most of it.
    pub(crate) fn main_class(&self) -> Option<SoundClass> {
        self.by_share().first().map(|(class, _)| *class)
    }

    /// The classes by their shares, the words, the language: `speech 62 %, music 38 %; 124 words, en`.
    pub(crate) fn line(&self) -> String {
        let classes: Vec<String> = self
            .by_share()
            .iter()
            .filter(|(_, share)| *share >= 0.005)
            .map(|(class, share)| format!("{} {:.0} %", class.name(), share * 100.0))
            .collect();
        let words = match (self.words, &self.language) {
            (0, _) => "no words".to_owned(),
            (1, None) => "1 word".to_owned(),
            (1, Some(language)) => format!("1 word, {language}"),
            (words, None) => format!("{words} words"),
            (words, Some(language)) => format!("{words} words, {language}"),
        };
        if classes.is_empty() { words } else { format!("{}; {words}", classes.join(", ")) }
    }

    /// How long the recording is.
    pub(crate) fn length(&self) -> String {
        clock::spoken(self.length_ms)
    }

    /// What plays, one-shot or loop, programme loudness in LUFS, tempo and key, as far as they are sure enough to be shown.
    fn measures(&self) -> [String; 5] {
        let sound = self.sound.as_ref();
        let loudness = sound.and_then(|sound| sound.loudness.integrated_lufs);
        let (tempo, key) = sound.map(|sound| sound.shown(self.shares.as_ref())).unwrap_or_default();
        [
            self.role(),
            sound.and_then(|sound| sound.form).map(|form| form.name().to_owned()),
            loudness.map(|lufs| format!("{lufs:.1}")),
            tempo.map(|tempo| format!("{:.0}", tempo.bpm)),
            key.map(|key| key.scale.to_string()),
        ]
        .map(|text| text.unwrap_or_else(|| UNKNOWN.to_owned()))
    }

    /// What plays and how probable that is: `bass 92 %`, `guitar 61 %, clean`.
    fn role(&self) -> Option<String> {
        let sound = self.sound.as_ref()?;
        let stem = sound.stem.as_ref()?;
        let (_, probability) = stem.likely.first()?;
        let Some(role) = stem.role else { return Some("not sure".to_owned()) };
        let drive = sound.drive.map(|drive| format!(", {}", drive.name())).unwrap_or_default();
        Some(format!("{} {:.0} %{drive}", role.name(), probability * 100.0))
    }

    /// The largest share first.
    fn by_share(&self) -> Vec<(SoundClass, f64)> {
        let mut shares: Vec<_> = SoundClass::ALL.into_iter().zip(self.shares.into_iter().flatten()).collect();
        shares.sort_by(|one, other| other.1.total_cmp(&one.1));
        shares
    }
}

/// Whole words, as many as fit.
fn opening(notebook: &Notebook) -> String {
    let words = notebook.utterances().iter().flat_map(|said| &said.words).map(|word| word.text.as_str());
    let mut letters = 0;
    let mut is_cut = false;
    let kept = words.take_while(|word| {
        letters += word.chars().count() + 1;
        is_cut = letters > QUOTED;
        !is_cut
    });
    let mut text = script::join(kept);
    if is_cut {
        text.push('…');
    }
    text
}

/// A table with one line a recording.
pub(super) struct Table {
    widest: usize,
}

impl Table {
    /// A table for these recordings.
    pub(super) fn new(files: &BTreeSet<PathBuf>) -> Self {
        let widths = files.iter().map(|file| file.display().to_string().chars().count());
        Self { widest: widths.max().unwrap_or(0) }
    }

    /// Its first line.
    pub(super) fn head(&self) -> String {
        self.line(
            "file",
            "length",
            &SoundClass::ALL.map(|class| class.name().to_owned()),
            &["plays", "form", "LUFS", "bpm", "key"].map(str::to_owned),
            "words",
            "language",
        )
    }

    /// The line of one recording.
    pub(super) fn row(&self, file: &Path, summary: &Summary) -> String {
        let shares = match summary.shares {
            Some(shares) => shares.map(|share| format!("{:.0} %", share * 100.0)),
            None => SoundClass::ALL.map(|_| UNKNOWN.to_owned()),
        };
        let language = summary.language.as_deref().unwrap_or(UNKNOWN);
        let (file, words) = (file.display().to_string(), summary.words.to_string());
        self.line(&file, &summary.length(), &shares, &summary.measures(), &words, language)
    }

    fn line(
        &self,
        file: &str,
        length: &str,
        shares: &[String],
        [role, form, lufs, bpm, key]: &[String; 5],
        words: &str,
        language: &str,
    ) -> String {
        let shares: String = shares.iter().map(|share| format!("{share:>9}")).collect();
        let width = self.widest;
        format!(
            "{file:<width$}  {length:>8}{shares}  {role:<22}  {form:<8}  {lufs:>6}  {bpm:>4}  {key:<8}  {words:>6}  {language}\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use earmark_timeline::notebook::Parts;
    use earmark_timeline::sound::{Drive, Form, Key, Loudness, Role, Scale, Stem, Tempo};
    use earmark_timeline::tag::ClassSpan;
    use earmark_timeline::units::ProjectTime;
    use earmark_timeline::utterance::{ItemId, Origin, Utterance, Word};
    use std::sync::Arc;

    /// Its tempo is sure enough to be shown, its key is not.
    fn sound() -> Sound {
        Sound {
            loudness: Loudness { integrated_lufs: Some(-16.3), ..Loudness::default() },
            tempo: Some(Tempo {
                bpm: 90.2,
                other_bpm: 180.4,
                confidence: 0.5,
                first_beat: ProjectTime::ZERO,
            }),
            key: Some(Key {
                scale: Scale::new(0, false),
                runner_up: Scale::new(9, true),
                confidence: 0.4,
                tuning_cents: 0.0,
            }),
            form: Some(Form::Loop),
            drive: Some(Drive::Clean),
            stem: Some(Stem {
                role: Some(Role::Guitar),
                likely: vec![(Role::Guitar, 0.83)],
                tags: Vec::new(),
            }),
        }
    }

    fn at(seconds: f64) -> ProjectTime {
        ProjectTime::from_seconds(seconds)
    }

    fn notebook(spans: &[(SoundClass, f64)], said: &[(&str, &str)]) -> Notebook {
        let mut parts = Parts::default();
        let mut start = 0.0;
        for (class, length) in spans {
            let (from, end) = (at(start), at(start + length));
            parts.spans.push(ClassSpan { start: from, end, class: *class, probability: 0.9 });
            start += length;
        }
        for ((text, language), id) in said.iter().zip(1_u32..) {
            let (start, end) = (at(f64::from(id)), at(f64::from(id + 1)));
            let word = |text: &str| Word { text: text.to_owned(), start, end, confidence: 0.9 };
            parts.utterances.push(Utterance {
                id: ItemId(u64::from(id)),
                start,
                end,
                words: text.split(' ').map(word).collect(),
                language: (!language.is_empty()).then(|| Arc::from(*language)),
                model: Arc::from("m"),
                origin: Origin::Machine,
                run: None,
            });
        }
        Notebook::from_parts(parts)
    }

    fn check(spans: &[(SoundClass, f64)], said: &[(&str, &str)], line: &str, row: &str) {
        let summary = Summary::new(&notebook(spans, said), None, Some(sound()));
        assert_eq!(summary.line(), line);
        assert_eq!(Table { widest: 4 }.row(Path::new("a"), &summary), row);
    }

    #[test]
    fn a_recording_is_summed_up_in_a_line() {
        let (speech, music) = (SoundClass::Speech, SoundClass::Music);
        check(
            &[],
            &[],
            "no words",
            "a        00:00        –        –        –        –        –  guitar 83 %, clean      loop       -16.3    90  –              0  –\n",
        );
        check(
            &[(music, 6.0), (speech, 2.0), (music, 92.0)],
            &[("Hi there you", "en"), ("Hallo", "de")],
            "music 98 %, speech 2 %; 4 words, en",
            "a        01:40      2 %      0 %     98 %      0 %      0 %  guitar 83 %, clean      loop       -16.3    90  –              4  en\n",
        );
        check(
            &[(speech, 4.0)],
            &[("Hi", "")],
            "speech 100 %; 1 word",
            "a        00:04    100 %      0 %      0 %      0 %      0 %  guitar 83 %, clean      loop       -16.3     –  –              1  –\n",
        );
    }

    #[test]
    fn the_length_is_the_recordings_where_it_is_known() {
        let notebook = notebook(&[(SoundClass::Other, 4.0)], &[]);
        assert_eq!(Summary::new(&notebook, Some(3_661_000), None).length(), "1:01:01");
        assert_eq!(Summary::new(&notebook, None, None).main_class(), Some(SoundClass::Other));
    }

    #[test]
    fn what_is_quoted_ends_with_a_word() {
        let long = ["word"; 100].join(" ");
        let quoted = |text: &str| Summary::new(&notebook(&[], &[(text, "en")]), None, None).opening;
        assert_eq!(quoted("Hi there."), "Hi there.");
        assert!(quoted(&long).ends_with("word word…") && quoted(&long).chars().count() <= QUOTED);
    }
}
