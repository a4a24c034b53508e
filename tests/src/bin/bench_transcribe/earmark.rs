//! Earmark's own engine, each clip through a session of its own.

use crate::clips::{self, Clip, Heard, Report, Word};
use crate::cost::{cpu_seconds, peak_megabytes};
use crate::{Failure, Task};
use earmark_engine::decode;
use earmark_engine::hub::Hub;
use earmark_models::{Store, card};
use earmark_timeline::notebook::{Notebook, Parts};
use earmark_timeline::settings::Settings;
use earmark_timeline::snapshot::{Health, Snapshot};
use earmark_timeline::units::SampleRate;
use std::path::Path;
use std::sync::Arc;

/// Listens to every clip, one after the other, as fast as it goes.
///
/// # Errors
/// When a model or a clip is missing.
pub(crate) fn run(task: &Task) -> Result<(), Failure> {
    let clips = clips::read(&task.clips)?;
    let hub = hub(&task.model)?;
    let mut report = Report::new(task, "by Earmark", clips.len())?;
    // The first one pays for loading the models, which no clip should: it is heard twice.
    if let Some(first) = clips.first() {
        listen(&hub, task, first)?;
    }
    for clip in &clips {
        report.add(&listen(&hub, task, clip)?)?;
    }
    Ok(())
}

/// The process's hub, after it was made sure that the model is there.
///
/// # Errors
/// When the model is unknown or missing.
pub(crate) fn hub(model: &str) -> Result<Arc<Hub>, Failure> {
    let store = Store::from_environment();
    store.find(card(model)?)?;
    Ok(Hub::shared(store)?)
}

/// A notebook that asks for the task's model; `language` is told unless the task is to find it.
pub(crate) fn notebook(task: &Task, language: &str) -> Notebook {
    let language = (!task.detect).then(|| language.to_owned());
    let settings = Settings { model: task.model.clone(), language, ..Settings::default() };
    Notebook::from_parts(Parts { settings, ..Parts::default() })
}

fn listen<'a>(hub: &Arc<Hub>, task: &Task, clip: &'a Clip) -> Result<Heard<'a>, Failure> {
    let (rate, channels, audio) = read(&clip.path)?;
    let before = cpu_seconds();
    let session = hub.open_session(notebook(task, &clip.language));
    let mut feed = session.feed(rate, channels)?;
    feed.push(&audio);
    drop(feed);
    let end = session.wait_until_settled(1, |_| ());
    let cpu = cpu_seconds() - before;
    check_health(&end)?;
    let utterances = end.notebook.utterances();
    Ok(Heard {
        id: &clip.id,
        seconds: clip.seconds,
        text: utterances.iter().map(|utterance| utterance.text()).collect::<Vec<_>>().join(" "),
        // A clip may begin with a cry of its own, whose language nobody could tell.
        language: utterances
            .iter()
            .max_by_key(|utterance| utterance.end.minus(utterance.start))
            .and_then(|longest| longest.language.as_deref().map(str::to_owned)),
        model_cpu: end.usage.inference_cpu.0,
        cpu,
        peak_mb: peak_megabytes(),
        words: utterances.iter().flat_map(|utterance| &utterance.words).map(word).collect(),
        dropped: end
            .notebook
            .dropped()
            .iter()
            .map(|dropped| (dropped.text(), format!("{:?}", dropped.reason)))
            .collect(),
    })
}

fn word(word: &earmark_timeline::utterance::Word) -> Word {
    let (start, end) = (word.start.seconds(), word.end.seconds());
    Word { text: word.text.clone(), start, end, confidence: word.confidence }
}

/// Fails if no words can come.
///
/// # Errors
/// When the transcriber cannot work; the sentence is its own.
pub(crate) fn check_health(snapshot: &Snapshot) -> Result<(), Failure> {
    match &snapshot.status.transcriber {
        Health::Unavailable(reason) => Err(reason.clone().into()),
        _ => Ok(()),
    }
}

/// A whole file: its rate, its channels, its interleaved samples.
fn read(path: &Path) -> Result<(SampleRate, usize, Vec<f32>), Failure> {
    let mut file = decode::open(path)?;
    let (mut audio, mut block) = (Vec::new(), Vec::new());
    while file.next_block(&mut block)? {
        audio.extend_from_slice(&block);
    }
    Ok((file.rate(), file.channels(), audio))
}
