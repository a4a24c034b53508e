//! whisper.cpp as it comes, on the same weights: the yardstick for accuracy.

use crate::clips::{self, Clip, Heard, Report};
use crate::cost::{cpu_seconds, peak_megabytes};
use crate::{Failure, Task};
use earmark_models::{Store, card};
use whisper_rs::{FullParams, SamplingStrategy, WhisperContext, WhisperContextParameters, WhisperState};

/// Decodes every clip, each by itself.
///
/// # Errors
/// When the model or a clip is missing, or whisper.cpp fails.
pub(crate) fn run(task: &Task, beam: i32) -> Result<(), Failure> {
    let clips = clips::read(&task.clips)?;
    whisper_rs::install_logging_hooks();
    let weights = Store::from_environment().read(card(&task.model)?)?;
    let context = WhisperContext::new_from_buffer_with_params(&weights, WhisperContextParameters::new())?;
    let mut state = context.create_state()?;
    let mut report = Report::new(task, "by whisper.cpp", clips.len())?;
    for clip in &clips {
        report.add(&decode(&mut state, task, clip, beam)?)?;
    }
    Ok(())
}

fn decode<'a>(
    state: &mut WhisperState,
    task: &Task,
    clip: &'a Clip,
    beam: i32,
) -> Result<Heard<'a>, Failure> {
    let audio = clips::raw_floats(&clip.audio16)?;
    // -1.0: the length penalty as it comes.
    let mut parameters = FullParams::new(SamplingStrategy::BeamSearch { beam_size: beam, patience: -1.0 });
    parameters.set_n_threads(1);
    parameters.set_language(Some(if task.detect { "auto" } else { &clip.language }));
    parameters.set_print_progress(false);
    parameters.set_print_realtime(false);
    parameters.set_print_timestamps(false);
    parameters.set_print_special(false);
    let before = cpu_seconds();
    state.full(parameters, &audio)?;
    let cpu = cpu_seconds() - before;
    let parts = state.as_iter().map(|segment| segment.to_str_lossy().map(|text| text.into_owned()));
    let text = parts.collect::<Result<Vec<_>, _>>()?.concat();
    Ok(Heard {
        id: &clip.id,
        seconds: clip.seconds,
        text: text.trim().to_owned(),
        language: whisper_rs::get_lang_str(state.full_lang_id_from_state()).map(str::to_owned),
        model_cpu: cpu,
        cpu,
        peak_mb: peak_megabytes(),
        words: Vec::new(),
        dropped: Vec::new(),
    })
}
