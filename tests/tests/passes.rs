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
use earmark_timeline::units::{FramePos, Frames, SampleRate};
use earmark_timeline::utterance::{Origin, Utterance};
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
    let before = texts(&track.notebook());
    // Another take of the last five seconds: nothing is said in it.
    let at = track.clip.len() - 5 * 48_000;
    track.play(&vec![0.0; 5 * 48_000], at);
    let punched = texts(&track.notebook());
    assert!(punched.len() < before.len() && before.starts_with(&punched), "{before:?} became {punched:?}");
    let version = track.notebook().versions()[0].id;
    track.edit(Edit::BringBack(version));
    assert_eq!(texts(&track.notebook()), before);
    // It was chosen, and so it stays.
    track.play(&vec![0.0; 5 * 48_000], at);
    assert_eq!(texts(&track.notebook()), before);
}
