//! Whole folders through the command-line tool: what is heard, written beside and into recordings, and found again;
//! and what is left when the program is killed while it writes.

use earmark_archive::export::{self, Cost, Existing, Format, Making, Options, Recording};
use earmark_archive::import::{self, Source};
use earmark_engine::decode;
use earmark_models::Sha256;
use earmark_tests::audio::Clip;
use earmark_tests::fixtures;
use earmark_timeline::notebook::{Notebook, Parts};
use earmark_timeline::tag::{ClassSpan, SoundClass};
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::{ItemId, Origin, Utterance, Word};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::UNIX_EPOCH;

#[cfg(unix)]
#[path = "folders/killed.rs"]
mod killed;
#[cfg(unix)]
#[path = "folders/watched.rs"]
mod watched;

fn earmark(arguments: &[&str]) -> Command {
    let mut command = Command::new(fixtures::program("earmark"));
    command.args(arguments);
    command
}

fn output(arguments: &[&str]) -> Output {
    earmark(arguments).output().expect("`cargo build -p earmark-cli` builds the program")
}

/// What a run that ends with `code` says on standard output and on standard error.
fn run(arguments: &[&str], code: i32) -> (String, String) {
    let output = output(arguments);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (said, complained) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}{complained}");
    (said, complained)
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn beside(recording: &Path) -> PathBuf {
    PathBuf::from(text(recording) + ".earmark.json")
}

/// The samples of a file as 32-bit floats, least significant byte first.
fn samples(path: &Path) -> Vec<u8> {
    let mut file = decode::open(path).expect("a recording");
    let (mut all, mut block) = (Vec::new(), Vec::new());
    while file.next_block(&mut block).expect("whole") {
        all.extend(block.iter().flat_map(|sample| sample.to_le_bytes()));
    }
    all
}

/// Writes a WAV of noise with 16 bits at 48 kHz, and behind its samples what a broadcaster and an editor put there.
fn wav(path: &Path, frames: u32) {
    let data: Vec<u8> = (0..frames).flat_map(|at| at.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let format =
        [&[1, 0, 2, 0][..], &48_000_u32.to_le_bytes(), &192_000_u32.to_le_bytes(), &[4, 0, 16, 0]].concat();
    let mut body = b"WAVE".to_vec();
    for (id, chunk) in
        [(b"fmt ", &format), (b"data", &data), (b"bext", &vec![b'x'; 602]), (b"LIST", &b"adtllabl".to_vec())]
    {
        body.extend([&id[..], &(chunk.len() as u32).to_le_bytes(), chunk].concat());
    }
    fs::write(path, [b"RIFF", &(body.len() as u32).to_le_bytes()[..], &body].concat())
        .expect("room on the disk");
}

/// Writes an AIFF of noise with 16 bits at 44.1 kHz.
fn aiff(path: &Path, frames: u16) {
    let sound: Vec<u8> = (0..frames).flat_map(|at| at.wrapping_mul(40_503).to_be_bytes()).collect();
    // 44,100 as the 80-bit float that the format has.
    let rate = [0x40, 0x0E, 0xAC, 0x44, 0, 0, 0, 0, 0, 0];
    let common = [&[0, 1][..], &u32::from(frames).to_be_bytes(), &[0, 16], &rate].concat();
    let mut body = b"AIFF".to_vec();
    for (id, chunk) in [(b"COMM", &common), (b"SSND", &[&[0; 8][..], &sound].concat())] {
        body.extend([&id[..], &(chunk.len() as u32).to_be_bytes(), chunk].concat());
    }
    fs::write(path, [b"FORM", &(body.len() as u32).to_be_bytes()[..], &body].concat())
        .expect("room on the disk");
}

/// Writes beside a recording what would be there if the words had been heard in it.
fn pretend_heard(recording: &Path, said: &str) {
    let told = fs::metadata(recording).expect("a file");
    let modified = told.modified().expect("a time").duration_since(UNIX_EPOCH).expect("after 1970");
    let heard = Recording {
        bytes: told.len(),
        modified_ms: modified.as_millis() as u64,
        audio_sha256: Sha256::of(&samples(recording)),
    };
    let at = ProjectTime::from_seconds;
    let word = |text: &str| Word { text: text.to_owned(), start: at(0.1), end: at(0.2), confidence: 0.9 };
    let utterance = Utterance {
        id: ItemId(1),
        start: at(0.1),
        end: at(0.2),
        words: said.split(' ').map(word).collect(),
        language: Some("en".into()),
        model: "whisper-tiny.en".into(),
        origin: Origin::Machine,
        run: None,
    };
    let span = ClassSpan { start: at(0.0), end: at(1.0), class: SoundClass::Speech, probability: 0.9 };
    let notebook =
        Notebook::from_parts(Parts { utterances: vec![utterance], spans: vec![span], ..Parts::default() });
    let cost = Some(Cost { audio_ms: 1_000, ..Cost::default() });
    let options = Options {
        made: Some(Making { cost, recording: Some(heard), ..Making::default() }),
        ..Options::default()
    };
    export::export(&notebook, Format::Json, &options, &beside(recording), Existing::Replace)
        .expect("written");
}

#[test]
fn a_folder_is_listened_to_once_and_searched() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let takes = text(folder.path());
    fs::create_dir(at("deep")).expect("made");
    fs::copy(fixtures::fixture("jfk.wav").expect("the fixtures are there"), at("deep/jfk.wav"))
        .expect("copied");
    fs::write(at("broken.flac"), "Dear Sir or Madam").expect("written");
    wav(&at("noise.wav"), 24_000);

    let (table, said) = run(&["tag", &takes], 1);
    let rows: Vec<&str> = table.lines().collect();
    assert!(rows[0].starts_with("file") && rows[0].ends_with("language"), "{table}");
    assert!(
        rows[1].contains("deep/jfk.wav") && rows[1].contains("00:11") && rows[1].ends_with("en"),
        "{table}"
    );
    assert!(rows[2].contains("noise.wav") && rows.len() == 3, "{table}");
    assert!(said.contains("broken.flac: this is no audio file"), "{said}");
    assert!(said.contains("2 listened to, 1 failed"), "{said}");
    let whole = fs::read(at("deep/jfk.wav")).expect("a recording");
    assert_eq!(
        whole,
        fs::read(fixtures::fixture("jfk.wav").expect("there")).expect("read"),
        "nobody asked for tags"
    );

    let (_, said) = run(&["tag", &takes], 1);
    assert!(said.contains("jfk.wav.earmark.json is there already; add --resume"), "{said}");

    fs::remove_file(at("broken.flac")).expect("removed");
    let (documents, said) = run(&["tag", "--resume", "--json", &takes], 0);
    assert!(documents.contains("\"source\": \"") && documents.contains("country"), "{documents}");
    assert!(said.trim().ends_with("0 listened to, 2 as they were"), "{said}");

    let places = |query: &[&str]| run(&[&["find"], query, &[takes.as_str()]].concat(), 0).0;
    let jfk = text(&at("deep/jfk.wav"));
    let found = places(&["your Country"]);
    assert!(found.lines().count() >= 2 && found.lines().all(|line| line.starts_with(&jfk)), "{found}");
    assert!(found.lines().all(|line| line.split('\t').count() == 3), "{found}");
    assert_eq!(places(&["your kountry"]), "");
    assert_eq!(places(&["--fuzzy", "your kountry"]), found);
}

/// Has tags written into a recording, and checks that only those were.
fn check_tags(path: &Path, keeps: impl Fn(&[u8]) -> Vec<u8>) {
    pretend_heard(path, "Testing, one two.");
    let (before, sound) = (fs::read(path).expect("a file"), samples(path));
    let name = text(path);
    let (table, _) = run(&["tag", "--resume", "--write-tags", &name], 0);
    assert!(table.contains("00:01"), "{table}");
    let after = fs::read(path).expect("a file");
    let comment = b"Earmark: speech 100 %; 3 words, en: Testing, one two.";
    assert!(after.windows(comment.len()).any(|window| window == comment), "{name} has no comment");
    assert_eq!(samples(path), sound, "{name}");
    assert_eq!(keeps(&after), keeps(&before), "{name}");
    // Now all is as it should be, and nothing more is written.
    let written =
        || [path, &beside(path)].map(|path| fs::metadata(path).and_then(|it| it.modified()).expect("a time"));
    let last = written();
    run(&["tag", "--resume", "--write-tags", &name], 0);
    assert_eq!(written(), last, "{name}");
}

#[test]
fn tags_are_written_without_a_change_to_anything_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    wav(&at("a.wav"), 48_000);
    // Everything up to the tags but the size of the whole.
    let untouched = fs::read(at("a.wav")).expect("a file");
    let length = untouched.len();
    check_tags(&at("a.wav"), |bytes| bytes[8..length].to_vec());
    // One that nobody has described yet does so itself, in a chunk of 602 bytes.
    let mut plain = untouched;
    let theirs = plain.windows(4).rposition(|id| id == b"bext").expect("a chunk");
    plain[theirs..theirs + 4].copy_from_slice(b"what");
    fs::write(at("b.wav"), plain).expect("written");
    check_tags(&at("b.wav"), |bytes| bytes[8..length].to_vec());
    let (described, bext) =
        (fs::read(at("b.wav")).expect("a file"), b"bext\x5a\x02\0\0Earmark: speech 100 %");
    assert!(described.windows(bext.len()).any(|window| window == bext), "it has no description");
    aiff(&at("a.aiff"), 44_100);
    let length = fs::metadata(at("a.aiff")).expect("a file").len() as usize;
    check_tags(&at("a.aiff"), |bytes| bytes[8..length].to_vec());
    fs::copy(fixtures::fixture("sonnet1.mp3").expect("the fixtures are there"), at("a.mp3")).expect("copied");
    // The frames, which the tag stands before.
    check_tags(&at("a.mp3"), |bytes| bytes[bytes.len() - 400_000..].to_vec());
}

#[test]
fn what_was_written_down_stands_only_for_the_audio_that_was_heard() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, name) = (folder.path().join("a.wav"), text(&folder.path().join("a.wav")));
    wav(&path, 48_000);
    pretend_heard(&path, "Testing.");
    // Copied elsewhere and back: another time, the same audio.
    File::options().append(true).open(&path).expect("a file").set_modified(UNIX_EPOCH).expect("a time");
    let (_, said) = run(&["tag", "--resume", &name], 0);
    assert!(said.contains("1 as they were"), "{said}");
    // Another take under the same name, and a correction of the one before.
    let notes = fs::read_to_string(beside(&path)).expect("written");
    fs::write(beside(&path), notes.replace("\"origin\": \"machine\"", "\"origin\": \"hand\""))
        .expect("written");
    wav(&path, 50_000);
    let (_, said) = run(&["tag", "--resume", &name], 1);
    assert!(said.contains("what people wrote") && said.contains("--force"), "{said}");
    // A file that no longer holds what was heard gets no tags of it.
    let stale = fs::read(&path).expect("a file");
    pretend_heard(&path, "Testing.");
    let notes = fs::read_to_string(beside(&path)).expect("written");
    let hash = Sha256::of(&samples(&path));
    fs::write(beside(&path), notes.replace(&hash, &Sha256::of(b"another take"))).expect("written");
    let (_, said) = run(&["tag", "--resume", "--write-tags", &name], 1);
    assert!(said.contains("would sound otherwise"), "{said}");
    assert_eq!(fs::read(&path).expect("a file"), stale);
}

#[test]
fn shells_and_man_get_what_they_ask_for() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let (script, _) = run(&["completions", shell], 0);
        assert!(script.contains("write-tags"), "{shell}");
    }
    let (page, _) = run(&["man"], 0);
    assert!(page.contains(".TH earmark 1") && page.contains("earmark\\-tag(1)"), "{page}");
    let (page, _) = run(&["man", "find"], 0);
    assert!(page.contains("fuzzy"), "{page}");
    run(&["man", "woman"], 2);
    let folder = tempfile::tempdir().expect("a folder");
    run(&["man", "--folder", &text(folder.path())], 0);
    for page in ["earmark.1", "earmark-tag.1", "earmark-models-show.1"] {
        assert!(folder.path().join(page).is_file(), "{page}");
    }
}
