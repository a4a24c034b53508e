//! From a model's answer to the notebook's pages.

use crate::infer::classify::spans::spans;
use crate::infer::classify::{CELL_SAMPLES, FrameSpan, Stretch};
use crate::infer::reason_to_drop;
use crate::infer::transcribe::Hypothesis;
use crate::segment::Segment;
use earmark_timeline::clock::Run;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::sound::Role;
use earmark_timeline::tag::ClassSpan;
use earmark_timeline::units::{FramePos, ProjectTime};
use earmark_timeline::utterance::{DropReason, Dropped, Origin, Utterance, Word};
use std::ops::Range;
use std::sync::Arc;

/// Writes down what was said in `segment` of `run`, or that it was dropped and why.
pub(super) fn write_speech(notebook: &mut Notebook, run: &Run, segment: &Segment, hypothesis: Hypothesis) {
    let place = times(run, &segment.speech);
    let seconds = place.end.minus(place.start).seconds() as f32;
    let reason = reason_to_drop(&hypothesis, seconds);
    let origin = run.time_from_model(FramePos(segment.audio.start as i64));
    let at = |seconds: f32| origin.plus(ProjectTime::from_seconds(f64::from(seconds)));
    let words = hypothesis.words.into_iter().map(|word| Word {
        start: at(word.seconds.start),
        end: at(word.seconds.end),
        text: word.text,
        confidence: word.confidence,
    });
    let (language, model) = (hypothesis.language, hypothesis.model);
    if let Some(reason) = reason {
        let words = words.take(Dropped::MOST_WORDS).collect();
        let (Range { start, end }, run) = (place, Some(run.id));
        notebook.drop_speech(Dropped { start, end, words, language, model, reason, run });
        return;
    }
    let utterance = Utterance {
        id: notebook.fresh_id(),
        start: place.start,
        end: place.end,
        words: words.collect(),
        language,
        model,
        origin: Origin::Machine,
        run: Some(run.id),
    };
    notebook.settle(utterance);
}

/// Writes down that `segment` of `run` was heard and could not be decoded.
pub(super) fn write_failure(notebook: &mut Notebook, run: &Run, segment: &Segment) {
    let Range { start, end } = times(run, &segment.speech);
    notebook.drop_speech(Dropped {
        start,
        end,
        words: Vec::new(),
        language: None,
        model: Arc::from(notebook.settings().model.as_str()),
        reason: DropReason::Failed,
        run: Some(run.id),
    });
}

/// Writes the class lane of a stretch of a run, and what plays in it; where that is not sure, nothing is known to play.
pub(super) fn write_stretch(
    notebook: &mut Notebook,
    run: &Run,
    stretch: &Stretch,
    role: Option<(Role, f32)>,
) {
    let place = |cells: Range<usize>| {
        let sample = |cell: usize| ((stretch.cells.start + cell) * CELL_SAMPLES) as u64;
        times(run, &(sample(cells.start)..sample(cells.end)))
    };
    for FrameSpan { frames, class, probability } in spans(&stretch.classes) {
        let Range { start, end } = place(frames);
        notebook.hear(ClassSpan { start, end, class, probability });
    }
    notebook.hear_role(place(0..stretch.classes.len()), role);
}

/// The project's time of a range of samples of the run's 16 kHz stream.
pub(super) fn times(run: &Run, samples: &Range<u64>) -> Range<ProjectTime> {
    let time = |sample: u64| run.time_from_model(FramePos(sample as i64));
    time(samples.start)..time(samples.end)
}
