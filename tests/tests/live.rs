//! Words appear while somebody speaks and settle when a phrase ends, in real time, with the real models.

use earmark_tests::audio::Clip;
use earmark_tests::fixtures;
use earmark_tests::live::{Performance, median_and_p95, perform};
use earmark_tests::wer::{word_errors, words};
use earmark_timeline::settings::Settings;
use earmark_timeline::snapshot::{Snapshot, Unsettled};
use earmark_timeline::utterance::Utterance;

/// A machine on which words settle this soon after a phrase has time to show them before: a final alone
/// takes about a third of it where nothing else runs.
const KEEPS_UP_S: f64 = 1.5;

/// Eleven seconds of a speech and the beginning of a sonnet, with a pause after each, 48 kHz.
fn performed() -> Performance {
    let read = |name: &str| {
        let path = fixtures::fixture(name).expect("the fixtures are there");
        Clip::read(&path).expect("a recording").with_channels(1).resampled(48_000)
    };
    let mut clip = read("jfk.wav").padded(0.0, 1.0);
    let sonnet = read("sonnet1.mp3");
    clip.channels[0].extend_from_slice(&sonnet.channels[0][..12 * 48_000]);
    perform(&clip.padded(0.0, 1.0), Settings::DEFAULT_MODEL).expect("a session")
}

/// The words that an utterance's tail agreed on, as they sound.
fn agreed(unsettled: &Unsettled) -> Vec<String> {
    unsettled.words[..unsettled.agreed].iter().flat_map(|word| words(word)).collect()
}

/// Compares each snapshot with the one before.
fn check_all(performance: &Performance, what: &str, holds: impl Fn(&Snapshot, &Snapshot) -> bool) {
    for pair in performance.seen.windows(2) {
        let ((_, before), (moment, after)) = (&pair[0], &pair[1]);
        let (tail, told) = (&after.unsettled, after.notebook.utterances());
        assert!(holds(before, after), "{what}, {moment:.2} s: {tail:?} {told:?}");
    }
}

#[allow(clippy::print_stdout, reason = "the figures that the machine reached")]
#[test]
fn words_appear_while_somebody_speaks_and_once_settled_never_change() {
    let performance = performed();
    let notebook = performance.notebook();
    let said = notebook.utterances();
    let text = said.iter().map(Utterance::text).collect::<Vec<_>>().join(" ");
    assert!(said.len() >= 3, "{text}; `cargo xtask models` fetches the model");

    check_all(&performance, "what is settled stays, and what settles comes after it", |before, after| {
        after.notebook.utterances().starts_with(before.notebook.utterances())
    });
    let apart = said.windows(2).all(|pair| pair[0].end <= pair[1].start && pair[0].id != pair[1].id);
    assert!(apart, "every utterance once and in order: {said:?}");

    check_all(&performance, "what two decodings agreed on stays until it settles", |before, after| {
        match (&before.unsettled, &after.unsettled) {
            (Some(old), Some(new)) if old.start == new.start => agreed(new).starts_with(&agreed(old)),
            _ => true,
        }
    });
    check_all(&performance, "what is settled is not shown as unsettled", |_, after| {
        let settled = after.notebook.utterances().last().map(|utterance| utterance.end);
        after.unsettled.as_ref().is_none_or(|tail| settled.is_none_or(|end| end <= tail.start))
    });
    assert_eq!(performance.seen.last().and_then(|(_, last)| last.unsettled.clone()), None);

    // A word that was shown before it settled, and as it settled.
    let foretold = said.iter().filter(|utterance| {
        let mut tails = performance.seen.iter().filter_map(|(_, snapshot)| snapshot.unsettled.as_ref());
        tails.any(|tail| tail.start == utterance.start && text_begins(&utterance.text(), &tail.words[0]))
    });
    let (settled, shown) = (performance.settled_after_s(), performance.shown_after_s());
    // On a machine that cannot keep up, partials are the first to be dropped, as they should be.
    let keeps_up = median_and_p95(settled.clone()).0 < KEEPS_UP_S;
    assert!(foretold.count() > 0 || !keeps_up, "{text}");
    let jfk = std::fs::read_to_string(fixtures::fixture("jfk.txt").expect("the fixtures are there"));
    let first = said.iter().take_while(|utterance| utterance.end.seconds() < 12.0).map(Utterance::text);
    let errors = word_errors(&jfk.expect("a text"), &first.collect::<Vec<_>>().join(" "));
    assert!(errors.rate() <= 0.15, "{errors}: {text}");
    println!("settled after {:.2?} s, shown after {:.2?} s", median_and_p95(settled), median_and_p95(shown));
}

fn text_begins(text: &str, word: &str) -> bool {
    words(text).starts_with(&words(word))
}
