use super::*;
use crate::session::scripted::{Script, round, sound};
use crossbeam_channel::{Sender, bounded};
use earmark_capture::{Tap, tap_and_drain};
use earmark_timeline::edit::Edit;
use earmark_timeline::snapshot::Engine;
use earmark_timeline::transport::{ChannelChoice, Listen, Transport};
use earmark_timeline::units::{FramePos, SampleRate, time_from_frames};
use earmark_timeline::utterance::{ItemId, Origin};
use earmark_timeline::version::Version;

/// A session with all its threads in one.
pub(super) struct Stage {
    pub(super) track: Track,
    commands: Sender<Command>,
    pub(super) script: Script,
    tap: Tap,
    at: i64,
    /// How many frames come between two rounds of the listener.
    pub(super) block: usize,
    /// The tempo that the host tells, in beats a minute.
    pub(super) bpm: Option<f64>,
}

impl Stage {
    pub(super) fn new() -> Self {
        let (commands, inbox) = bounded(64);
        let track = Track::new(Arc::new(Shared::default()), inbox);
        let (tap, drain) = tap_and_drain(SampleRate::MODEL, FramePos(0));
        let mut stage = Self { track, commands, script: Script::new(), tap, at: 0, block: 480, bpm: None };
        stage.command(Command::Connect(drain));
        stage
    }

    pub(super) fn command(&mut self, command: Command) {
        assert!(self.commands.try_send(command).is_ok());
        self.round();
    }

    pub(super) fn round(&mut self) {
        round(&mut self.track, &mut self.script);
    }

    /// Plays sound from where the playhead is.
    pub(super) fn play(&mut self, parts: &[(f32, f32)]) {
        self.play_samples(&sound(parts));
    }

    pub(super) fn play_samples(&mut self, samples: &[f32]) {
        for part in samples.chunks(self.block) {
            let transport = Transport {
                playing: true,
                project: Some(FramePos(self.at)),
                tempo_bpm: self.bpm,
                beats: self.bpm.map(|bpm| self.at as f64 / 16_000.0 * bpm / 60.0),
                ..Transport::default()
            };
            self.tap.process(&[part], part.len(), transport, ChannelChoice::Mix, Listen::WhilePlaying);
            self.at += part.len() as i64;
            self.round();
        }
    }

    pub(super) fn seek(&mut self, seconds: f32) {
        self.at = (seconds * 16_000.0) as i64;
    }

    pub(super) fn stop(&mut self) {
        let transport = Transport::default();
        self.tap.process(&[[0.0f32; 16]], 16, transport, ChannelChoice::Mix, Listen::WhilePlaying);
        self.round();
    }

    pub(super) fn snapshot(&self) -> Arc<Snapshot> {
        self.track.shared.newest()
    }

    pub(super) fn said(&self) -> Vec<(String, i64)> {
        let snapshot = self.snapshot();
        let utterances = snapshot.notebook.utterances().iter();
        utterances.map(|utterance| (utterance.text(), utterance.start.milliseconds())).collect()
    }
}

fn expect(stage: &Stage, expected: &[(&str, i64)]) {
    let said = stage.said();
    let said: Vec<_> = said.iter().map(|(text, start)| (text.as_str(), *start)).collect();
    assert_eq!(said, expected);
}

#[test]
fn what_is_said_stands_where_the_playhead_was() {
    let mut stage = Stage::new();
    stage.seek(10.0);
    stage.play(&[(1.024, 0.0), (2.0, 0.5), (1.0, 0.0)]);
    expect(&stage, &[("level50", 11_024)]);
    let snapshot = stage.snapshot();
    assert_eq!(snapshot.status.activity, Activity::Listening);
    assert_eq!(snapshot.status.transcriber, Health::Ready);
    assert!(snapshot.overview.peak(snapshot.notebook.utterances()[0].start..stage_time(12.0)).is_some());
}

fn stage_time(seconds: f64) -> earmark_timeline::units::ProjectTime {
    earmark_timeline::units::ProjectTime::from_seconds(seconds)
}

#[test]
fn stopping_settles_what_was_open() {
    let mut stage = Stage::new();
    stage.play(&[(1.024, 0.0), (2.0, 0.3)]);
    expect(&stage, &[]);
    stage.stop();
    expect(&stage, &[("level30", 1_024)]);
    assert_eq!(stage.snapshot().status.activity, Activity::Waiting);
}

#[test]
fn a_loop_leaves_one_transcript_and_its_edge_joins_nothing() {
    let mut stage = Stage::new();
    for _ in 0..5 {
        stage.seek(0.0);
        stage.play(&[(1.024, 0.0), (2.048, 0.5), (1.024, 0.0), (1.024, 0.2)]);
    }
    stage.stop();
    expect(&stage, &[("level50", 1_024), ("level20", 4_096)]);
}

#[test]
fn replaying_a_part_replaces_that_part_alone() {
    let mut stage = Stage::new();
    stage.play(&[(0.512, 0.0), (1.024, 0.5), (1.536, 0.0), (1.024, 0.4), (1.024, 0.0)]);
    expect(&stage, &[("level50", 512), ("level40", 3_072)]);
    stage.seek(2.0);
    stage.play(&[(3.0, 0.0)]);
    stage.stop();
    expect(&stage, &[("level50", 512)]);
}

#[test]
fn a_hand_made_mark_is_set_and_taken_away() {
    let mut stage = Stage::new();
    stage.command(Command::Edit(Edit::AddMark { at: stage_time(2.0), label: String::new() }));
    let mark = stage.snapshot().notebook.marks()[0].clone();
    assert_eq!((mark.label.as_str(), mark.origin), ("Mark 1", Origin::Hand));
    stage.command(Command::Edit(Edit::RemoveMark(mark.id)));
    assert!(stage.snapshot().notebook.is_empty());
    assert_eq!(stage.snapshot().status.undo, Some("mark's removal"));
    stage.command(Command::Undo);
    assert_eq!(stage.snapshot().notebook.marks(), std::slice::from_ref(&mark));
    stage.command(Command::Redo);
    stage.command(Command::Edit(Edit::RemoveMark(mark.id)));
    assert!(
        stage.snapshot().status.notice.as_deref().is_some_and(|text| text.contains("not there any more"))
    );
}

#[test]
fn what_changes_nothing_leaves_nothing_to_save() {
    let mut stage = Stage::new();
    stage.command(Command::Edit(Edit::AddMark { at: stage_time(2.0), label: String::new() }));
    let before = stage.snapshot();
    let gone = Edit::RemoveMark(ItemId(99));
    for command in [Command::Edit(gone), Command::Redo, Command::Set(before.notebook.settings().clone())] {
        stage.command(command);
        let after = stage.snapshot();
        assert_eq!((after.notebook_revision, &after.notebook), (before.notebook_revision, &before.notebook));
    }
    stage.command(Command::Undo);
    assert_eq!(stage.snapshot().notebook_revision, before.notebook_revision + 1);
}

#[test]
fn a_corrected_word_survives_five_passes_and_the_pass_before_can_be_brought_back() {
    let mut stage = Stage::new();
    let pass = |stage: &mut Stage, level: f32| {
        stage.seek(0.0);
        stage.play(&[(0.512, 0.0), (1.024, 0.5), (1.536, 0.0), (1.024, level), (1.024, 0.0)]);
        stage.stop();
    };
    pass(&mut stage, 0.4);
    let utterance = stage.snapshot().notebook.utterances()[0].id;
    stage.command(Command::Edit(Edit::Correct { utterance, text: "corrected".to_owned() }));
    for level in [0.3, 0.2, 0.3, 0.2, 0.3] {
        pass(&mut stage, level);
        let other = format!("level{}0", (level * 10.0) as u32);
        expect(&stage, &[("corrected", 512), (&other, 3_072)]);
    }
    let texts: Vec<_> = stage.snapshot().notebook.versions().iter().map(Version::text).collect();
    assert_eq!(texts, ["level40", "level30", "level20"], "what was heard twice is kept once");
    let first = stage.snapshot().notebook.versions()[0].id;
    stage.command(Command::Edit(Edit::BringBack(first)));
    expect(&stage, &[("corrected", 512), ("level40", 3_072)]);
    pass(&mut stage, 0.2);
    expect(&stage, &[("corrected", 512), ("level40", 3_072)]);
}

#[test]
fn bars_are_learned_while_the_host_plays_in_time() {
    let mut stage = Stage::new();
    let rate = SampleRate::MODEL;
    for block in 0..400_i64 {
        let transport = Transport {
            playing: true,
            project: Some(FramePos(block * 480)),
            beats: Some(block as f64 * 480.0 / 16_000.0 * 1.5),
            tempo_bpm: Some(90.0),
            signature: Some((3, 4)),
            ..Transport::default()
        };
        stage.tap.process(&[[0.0f32; 480]], 480, transport, ChannelChoice::Mix, Listen::WhilePlaying);
        stage.round();
    }
    let notebook = Arc::clone(&stage.snapshot().notebook);
    assert_eq!(notebook.tempo().points().len(), 1);
    let place = notebook.tempo().place(time_from_frames(FramePos(4 * 16_000), rate)).expect("a bar");
    assert_eq!((place.bar, place.beat), (3, 1));
}

#[test]
fn a_restored_notebook_replaces_what_there_was_and_is_acknowledged() {
    let mut stage = Stage::new();
    stage.play(&[(0.512, 0.0), (1.0, 0.5), (1.0, 0.0)]);
    let kept = Notebook::clone(&stage.snapshot().notebook);
    stage.command(Command::Restore { notebook: Box::default(), notice: Some("read it".into()) });
    assert!(stage.snapshot().notebook.is_empty());
    assert_eq!(stage.snapshot().status.notice.as_deref(), Some("read it"));
    stage.command(Command::Restore { notebook: Box::new(kept), notice: None });
    assert_eq!((stage.snapshot().restored, stage.said().len()), (2, 1));
}

#[test]
fn what_is_not_worked_off_is_told_until_it_is() {
    let mut stage = Stage::new();
    for part in sound(&[(0.512, 0.0), (4.0, 0.5), (1.0, 0.0)]).chunks(480) {
        let transport =
            Transport { playing: true, project: Some(FramePos(stage.at)), ..Transport::default() };
        stage.tap.process(&[part], part.len(), transport, ChannelChoice::Mix, Listen::WhilePlaying);
        stage.at += part.len() as i64;
    }
    stage.tap.end_run();
    // All is looked through, and nobody decodes what was found.
    while stage.track.step(&mut stage.script) {}
    stage.track.publish(&Engine::default());
    let behind = stage.snapshot();
    let places: Vec<_> = behind.backlog.iter().map(|range| range.end.milliseconds()).collect();
    assert_eq!(places, [5_512]);
    assert!(behind.backlog[0].start <= stage_time(0.512), "what was said is in it");
    assert!(behind.status.behind_at_most >= behind.status.behind && behind.status.behind.0 > 0.0);
    stage.round();
    let done = stage.snapshot();
    assert_eq!((done.backlog.len(), done.status.behind_at_most), (0, Seconds(0.0)));
    expect(&stage, &[("level50", 512)]);
}

#[test]
fn a_missing_model_is_said_and_what_was_spoken_is_listed() {
    let mut stage = Stage::new();
    stage.script.unavailable = Some("no model".to_owned());
    stage.play(&[(0.512, 0.0), (1.0, 0.5), (1.0, 0.0)]);
    let snapshot = stage.snapshot();
    assert_eq!(snapshot.status.transcriber, Health::Unavailable("no model".to_owned()));
    assert_eq!(snapshot.notebook.dropped().len(), 1);
}

#[test]
fn what_was_dropped_goes_when_the_passage_is_heard_again() {
    let mut stage = Stage::new();
    stage.script.unavailable = Some("no model".to_owned());
    for _ in 0..3 {
        stage.seek(0.0);
        stage.play(&[(0.512, 0.0), (1.024, 0.5), (1.024, 0.0)]);
    }
    assert_eq!(stage.snapshot().notebook.dropped().len(), 1);
    stage.script.unavailable = None;
    stage.seek(0.0);
    stage.play(&[(0.512, 0.0), (1.024, 0.5), (1.024, 0.0)]);
    stage.stop();
    assert!(stage.snapshot().notebook.dropped().is_empty());
    expect(&stage, &[("level50", 512)]);
}

#[test]
fn a_connection_is_finished_when_its_last_word_is_settled() {
    let mut stage = Stage::new();
    stage.play(&[(0.512, 0.0), (1.0, 0.5)]);
    assert_eq!(stage.snapshot().finished, 0);
    let (tap, drain) = tap_and_drain(SampleRate::MODEL, FramePos(0));
    stage.tap = tap;
    stage.command(Command::Connect(drain));
    assert_eq!(stage.snapshot().finished, 1);
    assert_eq!(stage.said().len(), 1);
}

#[test]
fn lost_frames_are_counted_over_all_connections() {
    let mut stage = Stage::new();
    let flood = |tap: &mut Tap| {
        for block in 0..4_200 {
            let project = Some(FramePos(block * 256));
            let transport = Transport { playing: true, project, ..Transport::default() };
            tap.process(&[[0.0f32; 256]], 256, transport, ChannelChoice::Mix, Listen::WhilePlaying);
        }
    };
    flood(&mut stage.tap);
    stage.round();
    let once = stage.snapshot().status.lost.0;
    // Two more blocks were filled than the ring holds and the newest is not pushed yet.
    assert_eq!(once, (4_200 - 4_096 - 1) * 256);
    assert!(stage.snapshot().notebook.missed().is_empty(), "where it was shows with the next block");
    stage.at = 4_200 * 256;
    stage.play(&[(0.032, 0.0)]);
    let missed = stage.snapshot().notebook.missed().to_vec();
    let hole = |start: i64, frames: i64| {
        let time = |frame| time_from_frames(FramePos(frame), SampleRate::MODEL);
        vec![time(start)..time(start + frames)]
    };
    assert_eq!(missed, hole(4_096 * 256, once as i64));
    let (mut tap, drain) = tap_and_drain(SampleRate::MODEL, FramePos(0));
    flood(&mut tap);
    stage.tap = tap;
    stage.command(Command::Connect(drain));
    for _ in 0..8 {
        stage.round();
    }
    assert!(stage.snapshot().status.lost.0 > once);
}
