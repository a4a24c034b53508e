//! What the plugin costs apart from its models: the benchmarks of `tests/benches` and the editor's, in one table.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::section::{Section, in_digits};
use crate::workspace::{self, cargo};
use crate::{fixtures, models};

/// A benchmark: its package, its name, and what of it criterion keeps, with the figure's name and how many
/// nanoseconds make one of its units. The others print their figures themselves.
type Bench = (&'static str, &'static str, &'static [(&'static str, &'static str, f64)]);

const BENCHES: [Bench; 7] = [
    (
        "earmark-tests",
        "process",
        &[
            ("64 frames/process", "process(), 64 frames, ns", 1.0),
            ("512 frames/process", "process(), 512 frames, ns", 1.0),
            ("4096 frames/process", "process(), 4096 frames, ns", 1.0),
        ],
    ),
    (
        "earmark-editor",
        "frame",
        &[
            ("view-model", "editor, view-model, ms", 1e6),
            ("view-model, new words", "editor, view-model with new words, ms", 1e6),
            ("frame, 4 h", "editor, a frame of 900 × 560, ms", 1e6),
            ("frame, 4 h, 1920 × 1080", "editor, a frame of 1920 × 1080, ms", 1e6),
        ],
    ),
    ("earmark-tests", "state", &[]),
    ("earmark-tests", "idle", &[]),
    ("earmark-tests", "hearing", &[]),
    ("earmark-tests", "lifecycle", &[]),
    ("earmark-tests", "crowd", &[]),
];

/// How a line of a benchmark begins that is one of its figures: `figure: NAME = NUMBER`.
const FIGURE: &str = "figure: ";

/// What criterion keeps of one measurement, in nanoseconds.
#[derive(Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    point_estimate: f64,
}

/// Runs them one after the other, built with `profile`; what misses its aim is named below the table.
///
/// # Errors
/// When something cannot be fetched or built, or a benchmark ends without all of its figures.
pub(crate) fn table(profile: &str) -> Result<Section> {
    models::run()?;
    fixtures::run()?;
    let mut plugin = cargo();
    plugin.args(["build", "--package", "earmark", "--profile", profile]);
    workspace::run(&mut plugin)?;
    let (mut figures, mut missed) = (Vec::new(), Vec::new());
    for (package, bench, kept) in BENCHES {
        let (printed, is_met) = run(package, bench, profile)?;
        ensure!(!printed.is_empty() || !kept.is_empty(), "the benchmark {bench} ended without its figures");
        figures.extend(printed);
        for (measurement, name, unit) in kept {
            figures.push(((*name).to_owned(), median_ns(measurement)? / unit));
        }
        if !is_met {
            missed.push(bench);
        }
    }
    let aims = match missed.as_slice() {
        [] => "Every benchmark met its aims.".to_owned(),
        missed => format!("An aim was missed by: {}.", missed.join(", ")),
    };
    Ok(Section {
        model: "plugin".to_owned(),
        title: "Costs".to_owned(),
        header: ["what", "figure"].map(str::to_owned).to_vec(),
        rows: figures.iter().map(|(name, figure)| vec![name.clone(), in_digits(*figure)]).collect(),
        notes: vec![format!("Built with the profile {profile}. {aims}")],
        figures: figures.into_iter().collect::<BTreeMap<_, _>>(),
        ..Section::default()
    })
}

/// Runs one benchmark, shows what it prints, and picks its figures; says whether it met its aims.
fn run(package: &str, bench: &str, profile: &str) -> Result<(Vec<(String, f64)>, bool)> {
    let mut command = cargo();
    command.args(["bench", "--package", package, "--bench", bench, "--profile", profile]);
    let mut child = command.stdout(Stdio::piped()).spawn().context("cargo does not start")?;
    let lines = BufReader::new(child.stdout.take().context("cargo has no output")?).lines();
    let mut figures = Vec::new();
    for line in lines {
        let line = line?;
        println!("{line}");
        let figure = line.strip_prefix(FIGURE).and_then(|figure| figure.rsplit_once(" = "));
        if let Some((name, figure)) = figure {
            figures.push((name.to_owned(), figure.parse().with_context(|| line.clone())?));
        }
    }
    Ok((figures, child.wait()?.success()))
}

/// The median of what criterion has just measured.
fn median_ns(measurement: &str) -> Result<f64> {
    let file = workspace::target()?.join("criterion").join(measurement).join("new/estimates.json");
    let text = fs::read(&file).with_context(|| format!("{measurement} was not measured"))?;
    let Estimates { median } = serde_json::from_slice(&text)?;
    Ok(median.point_estimate)
}
