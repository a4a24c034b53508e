use super::*;
use crate::sample::{at, podcast, said, small};
use crate::state;
use earmark_timeline::mark::{Colour, Mark};
use earmark_timeline::notebook::Parts;
use earmark_timeline::settings::Settings;
use earmark_timeline::utterance::{ItemId, Origin};
use std::path::{Path, PathBuf};

/// Where the golden file of a format lies.
fn golden(format: Format) -> PathBuf {
    let (name, extension) = (format.name(), format.extension());
    let file = if matches!(format, Format::Txt | Format::Json | Format::Srt | Format::Vtt) {
        format!("small.{extension}")
    } else {
        format!("small.{name}.{extension}")
    };
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/export/golden").join(file)
}

fn bytes(format: Format, options: &Options) -> Vec<u8> {
    write(&small(), format, options).expect("written")
}

fn text(notebook: &Notebook, format: Format, options: &Options) -> String {
    String::from_utf8(write(notebook, format, options).expect("written")).expect("UTF-8")
}

/// The formats that need no recording; the one that does has tests of its own.
fn formats() -> impl Iterator<Item = Format> {
    Format::ALL.into_iter().filter(|format| !format.needs().recording)
}

/// Compares exports of [`small`] with their golden files; with `EARMARK_BLESS` set it writes those instead.
#[test]
fn every_format_writes_its_golden_file() {
    let options = Options { source: Some("take \"1\".wav".to_owned()), ..Options::default() };
    for format in formats() {
        let written = bytes(format, &options);
        if std::env::var_os("EARMARK_BLESS").is_some() {
            save(&golden(format), &written, Existing::Replace).expect("a golden file");
        } else {
            let expected = std::fs::read(golden(format)).expect("a golden file");
            let (seen, expected) = (String::from_utf8_lossy(&written), String::from_utf8_lossy(&expected));
            assert_eq!(seen, expected, "{} differs from its golden file", format.name());
        }
    }
}

#[test]
fn an_empty_notebook_is_a_valid_file_in_every_format() {
    let empty = |format| text(&Notebook::default(), format, &Options::default());
    for format in [Format::Txt, Format::Srt, Format::Audacity, Format::YouTube] {
        assert_eq!(empty(format), "");
    }
    assert_eq!(empty(Format::Vtt), "WEBVTT\n");
    assert_eq!(empty(Format::Markdown), "# Show notes\n");
    for (format, list) in [
        (Format::Json, "utterances"),
        (Format::PodcastTranscript, "segments"),
        (Format::PodcastChapters, "chapters"),
    ] {
        let json: serde_json::Value = serde_json::from_str(&empty(format)).expect("JSON");
        assert_eq!(json[list], serde_json::json!([]));
    }
    for format in [Format::Csv, Format::Reaper, Format::Audition] {
        assert_eq!(empty(format).lines().count(), 1, "{} has its header alone", format.name());
    }
    assert!(!empty(Format::Edl).contains("001"));
    let project = write(&Notebook::default(), Format::DawProject, &Options::default()).expect("written");
    assert!(!String::from_utf8_lossy(&project).contains("<Marker"), "the schema allows no empty list");
    let midi = write(&Notebook::default(), Format::Midi, &Options::default()).expect("written");
    assert!(midi.ends_with(&[0, 0xff, 0x2f, 0]));
}

#[test]
fn hostile_text_stays_on_its_line_in_every_format() {
    let mut parts = Parts::default();
    let hostile = "1\n2\r\n3\t4\u{0}5\u{2028}6\u{85}7|\\\"'<b>&-->,;=\u{202e}🎙";
    for (index, origin) in [Origin::Machine, Origin::Hand].into_iter().enumerate() {
        let (start, label) = (at(10.0 * index as f64), hostile.to_owned());
        parts.marks.push(Mark {
            id: ItemId(index as u64 + 1),
            start,
            end: start,
            label,
            origin,
            colour: None,
            run: None,
        });
    }
    let notebook = Notebook::from_parts(parts);
    let options = Options {
        include: Some(Include::SPOKEN_AND_MARKED),
        source: Some(hostile.to_owned()),
        ..Options::default()
    };
    // A header's lines, and the lines of one mark.
    for (format, head, each) in [
        (Format::Csv, 1, 1),
        (Format::Reaper, 1, 1),
        (Format::Audacity, 0, 1),
        (Format::Audition, 1, 1),
        (Format::Rx, 2, 1),
        (Format::Edl, 2, 3),
        (Format::YouTube, 0, 1),
        (Format::Markdown, 4, 1),
    ] {
        let written = text(&notebook, format, &options);
        assert_eq!(written.split('\n').count(), head + 2 * each + 1, "{}:\n{written}", format.name());
        let odd = |letter: char| letter.is_control() && letter != '\n' && letter != '\t';
        assert!(!written.contains(odd), "{}:\n{written:?}", format.name());
    }
    assert!(text(&notebook, Format::Edl, &options).is_ascii());
}

#[test]
fn captions_take_the_width_that_is_asked_for() {
    let narrow = Options { captions: CaptionWidth::Narrow, ..Options::default() };
    for format in [Format::Srt, Format::Vtt] {
        let written = text(&podcast(0.05), format, &narrow);
        let longest =
            written.lines().filter(|line| !line.starts_with("NOTE")).map(|line| line.chars().count());
        assert!(longest.max() <= Some(32), "{}", format.name());
    }
}

#[test]
fn a_video_s_frame_rate_and_start_show_in_the_edl() {
    let edl = |rate, seconds| {
        let frame_rate = FrameRate::from_name(rate).expect("a rate");
        let start_timecode = StartTimecode::new(seconds).expect("a timecode");
        text(&small(), Format::Edl, &Options { frame_rate, start_timecode, ..Options::default() })
    };
    assert!(edl("25", 3_600).contains("01:00:02:00 01:00:02:01 01:00:02:00 01:00:02:01"));
    assert!(edl("25", 0).contains("00:00:02:00 00:00:02:01"));
    let drop = edl("29.97df", 3_600);
    assert!(drop.contains("FCM: DROP FRAME\n") && drop.contains("02:02:03;15"), "{drop}");
}

#[test]
fn chapters_for_a_video_begin_at_zero_and_are_long_enough() {
    let mark = |id, seconds: f64, label: &str| Mark {
        id: ItemId(id),
        start: at(seconds),
        end: at(seconds),
        label: label.to_owned(),
        origin: Origin::Hand,
        colour: None,
        run: None,
    };
    let check = |marks: Vec<Mark>, expected: &str| {
        let notebook = Notebook::from_parts(Parts { marks, ..Parts::default() });
        assert_eq!(text(&notebook, Format::YouTube, &Options::default()), expected);
    };
    check(vec![mark(1, 4.0, "Hello"), mark(2, 3_700.5, "<End>")], "00:00 Hello\n1:01:40 ‹End›\n");
    check(
        vec![mark(1, 60.0, "One"), mark(2, 64.0, "Two"), mark(3, 70.0, "Three")],
        "00:00 Start\n01:00 One · Two\n01:10 Three\n",
    );
}

#[test]
fn an_export_to_a_file_is_what_was_written_and_a_recording_is_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a");
    for format in formats() {
        let options = Options::default();
        export(&small(), format, &options, &path, Existing::Replace).expect("written");
        assert_eq!(std::fs::read(&path).expect("there"), bytes(format, &options));
    }
    let refused = export(&small(), Format::Wav, &Options::default(), &path, Existing::Replace);
    assert!(matches!(refused, Err(ExportError::NoRecording)));
    assert!(matches!(write(&small(), Format::Wav, &Options::default()), Err(ExportError::FileOnly)));
}

#[test]
fn who_speaks_is_told_wherever_there_is_room() {
    let names = [(ItemId(2), "Anna <A>".into()), (ItemId(4), "Bob".into())].into();
    let options = Options { speakers: Speakers { named: names, otherwise: None }, ..Options::default() };
    let usual = |format: Format| !matches!(format, Format::PodcastChapters | Format::YouTube);
    for format in formats().filter(|format| usual(*format)) {
        let written = String::from_utf8_lossy(&bytes(format, &options)).into_owned();
        assert!(written.contains("Anna") && written.contains("Bob"), "{}:\n{written}", format.name());
    }
    assert!(text(&small(), Format::Vtt, &options).contains("<v Anna &lt;A&gt;>It was"));
    assert!(text(&small(), Format::Vtt, &options).contains("<v.hand Bob>Fish"));
    // Who speaks otherwise is whoever is named for nothing else.
    let options =
        Options { speakers: Speakers { otherwise: Some("Cleo".into()), ..options.speakers }, ..options };
    let voices = text(&small(), Format::Vtt, &options);
    let count = |name: &str| voices.matches(name).count();
    assert_eq!((count("Anna &lt;A&gt;>") > 0, count("Bob>")), (true, 1));
    assert_eq!(count("<v"), voices.matches("-->").count(), "{voices}");
}

#[test]
fn formats_have_their_own_names_and_are_found_by_them() {
    for format in Format::ALL {
        assert_eq!(Format::from_name(format.name()), Some(format));
        assert!(!format.describe().contains('\n') && !format.extension().contains('.'));
    }
    assert_eq!(Format::from_name("doc"), None);
}

#[test]
fn json_is_the_same_before_a_save_and_after_a_load() {
    let notebook = podcast(0.05);
    let back = state::decode(&state::encode(&notebook)).expect("our own state");
    let json = |notebook| text(notebook, Format::Json, &Options::default());
    // The one figure that is a mean may round to the other side.
    let words = |text: String| {
        let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let utterances = json["utterances"].as_array().expect("a list").clone();
        utterances.into_iter().map(|utterance| utterance["words"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(words(json(&notebook)), words(json(&back)));
}

#[test]
fn line_breaks_inside_words_break_no_format() {
    assert_eq!(one_line(" a\n\nb\t\u{7}c\u{2028}d\r "), "a b c d");
    assert_eq!(one_line("\u{0} \u{1}"), "");
}

#[test]
fn hesitations_are_hidden_unless_the_session_is_verbatim() {
    let notebook = |verbatim| {
        let settings = Settings { verbatim, ..Settings::default() };
        let utterances = vec![said(1, 0.0, 3.0, "So um I went"), said(2, 4.0, 5.0, "Uh")];
        Notebook::from_parts(Parts { settings, utterances, ..Parts::default() })
    };
    let check = |format, verbatim, expected: &str| {
        let written = text(&notebook(verbatim), format, &Options::default());
        assert!(written.contains(expected), "{}: {written}", format.name());
    };
    assert_eq!(text(&notebook(false), Format::Txt, &Options::default()), "So I went\n");
    for format in [Format::Srt, Format::Audacity, Format::Reaper, Format::Markdown] {
        check(format, false, "So I went");
        check(format, true, "So um I went");
    }
    check(Format::Json, false, "So um I went");
}

#[test]
fn a_colour_that_a_person_gave_is_kept() {
    let (start, end, label) = (at(1.0), at(1.0), "x".to_owned());
    let colour = Some(Colour([1, 0xab, 0xff]));
    let mark = Mark { id: ItemId(1), start, end, label, origin: Origin::Hand, colour, run: None };
    let notebook = Notebook::from_parts(Parts { marks: vec![mark], ..Parts::default() });
    for format in [Format::Json, Format::Reaper, Format::DawProject] {
        let written = write(&notebook, format, &Options::default()).expect("written");
        assert!(String::from_utf8_lossy(&written).contains("01ABFF"), "{}", format.name());
    }
}
