//! A recording goes in as audio and comes out as words at the right times, with the real models.

use earmark_engine::command::Command;
use earmark_engine::hear::{Hearing, Models};
use earmark_engine::hub::Hub;
use earmark_engine::session::{Intake, Stage};
use earmark_models::Store;
use earmark_tests::audio::Clip;
use earmark_tests::fixtures;
use earmark_tests::host::{Playhead, Plugin, Setup};
use earmark_tests::playback::{notebook_of, text, words};
use earmark_tests::wer::{self, word_errors};
use earmark_timeline::notebook::Notebook;
use earmark_timeline::sound::Sound;
use earmark_timeline::units::{ProjectTime, SampleRate};
use std::path::Path;

/// Fast enough for a test, slow enough that no ring fills.
const SPEED: f64 = 20.0;

/// The recording with its reference text: eleven seconds of a speech, 16 kHz.
fn speech() -> (Clip, String) {
    let path = fixtures::fixture("jfk.wav").expect("the fixtures are there");
    let text = fixtures::fixture("jfk.txt").expect("the fixtures are there");
    let clip = Clip::read(&path).expect("a recording").with_channels(2).padded(0.0, 2.0);
    (clip, std::fs::read_to_string(text).expect("a text"))
}

fn transcribed(clip: Clip, block: u32) -> Notebook {
    let plugin = fixtures::plugin().expect("the plugin is built");
    notebook_of(&plugin, clip, block, SPEED).expect("the plugin plays")
}

/// Where a phrase of the recording begins and ends by its energy (20 ms windows, 10 dB over the noise),
/// in seconds, with its first and its last word.
const PHRASES: [(f64, &str, f64, &str); 4] = [
    (0.32, "and", 2.18, "americans"),
    (3.28, "ask", 4.42, "not"),
    (5.32, "what", 7.84, "you"),
    (8.18, "ask", 10.62, "country"),
];

/// How far a word's edge may be from the energy's: breath and final consonants are quiet.
const TOLERANCE_S: f64 = 0.35;

#[test]
fn a_recording_becomes_its_words_at_their_times() {
    let (clip, reference) = speech();
    let notebook = transcribed(clip.resampled(48_000), 512);
    let errors = word_errors(&reference, &text(&notebook));
    assert!(errors.rate() <= 0.15, "{errors}: {}; `cargo xtask models` fetches the model", text(&notebook));
    let near = |a: f64, b: f64| (a - b).abs() <= TOLERANCE_S;
    let is = |word: &str, expected: &str| wer::words(word) == [expected];
    for (start, first, end, last) in PHRASES {
        let begins = words(&notebook).any(|word| is(&word.text, first) && near(word.start.seconds(), start));
        assert!(begins, "{first:?} is to begin at {start} s: {:?}", times(&notebook));
        let ends = words(&notebook).any(|word| is(&word.text, last) && near(word.end.seconds(), end));
        assert!(ends, "{last:?} is to end at {end} s: {:?}", times(&notebook));
    }
}

fn times(notebook: &Notebook) -> Vec<(String, f64, f64)> {
    words(notebook).map(|word| (word.text.clone(), word.start.seconds(), word.end.seconds())).collect()
}

#[test]
fn the_block_size_changes_nothing() {
    let (clip, _) = speech();
    let clip = broken(clip.resampled(48_000));
    let expected = transcribed(clip.clone(), 4_096);
    assert!(words(&expected).count() > 0, "no words; `cargo xtask models` fetches the model");
    let [clipping, drop_out] = &marks(&expected)[..] else { panic!("{:?}", expected.marks()) };
    assert!(clipping.0 == "Clipping" && (CLIPPED_S..CLIPPED_S + 0.05).contains(&clipping.1), "{clipping:?}");
    assert!(drop_out.0 == "Drop-out" && (LOST_S..LOST_S + 0.05).contains(&drop_out.1), "{drop_out:?}");
    assert!((drop_out.2 - drop_out.1 - 0.02).abs() < 0.003, "{drop_out:?}");
    for block in [1, 17, 64, 480, 1_024] {
        let found = transcribed(clip.clone(), block);
        assert_eq!(times(&found), times(&expected), "in blocks of {block}");
        assert_eq!(found.spans(), expected.spans(), "in blocks of {block}");
        assert_eq!(marks(&found), marks(&expected), "in blocks of {block}");
    }
}

/// Where the recording is made to clip, and where 20 ms of it get lost.
const CLIPPED_S: f64 = 3.6;
const LOST_S: f64 = 8.64;

/// The recording with a stretch at full scale and another that is missing from where it sounds.
fn broken(mut clip: Clip) -> Clip {
    let frame = |seconds: f64| (seconds * f64::from(clip.rate_hz)) as usize;
    let [clipped, lost, length] = [CLIPPED_S, LOST_S, 0.02].map(frame);
    let loud = (lost..).find(|at| clip.channels[0][*at].abs() > 0.1).expect("somebody speaks");
    for channel in &mut clip.channels {
        channel[clipped..clipped + length].iter_mut().for_each(|s| *s = (*s * 50.0).clamp(-1.0, 1.0));
        channel[loud..loud + length].fill(0.0);
    }
    clip
}

fn marks(notebook: &Notebook) -> Vec<(String, f64, f64)> {
    let marks = notebook.marks().iter();
    marks.map(|mark| (mark.label.clone(), mark.start.seconds(), mark.end.seconds())).collect()
}

#[test]
fn the_projects_position_moves_every_time() {
    let (clip, _) = speech();
    let base = times(&transcribed(clip.clone(), 512));
    let path = fixtures::plugin().expect("the plugin is built");
    let mut plugin = Plugin::load(&path).expect("the plugin loads");
    let mut audio =
        plugin.activate(Setup::stereo(f64::from(clip.rate_hz), 512)).expect("the plugin activates");
    const LATER_S: i64 = 600;
    audio.playhead = Playhead::playing_from(LATER_S * i64::from(clip.rate_hz));
    audio.play(&clip.channels, 512, |_| {}).expect("the plugin processes");
    audio.playhead.playing = false;
    let silence = Clip::silence(clip.rate_hz, 2, 512);
    audio.play(&silence.channels, 512, |_| {}).expect("the plugin processes");
    let moved = |notebook: &Notebook| {
        let times = times(notebook);
        times.len() == base.len()
            && times
                .iter()
                .zip(&base)
                .all(|(found, base)| found.0 == base.0 && (found.1 - base.1 - LATER_S as f64).abs() < 0.001)
    };
    let settled = plugin.pump_until(std::time::Duration::from_secs(120), |plugin| {
        let state = plugin.save().expect("the plugin saves");
        moved(&earmark_tests::saved::read(&state).expect("a notebook"))
    });
    assert!(settled, "the same words, {LATER_S} s later");
    plugin.deactivate(audio);
}

#[test]
fn silence_and_noise_give_no_words() {
    const RATE_HZ: u32 = 48_000;
    let frames = 10 * RATE_HZ as usize;
    let mut hiss = Clip::silence(RATE_HZ, 2, frames);
    let mut state = 1_u32;
    for sample in hiss.channels.iter_mut().flatten() {
        // Knuth's linear congruence: the upper bits are noise enough for a hiss.
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *sample = ((state >> 8) as f32 / (1 << 24) as f32 - 0.5) * 0.02;
    }
    for clip in [Clip::silence(RATE_HZ, 2, frames), hiss] {
        let notebook = transcribed(clip, 512);
        assert_eq!(text(&notebook), "");
    }
}

/// Tempo, key and what plays are the same; loudness is counted in steps of 0.1 LU.
#[test]
fn what_is_played_is_measured_as_a_file_is() {
    let clip =
        Clip::read(&fixtures::fixture("band.mp3").expect("the fixtures are there")).expect("a recording");
    let clip = clip.with_channels(1);
    let (samples, rate) = (&clip.channels[0], SampleRate::new(clip.rate_hz).expect("a rate"));
    let store = Store::from_environment();
    let session = Hub::shared(store.clone()).expect("a thread").open_session(Notebook::default());
    session.feed(rate, 1).expect("a ring").push(samples);
    let notebook = &session.wait_until_settled(1, |_| ()).notebook;
    let played = &notebook.reading().expect("a reading").sound;
    let mut hearing = Hearing::new(rate, 1, &Models::new(store));
    hearing.push(samples);
    let file = hearing.sound(notebook.class_shares().as_ref());
    let stem = |sound: &Sound| {
        let stem = sound.stem.as_ref().expect("`cargo xtask models` fetches the model");
        (stem.role, stem.tags.first().map(|tag| tag.name.clone()))
    };
    let tempo = |sound: &Sound| sound.tempo.map(|tempo| tempo.bpm.round());
    let key = |sound: &Sound| sound.key.map(|key| key.scale);
    let told = |sound: &Sound| (tempo(sound), key(sound), stem(sound));
    assert_eq!(told(played), told(&file));
    let lufs = |sound: &Sound| sound.loudness.integrated_lufs.expect("it is not silent");
    assert!((lufs(played) - lufs(&file)).abs() < 0.06, "{} and {}", lufs(played), lufs(&file));
}

/// Waits for a file to be analysed; as long as it takes, for the machine may be busy.
fn ended(intake: &Intake) -> Stage {
    loop {
        match intake.stage() {
            Stage::Hearing(_) | Stage::Waiting => std::thread::sleep(std::time::Duration::from_millis(10)),
            ended => return ended,
        }
    }
}

#[test]
fn a_file_is_analysed_beside_what_is_played_and_undone_in_one_step() {
    let (clip, reference) = speech();
    let path = fixtures::fixture("jfk.wav").expect("the fixtures are there");
    let hub = Hub::shared(Store::from_environment()).expect("a thread");
    let session = hub.open_session(Notebook::default());
    let rate = SampleRate::new(clip.rate_hz).expect("a rate");
    let mut live = session.feed(rate, 1).expect("a ring");
    let intake = session.take_in(&path, ProjectTime::from_seconds(100.0)).expect("a thread");
    live.push(&clip.channels[0]);
    drop(live);
    let Stage::Done(count) = ended(&intake) else { panic!("{:?}", intake.stage()) };
    // It is done a moment before it is shown.
    let settled = session.wait_while(|snapshot| snapshot.finished < 1 || snapshot.status.undo.is_none());
    let notebook = &settled.notebook;
    let (played, analysed): (Vec<_>, Vec<_>) = words(notebook).partition(|word| word.start.seconds() < 50.0);
    assert_eq!(analysed.len(), count);
    for (heard, start) in [(played, 0.0), (analysed, 100.0)] {
        let text = heard.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
        let errors = word_errors(&reference, &text);
        assert!(errors.rate() <= 0.15, "{errors}: {text}");
        let first = heard.first().map_or(0.0, |word| word.start.seconds() - start);
        assert!((first - PHRASES[0].0).abs() <= TOLERANCE_S, "the first word is at {first} s");
    }
    session.send(Command::Undo).expect("room");
    let undone = session.wait_while(|snapshot| snapshot.status.redo.is_none());
    assert!(words(&undone.notebook).all(|word| word.start.seconds() < 50.0), "one step takes all of it out");
    let none = session.take_in(Path::new("nowhere.wav"), ProjectTime::ZERO).expect("a thread");
    let Stage::Failed(sentence) = ended(&none) else { panic!("{:?}", none.stage()) };
    assert!(sentence.starts_with("nowhere.wav: ") && sentence.contains("check the path"), "{sentence}");
}
