//! What saving and loading cost a host: an hour of talk, and four with as many words again in earlier passes.
//!
//! `cargo bench -p earmark-tests --bench state`; the aims are 20 ms to save and 40 ms to load, in 200 KB for the hour
//! and 2 MB for the four. CPU time is measured, which holds on a busy machine.

use cpu_time::ThreadTime;
use earmark_archive::state::{decode, encode};
use earmark_tests::figure;
use std::hint::black_box;
use std::time::Duration;

#[path = "../../plugin/archive/src/sample/podcast.rs"]
mod podcast;

const RUNS: usize = 21;
const MOST_TO_SAVE: Duration = Duration::from_millis(20);
const MOST_TO_LOAD: Duration = Duration::from_millis(40);

/// The median of several runs, after one that nobody counts.
fn cost<T>(mut work: impl FnMut() -> T) -> Duration {
    let mut run = || {
        let begun = ThreadTime::now();
        let result = black_box(work());
        let cost = begun.elapsed();
        drop(result);
        cost
    };
    run();
    let mut costs: Vec<_> = (0..RUNS).map(|_| run()).collect();
    costs.sort_unstable();
    costs[RUNS / 2]
}

#[allow(clippy::print_stdout, reason = "a benchmark's report")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let long = podcast::podcast(4.0);
    let mut kept = true;
    for (name, notebook, most) in [
        ("1 hour", podcast::podcast(1.0), 200_000),
        ("4 hours with all versions", podcast::heard_before(&long), 2_000_000),
        ("4 hours", long, 2_000_000),
    ] {
        let text = encode(&notebook);
        let (save, load) = (cost(|| encode(black_box(&notebook))), cost(|| decode(black_box(&text))));
        println!("{name}: {} bytes, saved in {save:.1?}, loaded in {load:.1?}", text.len());
        figure(&format!("state of {name}, KB"), text.len() as f64 / 1e3);
        figure(&format!("state of {name}, saved in ms"), save.as_secs_f64() * 1e3);
        figure(&format!("state of {name}, loaded in ms"), load.as_secs_f64() * 1e3);
        kept &= text.len() < most && save < MOST_TO_SAVE && load < MOST_TO_LOAD;
    }
    if kept { Ok(()) } else { Err("an aim was missed".into()) }
}
