//! The models of one process: each is read, checked and loaded at most once, by whoever needs it first.

use crate::infer::classify::{Classifier, ClassifyError, Yamnet};
use crate::infer::transcribe::{Transcriber, WhisperModel};
use crate::segment::Silero;
use earmark_models::{ModelError, Store, card};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The card names of the models that are not chosen by the user.
const VOICE: &str = "silero-vad";
pub(crate) const CLASSIFIER: &str = "firered-aed";
pub(crate) const TAGGER: &str = "yamnet";
const RUNTIME: &str = "onnxruntime";

/// How long a model that could not be loaded is left alone before the file is looked at again, so that
/// fetching it while the host runs is enough and a missing file costs nothing.
const RETRY: Duration = Duration::from_secs(5);

/// A transcriber's weights, shared by all workers.
type Weights = Arc<WhisperModel>;

/// Shared by all inference threads and the listener; never by an audio or GUI thread, since loading takes
/// up to a second.
pub(crate) struct Shelf {
    store: Store,
    voice: Slot<Silero>,
    classifier: Slot<Arc<Mutex<Classifier>>>,
    tagger: Slot<Arc<Mutex<Yamnet>>>,
    transcribers: Mutex<HashMap<Arc<str>, Arc<Slot<Weights>>>>,
}

impl Shelf {
    /// A shelf over the files of `store`; loads nothing.
    pub(crate) fn new(store: Store) -> Self {
        let (voice, classifier, tagger, transcribers) = Default::default();
        Self { store, voice, classifier, tagger, transcribers }
    }

    /// The voice-activity detector, or why there is none.
    pub(crate) fn voice(&self) -> Result<Silero, String> {
        self.voice.get(|| {
            let file = self.file(VOICE).map_err(in_words)?;
            Silero::from_ggml(&file).map_err(in_words)
        })
    }

    /// The sound classifier, or why there is none.
    pub(crate) fn classifier(&self) -> Result<Arc<Mutex<Classifier>>, String> {
        self.network(&self.classifier, CLASSIFIER, Classifier::load)
    }

    /// The model that names instruments and sounds, or why there is none.
    pub(crate) fn tagger(&self) -> Result<Arc<Mutex<Yamnet>>, String> {
        self.network(&self.tagger, TAGGER, Yamnet::load)
    }

    /// A worker's memory for the transcriber `name`, whose weights all workers share; or why there is none.
    pub(crate) fn transcriber(&self, name: &Arc<str>) -> Result<Transcriber, String> {
        // The map is locked only to find the slot: one model that loads does not keep others waiting.
        let slot = Arc::clone(self.transcribers.lock().entry(Arc::clone(name)).or_default());
        let model = slot.get(|| {
            let file = self.file(name).map_err(in_words)?;
            // The weights once more, as they are loaded.
            expect_memory(name, file.len().saturating_mul(2))?;
            WhisperModel::load(name, &file).map(Arc::new).map_err(in_words)
        })?;
        expect_memory(name, 0)?;
        model.transcriber().map_err(in_words)
    }

    /// Looks for what could not be loaded as soon as somebody needs it, and not only after [`RETRY`].
    pub(crate) fn forget_failures(&self) {
        self.voice.forget_failure();
        self.classifier.forget_failure();
        self.tagger.forget_failure();
        for slot in self.transcribers.lock().values() {
            slot.forget_failure();
        }
    }

    /// What the inference library runs.
    fn network<T>(
        &self,
        slot: &Slot<Arc<Mutex<T>>>,
        name: &str,
        load: fn(&Path, &[u8]) -> Result<T, ClassifyError>,
    ) -> Result<Arc<Mutex<T>>, String> {
        slot.get(|| {
            let library = self.store.verified_path(card(RUNTIME).map_err(in_words)?).map_err(in_words)?;
            let file = self.file(name).map_err(in_words)?;
            Ok(Arc::new(Mutex::new(load(&library, &file).map_err(in_words)?)))
        })
    }

    fn file(&self, name: &str) -> Result<Vec<u8>, ModelError> {
        self.store.read(&self.store.card(name)?)
    }
}

/// What one decoding needs at most, beside the weights: whisper.cpp's word alignment alone asks for 128 MB at
/// once, of which it uses little, and a worker keeps 125 MB (tiny) or more with the longest audio.
const WORKING_MEMORY: usize = 160 << 20;

/// Makes sure of the memory for a decoding with the model `name`, and for `bytes` more: whisper.cpp ends the process
/// where it finds none in the middle of its work.
pub(crate) fn expect_memory(name: &str, bytes: usize) -> Result<(), String> {
    let needed = bytes.saturating_add(WORKING_MEMORY);
    Vec::<u8>::new()
        .try_reserve_exact(needed)
        .map_err(|_| in_words(ModelError::Memory { card: name.to_owned(), bytes: needed as u64 }))
}

fn in_words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// Something loaded once, or the sentence that says why not and when that was.
struct Slot<T>(Mutex<Option<Result<T, (String, Instant)>>>);

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T: Clone> Slot<T> {
    /// Does nothing while somebody loads: that is the very attempt that was asked for.
    fn forget_failure(&self) {
        if let Some(mut content) = self.0.try_lock()
            && matches!(&*content, Some(Err(_)))
        {
            *content = None;
        }
    }

    fn get(&self, load: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
        let mut content = self.0.lock();
        match &*content {
            Some(Ok(loaded)) => return Ok(loaded.clone()),
            Some(Err((reason, since))) if since.elapsed() < RETRY => return Err(reason.clone()),
            _ => {}
        }
        let result = load();
        *content = Some(result.clone().map_err(|reason| (reason, Instant::now())));
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said_with_its_remedy_and_not_looked_for_at_once_again() {
        let shelf = Shelf::new(Store::at("no-such-folder"));
        for _ in 0..2 {
            for reason in [
                shelf.voice().err(),
                shelf.classifier().err(),
                shelf.tagger().err(),
                shelf.transcriber(&Arc::from("whisper-tiny.en")).err(),
            ] {
                let reason = reason.expect("nothing is there");
                assert!(
                    reason.contains("no-such-folder") && reason.contains("cargo xtask models"),
                    "{reason}"
                );
            }
        }
        let mut loads = 0;
        let slot = Slot::<u8>::default();
        for _ in 0..2 {
            let answer = slot.get(|| {
                loads += 1;
                Err("gone".to_owned())
            });
            assert_eq!(answer, Err("gone".to_owned()));
        }
        assert_eq!(loads, 1);
    }

    #[test]
    fn more_memory_than_there_can_be_is_refused_in_words() {
        assert_eq!(expect_memory("m", 1 << 20), Ok(()));
        let sentence = expect_memory("m", usize::MAX).expect_err("no machine has that much");
        assert!(sentence.contains("not enough memory for the model m"), "{sentence}");
    }

    #[test]
    fn a_transcriber_without_a_card_is_named() {
        let shelf = Shelf::new(Store::at("no-such-folder"));
        let reason = shelf.transcriber(&Arc::from("whisper-colossal")).err().expect("no such card");
        assert!(reason.contains("whisper-colossal"), "{reason}");
    }
}
