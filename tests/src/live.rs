//! A recording played in real time to a session, and every snapshot that came of it.

use crate::audio::Clip;
use crate::wer;
use earmark_capture::BLOCK_FRAMES;
use earmark_engine::hub::{Hub, HubError};
use earmark_engine::session::Session;
use earmark_models::Store;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::settings::Settings;
use earmark_timeline::snapshot::Snapshot;
use earmark_timeline::transport::{ChannelChoice, Listen, Transport};
use earmark_timeline::units::{FramePos, SampleRate};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A session while a recording was played to it.
pub struct Performance {
    /// Every snapshot, with the seconds since the recording began to play.
    pub seen: Vec<(f64, Arc<Snapshot>)>,
}

/// Why nothing was played.
#[derive(Debug, thiserror::Error)]
pub enum PerformError {
    /// There is no hub.
    #[error(transparent)]
    Hub(#[from] HubError),
    /// The session takes in no ring.
    #[error(transparent)]
    Busy(#[from] earmark_engine::command::Busy),
    /// The recording's rate is none that Earmark listens at.
    #[error("Earmark does not listen at {0} Hz; resample the recording.")]
    Rate(u32),
}

/// Plays `clip`'s first channel in real time to a session whose transcriber is `model`, in blocks such
/// as a host's, and keeps every snapshot until all is settled. The model is loaded before the clock starts.
///
/// # Errors
/// [`PerformError`] if there is nothing to play to or at.
pub fn perform(clip: &Clip, model: &str) -> Result<Performance, PerformError> {
    let rate = SampleRate::new(clip.rate_hz).ok_or(PerformError::Rate(clip.rate_hz))?;
    let mut notebook = Notebook::default();
    notebook.set_settings(Settings { model: model.to_owned(), ..Settings::default() });
    let session = Arc::new(Hub::shared(Store::from_environment())?.open_session(notebook));
    session.connect(rate, FramePos(0)).map(|mut tap| {
        let transport = Transport { playing: true, project: Some(FramePos(-1)), ..Transport::default() };
        tap.process(&[[0.0f32; 64]], 64, transport, ChannelChoice::Mix, Listen::WhilePlaying);
    })?;
    session.wait_until_settled(1, |_| ());

    let snapshots = watch(&session);
    let mut tap = session.connect(rate, FramePos(0))?;
    let start = Instant::now();
    for (index, block) in clip.channels[0].chunks(2 * BLOCK_FRAMES).enumerate() {
        let at = index * 2 * BLOCK_FRAMES;
        // As a host does: a block is processed when its last frame is due.
        let due = Duration::from_secs_f64((at + block.len()) as f64 / f64::from(clip.rate_hz));
        std::thread::sleep(due.saturating_sub(start.elapsed()));
        let transport =
            Transport { playing: true, project: Some(FramePos(at as i64)), ..Transport::default() };
        tap.process(&[block], block.len(), transport, ChannelChoice::Mix, Listen::WhilePlaying);
    }
    drop(tap);
    session.wait_until_settled(2, |_| ());
    session.observe(None);
    let since = |moment: Instant| moment.saturating_duration_since(start).as_secs_f64();
    Ok(Performance { seen: snapshots.try_iter().map(|(moment, it)| (since(moment), it)).collect() })
}

/// Sends every snapshot that is published from now on, with the moment it was.
fn watch(session: &Arc<Session>) -> Receiver<(Instant, Arc<Snapshot>)> {
    let (sender, receiver) = channel();
    let (sender, session_held) = (Mutex::new(sender), Arc::downgrade(session));
    session.observe(Some(Arc::new(move || {
        if let (Some(session), Ok(sender)) = (session_held.upgrade(), sender.lock()) {
            let _unread = sender.send((Instant::now(), session.snapshot()));
        }
    })));
    receiver
}

impl Performance {
    /// The notebook in the end.
    pub fn notebook(&self) -> Arc<Notebook> {
        self.seen.last().map(|(_, snapshot)| Arc::clone(&snapshot.notebook)).unwrap_or_default()
    }

    /// For each utterance the seconds from its last voiced sample, by the detector, to its settled words.
    pub fn settled_after_s(&self) -> Vec<f64> {
        let notebook = self.notebook();
        let delay = |utterance: &earmark_timeline::utterance::Utterance| {
            let holds = |snapshot: &Snapshot| {
                snapshot.notebook.utterances().iter().any(|settled| settled.id == utterance.id)
            };
            let (moment, _) = self.seen.iter().find(|(_, snapshot)| holds(snapshot))?;
            Some(moment - utterance.end.seconds())
        };
        notebook.utterances().iter().filter_map(delay).collect()
    }

    /// For each settled word the seconds from its end to the first snapshot that showed it in its place,
    /// settled or not.
    pub fn shown_after_s(&self) -> Vec<f64> {
        let mut delays = Vec::new();
        for utterance in self.notebook().utterances() {
            for (index, word) in utterance.words.iter().enumerate() {
                let shows = |snapshot: &Snapshot| {
                    let settled = snapshot.notebook.utterances().iter().any(|it| it.id == utterance.id);
                    let tail = snapshot.unsettled.as_ref().filter(|it| it.start == utterance.start);
                    let shown = tail.and_then(|it| it.words.get(index));
                    settled || shown.is_some_and(|shown| wer::words(shown) == wer::words(&word.text))
                };
                let first = self.seen.iter().find(|(_, snapshot)| shows(snapshot));
                delays.extend(first.map(|(moment, _)| moment - word.end.seconds()));
            }
        }
        delays
    }
}

/// The median and the 95th percentile; zero of nothing.
pub fn median_and_p95(mut values: Vec<f64>) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    let at = |part: f64| values.get(((values.len() as f64 * part) as usize).min(values.len().max(1) - 1));
    (at(0.5).copied().unwrap_or_default(), at(0.95).copied().unwrap_or_default())
}
