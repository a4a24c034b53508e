//! What it costs to look whether Earmark is there, and how soon it is gone.
//!
//! `cargo bench -p earmark-tests --bench lifecycle`, after `cargo build --release -p earmark`. The aims: a scan
//! below 20 ms and 2 MB, a drop below 50 ms.

use earmark_tests::audio::Clip;
use earmark_tests::lifecycle::{Dropped, drop_at_random, scan};
use earmark_tests::noise::Random;
use earmark_tests::{figure, fixtures};
use std::time::Duration;

const SCANS: usize = 20;
const DROPS: usize = 20;

#[allow(clippy::print_stdout, reason = "a benchmark's report")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let plugin = fixtures::plugin()?;
    let (first, grown) = scan(&plugin)?;
    println!("first scan: {first:.1?}, {:.2} MB", grown as f64 / 1e6);
    let mut scans = (0..SCANS).map(|_| scan(&plugin)).collect::<Result<Vec<_>, _>>()?;
    scans.sort();
    println!("{SCANS} more: median {:.1?}, slowest {:.1?}", scans[SCANS / 2].0, scans[SCANS - 1].0);

    let clip = Clip::read(&fixtures::fixture("jfk.wav")?)?.with_channels(2);
    let mut random = Random::default();
    let drops = (0..DROPS)
        .map(|_| drop_at_random(&plugin, &clip, &mut random))
        .collect::<Result<Vec<Dropped>, _>>()?;
    let at_work = drops.iter().filter(|drop| drop.at_work).count();
    let slowest = |of: fn(&Dropped) -> Duration| drops.iter().map(of).max().unwrap_or_default();
    let (drop, threads) = (slowest(|it| it.drop), slowest(|it| it.threads));
    println!(
        "{DROPS} drops, {at_work} with a model at work: at most {drop:.1?}; all threads ended after {threads:.1?}"
    );
    figure("first scan, ms", first.as_secs_f64() * 1e3);
    figure("slowest drop of an instance, ms", drop.as_secs_f64() * 1e3);
    let kept = first < Duration::from_millis(20) && grown < 2_000_000 && drop < Duration::from_millis(50);
    if kept { Ok(()) } else { Err("an aim was missed".into()) }
}
