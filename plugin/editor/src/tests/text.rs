//! What the view-model says, as text.

use super::fixture::{at, facts, filled, worked_on};
use crate::view_model::tools::passes;
use crate::{Certainty, Facts, Unit, ViewModel, ViewState};
use earmark_timeline::settings::Settings;
use earmark_timeline::snapshot::{Activity, Health, Relief, Snapshot, Unsettled};
use earmark_timeline::transport::Listen;
use earmark_timeline::units::{Frames, Seconds};
use earmark_timeline::utterance::ItemId;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

/// A view-model as a plain tree, a line each.
fn tree(model: &ViewModel) -> String {
    let mut out = String::new();
    let mut line = |text: String| writeln!(out, "{}", text.trim_end()).expect("a string takes all");
    let header = &model.header;
    line(format!("{} {} | {}", header.product, header.playhead, header.about));
    let units = header.units.iter().map(|choice| {
        let chosen = if choice.unit == header.unit { "*" } else { "" };
        format!(
            "{}{chosen}{}",
            choice.unit.name(),
            choice.why_not.map_or(String::new(), |why| format!(" ({why})"))
        )
    });
    line(format!("  {}", units.collect::<Vec<_>>().join(", ")));
    let step = |name: &str, step: Option<&str>| step.map(|step| format!("{name} {step}")).unwrap_or_default();
    line(format!("  {} {}", step("undo", header.undo), step("redo", header.redo)));
    let progress = header.progress.map_or(String::new(), |part| format!(" {:.0} %", part * 100.0));
    let dot = if header.at_work { "●" } else { "○" };
    line(format!("{dot} {} ({:?}){progress}", header.doing, header.role));
    for banner in &model.banners {
        let offer = banner.offer.as_ref().map_or(String::new(), |offer| format!(" [{}]", offer.name));
        let dismiss = if banner.dismiss.is_some() { " [×]" } else { "" };
        line(format!("! {} ({:?}){offer}{dismiss}", banner.text, banner.role));
    }
    let timeline = &model.timeline;
    line(timeline.spoken.clone());
    let spans = |spans: Vec<String>| spans.join(", ");
    let labels = timeline.ticks.iter().map(|tick| tick.label.clone()).filter(|label| !label.is_empty());
    line(format!("  ruler: {}", spans(labels.collect())));
    line(format!("  wave: {} of {}", timeline.wave.iter().flatten().count(), timeline.wave.len()));
    let lanes = timeline.classes.iter().map(|l| format!("{:.0}-{:.0} {}", l.x[0], l.x[1], l.label));
    line(format!("  classes: {}", spans(lanes.collect())));
    if let Some(roles) = &timeline.roles {
        let lanes = roles.iter().map(|l| format!("{:.0}-{:.0} {}", l.x[0], l.x[1], l.label));
        line(format!("  plays: {}", spans(lanes.collect())));
    }
    if let Some(columns) = &timeline.loudness {
        // One in thirty says enough.
        let levels = columns.iter().step_by(30).map(|lufs| lufs.map_or("-".to_owned(), |it| it.to_string()));
        line(format!("  loudness: {}", spans(levels.collect())));
    }
    let blocks = timeline.utterances.iter().map(|b| {
        let chosen = if b.selected { "*" } else { "" };
        let text: String = b.text.chars().take(8).collect();
        format!("{:.0}-{:.0} {text}{chosen}", b.x[0], b.x[1])
    });
    line(format!("  said: {}", spans(blocks.collect())));
    let flags = timeline.marks.iter().map(|f| format!("{:.0} {}", f.x[0], f.label));
    line(format!("  marks: {}", spans(flags.collect())));
    for (name, gaps) in [("missed", &timeline.missed), ("waiting", &timeline.waiting)] {
        for gap in gaps {
            line(format!("  {name}: {:.0}-{:.0} {}", gap.x[0], gap.x[1], gap.spoken));
        }
    }
    line(format!("  playhead: {:?}", timeline.playhead.map(f32::round)));
    match &model.empty {
        Some(empty) => line(format!("{} ({:?})\n{}", empty.title, empty.role, empty.hint)),
        None => {
            for index in 0..model.transcript.len() {
                let row = model.transcript.row(index);
                let signs = row.pieces.iter().map(|piece| match piece.certainty {
                    Certainty::Sure => piece.text.clone(),
                    Certainty::Unsure => format!("~{}~", piece.text),
                    Certainty::Doubtful => format!("_{}_", piece.text),
                });
                let said: String = signs.collect();
                line(format!("{:>8} {} {:?} {said}", row.clock, row.kind.sign().letter, row.kind));
                for pass in passes(&row, &model.transcript) {
                    line(format!("         < {} {}", pass.place, pass.text));
                }
            }
        }
    }
    let classifier = model.status.classifier.as_ref();
    let classifier = classifier.map_or(String::new(), |(text, role)| format!(" | {text} ({role:?})"));
    line(format!("{}{classifier} | {}", model.status.heard, model.status.clock));
    line(format!("  {}", model.status.details.replace('\n', "\n  ")));
    out
}

fn state() -> ViewState {
    ViewState { width: 880.0, ..ViewState::default() }
}

/// Compares a whole view-model with its golden text. With `EARMARK_BLESS` set, what is told becomes golden.
fn check(snapshot: &Snapshot, state: &ViewState, facts: &Facts, golden: &str) {
    let told = tree(&ViewModel::new(snapshot, state, facts, None));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/golden");
    let path = folder.join(golden).with_extension("txt");
    if std::env::var_os("EARMARK_BLESS").is_some() {
        std::fs::write(&path, &told).expect("the golden file can be written");
    }
    let expected = std::fs::read_to_string(&path).expect("the golden file is there");
    assert!(told == expected, "{golden}: told\n{told}\ninstead of\n{expected}");
}

/// Compares what it is doing, and its banners, with what is expected.
fn check_doing(change: impl FnOnce(&mut Snapshot, &mut Facts), expected: &[&str]) {
    let (mut snapshot, mut facts) = (filled(), facts());
    change(&mut snapshot, &mut facts);
    let model = ViewModel::new(&snapshot, &state(), &facts, None);
    let banners = model.banners.into_iter().map(|banner| banner.text);
    let told: Vec<_> = [model.header.doing].into_iter().chain(banners).collect();
    assert_eq!(told, expected);
}

/// Compares the title and hint of an empty transcript with what is expected.
fn check_empty(change: impl FnOnce(&mut Snapshot, &mut Facts), expected: &[&str; 2]) {
    let (mut snapshot, mut facts) = (Snapshot::default(), Facts::default());
    change(&mut snapshot, &mut facts);
    let model = ViewModel::new(&snapshot, &state(), &facts, None);
    let empty = model.empty.expect("an empty notebook");
    assert_eq!([empty.title.as_str(), empty.hint.as_str()], *expected);
    assert_eq!(model.banners, []);
}

#[test]
fn a_filled_session_tells_all_it_knows() {
    let chosen = ViewState { selected: Some(ItemId(3).into()), ..state() };
    check(&filled(), &chosen, &facts(), "filled");
}

#[test]
fn a_new_session_says_what_to_do() {
    check(&Snapshot::default(), &state(), &Facts::default(), "empty");
}

#[test]
fn a_project_that_was_loaded_says_when_its_waveform_comes() {
    let hint = |snapshot: &Snapshot| ViewModel::new(snapshot, &state(), &facts(), None).timeline.hint;
    let loaded = Snapshot { overview: Snapshot::default().overview, ..filled() };
    assert_eq!(hint(&loaded), Some("The waveform appears as the project is played"));
    assert_eq!((hint(&filled()), hint(&Snapshot::default())), (None, None));
}

#[test]
fn a_closer_look_shows_fewer_things_and_finer_times() {
    let mut close = state();
    close.zoom(crate::Stretch { start: 0.0, length: 60.0 }, 60.0, 0.1);
    check(&filled(), &close, &facts(), "close");
}

#[test]
fn places_are_told_in_the_unit_that_was_chosen() {
    check(&filled(), &ViewState { unit: Unit::Samples, ..state() }, &facts(), "samples");
    check(&filled(), &ViewState { unit: Unit::Bars, ..state() }, &facts(), "bars");
}

#[test]
fn a_unit_that_the_host_has_told_too_little_for_says_so() {
    check(&Snapshot::default(), &ViewState { unit: Unit::Bars, ..state() }, &Facts::default(), "empty");
}

#[test]
fn what_was_changed_dropped_and_replaced_can_be_seen() {
    check(&worked_on(), &ViewState { dropped: true, ..state() }, &facts(), "worked_on");
}

#[test]
fn what_it_is_doing_is_what_a_person_must_know_first() {
    check_doing(|_, _| (), &["Listening"]);
    check_doing(|_, f| f.bypassed = true, &["Bypassed"]);
    check_doing(|_, f| f.listen = Listen::Off, &["Off"]);
    let waiting = |listen: Listen, playing: bool, expected: &str| {
        let wait = |s: &mut Snapshot, f: &mut Facts| {
            (s.status.activity, f.listen, f.playing) = (Activity::Waiting, listen, playing);
        };
        check_doing(wait, &[expected]);
    };
    waiting(Listen::WhilePlaying, false, "Stopped: press play");
    waiting(Listen::WhilePlaying, true, "No audio: press play");
    waiting(Listen::WhileRecording, false, "Waiting: press record");
    waiting(Listen::WhileRecording, true, "Waiting: press record");
    waiting(Listen::Always, false, "Waiting for audio");
    check_doing(|_, f| f.listen = Listen::WhileRecording, &["Listening"]);
    check_doing(|_, f| (f.listen, f.playing) = (Listen::Always, false), &["Listening"]);
    check_doing(|s, _| s.status.transcriber = Health::Loading, &["Loading the model"]);
    check_doing(|s, _| s.status.behind = Seconds(0.9), &["Listening"]);
    check_doing(|s, _| s.status.behind = Seconds(3.2), &["Behind by 3 s"]);
    check_doing(
        |s, _| s.status.engine.relief = Relief::WithoutPartials,
        &["Listening; words appear once they settle"],
    );
    let stopped = "Earmark keeps meeting a fault.";
    check_doing(
        |s, f| {
            (s.status.activity, s.status.notice) = (Activity::Stopped, Some(stopped.into()));
            f.playing = false;
        },
        &["Stopped after faults", stopped],
    );
    check_doing(
        |s, _| (s.status.behind, s.status.activity) = (Seconds(83.4), Activity::Waiting),
        &["Working it off: 1 min 23 s of 1 min 23 s left"],
    );
    check_doing(
        |s, _| s.status.transcriber = Health::Unavailable("no file; fetch it.".into()),
        &["Model missing: no words", "Model missing: no file; fetch it."],
    );
}

#[test]
fn a_bounce_is_worked_off_with_the_progress_told() {
    let after = |behind, at_most, expected: &str| {
        check_doing(
            |s, f| {
                (s.status.behind, s.status.behind_at_most) = (Seconds(behind), Seconds(at_most));
                (s.status.activity, f.playing) = (Activity::Waiting, false);
            },
            &[expected],
        );
    };
    after(600.0, 600.0, "Working it off: 10 min of 10 min left");
    after(200.2, 600.0, "Working it off: 3 min 20 s of 10 min left");
    after(0.0, 600.0, "Stopped: press play");
}

#[test]
fn a_session_that_cannot_keep_up_tells_what_waits_and_what_helps() {
    let (mut snapshot, facts) = (filled(), Facts { playing: false, ..facts() });
    Arc::make_mut(&mut snapshot.notebook)
        .set_settings(Settings { model: "whisper-base".to_owned(), ..Settings::default() });
    snapshot.status.activity = Activity::Waiting;
    snapshot.status.behind = Seconds(12.0);
    snapshot.status.behind_at_most = Seconds(48.0);
    snapshot.status.engine.relief = Relief::SmallerModel;
    snapshot.status.smaller_model = Some("whisper-tiny.en".to_owned());
    snapshot.status.classifier = Health::Unavailable("libonnxruntime is missing; run setup.".to_owned());
    snapshot.status.lost = Frames(96_000);
    snapshot.backlog = vec![at(46.0)..at(58.0)];
    snapshot.usage.measured = true;
    check(&snapshot, &state(), &Facts { model: "Whisper base".to_owned(), ..facts }, "behind");
}

#[test]
fn what_was_lost_and_what_went_wrong_is_said() {
    let miss = |s: &mut Snapshot, from, to| Arc::make_mut(&mut s.notebook).miss(at(from)..at(to));
    check_doing(
        |s, _| miss(s, 54.0, 56.0),
        &["Listening", "Not analysed: 2 s from 0:54.0 on. Play that passage again to have it heard."],
    );
    let places = "Not analysed: 3 s in 2 places, the first at 0:50.0. Play them again to have them heard.";
    check_doing(
        |s, _| {
            miss(s, 54.0, 56.0);
            miss(s, 50.0, 51.0);
        },
        &["Listening", places],
    );
    // What was lost and heard since is told to who looks closer, and to nobody else.
    check_doing(|s, _| s.status.lost = Frames(96_000), &["Listening"]);
    check_doing(
        |s, _| s.status.notice = Some("The saved state is damaged.".into()),
        &["Listening", "The saved state is damaged."],
    );
}

#[test]
fn an_empty_transcript_says_what_to_do_next() {
    let ends = "Words appear here as they are said.";
    check_empty(|_, _| (), &["Nothing heard yet", &format!("Press play in your DAW. {ends}")]);
    check_empty(
        |_, f| f.listen = Listen::WhileRecording,
        &["Nothing heard yet", &format!("Press record in your DAW. {ends}")],
    );
    check_empty(
        |_, f| f.listen = Listen::Always,
        &["Nothing heard yet", &format!("Send audio through this track. {ends}")],
    );
    check_empty(
        |s, _| (s.usage.audio, s.status.activity) = (Seconds(42.0), Activity::Listening),
        &["No speech so far", &format!("42 s heard. {ends}")],
    );
    check_empty(
        |s, _| s.usage.audio = Seconds(42.0),
        &["No speech so far", &format!("42 s heard. Press play in your DAW. {ends}")],
    );
    check_empty(
        |_, f| f.bypassed = true,
        &["Bypassed", "Switch the plugin on again in the host to have it listen."],
    );
    check_empty(
        |s, _| s.status.transcriber = Health::Unavailable("tiny.bin is missing; run setup.".into()),
        &["No model found", "tiny.bin is missing; run setup.\nAudio passes unchanged meanwhile."],
    );
}

#[test]
fn what_is_being_said_stands_last_and_fainter_and_is_not_copied() {
    let mut snapshot = filled();
    let words = ["And", "one", "more", "thing"].map(str::to_owned).to_vec();
    snapshot.unsettled = Some(Unsettled { start: at(56.3), words, agreed: 2 });
    check(&snapshot, &state(), &facts(), "speaking");
    let settled = ViewModel::new(&filled(), &state(), &facts(), None).transcript;
    let speaking = ViewModel::new(&snapshot, &state(), &facts(), Some(&settled)).transcript;
    assert_eq!(
        (speaking.len(), speaking.text(0..usize::MAX, true)),
        (settled.len() + 1, settled.text(0..usize::MAX, true))
    );
}

#[test]
fn the_first_words_stand_in_place_of_the_hint() {
    let unsettled = Some(Unsettled { start: at(0.4), words: vec!["Hello".to_owned()], agreed: 0 });
    let snapshot = Snapshot { unsettled, ..Snapshot::default() };
    let model = ViewModel::new(&snapshot, &state(), &Facts::default(), None);
    assert_eq!((model.empty, model.transcript.row(0).line()), (None, "0:00.4  Hello".to_owned()));
    assert!(model.transcript.is_empty(), "there is nothing to copy yet");
}
