//! What the newest passage sounds like as a whole, in a line and in detail.

use super::units::Measure;
use earmark_timeline::meter::TempoMap;
use earmark_timeline::snapshot::Snapshot;
use earmark_timeline::sound::{Reading, Sound};

/// How many of AudioSet's names are told.
const NAMES: usize = 4;

/// What was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadingLine {
    /// Tempo, key, loudness and what plays, as far as they are sure enough.
    pub text: String,
    /// All of it, a line each, for who looks closer.
    pub details: String,
}

impl ReadingLine {
    /// The line of the newest reading, or else of the one that was kept.
    pub(crate) fn new(snapshot: &Snapshot, measure: Measure) -> Option<Self> {
        let notebook = &snapshot.notebook;
        let reading = snapshot.reading.as_ref().or(notebook.reading())?;
        let shares = notebook.class_shares_within(&(reading.start..reading.end));
        let (tempo, key) = reading.sound.shown(shares.as_ref());
        let host = notebook.tempo().tempo_at(reading.start);
        let parts = [
            tempo.map(|tempo| {
                let host = host.map(|bpm| format!(" (host {})", short(bpm))).unwrap_or_default();
                format!("{:.1} BPM{host}", tempo.bpm)
            }),
            key.map(|key| format!("{} {}", key.scale, percent(key.confidence))),
            reading.sound.loudness.integrated_lufs.map(|lufs| format!("{} LUFS", level(lufs))),
            plays(&reading.sound),
            reading.sound.form.map(|form| form.name().to_owned()),
        ];
        let text = Vec::from_iter(parts.into_iter().flatten()).join("  ·  ");
        (!text.is_empty()).then(|| Self { text, details: details(reading, measure, notebook.tempo()) })
    }
}

fn details(reading: &Reading, measure: Measure, bars: &TempoMap) -> String {
    let sound = &reading.sound;
    let place = |time| measure.place(time, bars);
    let mut lines = vec![format!("Measured from {} to {}", place(reading.start), place(reading.end))];
    let loudness = &sound.loudness;
    let levels = [
        loudness.integrated_lufs.map(|lufs| format!("{} LUFS", level(lufs))),
        loudness.short_term_lufs.map(|lufs| format!("at most {} over 3 s", level(lufs))),
        loudness.range_lu.map(|range| format!("range {range:.1} LU")),
        loudness.true_peak_dbtp.map(|peak| format!("true peak {} dB", level(peak))),
    ];
    lines.push(format!("Loudness: {}", Vec::from_iter(levels.into_iter().flatten()).join(", ")));
    lines.extend(sound.tempo.map(|tempo| {
        let (bpm, other) = (tempo.bpm, tempo.other_bpm);
        let first = place(tempo.first_beat);
        let sure = percent(tempo.confidence);
        format!("Tempo: {bpm:.1} BPM or {other:.1}, sure to {sure}, first beat at {first}")
    }));
    lines.extend(sound.key.map(|key| {
        let cents = key.tuning_cents;
        let sure = percent(key.confidence);
        format!("Key: {} {sure}, or {}; {cents:+.0} cents", key.scale, key.runner_up)
    }));
    if let Some(stem) = &sound.stem {
        let likely = stem
            .likely
            .iter()
            .map(|(role, probability)| format!("{} {}", role.name(), percent(*probability)));
        lines.push(format!("Plays: {}", Vec::from_iter(likely).join(", ")));
        let names = stem.tags.iter().take(NAMES).map(|tag| tag.name.as_str());
        lines.push(format!("Heard: {}", Vec::from_iter(names).join("; ")));
    }
    lines.join("\n")
}

/// What plays, how probable that is, and whether a guitar is clean.
fn plays(sound: &Sound) -> Option<String> {
    let stem = sound.stem.as_ref()?;
    let Some((role, (_, probability))) = stem.role.zip(stem.likely.first()) else {
        return Some("not sure what plays".to_owned());
    };
    let drive = sound.drive.map(|drive| format!(", {}", drive.name())).unwrap_or_default();
    Some(format!("{} {}{drive}", role.name(), percent(*probability)))
}

/// How sure or probable something is.
fn percent(part: f32) -> String {
    format!("{:.0} %", part * 100.0)
}

/// A level with a minus that is as wide as a digit.
fn level(level: f32) -> String {
    format!("{level:.1}").replace('-', "\u{2212}")
}

/// A host's tempo, which is mostly whole.
fn short(bpm: f64) -> String {
    let text = format!("{bpm:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
