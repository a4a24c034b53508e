//! `cargo xtask bench`: measures Earmark, and its peers beside it, and keeps the figures.

mod accuracy;
mod delay;
mod hear;
mod invented;
mod plugin;
mod section;
mod tools;
mod word_times;

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use clap::{Args, Subcommand, ValueEnum};

use crate::{models, workspace};
use section::{Results, Section};
use tools::Tools;

/// What can be measured.
#[derive(Subcommand)]
pub(crate) enum Bench {
    /// Words: how many are wrong, what they cost, how soon they come, how many are invented
    ///
    /// Each model is measured through Earmark's own engine; whisper.cpp (whole window, beam 5, the same
    /// weights) and faster-whisper (int8, beams 1 and 5, the weights before they were converted) hear the same
    /// clips in the same run, one thread each. Figures of CPU time hold on a busy machine, those of delay need an
    /// idle one. A whole run's figures go to tests/bench/RESULTS.md.
    Transcribe(Options),
    /// What is heard besides words: tempo, key, loudness beside ffmpeg's, classes of sound, roles
    ///
    /// The program `earmark` hears a corpus's clips whose tempo, key or role is known, and its timelines; of roles, only
    /// clips of sources that the roles' table was not made from (tests/bench/roles.py). The figures go to
    /// tests/bench/RESULTS.md.
    Hear {
        /// A folder of recordings whose index.csv says what they are; EARMARK_CORPUS names one as well. Without one,
        /// the fixtures
        #[arg(long)]
        corpus: Option<PathBuf>,
        /// The cargo profile of what is measured
        #[arg(long, default_value = "release")]
        profile: String,
    },
    /// What the plugin costs apart from its models: audio thread, editor, saving, resting, coming and going, 24 tracks
    ///
    /// Runs the benchmarks of tests/benches and the editor's, and names those that miss an aim. Wants an idle machine.
    Plugin {
        /// The cargo profile of what is measured
        #[arg(long, default_value = "release")]
        profile: String,
    },
}

/// How to measure.
#[derive(Args)]
pub(crate) struct Options {
    /// A folder of recordings whose index.csv says what they are; EARMARK_CORPUS names one as well. Without
    /// one, the fixtures
    #[arg(long)]
    corpus: Option<PathBuf>,
    /// Measure this model alone; may be repeated
    #[arg(long = "model", default_values_t = ["whisper-tiny.en".to_owned(), "whisper-base".to_owned()])]
    models: Vec<String>,
    /// Measure these things alone
    #[arg(long, value_delimiter = ',')]
    only: Vec<Measure>,
    /// A fifth of the clips; the figures are shown and not kept
    #[arg(long, conflicts_with = "every")]
    quick: bool,
    /// One clip in so many, for what takes too long otherwise; the table says so
    #[arg(long, default_value_t = 1)]
    every: usize,
    /// Leave the peers out
    #[arg(long)]
    no_peers: bool,
    /// Leave whisper.cpp out, which takes longest
    #[arg(long)]
    no_whisper_cpp: bool,
    /// Take over what the peers said and cost in the last run, where it is still there
    #[arg(long)]
    keep_peers: bool,
    /// The cargo profile of what is measured
    #[arg(long, default_value = "release")]
    profile: String,
}

/// One thing that is measured.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Measure {
    /// Word error, real-time factor and memory over single utterances
    Wer,
    /// The same over recordings longer than Whisper's window
    Whole,
    /// Spanish and French, with the language to be found
    Languages,
    /// Whether confidences are what they say
    Calibration,
    /// Whether words are where they say, by a forced alignment
    Words,
    /// Words where nobody speaks: ten minutes of each kind of sound
    Invented,
    /// How soon words are shown and settled, in real time; wants an idle machine
    Latency,
}

impl Options {
    fn wants(&self, measure: Measure) -> bool {
        self.only.is_empty() || self.only.contains(&measure)
    }
}

/// Measures what was asked for, model by model; prints each table when it is there.
///
/// # Errors
/// When something is missing that cannot be fetched, or an engine fails.
pub(crate) fn run(bench: Bench) -> Result<()> {
    let options = match bench {
        Bench::Transcribe(options) => options,
        Bench::Hear { corpus: named, profile } => {
            let folder = corpus(named.as_deref())?;
            return hear::tables(folder.as_deref(), &profile)?.into_iter().try_for_each(keep);
        }
        Bench::Plugin { profile } => return keep(plugin::table(&profile)?),
    };
    for model in &options.models {
        earmark_models::card(model)?;
    }
    models::run()?;
    let tools = Tools::prepare(&options)?;
    for model in &options.models {
        let hears_peers = [Measure::Wer, Measure::Whole, Measure::Languages, Measure::Calibration];
        let has_peers = !options.no_peers && hears_peers.into_iter().any(|measure| options.wants(measure));
        let peers = if has_peers { Some(tools.peer_weights(model)?) } else { None };
        measure(&options, &tools, model, peers.as_deref(), &mut |mut section| {
            if !tools.has_corpus() {
                section.title.push_str(" (fixtures)");
            }
            if options.every > 1 {
                section.title.push_str(&format!(" (one clip in {})", options.every));
            }
            if options.quick { show(&section) } else { keep(section) }
        })?;
    }
    if options.quick {
        println!("a quick run keeps no figures");
    } else {
        println!("the figures are in {}", Results::page().display());
    }
    Ok(())
}

/// Shows a table beside the one that was kept.
fn show(section: &Section) -> Result<()> {
    section.print(Results::read()?.before(section));
    Ok(())
}

/// Shows a table, and keeps it.
fn keep(section: Section) -> Result<()> {
    show(&section)?;
    // Read anew each time: another run may measure another model meanwhile.
    let mut results = Results::read()?;
    results.put(section);
    results.write()
}

fn measure(
    options: &Options,
    tools: &Tools,
    model: &str,
    peers: Option<&Path>,
    done: &mut dyn FnMut(Section) -> Result<()>,
) -> Result<()> {
    let accuracy = accuracy::Bench {
        tools,
        model,
        peers,
        keep_peers: options.keep_peers,
        has_whisper_cpp: !options.no_whisper_cpp,
    };
    let has = |set| -> Result<bool> {
        let has = tools.has_clips(set)?;
        if !has {
            println!("{set}: left out, there is no recording for it; --corpus names a folder of more");
        }
        Ok(has)
    };
    let is_heard = options.wants(Measure::Wer) || options.wants(Measure::Calibration);
    if is_heard {
        let engines = accuracy.score("utterances", false)?;
        if options.wants(Measure::Wer) {
            done(accuracy.table("Single utterances", &engines))?;
        }
        if options.wants(Measure::Calibration) {
            done(accuracy.calibration(&engines))?;
        }
    }
    if options.wants(Measure::Words) {
        let heard =
            if is_heard { accuracy.heard("utterances") } else { accuracy.hear_alone("utterances", false)? };
        done(word_times::table(tools, model, &heard)?)?;
    }
    if options.wants(Measure::Whole) && has("whole")? {
        let engines = accuracy.score("whole", false)?;
        done(accuracy.table("Whole recordings", &engines))?;
    }
    // A model of one language cannot be asked for another.
    let is_multilingual = earmark_models::card(model)?.languages.len() > 1;
    if options.wants(Measure::Languages) && is_multilingual {
        for (set, title) in [("es", "Spanish"), ("fr", "French")] {
            if has(set)? {
                let engines = accuracy.score(set, true)?;
                done(accuracy.table(&format!("{title}, language to be found"), &engines))?;
            }
        }
    }
    if options.wants(Measure::Invented) {
        done(invented::table(tools, model, &accuracy.hear_alone(invented::SET, true)?)?)?;
    }
    if options.wants(Measure::Latency) && has(delay::SET)? {
        done(delay::table(model, &accuracy.hear_alone_as("latency", delay::SET, true)?)?)?;
    }
    Ok(())
}

/// The corpus's folder as an absolute path, if one was named.
fn corpus(named: Option<&Path>) -> Result<Option<PathBuf>> {
    let from_environment = std::env::var_os("EARMARK_CORPUS").filter(|value| !value.is_empty());
    let Some(named) = named.map(Path::to_owned).or(from_environment.map(PathBuf::from)) else {
        return Ok(None);
    };
    let folder = std::path::absolute(&named)?;
    ensure!(
        folder.join("index.csv").is_file(),
        "{} holds no index.csv; name another folder with --corpus",
        folder.display()
    );
    Ok(Some(folder))
}

/// The folder of the Python half.
fn scripts() -> PathBuf {
    workspace::root().join("tests/bench")
}
