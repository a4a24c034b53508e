use super::*;
use crate::export::{self, Cost, Format, Include, Making, Options, Recording, Speech};
use crate::sample::{Random, at, podcast, small, sound};
use earmark_timeline::settings::Settings;

fn written(notebook: &Notebook, format: Format, options: &Options) -> Vec<u8> {
    export::write(notebook, format, options).expect("written")
}

fn imported(source: Source, contents: &[u8]) -> Imported {
    read(source, contents).unwrap_or_else(|error| panic!("{error}\n{}", String::from_utf8_lossy(contents)))
}

/// Start and end in the format's unit, and text, of everything that was read.
fn entries(imported: &Imported, per_second: f64) -> Vec<(i64, i64, String)> {
    let unit = |time: ProjectTime| (time.seconds() * per_second).round() as i64;
    let said = imported.notebook.utterances().iter().map(|said| (said.start, said.end, said.text()));
    let marked = imported.notebook.marks().iter().map(|mark| (mark.start, mark.end, mark.label.clone()));
    said.chain(marked).map(|(start, end, text)| (unit(start), unit(end), text)).collect()
}

fn refused(source: Source, contents: &str, line: Option<usize>, problem: &str) {
    let error = read(source, contents.as_bytes()).expect_err(contents);
    assert_eq!(error.line, line, "{error}");
    assert!(error.to_string().contains(problem), "{error}");
}

/// Marks anywhere, of any text that a format can hold on one line.
fn marks(random: &mut Random) -> Notebook {
    let mut parts = Parts::default();
    for id in 1..=random.below(40) as u64 {
        let start = at(random.below(5_000_000) as f64 / 1_000.0);
        let length = if random.below(2) == 0 { 0 } else { random.below(90_000) };
        let letters = ["a", "é", "東", ",", "\"", "|", "<", " ", "'", ";", "1", "\\", "#", "=", "🎙"];
        let middle: String = (0..random.below(30)).map(|_| letters[random.below(letters.len())]).collect();
        let label = format!("x{middle}x").split_whitespace().collect::<Vec<_>>().join(" ");
        let end = start.plus(at(length as f64 / 1_000.0));
        let (id, origin) = (ItemId(id), Origin::Hand);
        parts.marks.push(Mark { id, start, end, label, origin, colour: None, run: None });
    }
    Notebook::from_parts(parts)
}

#[test]
fn marks_come_back_from_labels_and_from_markers() {
    let mut random = Random(11);
    let whole = |notebook| Imported { notebook, ..Imported::default() };
    for _ in 0..300 {
        let notebook = marks(&mut random);
        let expected = entries(&whole(notebook.clone()), 1_000.0);
        for (format, source) in [(Format::Audacity, Source::Audacity), (Format::Reaper, Source::Reaper)] {
            let back = imported(source, &written(&notebook, format, &Options::default()));
            assert_eq!(entries(&back, 1_000.0), expected, "{}", format.name());
            assert!(back.notebook.marks().iter().all(|mark| mark.origin == Origin::Hand));
        }
    }
}

#[test]
fn captions_come_back_as_utterances_made_by_hand() {
    let speakers = Speakers { otherwise: Some("A & B".into()), ..Speakers::default() };
    for (format, source) in [(Format::Srt, Source::Srt), (Format::Vtt, Source::Vtt)] {
        for notebook in [small(), podcast(0.1)] {
            let first = imported(source, &written(&notebook, format, &Options::default()));
            assert!(first.notebook.utterances().iter().all(|said| said.origin == Origin::Hand));
            assert!(first.notebook.utterances().iter().all(|said| !said.words.is_empty()));
            let again = imported(source, &written(&first.notebook, format, &Options::default()));
            // What a caption says is a caption again, at the same times.
            assert_eq!(entries(&again, 1_000.0), entries(&first, 1_000.0));
            let letters = |text: String| text.replace("-->", "→").split_whitespace().collect::<String>();
            let said = |notebook: &Notebook| {
                letters(notebook.utterances().iter().map(|said| said.text() + " ").collect())
            };
            assert_eq!(said(&first.notebook), said(&notebook));
        }
    }
    let options = Options { speakers, ..Options::default() };
    let back = imported(Source::Vtt, &written(&podcast(0.1), Format::Vtt, &options));
    assert!(
        back.notebook.utterances().iter().all(|said| &**back.speakers.of(said).expect("a name") == "A & B")
    );
}

#[test]
fn our_json_comes_back_as_it_was() {
    let speakers = Speakers { named: [(ItemId(2), "Anna".into())].into(), otherwise: None };
    let cost = Cost {
        audio_ms: 61_001,
        cpu_ms: 1_999,
        models_ms: [("whisper-tiny.en".to_owned(), 1_500)].into(),
        millijoules: 12_345,
        measured: true,
    };
    let (bytes, modified_ms, audio_sha256) = (5 << 30, 1_795_392_000_123, "ab12".to_owned());
    let made = Making {
        date: Some("2026-11-22".to_owned()),
        sha256: [("whisper-tiny.en".to_owned(), "cd34".to_owned())].into(),
        cost: Some(cost),
        recording: Some(Recording { bytes, modified_ms, audio_sha256 }),
    };
    let (source, made) = (Some("a.wav".to_owned()), Some(made));
    let sound = Some(sound());
    let options = Options {
        source,
        speakers: speakers.clone(),
        made: made.clone(),
        sound: sound.clone(),
        ..Options::default()
    };
    let mut named = small();
    named.set_settings(Settings { speaker: Some("Bob".to_owned()), ..named.settings().clone() });
    for notebook in [small(), podcast(0.2), named] {
        let json = written(&notebook, Format::Json, &options);
        let back = imported(Source::Json, &json);
        assert_eq!(back.source.as_deref(), Some("a.wav"));
        assert_eq!(back.speakers, speakers);
        assert_eq!((back.made.as_ref(), &back.sound), (made.as_ref(), &sound));
        let origins = |notebook: &Notebook| {
            notebook.utterances().iter().map(|said| (said.id, said.origin)).collect::<Vec<_>>()
        };
        assert_eq!(origins(&back.notebook), origins(&notebook));
        // The mean of rounded confidences may round to the other side; the rest is the same text.
        let words = |json: &[u8]| {
            let text = String::from_utf8_lossy(json).into_owned();
            text.lines().map(|line| line.split("\"words\"").last().map(str::to_owned)).collect::<Vec<_>>()
        };
        assert_eq!(words(&written(&back.notebook, Format::Json, &options)), words(&json));
    }
}

#[test]
fn json_without_words_gets_them_from_its_text() {
    let include = Some(Include { speech: Speech::Utterances, ..Include::EVERYTHING });
    let json = written(&small(), Format::Json, &Options { include, ..Options::default() });
    let back = imported(Source::Json, &json);
    let texts = |notebook: &Notebook| notebook.utterances().iter().map(Utterance::text).collect::<Vec<_>>();
    assert_eq!(texts(&back.notebook), texts(&small()));
}

#[test]
fn other_programs_ways_are_understood() {
    let srt = "\u{feff}1\r\n0:00:01,5 --> 0:00:02,000  X1:40\r\nHello\r\nthere\r\n2\r\n00:00:03.000 --> 00:00:04.000\r\nyou";
    assert_eq!(
        entries(&imported(Source::Srt, srt.as_bytes()), 10.0),
        [(15, 20, "Hello there 2".to_owned()), (30, 40, "you".to_owned())]
    );
    let vtt = "WEBVTT - a title\nKind: captions\n\nSTYLE\n::cue {}\n\nid\n01.000 --> 00:02.000 align:start\n<v.loud Anna>Hi <i>you</i> &amp; me</v>\n";
    assert!(read(Source::Vtt, vtt.as_bytes()).is_ok());
    let back = imported(Source::Vtt, vtt.as_bytes());
    assert_eq!(entries(&back, 1.0), [(1, 2, "Hi you & me".to_owned())]);
    assert_eq!(back.speakers.named.values().map(|name| &**name).collect::<Vec<_>>(), ["Anna"]);
    let labels = "1.0\t2.5\ta\tb\n\\\t100\t200\n3\t3\t\n";
    assert_eq!(
        entries(&imported(Source::Audacity, labels.as_bytes()), 2.0),
        [(2, 5, "a\tb".to_owned()), (6, 6, String::new())]
    );
    let table = "#,Name,Start,End,Length\r\nR1,\"a \"\"b\"\"\nc\",0:01,1:02.5,\r\n\r\nM1,x,5,,";
    assert_eq!(
        entries(&imported(Source::Reaper, table.as_bytes()), 2.0),
        [(2, 125, "a \"b\"\nc".to_owned()), (10, 10, "x".to_owned())]
    );
}

#[test]
fn what_cannot_be_read_names_its_line_and_the_remedy() {
    refused(Source::Srt, "1\n00:00:01,000 --> soon\nHi\n", Some(2), "\"soon\" is no time");
    refused(Source::Srt, "1\n00:00:03,000 --> 00:00:01,000\nHi\n", Some(2), "ends before it starts");
    refused(Source::Srt, "just some text", None, "choose a caption file");
    refused(Source::Vtt, "1\n00:00:01.000 --> 00:00:02.000\nHi", Some(1), "does not begin with WEBVTT");
    refused(Source::Audacity, "1\t2\tok\n1;2;label", Some(2), "\"1;2;label\" is no time");
    refused(Source::Audacity, "1\t9999999\tlate", Some(1), "1,000 hours");
    refused(Source::Reaper, "a,b\n1,2", Some(1), "no column \"Name\"");
    refused(Source::Reaper, "#,Name,Start,End\nM1,x,1.1.00,\n", Some(2), "is no time in seconds");
    refused(Source::Reaper, "#,Name,Start\nM1,\"x,1\n", Some(2), "never closed");
    refused(Source::Json, "{\n\"format\": \"earmark\",\n\"version\": }", Some(3), "export the file");
    refused(Source::Json, "[1, 2]", Some(1), "not what Earmark writes");
    refused(Source::Json, "{\"version\": \"1.0.0\"}", Some(1), "not what Earmark writes");
    refused(Source::Json, "{}", None, "not Earmark's");
    refused(Source::Json, "{\"format\": \"earmark\", \"version\": 2}", None, "newer");
    let long = format!("1\t2\t{}", "x".repeat(LONGEST_TEXT + 1));
    refused(Source::Audacity, &long, Some(1), "too long");
    let many = "1\t1\tx\n".repeat(MOST_ITEMS + 1);
    refused(Source::Audacity, &many, Some(MOST_ITEMS + 1), "split the file");
}

#[test]
fn nothing_panics_whatever_the_bytes() {
    let mut random = Random(23);
    let samples: Vec<(Source, Vec<u8>)> = [
        (Source::Json, Format::Json),
        (Source::Srt, Format::Srt),
        (Source::Vtt, Format::Vtt),
        (Source::Audacity, Format::Audacity),
        (Source::Reaper, Format::Reaper),
    ]
    .map(|(source, format)| (source, written(&small(), format, &Options::default())))
    .into();
    let pieces =
        ["-->", "\n\n", "\"", "\t", "<v", ">", "&", "9999999999", "-", ":", "1e308", "null", "\u{feff}"];
    let mut read_well = 0;
    for round in 0..10_000 {
        let (source, sample) = &samples[round % samples.len()];
        let mut bytes = if random.below(8) == 0 {
            (0..random.below(300)).map(|_| random.next() as u8).collect()
        } else {
            sample.clone()
        };
        for _ in 0..random.below(4) {
            let at = random.below(bytes.len() + 1);
            match random.below(3) {
                0 => bytes.truncate(at),
                1 => drop(bytes.splice(at..at, pieces[random.below(pieces.len())].bytes())),
                _ if at < bytes.len() => bytes[at] = random.next() as u8,
                _ => bytes.push(random.next() as u8),
            }
        }
        if let Ok(back) = read(*source, &bytes) {
            read_well += 1;
            // What was read can be written, in any format and in the saved state.
            let format = Format::ALL[round % (Format::ALL.len() - 1)];
            assert!(export::write(&back.notebook, format, &Options::default()).is_ok());
            crate::state::decode(&crate::state::encode(&back.notebook)).expect("our own state");
        }
    }
    assert!(read_well > 1_000, "{read_well} of 10,000 were read: too few to try the rest");
}
