//! The built plugin in the headless hosts: what goes in comes out, and what was saved comes back.

use earmark_tests::host::{self, Buffers, Calls, HostError, Instance, Mode, Playhead, Setup, Tells};
use earmark_tests::noise::{assert_passes, noise};
use earmark_tests::{fixtures, in_both_formats, saved, vst3};
use std::time::Duration;

in_both_formats!(
    audio_passes_bit_for_bit_whatever_the_blocks_are,
    audio_passes_whatever_the_transport_tells,
    every_render_mode_passes_audio_without_delay,
    a_saved_state_comes_back_the_same,
    parameters_are_saved_and_restored,
    a_parameter_set_with_a_block_is_saved,
    a_mark_is_set_at_the_playhead_when_its_parameter_goes_on_and_not_when_a_project_brings_it,
    a_notebook_that_cannot_be_read_is_saved_back_as_it_came,
    a_state_of_garbage_stops_neither_the_plugin_nor_the_audio,
    one_thread_saves_and_restores_while_another_plays,
    instances_come_and_go_beside_each_other,
);

fn plugin<I: Instance>() -> I {
    let path = fixtures::plugin().expect("the plugin is built");
    I::load(&path).expect("the plugin loads")
}

fn audio_passes_bit_for_bit_whatever_the_blocks_are<I: Instance>() {
    let mut plugin = plugin::<I>();
    let mut check = |channels, block, buffers| {
        let setup = Setup { rate_hz: 48_000.0, min_block: 1, max_block: 8_192, channels };
        let mut audio = plugin.activate(setup).expect("the plugin activates");
        audio.playhead = Playhead::playing_from(0);
        audio.buffers = buffers;
        assert_passes(&mut audio, &noise(channels, 20_000), block);
        plugin.deactivate(audio);
    };
    for block in [1, 17, 64, 480, 1_024, 4_096, 8_192] {
        check(2, block, Buffers::Separate);
        check(2, block, Buffers::InPlace);
    }
    for channels in [1, 6] {
        check(channels, 512, Buffers::Separate);
        check(channels, 512, Buffers::InPlace);
    }
}

fn audio_passes_whatever_the_transport_tells<I: Instance>() {
    let mut plugin = plugin::<I>();
    let mut audio = plugin.activate(Setup::stereo(44_100.0, 512)).expect("the plugin activates");
    let sound = noise(2, 4_096);
    for tells in [Tells::Everything, Tells::BeatsOnly, Tells::NoPosition, Tells::Nothing] {
        for (playing, recording) in [(true, false), (true, true), (false, false)] {
            audio.playhead = Playhead { playing, recording, tells, ..Playhead::default() };
            assert_passes(&mut audio, &sound, 512);
        }
    }
    plugin.deactivate(audio);
}

fn every_render_mode_passes_audio_without_delay<I: Instance>() {
    let mut plugin = plugin::<I>();
    let sound = noise(2, 48_000);
    for mode in [Mode::Offline, Mode::Prefetch, Mode::Realtime, Mode::Offline] {
        plugin.set_mode(mode).expect("the plugin follows the render mode");
        let mut audio = plugin.activate(Setup::stereo(48_000.0, 512)).expect("the plugin activates");
        audio.playhead = Playhead::playing_from(0);
        assert_passes(&mut audio, &sound, 512);
        plugin.deactivate(audio);
    }
    assert_eq!(plugin.latency_frames(), 0);
}

#[test]
fn the_delay_is_never_said_to_have_changed() {
    let (mut clap, mut vst3) = (plugin::<host::Plugin>(), plugin::<vst3::Plugin>());
    every(&mut clap);
    every(&mut vst3);
    assert_eq!(Calls::count(&clap.calls().latency_changed), 0);
    assert_eq!(vst3.restarts(), 0);
    fn every(plugin: &mut impl Instance) {
        for rate_hz in [44_100.0, 96_000.0] {
            let mut audio = plugin.activate(Setup::stereo(rate_hz, 512)).expect("the plugin activates");
            assert_passes(&mut audio, &noise(2, 4_800), 512);
            plugin.deactivate(audio);
        }
    }
}

fn a_saved_state_comes_back_the_same<I: Instance>() {
    let mut first = plugin::<I>();
    let saved = first.save().expect("the plugin saves");
    let mut second = plugin::<I>();
    second.restore(&saved).expect("the plugin takes its own state");
    second.pump(Duration::from_millis(50));
    assert_eq!(
        String::from_utf8_lossy(&second.save().expect("the plugin saves")),
        String::from_utf8_lossy(&saved)
    );
}

fn parameters_are_saved_and_restored<I: Instance>() {
    let mut first = plugin::<I>();
    for param in first.params().expect("the plugin has parameters") {
        first.set_param_idle(param.id, param.range.1).expect("an idle plugin takes parameters");
    }
    let saved = first.save().expect("the plugin saves");
    let mut second = plugin::<I>();
    second.restore(&saved).expect("the plugin takes its own state");
    assert_eq!(second.params().expect("parameters"), first.params().expect("parameters"));
}

fn a_parameter_set_with_a_block_is_saved<I: Instance>() {
    let mut first = plugin::<I>();
    let before = first.params().expect("parameters");
    let mut audio = first.activate(Setup::stereo(48_000.0, 512)).expect("the plugin activates");
    for param in &before {
        audio.set_param(param.id, param.range.1);
    }
    assert_passes(&mut audio, &noise(2, 1_024), 512);
    first.deactivate(audio);
    let after = first.params().expect("parameters");
    assert!(after.iter().all(|param| param.value == param.range.1), "{after:?}");
    assert_ne!(after, before);
    let mut second = plugin::<I>();
    second.restore(&first.save().expect("the plugin saves")).expect("the plugin takes its own state");
    assert_eq!(second.params().expect("parameters"), after);
}

fn a_mark_is_set_at_the_playhead_when_its_parameter_goes_on_and_not_when_a_project_brings_it<I: Instance>() {
    let marks = |plugin: &mut I| {
        let saved = saved::read(&plugin.save().expect("the plugin saves")).expect("a notebook");
        saved.marks().iter().map(|mark| mark.start.seconds()).collect::<Vec<_>>()
    };
    let mut plugin = plugin::<I>();
    let mark = plugin.params().expect("parameters").into_iter().find(|it| it.name == "Add mark");
    let mark = mark.expect("there is a parameter for marks").id;
    let mut audio = plugin.activate(Setup::stereo(48_000.0, 480)).expect("the plugin activates");
    let mut expected = Vec::new();
    for (second, value) in [(1, 1.0), (2, 1.0), (3, 0.0), (4, 1.0)] {
        audio.playhead = Playhead { frame: second * 48_000, ..Playhead::default() };
        audio.set_param(mark, value);
        audio.block(480).expect("a block");
        expected.extend([1, 4].contains(&second).then_some(second as f64));
        let set = (0..500).any(|_| {
            plugin.pump(Duration::from_millis(10));
            marks(&mut plugin) == expected
        });
        assert!(set, "{:?} are set, and not {expected:?}", marks(&mut plugin));
    }
    let saved = plugin.save().expect("the plugin saves");
    audio.set_param(mark, 0.0);
    audio.block(480).expect("a block");
    plugin.restore(&saved).expect("the plugin takes its own state");
    audio.block(480).expect("a block");
    plugin.pump(Duration::from_millis(200));
    assert_eq!(marks(&mut plugin), expected);
    plugin.deactivate(audio);
}

fn a_notebook_that_cannot_be_read_is_saved_back_as_it_came<I: Instance>() {
    let mut plugin = plugin::<I>();
    let fresh = plugin.save().expect("the plugin saves");
    for text in ["EARMARK999:from the future", "not ours at all"] {
        let state = saved::with_notebook(&fresh, text).expect("a state");
        plugin.restore(&state).expect("the framework takes any text");
        plugin.pump(Duration::from_millis(250));
        let again = plugin.save().expect("the plugin saves");
        let error = saved::read(&again).expect_err("it was not read");
        assert!(error.to_string().contains("kept unchanged"), "{error}");
        assert!(String::from_utf8_lossy(&again).contains(text), "{text} is to be saved back");
    }
    // A readable one takes over again.
    plugin.restore(&fresh).expect("the plugin restores");
    assert!(saved::read(&plugin.save().expect("the plugin saves")).expect("a notebook").is_empty());
}

fn a_state_of_garbage_stops_neither_the_plugin_nor_the_audio<I: Instance>() {
    let whole = plugin::<I>().save().expect("the plugin saves");
    let mut garbage: Vec<Vec<u8>> = vec![Vec::new(), b"{}".to_vec(), b"null".to_vec(), vec![0xFF; 100_000]];
    garbage.push(whole[..whole.len() / 2].to_vec());
    for at in (0..whole.len()).step_by(whole.len() / 40 + 1) {
        let mut bent = whole.clone();
        bent[at] ^= 0x11;
        garbage.push(bent);
    }
    for state in garbage {
        let mut plugin = plugin::<I>();
        // Refusing is as good as taking what can be read; falling over is not.
        let taken: Result<(), HostError> = plugin.restore(&state);
        let mut audio = plugin.activate(Setup::stereo(48_000.0, 512)).expect("the plugin activates");
        audio.playhead = Playhead::playing_from(0);
        assert_passes(&mut audio, &noise(2, 2_048), 512);
        plugin.deactivate(audio);
        plugin.save().unwrap_or_else(|error| panic!("{error} ({taken:?})"));
    }
}

fn one_thread_saves_and_restores_while_another_plays<I: Instance>() {
    let mut plugin = plugin::<I>();
    let mut audio = plugin.activate(Setup::stereo(48_000.0, 64)).expect("the plugin activates");
    audio.playhead = Playhead::playing_from(0);
    let player = std::thread::spawn(move || {
        assert_passes(&mut audio, &noise(2, 480_000), 64);
        audio
    });
    while !player.is_finished() {
        let saved = plugin.save().expect("the plugin saves");
        plugin.restore(&saved).expect("the plugin takes its own state");
        plugin.pump(Duration::ZERO);
    }
    plugin.deactivate(player.join().expect("the audio thread ends well"));
}

fn instances_come_and_go_beside_each_other<I: Instance>() {
    let mut first = plugin::<I>();
    let mut playing = first.activate(Setup::stereo(48_000.0, 512)).expect("the plugin activates");
    playing.playhead = Playhead::playing_from(0);
    for _ in 0..5 {
        let mut others: Vec<I> = (0..4).map(|_| plugin()).collect();
        assert_passes(&mut playing, &noise(2, 4_800), 512);
        for other in &mut others {
            let mut audio = other.activate(Setup::stereo(44_100.0, 512)).expect("the plugin activates");
            assert_passes(&mut audio, &noise(2, 4_800), 512);
            other.deactivate(audio);
        }
    }
    first.deactivate(playing);
}

#[test]
fn the_bundle_says_of_the_plugin_what_its_factory_says() {
    let bundle = fixtures::vst3().expect("the bundle is built");
    let written = std::fs::read(bundle.join("Contents/Resources/moduleinfo.json")).expect("its description");
    let written: serde_json::Value = serde_json::from_slice(&written).expect("JSON");
    let said = <vst3::Plugin as Instance>::load(&bundle).expect("the bundle loads").described();
    assert_eq!(said.as_ref(), Some(&written["Classes"][0]));
}
