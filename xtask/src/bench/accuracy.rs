//! How many words are wrong and what they cost, for Earmark and its peers over one set of clips.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::section::Section;
use super::tools::{Tools, output_of};
use crate::workspace::run;

/// What all measurements of one model share.
pub(crate) struct Bench<'a> {
    pub(crate) tools: &'a Tools,
    pub(crate) model: &'a str,
    /// The folder with the peer's weights; without one, Earmark is alone.
    pub(crate) peers: Option<&'a Path>,
    /// Whether what the peers said last time is taken over.
    pub(crate) keep_peers: bool,
    /// Whether whisper.cpp is among the peers.
    pub(crate) has_whisper_cpp: bool,
}

/// One engine's figures, as `score.py` tells them.
#[derive(Deserialize)]
pub(crate) struct Engine {
    engine: String,
    clips: usize,
    seconds: f64,
    words: usize,
    wrong: usize,
    more: usize,
    missing: usize,
    wer: f64,
    model_rtf: f64,
    rtf: f64,
    peak_mb: f64,
    language_right: usize,
    language_of: usize,
    /// How much higher Earmark's word error is, in points, and the interval of that.
    difference: Option<[f64; 3]>,
    calibration: Option<Calibration>,
}

#[derive(Deserialize)]
struct Calibration {
    bins: Vec<Bin>,
    expected_error: f64,
}

#[derive(Deserialize)]
struct Bin {
    from: f64,
    words: usize,
    confidence: f64,
    right: f64,
}

/// Earmark's name in tables, the first of all.
const EARMARK: &str = "Earmark";
/// Its command in the measuring program, and its name in those of files.
const OURS: &str = "earmark";
const WHISPER_CPP: &str = "whisper.cpp, beam 5";
const FASTER_WHISPER: [(&str, &str); 2] =
    [("faster-whisper int8, beam 1", "1"), ("faster-whisper int8, beam 5", "5")];

impl Bench<'_> {
    /// Lets every engine hear a set, and scores what they heard.
    ///
    /// # Errors
    /// When an engine fails.
    pub(crate) fn score(&self, set: &str, detect: bool) -> Result<Vec<Engine>> {
        let mut score = self.tools.script("score.py");
        score.arg("--clips").arg(self.tools.clips(set)).arg("--heard");
        let mut add = |engine: &str, heard: &Path| {
            score.arg(format!("{engine}={}", heard.display()));
        };
        add(EARMARK, &self.hear_alone(set, detect)?);
        if let Some(weights) = self.peers {
            if self.has_whisper_cpp {
                let file = "whisper-cpp";
                add(WHISPER_CPP, &self.hear(set, detect, file, self.keep_peers, self.engine("whisper-cpp"))?);
            }
            for (name, beam) in FASTER_WHISPER {
                let mut peer = self.tools.script("faster_whisper_peer.py");
                peer.arg("--weights").arg(weights).args(["--beam", beam]);
                let file = format!("faster-whisper-{beam}");
                add(name, &self.hear(set, detect, &file, self.keep_peers, peer)?);
            }
        }
        serde_json::from_slice(&output_of(&mut score)?).context("score.py printed no figures")
    }

    /// Where Earmark's words of a set are written.
    pub(crate) fn heard(&self, set: &str) -> PathBuf {
        self.tools.heard(self.model, set, OURS)
    }

    /// Lets Earmark alone hear a set; where its words are written.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn hear_alone(&self, set: &str, detect: bool) -> Result<PathBuf> {
        self.hear_alone_as(OURS, set, detect)
    }

    /// The same by another command of the measuring program.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn hear_alone_as(&self, engine: &str, set: &str, detect: bool) -> Result<PathBuf> {
        self.hear(set, detect, engine, false, self.engine(engine))
    }

    fn engine(&self, name: &str) -> Command {
        let mut command = self.tools.program();
        command.arg(name);
        command
    }

    fn hear(
        &self,
        set: &str,
        detect: bool,
        file: &str,
        is_kept: bool,
        mut command: Command,
    ) -> Result<PathBuf> {
        let heard = self.tools.heard(self.model, set, file);
        if !(is_kept && heard.is_file()) {
            // Written beside and moved when whole, so that a run that was broken off is not kept.
            let part = heard.with_extension("part");
            command.args(["--model", self.model]).arg("--clips").arg(self.tools.clips(set));
            command.arg("--out").arg(&part);
            if detect {
                command.arg("--detect");
            }
            run(&mut command)?;
            std::fs::rename(&part, &heard)?;
        }
        Ok(heard)
    }

    /// The table of word error and cost.
    pub(crate) fn table(&self, title: &str, engines: &[Engine]) -> Section {
        let peers: Vec<&Engine> = engines.iter().skip(1).collect();
        let ours = &engines[0];
        let rows = engines.iter().map(|engine| {
            let share = |part: usize| format!("{:.1}", 100.0 * part as f64 / engine.words.max(1) as f64);
            let found = match engine.language_of {
                0 => "n/a".to_owned(),
                of => format!("{} of {of}", engine.language_right),
            };
            let difference = engine.difference.map_or_else(String::new, |[points, low, high]| {
                format!("{points:+.1} ({low:+.1} to {high:+.1})")
            });
            let ratio = if engine.difference.is_some() {
                format!("{:.2}", ours.model_rtf / engine.model_rtf)
            } else {
                String::new()
            };
            vec![
                engine.engine.clone(),
                format!("{:.1}", engine.wer),
                format!("{}/{}/{}", share(engine.wrong), share(engine.more), share(engine.missing)),
                difference,
                format!("{:.3}", engine.model_rtf),
                format!("{:.3}", engine.rtf),
                ratio,
                found,
                format!("{:.0}", engine.peak_mb),
            ]
        });
        let mut figures = BTreeMap::from([
            ("word error, %".to_owned(), ours.wer),
            ("real-time factor".to_owned(), ours.model_rtf),
        ]);
        for peer in &peers {
            figures.insert(format!("CPU against {}", peer.engine), ours.model_rtf / peer.model_rtf);
        }
        let mut notes = vec![format!(
            "{} clips, {:.0} s, {} words. Word error by Whisper's own normaliser (whisper-normalizer 0.1.15), \
                 summed over all clips. Times are CPU seconds a second of audio, on one thread: of the models' work \
                 (Earmark's holds its sound classes), and of the whole process.",
            ours.clips, ours.seconds, ours.words
        )];
        if self.keep_peers && self.peers.is_some() {
            notes.push(
                "The peers' figures may be of an earlier run: take no ratio of CPU from here.".to_owned(),
            );
        }
        Section {
            model: self.model.to_owned(),
            title: title.to_owned(),
            header: HEADER.map(str::to_owned).to_vec(),
            rows: rows.collect(),
            notes,
            figures,
            ..Section::default()
        }
    }

    /// The table of how right words are that claim some confidence.
    pub(crate) fn calibration(&self, engines: &[Engine]) -> Section {
        let ours = engines[0].calibration.as_ref();
        let rows = ours.map_or(&[][..], |calibration| &calibration.bins).iter().map(|bin| {
            let share = |share: f64| if bin.words == 0 { "n/a".to_owned() } else { format!("{share:.2}") };
            vec![
                format!("{:.1}–{:.1}", bin.from, bin.from + 0.1),
                bin.words.to_string(),
                share(bin.confidence),
                share(bin.right),
            ]
        });
        let error = ours.map_or(0.0, |calibration| calibration.expected_error);
        Section {
            model: self.model.to_owned(),
            title: "Confidence of words".to_owned(),
            header: ["confidence", "words", "mean confidence", "share right"].map(str::to_owned).to_vec(),
            rows: rows.collect(),
            notes: vec![format!(
                "Over the single utterances. Mean distance between confidence and share, by words: {error:.3}."
            )],
            figures: BTreeMap::from([("calibration error".to_owned(), error)]),
            ..Section::default()
        }
    }
}

const HEADER: [&str; 9] = [
    "engine",
    "word error %",
    "wrong/too many/missing %",
    "Earmark's difference (95 %)",
    "CPU models",
    "CPU process",
    "Earmark's CPU ratio",
    "language right",
    "peak MB",
];
