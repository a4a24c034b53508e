//! Twenty-four sessions in one process, each with its own track in real time.
//!
//! `cargo bench -p earmark-tests --bench crowd -- FILE…`: the files are played from different places, as many
//! times as there are sessions; without any, the fixtures are. The aims: nothing lost, at most 6 MB a session
//! beside one copy of each model, and no session that hears words further behind than one and a half times
//! the mean of them.

use earmark_tests::audio::Clip;
use earmark_tests::crowd::{Track, gather};
use earmark_tests::{figure, fixtures};
use std::time::Duration;

const SESSIONS: usize = 24;
const LENGTH: Duration = Duration::from_secs(60);

#[allow(clippy::print_stdout, reason = "a benchmark's report")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files = fixtures::named_or(&["sonnet1.mp3", "jfk.wav", "singing.wav", "band.mp3"])?;
    let mut tracks = Vec::new();
    for number in 0..SESSIONS {
        let file = &files[number % files.len()];
        let clip = Clip::read(file)?.with_channels(1);
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // As often as a file is played, so many places it is played from.
        let from = number / files.len() * clip.frames() * files.len() / SESSIONS;
        tracks.push(Track { name, clip, from });
    }
    let crowd = gather(tracks, LENGTH)?;
    println!("| track | words | CPU s | words behind at most | classes behind at most | lost |");
    println!("|---|---|---|---|---|---|");
    for seat in &crowd.seats {
        let (behind, classes) = (seat.behind_s, seat.classes_behind_s);
        println!(
            "| {} | {} | {:.1} | {behind:.1} s | {classes:.1} s | {} |",
            seat.name, seat.words, seat.cpu_s, seat.lost
        );
    }
    let megabytes = |bytes: i64| bytes as f64 / 1e6;
    println!(
        "resident: {:.0} MB with {}, {:.0} MB with all; asked for by each further one: {:.1} MB (aim: 6)",
        megabytes(crowd.memory_first.resident),
        crowd.first,
        megabytes(crowd.memory_all.resident),
        megabytes(crowd.memory_a_session())
    );
    println!("largest lag over the mean: {:.2} (aim: 1.5); {:?}", crowd.unfairness(), crowd.engine);
    let lost: u64 = crowd.seats.iter().map(|seat| seat.lost).sum();
    figure("24 tracks, a further one asks for MB", megabytes(crowd.memory_a_session()));
    figure("24 tracks, largest lag over the mean", crowd.unfairness());
    let kept = lost == 0 && crowd.memory_a_session() < 6_000_000 && crowd.unfairness() < 1.5;
    if kept { Ok(()) } else { Err("an aim was missed".into()) }
}
