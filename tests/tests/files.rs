//! Audio files of every kind through the command-line tool: what can be heard is transcribed, and what
//! cannot gets one sentence that names the file and the remedy.

use earmark_engine::hear::{Hearing, Models};
use earmark_models::Store;
use earmark_tests::audio::Clip;
use earmark_tests::fixtures;
use earmark_tests::wer::word_errors;
use earmark_timeline::units::SampleRate;
use hound::{SampleFormat, WavSpec, WavWriter};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn earmark(arguments: &[&str], models: Option<&Path>) -> Output {
    let mut command = Command::new(fixtures::program("earmark"));
    if let Some(models) = models {
        command.env("EARMARK_MODELS", models);
    }
    command.args(arguments).output().expect("`cargo build -p earmark-cli` builds the program")
}

fn recording() -> Clip {
    Clip::read(&fixtures::fixture("jfk.wav").expect("the fixtures are there")).expect("a recording")
}

/// Writes a clip as a WAV of the given kind.
fn wav(folder: &Path, clip: &Clip, bits: u16, format: SampleFormat) -> PathBuf {
    let channels = clip.channels.len() as u16;
    let path = folder.join(format!("{}-{channels}-{bits}-{format:?}.wav", clip.rate_hz));
    let spec = WavSpec { channels, sample_rate: clip.rate_hz, bits_per_sample: bits, sample_format: format };
    let mut writer = WavWriter::create(&path, spec).expect("a file in a folder of ours");
    let scale = f32::from(2_u16).powi(i32::from(bits) - 1) - 1.0;
    for frame in 0..clip.frames() {
        for channel in &clip.channels {
            let sample = channel[frame];
            match format {
                SampleFormat::Float => writer.write_sample(sample),
                SampleFormat::Int => writer.write_sample((sample * scale) as i32),
            }
            .expect("room on the disk");
        }
    }
    writer.finalize().expect("room on the disk");
    path
}

#[test]
fn every_kind_of_wav_is_heard() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = fixtures::fixture("jfk.txt").expect("the fixtures are there");
    let reference = std::fs::read_to_string(text).expect("a text");
    let kinds = [
        (16_000, 1, 8, SampleFormat::Int),
        (48_000, 1, 24, SampleFormat::Int),
        (44_100, 2, 32, SampleFormat::Float),
        (48_000, 6, 16, SampleFormat::Int),
        (8_000, 1, 16, SampleFormat::Int),
        (192_000, 2, 16, SampleFormat::Int),
    ];
    for (rate_hz, channels, bits, format) in kinds {
        let clip = recording().resampled(rate_hz).with_channels(channels);
        let path = wav(folder.path(), &clip, bits, format);
        let output = earmark(&["transcribe", &path.display().to_string()], None);
        let said = String::from_utf8_lossy(&output.stdout);
        let errors = word_errors(&reference, &said);
        // A telephone's band (8 kHz) and 8-bit noise cost words; the text stays recognisable.
        assert!(output.status.success() && errors.rate() <= 0.25, "{}: {errors}: {said}", path.display());
    }
}

/// What is said to play in a recording: AudioSet's first name for it, and whether the role is speech.
fn check_plays(path: &Path, name: Option<&str>, is_speech: bool) {
    let output = earmark(&["transcribe", "--format", "json", &path.display().to_string()], None);
    let heard: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let stem = &heard["sound"]["stem"];
    let told = (stem["tags"][0]["name"].as_str(), stem["role"] == "speech");
    assert_eq!(told, (name, is_speech), "{}: {stem}", path.display());
}

#[test]
fn what_plays_is_told_and_in_silence_nothing_does() {
    let folder = tempfile::tempdir().expect("a folder");
    check_plays(&fixtures::fixture("jfk.wav").expect("the fixtures are there"), Some("Speech"), true);
    check_plays(&fixtures::fixture("band.mp3").expect("the fixtures are there"), Some("Music"), false);
    check_plays(&wav(folder.path(), &Clip::silence(48_000, 1, 96_000), 16, SampleFormat::Int), None, false);
}

#[test]
fn what_plays_does_not_depend_on_the_block_size() {
    let clip = recording();
    let rate = SampleRate::new(clip.rate_hz).expect("a rate");
    let models = Models::new(Store::from_environment());
    let heard = |portion: usize| {
        let mut hearing = Hearing::new(rate, 1, &models);
        clip.channels[0].chunks(portion).for_each(|part| hearing.push(part));
        hearing.sound(Some(&[1.0, 0.0, 0.0, 0.0, 0.0]))
    };
    let whole = heard(clip.frames());
    assert!(whole.stem.is_some(), "`cargo xtask models` fetches the model");
    assert!([20_000, 333].into_iter().all(|portion| heard(portion) == whole));
}

/// What goes wrong must say so on the standard error alone, in one line, and not succeed.
fn check_refused(path: &Path, models: Option<&Path>, names: &str, remedy: &str) {
    let output = earmark(&["transcribe", &path.display().to_string()], models);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{}: {complaint}", path.display());
    assert!(complaint.contains(names) && complaint.contains(remedy), "{}: {complaint}", path.display());
    assert_eq!(complaint.trim().lines().count(), 1, "{}: {complaint}", path.display());
    assert!(output.stdout.is_empty());
}

#[test]
fn what_cannot_be_heard_is_named_with_its_remedy() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file in a folder of ours");
        path
    };
    let empty_wav = wav(folder.path(), &Clip::silence(48_000, 1, 0), 16, SampleFormat::Int);
    check_refused(&folder.path().join("gone.wav"), None, "gone.wav", "check the path");
    check_refused(&write("nothing.wav", b""), None, "nothing.wav", "export it again");
    check_refused(&empty_wav, None, "48000-1-16-Int.wav", "export it again");
    check_refused(
        &write("letter.wav", b"Dear Sir or Madam, this is no audio at all."),
        None,
        "letter.wav",
        "export it again",
    );
    check_refused(&write("half.flac", b"fLaC\0\0\0\x22\x10\0"), None, "half.flac", "export it again");
    check_refused(folder.path(), None, "folder", "check the path");
}

#[test]
fn a_model_that_is_missing_truncated_or_altered_is_named_with_its_remedy() {
    let folder = tempfile::tempdir().expect("a folder");
    let recording = fixtures::fixture("jfk.wav").expect("the fixtures are there");
    let refused = |names: &str| check_refused(&recording, Some(folder.path()), names, "cargo xtask models");
    let list = earmark(&["models"], None);
    assert!(list.status.success(), "{}", String::from_utf8_lossy(&list.stderr));
    // The store falls through to the user's own folder, so a file of that name stands in for each fault.
    let model = folder.path().join("whisper-tiny.en-q8_0.bin");
    std::fs::write(&model, b"lmgg").expect("a file in a folder of ours");
    refused("whisper-tiny.en-q8_0.bin");
    let file = std::fs::File::create(&model).expect("a file in a folder of ours");
    file.set_len(43_550_795).expect("room on the disk");
    refused("whisper-tiny.en-q8_0.bin");
}
