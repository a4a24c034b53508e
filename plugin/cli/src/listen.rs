//! One file through the engine, and what is said of how that went.

use crate::recording::{Fingerprint, Stamp};
use crate::stop;
use anyhow::Result;
use earmark_archive::export::{Cost, Making, Recording};
use earmark_engine::decode::AudioFile;
use earmark_engine::hear::{Hearing, Models};
use earmark_engine::hub::{Hub, HubError};
use earmark_models::Store;
use earmark_timeline::notebook::{Notebook, Parts};
use earmark_timeline::settings::Settings;
use earmark_timeline::snapshot::Snapshot;
use earmark_timeline::sound::Sound;
use earmark_timeline::units::{ProjectTime, Seconds};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// What listens: the engine, and the models that a recording as a whole is heard with. Held until the last file is
/// done, so that each model is loaded once.
pub(crate) struct Ears {
    hub: Arc<Hub>,
    models: Models,
}

/// What was heard, and in which file.
pub(crate) struct Heard {
    /// All that the engine has to say.
    pub(crate) snapshot: Arc<Snapshot>,
    /// What the file is recognised by.
    pub(crate) recording: Recording,
    /// What it sounds like as a whole.
    pub(crate) sound: Sound,
    /// CPU time of hearing that.
    hearing_cpu: Seconds,
    /// The model that was asked for it, and its part of that time.
    hearing_model: Option<(&'static str, Seconds)>,
}

impl Ears {
    /// Makes ready; loads no model.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub(crate) fn new(store: &Store) -> Result<Self, HubError> {
        Ok(Self { hub: Hub::shared(store.clone())?, models: Models::new(store.clone()) })
    }

    /// The models that a recording as a whole is heard with.
    pub(crate) const fn models(&self) -> &Models {
        &self.models
    }

    /// Listens to one file, `input`, and shows on the way how many seconds are worked off and how many words there are.
    ///
    /// # Errors
    /// A sentence that names the file, where it cannot be decoded or transcribed, or everything was asked to stop.
    pub(crate) fn listen(
        &self,
        settings: &Settings,
        input: &Path,
        mut file: AudioFile,
        mut show: impl FnMut(f64, usize),
    ) -> Result<Heard> {
        let stamp = Stamp::of(input)?;
        let session = self
            .hub
            .open_session(Notebook::from_parts(Parts { settings: settings.clone(), ..Parts::default() }));
        let mut show = |snapshot: &Snapshot| {
            let heard = snapshot.status.heard_until.map_or(0.0, |time| time.seconds());
            let words = snapshot.notebook.utterances().iter().map(|utterance| utterance.words.len()).sum();
            show(heard - snapshot.status.behind.0, words);
        };
        let mut hearing = Hearing::new(file.rate(), file.channels(), &self.models);
        let mut fingerprint = Fingerprint::default();
        let snapshot = session.hear(&mut file, ProjectTime::ZERO, |block, snapshot| {
            if !block.is_empty() {
                fingerprint.push(block);
                hearing.push(block);
            }
            show(snapshot);
            !stop::requested()
        })?;
        Ok(Heard {
            recording: stamp.with(fingerprint.finish()),
            sound: hearing.sound(snapshot.notebook.class_shares().as_ref()),
            hearing_cpu: hearing.cpu(),
            hearing_model: hearing.model(),
            snapshot,
        })
    }
}

impl Heard {
    /// How it was made, and what it cost.
    pub(crate) fn making(&self, store: &Store) -> Making {
        let ms = |seconds: f64| (seconds * 1_000.0).round() as u64;
        let mut usage = self.snapshot.usage.clone();
        usage.listen(self.hearing_cpu, self.snapshot.status.engine.power);
        let models = usage.models.iter().map(|used| (used.model.to_string(), ms(used.cpu.0)));
        let tagger = self.hearing_model.map(|(model, cpu)| (model.to_owned(), ms(cpu.0)));
        let mut spent = BTreeMap::new();
        for (model, cpu_ms) in models.chain(tagger) {
            *spent.entry(model).or_default() += cpu_ms;
        }
        let cards = store.cards().into_iter().map(|card| (card.name, card.sha256));
        let sha256 = cards.filter(|(name, _)| spent.contains_key(name)).collect();
        let cost = Cost {
            audio_ms: ms(usage.audio.0),
            cpu_ms: ms(usage.inference_cpu.0 + usage.listening_cpu.0),
            models_ms: spent,
            millijoules: ms(usage.joules),
            measured: usage.measured,
        };
        Making { date: Some(today()), sha256, cost: Some(cost), recording: Some(self.recording.clone()) }
    }
}

/// What it cost, for a person.
pub(crate) fn cost(cost: &Cost) -> String {
    let thousandths = |count: u64| count as f64 / 1_000.0;
    let [audio, cpu, joules] = [cost.audio_ms, cost.cpu_ms, cost.millijoules].map(thousandths);
    let kind = if cost.measured { "measured" } else { "an estimate" };
    format!("{audio:.1} s of audio took {cpu:.1} CPU seconds and {joules:.0} J ({kind})")
}

/// The day in Greenwich, as ISO 8601 writes it.
fn today() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let (year, month, day) = civil_from_days((since.as_secs() / 86_400) as i64);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The date so many days after 1 January 1970 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year_of_era + era * 400 + (month <= 2) as i64, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_called_by_its_date() {
        for (days, date) in
            [(0, (1970, 1, 1)), (11_016, (2000, 2, 29)), (20_779, (2026, 11, 22)), (-1, (1969, 12, 31))]
        {
            assert_eq!(civil_from_days(days), date);
        }
    }
}
