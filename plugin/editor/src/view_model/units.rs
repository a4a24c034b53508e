//! How places are told: as time, as samples, or as bars and beats.

use super::words::clock_from_time;
use earmark_timeline::meter::TempoMap;
use earmark_timeline::snapshot::Snapshot;
use earmark_timeline::units::{ProjectTime, SampleRate, frames_from_time};

/// Two places that are nearer to each other than this are the same beat: a beat that a host rounded to
/// its last frame is not the beat before.
const SAME_PLACE: ProjectTime = ProjectTime::from_ticks(ProjectTime::TICKS_PER_SECOND / 1_000_000);

/// What a person wants places to be told in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Minutes and seconds.
    #[default]
    Time,
    /// The host's frames.
    Samples,
    /// Bars, beats and hundredths of a beat.
    Bars,
}

/// What places are told in: the wish, as far as the host told enough for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Measure {
    /// Minutes and seconds.
    #[default]
    Time,
    /// Frames at this rate.
    Samples(SampleRate),
    /// Bars, beats and hundredths of a beat, as the notebook's tempo map has them.
    Bars,
}

/// A unit as its menu shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnitChoice {
    /// Which.
    pub unit: Unit,
    /// Why it cannot be chosen now, if it cannot.
    pub why_not: Option<&'static str>,
}

impl Unit {
    /// Every unit, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::Time, Self::Samples, Self::Bars];

    /// Its name in the menu.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Time => "Time",
            Self::Samples => "Samples",
            Self::Bars => "Bars and beats",
        }
    }

    /// What places are told in if this is wished for, or why it cannot be had.
    fn measure(self, snapshot: &Snapshot) -> Result<Measure, &'static str> {
        match self {
            Self::Time => Ok(Measure::Time),
            Self::Samples => {
                let rate = snapshot.status.rate.ok_or("The host has not told its sample rate yet")?;
                Ok(Measure::Samples(rate))
            }
            Self::Bars if snapshot.notebook.tempo().points().is_empty() => {
                Err("The host has told no tempo yet; it does so while it plays")
            }
            Self::Bars => Ok(Measure::Bars),
        }
    }

    /// The menu's entries.
    pub(crate) fn choices(snapshot: &Snapshot) -> [UnitChoice; 3] {
        Self::ALL.map(|unit| UnitChoice { unit, why_not: unit.measure(snapshot).err() })
    }
}

impl Measure {
    /// What places are told in, if `unit` is wished for; time, if that cannot be had.
    pub(crate) fn new(unit: Unit, snapshot: &Snapshot) -> Self {
        unit.measure(snapshot).unwrap_or_default()
    }

    /// The unit.
    pub const fn unit(self) -> Unit {
        match self {
            Self::Time => Unit::Time,
            Self::Samples(_) => Unit::Samples,
            Self::Bars => Unit::Bars,
        }
    }

    /// A place as "m:ss.t", "48000" or "12|3.50"; as time where `tempo` has no bars.
    pub(crate) fn place(self, time: ProjectTime, tempo: &TempoMap) -> String {
        match self {
            Self::Time => clock_from_time(time, 1),
            Self::Samples(rate) => frames_from_time(time, rate).0.to_string(),
            Self::Bars => tempo.place(time.plus(SAME_PLACE)).map_or_else(
                || clock_from_time(time, 1),
                |place| format!("{}|{}.{:02}", place.bar, place.beat, (place.fraction * 100.0) as u32),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use earmark_timeline::meter::TempoPoint;
    use earmark_timeline::transport::Transport;

    fn check(measure: Measure, seconds: f64, expected: &str) {
        let told = Transport {
            beats: Some(0.0),
            tempo_bpm: Some(90.0),
            signature: Some((3, 4)),
            ..Transport::default()
        };
        let start = TempoPoint::from_transport(ProjectTime::ZERO, &told).expect("tempo and beats");
        let tempo = TempoMap::from_points(vec![start]);
        assert_eq!(measure.place(ProjectTime::from_seconds(seconds), &tempo), expected);
    }

    #[test]
    fn a_place_has_a_name_in_every_unit() {
        let samples = Measure::Samples(SampleRate::new(44_100).expect("a rate"));
        check(Measure::Time, 61.27, "1:01.2");
        check(samples, 2.0, "88200");
        check(samples, -0.5, "-22050");
        // A beat is two thirds of a second, a bar two seconds.
        check(Measure::Bars, 0.0, "1|1.00");
        check(Measure::Bars, 2.0 / 3.0, "1|2.00");
        check(Measure::Bars, 3.0, "2|2.50");
        check(Measure::Bars, -1.0, "0|2.50");
    }

    #[test]
    fn without_bars_a_place_is_told_as_a_time() {
        assert_eq!(Measure::Bars.place(ProjectTime::from_seconds(8.0), &TempoMap::default()), "0:08.0");
    }
}
