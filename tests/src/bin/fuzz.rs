//! `fuzz MINUTES`: reads random mutations of everything that Earmark reads until the time is over, and keeps in the
//! corpus what goes wrong. `cargo xtask fuzz` starts it.

use earmark_tests::fuzz::{Counting, Target, Trial, corpus};
use earmark_tests::noise::Random;
use std::hash::{BuildHasher as _, DefaultHasher, Hash as _, Hasher as _, RandomState};
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::{Duration, Instant};

#[global_allocator]
static MEMORY: Counting = Counting;

/// Reading a few kilobytes for longer than this counts as hanging.
const LONGEST: Duration = Duration::from_secs(10);

/// How many inputs of a target follow each other.
const ROUND: usize = 500;

fn main() -> ExitCode {
    let minutes = std::env::args().nth(1).and_then(|minutes| minutes.parse::<f64>().ok());
    let Some(time) = minutes.and_then(|minutes| Duration::try_from_secs_f64(minutes * 60.0).ok()) else {
        writeln!(io::stderr(), "usage: fuzz MINUTES").ok();
        return ExitCode::FAILURE;
    };
    // What panics is a finding, and shown as one.
    std::panic::set_hook(Box::new(|_| ()));
    match fuzz(time) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            writeln!(io::stderr(), "{error}").ok();
            ExitCode::FAILURE
        }
    }
}

/// Says how many inputs went wrong.
fn fuzz(time: Duration) -> io::Result<usize> {
    let seed = RandomState::new().hash_one(0) as u32 | 1;
    let folder = std::env::temp_dir().join(format!("earmark-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let mut out = io::stdout();
    writeln!(out, "seed {seed}")?;
    let trials = Target::ALL.map(|target| Ok::<_, io::Error>((target, Trial::new(target, &folder)?)));
    let trials = trials.into_iter().collect::<Result<Vec<_>, _>>()?;
    let (begun, mut random) = (Instant::now(), Random::from_seed(seed));
    let (mut count, mut found, mut slowest) = (0, 0, (Duration::ZERO, ""));
    while begun.elapsed() < time {
        for (target, trial) in &trials {
            for _ in 0..ROUND {
                let input = trial.input(&mut random);
                let before = Instant::now();
                let mut outcome = trial.read(&input);
                let took = before.elapsed();
                slowest = slowest.max((took, target.name()));
                if outcome.is_ok() && took > LONGEST {
                    outcome = Err(format!("it took {} s", took.as_secs()));
                }
                if let Err(fault) = outcome {
                    found += 1;
                    let name = keep(*target, &input)?;
                    writeln!(out, "{}: {fault} ({name})", target.name())?;
                }
            }
            count += ROUND;
        }
    }
    std::fs::remove_dir_all(folder)?;
    let (longest, name) = (slowest.0.as_millis(), slowest.1);
    writeln!(out, "{count} inputs, {found} went wrong; the slowest took {longest} ms ({name})")?;
    Ok(found)
}

/// Keeps an input in the corpus, under a name of its own.
fn keep(target: Target, input: &[u8]) -> io::Result<String> {
    let mut hasher = DefaultHasher::new();
    input.hash(&mut hasher);
    let name = format!("found-{:016x}", hasher.finish());
    std::fs::create_dir_all(corpus(target))?;
    std::fs::write(corpus(target).join(&name), input)?;
    Ok(name)
}
