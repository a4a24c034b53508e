//! A bounce is heard like a performance: faster than it sounds, nothing is lost and nothing changes.

use earmark_tests::audio::Clip;
use earmark_tests::fixtures;
use earmark_tests::host::{Plugin, Setup};
use earmark_tests::playback::{self, text, words};
use earmark_tests::saved;
use earmark_timeline::notebook::Notebook;

/// As fast as the host can: no ring could hold what is not waited for.
const UNBOUNDED: f64 = 1e6;

/// The LibriVox sonnet and as much silence, 48 kHz: ten times what the ring holds.
fn recital() -> Clip {
    let path = fixtures::fixture("sonnet1.mp3").expect("the fixtures are there");
    let clip = Clip::read(&path).expect("a recording").resampled(48_000).with_channels(2);
    let seconds = clip.seconds();
    clip.padded(0.0, seconds).padded(0.0, 2.0)
}

fn bounced(clip: Clip, offline: bool, speed: f64) -> Notebook {
    let mut plugin =
        Plugin::load(&fixtures::plugin().expect("the plugin is built")).expect("the plugin loads");
    plugin.set_offline(offline).expect("a render mode");
    let setup = Setup::stereo(f64::from(clip.rate_hz), 512);
    let player = playback::start(plugin.activate(setup).expect("the plugin activates"), clip, speed);
    playback::until_settled(&mut plugin, &player, &mut |_| {}).expect("the plugin saves");
    plugin.deactivate(player.stop().expect("the player ends"));
    saved::read(&plugin.save().expect("the plugin saves")).expect("a notebook")
}

fn times(notebook: &Notebook) -> Vec<(String, f64, f64)> {
    words(notebook).map(|word| (word.text.clone(), word.start.seconds(), word.end.seconds())).collect()
}

#[test]
fn a_bounce_loses_nothing_and_says_what_a_performance_says() {
    let performed = bounced(recital(), false, 20.0);
    assert!(words(&performed).count() > 90, "{}", text(&performed));
    for (offline, speed) in [(true, UNBOUNDED), (false, 100.0)] {
        let found = bounced(recital(), offline, speed);
        assert!(found.missed().is_empty(), "offline: {offline}, missed {:?}", found.missed());
        assert_eq!(times(&found), times(&performed), "offline: {offline}");
        assert_eq!(found.spans(), performed.spans(), "offline: {offline}");
    }
}
