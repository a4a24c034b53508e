//! What a live track costs apart from words: finding speech, classes, what plays, tempo, key, loudness.
//!
//! `cargo bench -p earmark-tests --bench hearing -- FILE…`: each file is played for a minute in real time, to a session
//! of its own that has played for 20 s before; without any, a band is. The aim is less than 2 % of a core.

use earmark_tests::audio::Clip;
use earmark_tests::crowd::{Track, gather};
use earmark_tests::{figure, fixtures};
use std::time::Duration;

const LENGTH: Duration = Duration::from_secs(60);

#[allow(clippy::print_stdout, reason = "a benchmark's report")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut most = 0.0_f64;
    for file in fixtures::named_or(&["band.mp3"])? {
        let name = file.display().to_string();
        let clip = Clip::read(&file)?.with_channels(1);
        let cost = gather(vec![Track { name: name.clone(), clip, from: 0 }], LENGTH)?.cost;
        let share = 100.0 * cost.hearing();
        println!("{name}: {share:.2} % of a core without words, {:.1} CPU s for words", cost.words_cpu_s);
        most = most.max(share);
    }
    figure("hearing a live track, % of a core", most);
    if most < 2.0 { Ok(()) } else { Err("hearing costs too much".into()) }
}
