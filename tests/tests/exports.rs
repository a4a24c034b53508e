//! The exports in readers that are not ours, from PyPI, into a folder below the target folder: each finds
//! the marks at the times that they were given, within what its format can tell apart.

use earmark_archive::export::{self, Existing, Format, Include, Options};
use earmark_tests::fixtures;
use earmark_timeline::mark::Mark;
use earmark_timeline::notebook::{Notebook, Parts};
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::{ItemId, Origin, Utterance, Word};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The readers and their hashes; pip takes no other file.
const REQUIREMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/exports/requirements.txt");
/// What one of them needs, a wheel of each platform's own.
const BINARY: &str = "lxml==6.0.2";
/// Reads everything.
const SCRIPT: &str = include_str!("exports/readers.py");

/// Start, end and text of what was written, in seconds.
const TOLD: [(f64, f64, &str); 5] = [
    (0.5, 3.25, "It was the best of times, it was the worst of times."),
    (4.0, 6.125, "Fish & <chips>, \"twice\"; 50 % off"),
    (10.0, 10.0, "A mark, with a comma"),
    (61.001, 75.5, "A region | with a bar"),
    (3723.999, 3723.999, "#1 = last"),
];

/// Start, end where the reader knows one, and text of what was read, in seconds.
type Entry = (f64, Option<f64>, String);

fn notebook() -> Notebook {
    let at = ProjectTime::from_seconds;
    let mut parts = Parts::default();
    for ((start, end, text), id) in TOLD.into_iter().zip(1..) {
        let (id, start, end) = (ItemId(id), at(start), at(end));
        if id.0 <= 2 {
            let texts: Vec<&str> = text.split(' ').collect();
            let length = end.minus(start).seconds() / texts.len() as f64;
            let time = |place: usize| start.plus(at(length * place as f64));
            let word = |(place, text): (usize, &&str)| Word {
                text: (*text).to_owned(),
                start: time(place),
                end: time(place + 1),
                confidence: 0.9,
            };
            let words = texts.iter().enumerate().map(word).collect();
            let (language, model, origin, run) = (None, "whisper-tiny.en".into(), Origin::Machine, None);
            parts.utterances.push(Utterance { id, start, end, words, language, model, origin, run });
        } else {
            let (label, origin, colour) = (text.to_owned(), Origin::Hand, None);
            parts.marks.push(Mark { id, start, end, label, origin, colour, run: None });
        }
    }
    Notebook::from_parts(parts)
}

/// What a reader must find: how many of [`TOLD`], whether it knows ends, and to what it is exact.
fn expected(format: Format) -> Option<(usize, bool, f64)> {
    match format {
        Format::Srt | Format::Vtt | Format::PodcastTranscript => Some((2, true, 0.0005)),
        Format::Reaper | Format::Csv | Format::Audition => Some((5, true, 0.0005)),
        Format::Audacity => Some((5, true, 0.000_001)),
        Format::DawProject => Some((5, false, 0.000_001)),
        // A frame of film.
        Format::Edl => Some((5, false, 0.5 / 24.0 + 1e-6)),
        // A tick at 120 a minute.
        Format::Midi => Some((5, false, 0.5 / 1_920.0 + 1e-6)),
        // A frame, of a recording that ends before the last two.
        Format::Wav => Some((3, true, 0.5 / 8_000.0 + 1e-9)),
        _ => None,
    }
}

#[test]
fn readers_of_others_find_every_mark_at_its_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let recording = folder.path().join("recording.wav");
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 8_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut wav = hound::WavWriter::create(&recording, spec).expect("a file");
    (0..60 * 8_000_i32).for_each(|i| wav.write_sample(i.wrapping_mul(7_919) as i16).expect("written"));
    wav.finalize().expect("written");
    let checked: Vec<Format> = Format::ALL.into_iter().filter(|format| expected(*format).is_some()).collect();
    for format in &checked {
        let spoken = matches!(format, Format::Srt | Format::Vtt | Format::PodcastTranscript);
        let include = Include { marks: !spoken, ..Include::SPOKEN_AND_MARKED };
        let options =
            Options { include: Some(include), recording: Some(recording.clone()), ..Options::default() };
        let name = match format {
            Format::PodcastTranscript => "podcast-transcript.json".to_owned(),
            _ => format!("{}.{}", format.name(), format.extension()),
        };
        export::export(&notebook(), *format, &options, &folder.path().join(name), Existing::Keep)
            .expect("exported");
    }
    let output = Command::new(environment()).arg("-c").arg(SCRIPT).arg(folder.path()).output();
    let output = output.expect("python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Vec<(String, Vec<Entry>)> =
        serde_json::from_slice(&output.stdout).expect("what the script prints");
    assert_eq!(found.len(), checked.len());
    for (name, entries) in found {
        let format = Format::from_name(&name).expect("a format");
        let (count, has_end, exact) = expected(format).expect("a format that is checked");
        assert_eq!(entries.len(), count, "{name}: {entries:?}");
        for ((start, end, text), told) in entries.iter().zip(TOLD) {
            // Bars part the fields of Resolve's list.
            let said = if format == Format::Edl { told.2.replace('|', "/") } else { told.2.to_owned() };
            assert_eq!(*text, said, "{name}");
            assert!((start - told.0).abs() <= exact, "{name}: {start} is not {}", told.0);
            assert_eq!(end.is_some(), has_end, "{name}");
            // A caption stands longer than it was said where it could not be read otherwise.
            let longer = matches!(format, Format::Srt | Format::Vtt);
            let late = end.map_or(0.0, |end| end - told.1);
            assert!(late >= -2.0 * exact && (longer || late <= 2.0 * exact), "{name}: {end:?}, {told:?}");
        }
    }
}

/// The Python of an environment that has the readers; made on first use, kept for the next.
fn environment() -> PathBuf {
    let folder = fixtures::target().join("exports");
    let python = folder.join("bin/python");
    let has_readers = || {
        let import =
            Command::new(&python).args(["-c", "import mido, pycmx, pysrt, wavinfo, webvtt"]).output();
        import.is_ok_and(|output| output.status.success())
    };
    if !has_readers() {
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"];
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder));
        run(Command::new(&python).args(pip).args(["--require-hashes", "--requirement", REQUIREMENTS]));
        run(Command::new(&python).args(pip).args(["--only-binary", ":all:", BINARY]));
        assert!(has_readers(), "the readers do not import from {}", folder.display());
    }
    python
}

fn run(command: &mut Command) {
    let name = Path::new(command.get_program()).display().to_string();
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{name} does not start ({error}); `cargo xtask setup` installs it"));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name} failed: {text}");
}
