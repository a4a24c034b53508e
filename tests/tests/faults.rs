//! What fails, fails for the session that needed it, says so, and works again once it is mended.

use earmark_engine::command::Command;
use earmark_engine::hub::Hub;
use earmark_engine::session::Session;
use earmark_models::{Card, Store, card};
use earmark_tests::audio::Clip;
use earmark_tests::fixtures;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::settings::Settings;
use earmark_timeline::snapshot::{Health, Snapshot};
use earmark_timeline::units::SampleRate;
use std::fs;
use std::path::Path;
use std::sync::Arc;

fn session(hub: &Arc<Hub>, model: &str) -> Session {
    let mut notebook = Notebook::default();
    notebook.set_settings(Settings { model: model.to_owned(), ..Settings::default() });
    hub.open_session(notebook)
}

/// Plays the recording for the `time`th time and returns what came of it.
fn hear(session: &Session, clip: &Clip, time: u64) -> Arc<Snapshot> {
    let rate = SampleRate::new(clip.rate_hz).expect("a rate");
    let mut feed = session.feed(rate, 1).expect("a ring");
    feed.push(&clip.channels[0]);
    drop(feed);
    session.wait_until_settled(time, |_| ())
}

fn words(snapshot: &Snapshot) -> usize {
    snapshot.notebook.utterances().iter().map(|utterance| utterance.words.len()).sum()
}

#[track_caller]
fn check_unavailable(snapshot: &Snapshot, file: &str, remedy: &str) {
    let Health::Unavailable(reason) = &snapshot.status.transcriber else {
        panic!("{:?}", snapshot.status.transcriber);
    };
    assert!(reason.contains(file) && reason.contains(remedy), "{reason}");
    assert_eq!(words(snapshot), 0);
    assert!(!snapshot.notebook.dropped().is_empty(), "what could not be decoded is listed");
}

/// Takes a model's file from where the models are.
fn bring(name: &str, folder: &Path) {
    let card = card(name).expect("a card");
    let from = Store::from_environment().find(card).expect("`cargo xtask models` fetches it");
    fs::create_dir_all(folder).expect("a folder");
    fs::copy(from, folder.join(&card.file)).expect("room on the disk");
}

#[test]
fn a_model_that_is_not_there_or_not_right_fails_who_needs_it_and_works_when_it_is_mended() {
    let clip =
        Clip::read(&fixtures::fixture("jfk.wav").expect("the fixtures are there")).expect("a recording");
    let clip = clip.with_channels(1);
    let disk = tempfile::tempdir().expect("a folder");
    let folder = disk.path().join("models");
    bring("whisper-tiny.en", &folder);
    bring("silero-vad", &folder);
    let hub = Hub::shared(Store::at(&folder)).expect("the system has threads");
    let (whole, needing) = (session(&hub, "whisper-tiny.en"), session(&hub, "whisper-base"));
    let base = &card("whisper-base").expect("a card").file;

    assert!(words(&hear(&whole, &clip, 1)) > 15);
    check_unavailable(&hear(&needing, &clip, 1), base, "cargo xtask models");

    // A file that was cut short, and one of the right length with other bytes.
    bring("whisper-base", &folder);
    let path = folder.join(base);
    let intact = fs::read(&path).expect("it was brought");
    fs::write(&path, &intact[..1_000]).expect("room on the disk");
    needing.send(Command::TryAgain).expect("room for a command");
    check_unavailable(&hear(&needing, &clip, 2), base, "cut short");
    fs::write(&path, vec![0; intact.len()]).expect("room on the disk");
    needing.send(Command::TryAgain).expect("room for a command");
    check_unavailable(&hear(&needing, &clip, 3), base, "not the file");

    // The disk is gone in the middle of everything: what was loaded works on.
    let away = disk.path().join("away");
    fs::rename(&folder, &away).expect("the disk goes");
    needing.send(Command::TryAgain).expect("room for a command");
    check_unavailable(&hear(&needing, &clip, 4), base, "cargo xtask models");
    assert!(words(&hear(&whole, &clip, 2)) > 15);
    let classifier = &whole.snapshot().status.classifier;
    assert!(matches!(classifier, Health::Unavailable(reason) if reason.contains("models")), "{classifier:?}");

    // It comes back, and nobody reloads anything.
    fs::rename(&away, &folder).expect("the disk comes back");
    fs::write(&path, &intact).expect("room on the disk");
    needing.send(Command::TryAgain).expect("room for a command");
    let mended = hear(&needing, &clip, 5);
    assert_eq!(mended.status.transcriber, Health::Ready);
    assert!(words(&mended) > 15);
}

/// Puts a model of 4 GB with a card into `folder`: nothing but its length is ever looked at where memory is short.
fn make_huge(folder: &Path) {
    let known = card("whisper-base").expect("a card").clone();
    let huge =
        Card { name: "own-huge".to_owned(), file: "own-huge.bin".to_owned(), bytes: 4_000_000_000, ..known };
    let file = fs::File::create(folder.join(&huge.file)).expect("room on the disk");
    file.set_len(huge.bytes).expect("a file with holes takes no room");
    let text = toml::to_string(&huge).expect("a card is plain");
    fs::write(folder.join("own-huge.card.toml"), text).expect("room on the disk");
}

#[test]
fn a_full_memory_is_said_and_the_host_lives() {
    let folder = tempfile::tempdir().expect("a folder");
    bring("whisper-tiny.en", folder.path());
    bring("silero-vad", folder.path());
    make_huge(folder.path());
    let mut host = std::process::Command::new(fixtures::program("lifecycle"));
    host.arg("memory").arg(fixtures::plugin().expect("the plugin is built"));
    host.arg(fixtures::fixture("jfk.wav").expect("the fixtures are there"));
    host.env(Store::VARIABLE, folder.path());
    // One thread infers, and what is freed goes back at once: how much memory there is does not depend on the machine.
    host.envs([("EARMARK_CORES", "1"), ("MALLOC_ARENA_MAX", "1"), ("MALLOC_MMAP_THRESHOLD_", "131072")]);
    let output = host.output().expect("the program is built");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {said}", output.status);
}
