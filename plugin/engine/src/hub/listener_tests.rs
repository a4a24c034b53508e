use super::*;
use crate::command::Command;
use crate::infer::transcribe::Effort;
use crate::session::Shared;
use crate::session::scripted::{Asked, Script, sound};
use crossbeam_channel::{Sender, bounded};
use earmark_capture::{Tap, tap_and_drain};
use earmark_timeline::snapshot::{Activity, Health, Snapshot};
use earmark_timeline::transport::{ChannelChoice, Listen, Transport};
use earmark_timeline::units::{FramePos, SampleRate};
use std::sync::atomic::Ordering;

struct Instance {
    shared: Arc<Shared>,
    tap: Tap,
    commands: Sender<Command>,
}

fn listening(inbox: Receiver<Word>, script: Script) -> Listener {
    Listener::new(inbox, Arc::default(), CoreSetting::nowhere(), Box::new(script))
}

fn instance(listener: &mut Listener) -> Instance {
    let (commands, inbox) = bounded(4);
    let shared = Arc::new(Shared::default());
    let (tap, drain) = tap_and_drain(SampleRate::MODEL, FramePos(0));
    assert!(commands.try_send(Command::Connect(drain)).is_ok());
    listener.tracks.push(Track::new(Arc::clone(&shared), inbox));
    Instance { shared, tap, commands }
}

fn play(instance: &mut Instance, parts: &[(f32, f32)]) {
    play_on(instance, parts);
    instance.tap.end_run();
}

/// Plays and does not stop.
fn play_on(instance: &mut Instance, parts: &[(f32, f32)]) {
    let samples = sound(parts);
    let transport = Transport { playing: true, project: Some(FramePos(0)), ..Transport::default() };
    instance.tap.process(&[&samples], samples.len(), transport, ChannelChoice::Mix, Listen::WhilePlaying);
}

/// What a snapshot says of the words, one text an utterance.
fn text(instance: &Instance) -> Vec<String> {
    instance.shared.newest().notebook.utterances().iter().map(|utterance| utterance.text()).collect()
}

/// Rounds until everything that was played is worked off.
fn settle(listener: &mut Listener) {
    for _ in 0..60 {
        listener.published = None;
        listener.step();
    }
}

/// Plays to two sessions at once, and says whether the second one had words first.
fn second_was_first(parts: [&[(f32, f32)]; 2], expected: [&[&str]; 2]) -> bool {
    let (_words, inbox) = bounded(1);
    let mut script = Script::new();
    script.room = 1;
    let mut listener = listening(inbox, script);
    let mut instances = [(); 2].map(|()| instance(&mut listener));
    for (instance, parts) in instances.iter_mut().zip(parts) {
        play(instance, parts);
    }
    let mut order = Vec::new();
    for _ in 0..60 {
        listener.published = None;
        listener.step();
        order.extend((0..2).filter(|&index| !text(&instances[index]).is_empty()));
    }
    let expected = expected.map(|texts| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
    assert_eq!([text(&instances[0]), text(&instances[1])], expected);
    order.first() == Some(&1)
}

#[test]
fn every_session_gets_its_own_words_and_the_one_furthest_behind_goes_first() {
    let short: &[(f32, f32)] = &[(0.512, 0.0), (1.0, 0.2), (1.0, 0.0)];
    let long: &[(f32, f32)] = &[(0.512, 0.0), (1.0, 0.4), (5.0, 0.0), (1.0, 0.6), (1.0, 0.0)];
    assert!(second_was_first([short, long], [&["level20"], &["level40", "level60"]]));
}

#[test]
fn what_is_performed_goes_before_what_is_bounced() {
    let live: &[(f32, f32)] = &[(0.512, 0.0), (1.0, 0.2), (1.0, 0.0)];
    let bounce: &[(f32, f32)] = &[(12.0, 0.0), (1.0, 0.4), (9.0, 0.0), (1.0, 0.6), (1.0, 0.0)];
    assert!(second_was_first([bounce, live], [&["level40", "level60"], &["level20"]]));
}

#[test]
fn classes_wait_for_words_but_not_for_long() {
    let (_words, inbox) = bounded(1);
    let mut script = Script::new();
    script.room = 0;
    let mut listener = listening(inbox, script);
    let mut speaks = instance(&mut listener);
    play_on(&mut speaks, &[(0.512, 0.0), (1.0, 0.2), (7.0, 0.0)]);
    settle(&mut listener);
    play_on(&mut speaks, &[(7.0, 0.0)]);
    settle(&mut listener);
    listener.inference.use_cores(1);
    let mut order = Vec::new();
    for _ in 0..20 {
        listener.published = None;
        listener.step();
        let notebook = Arc::clone(&speaks.shared.newest().notebook);
        order.push((notebook.spans().len(), notebook.utterances().len()));
    }
    assert!(order.contains(&(1, 0)), "a class that is overdue comes first: {order:?}");
    assert_eq!(order.last().map(|(_, said)| *said), Some(1), "{order:?}");
}

#[test]
fn a_fault_ends_what_one_session_hears_and_nothing_else() {
    let (_words, inbox) = bounded(1);
    let mut script = Script::new();
    script.faulty = true;
    let mut listener = listening(inbox, script);
    let mut faulty = instance(&mut listener);
    let heard = |level: f32| [(0.512, 0.0), (1.0, level), (1.0, 0.0)];
    let notice = |instance: &Instance| instance.shared.newest().status.notice.clone().unwrap_or_default();
    play(&mut faulty, &heard(0.2));
    settle(&mut listener);
    assert!(notice(&faulty).contains("listens on"), "{}", notice(&faulty));

    // Only the detectors that are handed out from now on are whole.
    listener.inference.try_again();
    let mut whole = instance(&mut listener);
    play(&mut whole, &heard(0.4));
    play(&mut faulty, &heard(0.6));
    settle(&mut listener);
    assert_eq!((text(&whole), text(&faulty)), (vec!["level40".to_owned()], vec!["level60".to_owned()]));
    assert_eq!(notice(&whole), "");
}

#[test]
fn a_session_that_always_fails_stops_and_goes_on_when_asked_to() {
    let (_words, inbox) = bounded(1);
    let mut script = Script::new();
    script.faulty = true;
    let mut listener = listening(inbox, script);
    let mut faulty = instance(&mut listener);
    let heard = [(0.512, 0.0), (1.0, 0.2), (1.0, 0.0)];
    for _ in 0..4 {
        play(&mut faulty, &heard);
        settle(&mut listener);
    }
    let stopped = faulty.shared.newest();
    assert!(stopped.status.notice.as_ref().is_some_and(|notice| notice.contains("Try again")), "{stopped:?}");
    assert_eq!(stopped.status.activity, Activity::Stopped);
    assert!(faulty.commands.try_send(Command::TryAgain).is_ok());
    settle(&mut listener);
    play(&mut faulty, &heard);
    settle(&mut listener);
    assert_eq!(
        (text(&faulty), faulty.shared.newest().status.notice.clone()),
        (vec!["level20".to_owned()], None)
    );
}

#[test]
fn a_model_that_comes_back_is_used_without_a_stop() {
    let (_words, inbox) = bounded(1);
    let mut script = Script::new();
    script.unavailable = Some("the file is gone".to_owned());
    let mut listener = listening(inbox, script);
    let mut instance = instance(&mut listener);
    let heard = |level: f32| [(0.512, 0.0), (1.0, level), (1.0, 0.0)];
    play(&mut instance, &heard(0.2));
    settle(&mut listener);
    let gone = Health::Unavailable("the file is gone".to_owned());
    assert_eq!(instance.shared.newest().status.transcriber, gone);
    assert!(instance.commands.try_send(Command::TryAgain).is_ok());
    play(&mut instance, &heard(0.4));
    settle(&mut listener);
    assert_eq!(
        (text(&instance), &instance.shared.newest().status.transcriber),
        (vec!["level40".to_owned()], &Health::Ready)
    );
}

#[test]
fn when_behind_nothing_is_shown_before_it_settles_and_everything_settles() {
    let (_words, inbox) = bounded(1);
    let mut script = Script::new();
    script.room = 0;
    let asked = Arc::clone(&script.asked);
    let mut listener = listening(inbox, script);
    let mut behind = instance(&mut listener);
    play(&mut behind, &[(0.512, 0.0), (1.0, 0.2), (5.0, 0.0), (1.0, 0.4), (1.0, 0.0)]);
    settle(&mut listener);
    let engine = |instance: &Instance| instance.shared.newest().status.engine.clone();
    assert_eq!(engine(&behind).relief, Relief::WithoutPartials, "{:?}", engine(&behind));
    assert!(behind.commands.try_send(Command::UseCores(usize::MAX)).is_ok());
    settle(&mut listener);
    assert_eq!(engine(&behind).cores, available());
    assert_eq!(text(&behind), ["level20", "level40"]);
    assert!(asked.lock().iter().all(|asked| asked.effort == Effort::Final));
    assert_eq!((engine(&behind).relief, engine(&behind).sessions), (Relief::None, 1));
}

#[test]
fn a_partial_makes_room_for_what_settles() {
    let (_words, inbox) = bounded(1);
    let mut script = Script::new();
    (script.room, script.hold) = (1, true);
    let asked = Arc::clone(&script.asked);
    let mut listener = listening(inbox, script);
    let mut speaks = instance(&mut listener);
    let mut ends = instance(&mut listener);
    let shown = |asked: &Asked| (asked.effort, asked.cancel.load(Ordering::Relaxed));
    let mut play = |instance: &mut Instance, parts: &[(f32, f32)]| {
        let samples = sound(parts);
        let transport = Transport { playing: true, project: Some(FramePos(0)), ..Transport::default() };
        for block in samples.chunks(512) {
            let (choice, listen) = (ChannelChoice::Mix, Listen::WhilePlaying);
            instance.tap.process(&[block], block.len(), transport, choice, listen);
            listener.step();
        }
    };
    play(&mut speaks, &[(0.512, 0.0), (1.1, 0.2)]);
    assert_eq!(asked.lock().iter().map(shown).collect::<Vec<_>>(), [(Effort::Partial, false)]);
    play(&mut ends, &[(0.512, 0.0), (0.5, 0.4), (0.5, 0.0)]);
    let expected = [(Effort::Partial, true), (Effort::Final, false)];
    assert_eq!(asked.lock().iter().map(shown).collect::<Vec<_>>(), expected);
}

#[test]
fn a_closed_session_is_forgotten_and_rest_is_long_when_nobody_plays() {
    let (_words, inbox) = bounded(1);
    let mut listener = listening(inbox, Script::new());
    let gone = instance(&mut listener);
    gone.shared.close();
    let _quiet = instance(&mut listener);
    listener.step();
    assert_eq!(listener.tracks.len(), 1);
    listener.published = None;
    assert_eq!(listener.step(), RESTING);
}

#[test]
fn rest_is_short_while_somebody_speaks() {
    let (_words, inbox) = bounded(1);
    let mut listener = listening(inbox, Script::new());
    let mut playing = instance(&mut listener);
    let mut rest_after = |level: f32| {
        play_on(&mut playing, &[(0.5, level)]);
        listener.step();
        // All is said by now.
        listener.published = None;
        listener.step()
    };
    assert_eq!([0.0, 0.5, 0.5, 0.0].map(&mut rest_after), [LISTENING, SPEECH, SPEECH, LISTENING]);
}

#[test]
fn a_transport_that_stands_costs_no_inference_and_no_snapshot() {
    let (_words, inbox) = bounded(1);
    let mut listener = listening(inbox, Script::new());
    let mut standing = instance(&mut listener);
    let transport = Transport { project: Some(FramePos(48_000)), ..Transport::default() };
    let mut round = |listener: &mut Listener| {
        standing.tap.process(
            &[sound(&[(0.1, 0.5)])],
            1_600,
            transport,
            ChannelChoice::Mix,
            Listen::default(),
        );
        listener.published = None;
        listener.step()
    };
    round(&mut listener);
    let before = standing_snapshot(&listener);
    for _ in 0..1_000 {
        assert_eq!(round(&mut listener), RESTING);
    }
    let after = standing_snapshot(&listener);
    assert_eq!(after.revision, before.revision);
    assert_eq!((after.usage.inferences, after.status.pending, after.usage.audio.0), (0, 0, 0.0));
}

fn standing_snapshot(listener: &Listener) -> Arc<Snapshot> {
    listener.tracks[0].shared().newest()
}
