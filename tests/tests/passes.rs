//! A real recording looped, punched into and replayed, with a person correcting in between.

use earmark_engine::command::Command;
use earmark_engine::hub::Hub;
use earmark_engine::session::Session;
use earmark_models::Store;
use earmark_tests::audio::Clip;
use earmark_tests::fixtures;
use earmark_timeline::edit::Edit;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::transport::{ChannelChoice, Listen, Transport};
use earmark_timeline::units::{FramePos, Frames, ProjectTime, SampleRate};
use earmark_timeline::utterance::{Origin, Utterance, Word};
use std::sync::Arc;
use std::time::Duration;

const BLOCK: usize = 480;

/// A session on a track with that recording at 48 kHz, mono.
struct Track {
    session: Session,
    clip: Vec<f32>,
    passes: u64,
}

impl Track {
    fn new(recording: &str) -> Self {
        let path = fixtures::fixture(recording).expect("the fixtures are there");
        let clip = Clip::read(&path).expect("a recording").with_channels(1).resampled(48_000);
        let hub = Hub::shared(Store::from_environment()).expect("a thread to listen on");
        let session = hub.open_session(Notebook::default());
        Self { session, clip: clip.padded(0.0, 1.0).channels.remove(0), passes: 0 }
    }

    /// Plays `audio` with the playhead starting at frame `at`, and waits for its last word.
    fn play(&mut self, audio: &[f32], at: usize) {
        let rate = SampleRate::new(48_000).expect("a rate in range");
        let mut tap = self.session.connect(rate, FramePos(0)).expect("a session that has time");
        for (index, block) in audio.chunks(BLOCK).enumerate() {
            tap.wait_for_room(Frames(BLOCK as u64), || {
                std::thread::sleep(Duration::from_millis(1));
                true
            });
            let project = Some(FramePos((at + index * BLOCK) as i64));
            let transport = Transport { playing: true, project, ..Transport::default() };
            tap.process(&[block], block.len(), transport, ChannelChoice::Mix, Listen::WhilePlaying);
        }
        drop(tap);
        self.passes += 1;
        self.session.wait_until_settled(self.passes, |_| ());
    }

    fn pass(&mut self) {
        let clip = std::mem::take(&mut self.clip);
        self.play(&clip, 0);
        self.clip = clip;
    }

    /// Asks for an edit and waits until it shows.
    fn edit(&self, edit: Edit) {
        let before = self.session.snapshot().notebook_revision;
        self.session.send(Command::Edit(edit)).expect("a session that has time");
        while self.session.snapshot().notebook_revision == before {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn notebook(&self) -> Arc<Notebook> {
        Arc::clone(&self.session.snapshot().notebook)
    }
}

fn words(notebook: &Notebook) -> Vec<Word> {
    notebook.utterances().iter().flat_map(|utterance| utterance.words.clone()).collect()
}

fn texts(notebook: &Notebook) -> Vec<String> {
    notebook.utterances().iter().map(Utterance::text).collect()
}

#[test]
fn replays_leave_one_transcript_and_what_a_person_corrected() {
    let mut track = Track::new("jfk.wav");
    track.pass();
    let first = texts(&track.notebook());
    assert!(first.len() >= 3, "{first:?}; `cargo xtask models` fetches the model");
    let utterance = track.notebook().utterances()[1].id;
    track.edit(Edit::Correct { utterance, text: "ASK NOT".to_owned() });
    let corrected = texts(&track.notebook());
    for _ in 0..5 {
        track.pass();
        assert_eq!(texts(&track.notebook()), corrected);
    }
    let notebook = track.notebook();
    assert_eq!(notebook.utterances()[1].origin, Origin::Hand);
    assert!(notebook.versions().is_empty(), "every pass said the same: {:?}", notebook.versions());
}

#[test]
fn a_punch_in_replaces_what_it_covers_and_the_pass_before_can_be_brought_back() {
    let mut track = Track::new("jfk.wav");
    track.pass();
    let before = words(&track.notebook());
    // Another take of the last five seconds: nothing is said in it.
    let at = track.clip.len() - 5 * 48_000;
    track.play(&vec![0.0; 5 * 48_000], at);
    let is_before = |word: &Word| word.middle() < ProjectTime::from_seconds(at as f64 / 48_000.0);
    let punched: Vec<_> = before.iter().filter(|word| is_before(word)).cloned().collect();
    assert!(!punched.is_empty() && punched.len() < before.len(), "{before:?}");
    assert_eq!(words(&track.notebook()), punched);
    let version = track.notebook().versions()[0].id;
    track.edit(Edit::BringBack(version));
    assert_eq!(words(&track.notebook()), before);
    // It was chosen, and so it stays.
    track.play(&vec![0.0; 5 * 48_000], at);
    assert_eq!(words(&track.notebook()), before);
}

#[test]
fn a_pass_that_stops_within_an_utterance_says_nothing_twice_and_takes_nothing_that_it_did_not_hear() {
    let mut track = Track::new("jfk.wav");
    track.pass();
    let first = track.notebook();
    let longest = first.utterances().iter().max_by_key(|utterance| utterance.words.len());
    let longest = longest.expect("the model is there; `cargo xtask models` fetches it");
    // Once before its middle, once after it: each time the rest is the pass before's.
    for index in [longest.words.len() / 4, longest.words.len() * 3 / 4] {
        let border = longest.words[index].start;
        let clip = track.clip[..(border.seconds() * 48_000.0) as usize].to_vec();
        track.play(&clip, 0);
        let (now, is_after) = (words(&track.notebook()), |word: &&Word| word.middle() >= border);
        let rest = |words: &[Word]| words.iter().filter(is_after).cloned().collect::<Vec<_>>();
        assert_eq!(rest(&now), rest(&words(&first)), "after {border:?}");
        let is_twice = |pair: &&[Word]| (pair[0].start..pair[0].end).contains(&pair[1].middle());
        assert_eq!(now.windows(2).find(is_twice), None, "{now:?}");
    }
    track.pass();
    assert_eq!(texts(&track.notebook()), texts(&first));
}
