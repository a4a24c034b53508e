//! Where the host's bars lie.

use crate::state::StateError;
use earmark_timeline::meter::TempoPoint;
use earmark_timeline::units::ProjectTime;
use serde::{Deserialize, Serialize};

/// A point of the tempo map.
#[derive(Serialize, Deserialize)]
pub(in crate::state) struct Bars {
    time: i64,
    beats: Exact,
    tempo_bpm: Exact,
    bar_start_beats: Exact,
    bar: i32,
    signature: (u16, u16),
}

/// A number that comes back to the last bit: as text, because readers of JSON may round its numbers.
#[derive(Serialize, Deserialize)]
struct Exact(String);

impl Exact {
    fn new(number: f64) -> Self {
        Self(number.to_string())
    }

    fn number(&self) -> Result<f64, StateError> {
        let number = self.0.parse().ok().filter(|number: &f64| number.is_finite());
        number.ok_or(StateError::damaged("a bar has no place"))
    }
}

impl From<&TempoPoint> for Bars {
    fn from(point: &TempoPoint) -> Self {
        Self {
            time: point.time.ticks(),
            beats: Exact::new(point.beats),
            tempo_bpm: Exact::new(point.tempo_bpm),
            bar_start_beats: Exact::new(point.bar_start_beats),
            bar: point.bar,
            signature: point.signature,
        }
    }
}

impl Bars {
    pub(super) fn revive(self) -> Result<TempoPoint, StateError> {
        let (count, note) = self.signature;
        let tempo_bpm = self.tempo_bpm.number()?;
        if count == 0 || note == 0 || tempo_bpm <= 0.0 {
            return Err(StateError::damaged("a bar has no length"));
        }
        Ok(TempoPoint {
            time: ProjectTime::from_ticks(self.time),
            beats: self.beats.number()?,
            tempo_bpm,
            bar_start_beats: self.bar_start_beats.number()?,
            bar: self.bar,
            signature: self.signature,
        })
    }
}
