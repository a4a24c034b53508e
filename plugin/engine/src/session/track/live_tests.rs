use super::*;
use crate::session::track::tests::Stage;
use earmark_timeline::utterance::Utterance;
use std::sync::atomic::Ordering;

/// How many transcriptions of a kind were asked for, and how many of them cancelled.
fn asked(stage: &Stage, effort: Effort) -> (usize, usize) {
    let asked = stage.script.asked.lock();
    let of_kind = asked.iter().filter(|asked| asked.effort == effort);
    let cancelled = of_kind.clone().filter(|asked| asked.cancel.load(Ordering::Relaxed));
    (of_kind.clone().count(), cancelled.count())
}

/// The unsettled words and how many of them are agreed on.
fn shown(stage: &Stage) -> Option<(String, usize)> {
    stage.snapshot().unsettled.as_ref().map(|unsettled| (unsettled.words.join(" "), unsettled.agreed))
}

fn shown_as(text: &str, agreed: usize) -> Option<(String, usize)> {
    Some((text.to_owned(), agreed))
}

#[test]
fn what_was_decoded_in_a_pause_settles_when_the_silence_holds() {
    let mut stage = Stage::new();
    stage.play(&[(0.512, 0.0), (0.512, 0.5), (0.256, 0.0)]);
    assert_eq!((asked(&stage, Effort::Final), stage.said()), ((1, 0), vec![]));
    assert_eq!(shown(&stage), shown_as("level50", 0));
    stage.play(&[(0.512, 0.0)]);
    assert_eq!((asked(&stage, Effort::Final), stage.said()), ((1, 0), vec![("level50".to_owned(), 512)]));
    assert_eq!(shown(&stage), None);
}

#[test]
fn a_final_at_work_when_the_silence_has_held_is_the_final() {
    let mut stage = Stage::new();
    stage.script.hold = true;
    stage.play(&[(0.512, 0.0), (0.512, 0.5), (0.992, 0.0)]);
    assert_eq!((asked(&stage, Effort::Final), stage.said()), ((1, 0), vec![]));
    stage.script.release();
    stage.play(&[(0.032, 0.0)]);
    assert_eq!((asked(&stage, Effort::Final), stage.said()), ((1, 0), vec![("level50".to_owned(), 512)]));
}

#[test]
fn what_was_decoded_in_a_pause_is_forgotten_when_speech_goes_on() {
    for hold in [true, false] {
        let mut stage = Stage::new();
        stage.script.hold = hold;
        stage.play(&[(0.512, 0.0), (0.512, 0.5), (0.256, 0.0), (0.512, 0.5)]);
        assert_eq!(asked(&stage, Effort::Final), (1, usize::from(hold)), "at work: {hold}");
        assert_eq!(stage.said(), []);
        stage.script.release();
        stage.play(&[(1.024, 0.0)]);
        // Two times half a second at level 50 and a quarter of silence: 40 on the mean.
        assert_eq!(stage.said(), [("level40".to_owned(), 512)]);
        assert_eq!(asked(&stage, Effort::Final).0, 2);
    }
}

#[test]
fn the_notebook_is_the_same_live_and_late_and_at_any_block_size() {
    let parts = [
        (0.7, 0.0),
        (1.1, 0.5),
        (0.3, 0.0),
        (0.9, 0.2),
        (0.6, 0.0),
        (0.3, 0.9),
        (0.19, 0.0),
        (0.3, 0.8),
        (0.17, 0.0),
        (4.3, 0.7),
        (0.43, 0.0),
        (15.2, 0.3),
        (2.0, 0.0),
        (0.2, 0.9),
        (3.0, 0.0),
    ];
    let heard = |block: usize| {
        let mut stage = Stage::new();
        stage.block = block;
        stage.play(&parts);
        for _ in 0..32 {
            stage.round();
        }
        stage.stop();
        let notebook = stage.snapshot().notebook.clone();
        let plain = |utterance: &Utterance| (utterance.text(), utterance.start, utterance.end);
        let said: Vec<_> = notebook.utterances().iter().map(plain).collect();
        (said, asked(&stage, Effort::Final).0, asked(&stage, Effort::Partial).0)
    };
    // All at once: there is nothing live about it, and every segment is decoded once.
    let (late, finals, partials) = heard(usize::MAX);
    assert_eq!((late.len(), finals, partials), (3, 3, 0));
    for block in [64, 480, 511, 4_096] {
        let (live, finals, partials) = heard(block);
        assert_eq!(live, late, "in blocks of {block}");
        assert!(finals > late.len() && partials > 0, "in blocks of {block}: {finals}, {partials}");
    }
}

#[test]
fn words_are_shown_while_somebody_speaks_and_agreed_on_by_the_second_decoding() {
    let mut stage = Stage::new();
    stage.play(&[(0.512, 0.0), (0.7, 0.5)]);
    assert_eq!(shown(&stage), None);
    stage.play(&[(0.2, 0.5)]);
    assert_eq!(shown(&stage), shown_as("level50", 0));
    let revision = stage.snapshot().notebook_revision;
    stage.play(&[(0.9, 0.5)]);
    assert_eq!(shown(&stage), shown_as("level50", 1));
    let snapshot = stage.snapshot();
    assert_eq!(snapshot.unsettled.as_ref().map(|unsettled| unsettled.start.milliseconds()), Some(512));
    assert!(snapshot.notebook.is_empty());
    assert_eq!((snapshot.notebook_revision, snapshot.status.pending), (revision, 0));
    stage.play(&[(1.0, 0.0)]);
    assert_eq!((shown(&stage), stage.said().len()), (None, 1));
}

#[test]
fn a_partial_ends_when_somebody_falls_silent_or_the_run_ends() {
    for stop in [true, false] {
        let mut stage = Stage::new();
        stage.script.hold = true;
        stage.play(&[(0.512, 0.0), (1.1, 0.5)]);
        assert_eq!(asked(&stage, Effort::Partial), (1, 0));
        if stop {
            stage.stop()
        } else {
            stage.play(&[(0.256, 0.0)])
        }
        assert_eq!(asked(&stage, Effort::Partial), (1, 1), "stopped: {stop}");
        assert_eq!(asked(&stage, Effort::Final), (1, 0), "stopped: {stop}");
        stage.script.release();
        stage.stop();
        assert_eq!((shown(&stage), stage.said().len()), (None, 1), "stopped: {stop}");
    }
}

#[test]
fn a_partial_that_comes_too_late_is_cancelled_and_the_next_waits_longer() {
    let mut stage = Stage::new();
    stage.script.hold = true;
    stage.play(&[(0.512, 0.0), (2.3, 0.5)]);
    assert_eq!(asked(&stage, Effort::Partial), (1, 0));
    stage.play(&[(0.2, 0.5)]);
    assert_eq!(asked(&stage, Effort::Partial), (1, 1));
    stage.play(&[(0.6, 0.5)]);
    assert_eq!(asked(&stage, Effort::Partial), (1, 1));
    stage.play(&[(0.4, 0.5)]);
    assert_eq!(asked(&stage, Effort::Partial), (2, 1));
}

#[test]
fn a_partial_follows_a_slow_one_sooner_so_that_words_are_shown_as_soon() {
    for (slow, expected) in [(false, 1), (true, 2)] {
        let mut stage = Stage::new();
        stage.script.hold = slow;
        stage.play(&[(0.512, 0.0), (0.832, 0.5)]);
        assert_eq!(asked(&stage, Effort::Partial), (1, 0));
        stage.play(&[(0.352, 0.5)]);
        stage.script.release();
        stage.script.hold = false;
        stage.play(&[(0.352, 0.5)]);
        assert_eq!(asked(&stage, Effort::Partial).0, expected, "slow: {slow}");
    }
}

#[test]
fn who_is_behind_with_what_settles_shows_no_partials() {
    let mut stage = Stage::new();
    stage.script.hold = true;
    stage.play(&[(0.512, 0.0), (0.512, 0.5), (1.024, 0.0), (3.0, 0.5)]);
    assert_eq!((asked(&stage, Effort::Final), asked(&stage, Effort::Partial)), ((1, 0), (0, 0)));
}

#[test]
fn partials_stay_short_however_long_somebody_speaks() {
    let mut stage = Stage::new();
    stage.play(&[(0.512, 0.0), (14.0, 0.5)]);
    let asked = stage.script.asked.lock();
    let longest = asked.iter().map(|asked| asked.samples as u64).max();
    assert!(asked.len() > 10 && longest <= Some(PARTIAL_LONGEST), "{} up to {longest:?}", asked.len());
}

#[test]
fn what_is_shown_goes_with_the_notebook_it_belonged_to() {
    let mut stage = Stage::new();
    stage.play(&[(0.512, 0.0), (1.1, 0.5)]);
    assert!(shown(&stage).is_some());
    // The next partial, of speech that goes on, is held back.
    stage.script.hold = true;
    stage.command(crate::command::Command::Restore { notebook: Box::default(), notice: None });
    assert_eq!(shown(&stage), None);
}
