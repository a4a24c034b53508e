//! The built plugin in the headless host: what goes in comes out, and what was saved comes back.

use earmark_tests::host::{Audio, Buffers, Calls, HostError, Playhead, Plugin, Setup, Tells};
use earmark_tests::{audio::Clip, fixtures, saved};
use std::time::Duration;

fn plugin() -> Plugin {
    let path = fixtures::plugin().expect("the plugin is built");
    Plugin::load(&path).expect("the plugin loads")
}

/// Noise with everything in it that is hard to keep: full scale and beyond, denormals, both zeros.
fn noise(channels: u32, frames: usize) -> Vec<Vec<f32>> {
    let mut state = 0x2545_F491_u32;
    let mut next = || {
        // Marsaglia's xorshift: the tests need the same noise each time, not good noise.
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state
    };
    let mut sample = || match next() % 64 {
        0 => 0.0,
        1 => -0.0,
        2 => f32::from_bits(next() % 0x0080_0000),
        3 => 3.0,
        _ => next() as f32 / u32::MAX as f32 * 2.0 - 1.0,
    };
    (0..channels).map(|_| (0..frames).map(|_| sample()).collect()).collect()
}

fn bits(channels: &[Vec<f32>]) -> Vec<Vec<u32>> {
    channels.iter().map(|channel| channel.iter().map(|sample| sample.to_bits()).collect()).collect()
}

fn assert_passes(audio: &mut Audio, channels: &[Vec<f32>], block: u32) {
    let out = audio.play(channels, block, |_| {}).expect("the plugin processes");
    assert!(bits(&out) == bits(channels), "blocks of {block}, {:?}", audio.setup());
}

#[test]
fn audio_passes_bit_for_bit_whatever_the_blocks_are() {
    let mut plugin = plugin();
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

#[test]
fn audio_passes_whatever_the_transport_says() {
    let mut plugin = plugin();
    let mut audio = plugin.activate(Setup::stereo(44_100.0, 512)).expect("the plugin activates");
    let sound = noise(2, 4_096);
    for tells in [Tells::Everything, Tells::BeatsOnly, Tells::NoPosition, Tells::Nothing] {
        for (playing, recording) in [(true, false), (true, true), (false, false)] {
            audio.playhead = Playhead { playing, recording, tells, ..Playhead::default() };
            assert_passes(&mut audio, &sound, 512);
        }
    }
    let mut turn = 0_i64;
    let jump = |playhead: &mut Playhead| {
        turn += 1;
        let absurd = [i64::MIN / 2, -1, 0, 1 << 52, i64::MAX / 2];
        *playhead = Playhead::playing_from(absurd[turn as usize % absurd.len()]);
        playhead.tempo_bpm = [0.0, -1.0, 1e12, f64::NAN][turn as usize % 4];
    };
    let out = audio.play(&sound, 64, jump).expect("the plugin processes");
    assert!(bits(&out) == bits(&sound));
    plugin.deactivate(audio);
}

#[test]
fn nan_and_infinity_pass_unchanged() {
    let mut plugin = plugin();
    let mut audio = plugin.activate(Setup::stereo(48_000.0, 256)).expect("the plugin activates");
    audio.playhead = Playhead::playing_from(0);
    let mut sound = noise(2, 2_048);
    for (at, odd) in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX].into_iter().enumerate() {
        sound[0][100 + at] = odd;
        sound[1][1_000 + at] = odd;
    }
    assert_passes(&mut audio, &sound, 256);
    plugin.deactivate(audio);
}

#[test]
fn blocks_of_nothing_stops_resets_and_new_rates_come_in_any_order() {
    let mut plugin = plugin();
    for rate_hz in [8_000.0, 22_050.0, 44_100.0, 48_000.0, 96_000.0, 192_000.0, 384_000.0] {
        let mut audio = plugin.activate(Setup::stereo(rate_hz, 1_024)).expect("the plugin activates");
        audio.playhead = Playhead::playing_from(0);
        audio.block(0).expect("an empty block is fine");
        assert_passes(&mut audio, &noise(2, 3_000), 1_024);
        audio.reset();
        audio.stop();
        audio.stop();
        assert_passes(&mut audio, &noise(2, 3_000), 7);
        audio.block(0).expect("an empty block is fine");
        plugin.deactivate(audio);
        let unused = plugin.activate(Setup::stereo(rate_hz, 1)).expect("the plugin activates");
        plugin.deactivate(unused);
    }
}

#[test]
fn both_render_modes_pass_audio_without_delay() {
    let mut plugin = plugin();
    let sound = noise(2, 48_000);
    for offline in [true, false] {
        plugin.set_offline(offline).expect("the plugin follows the render mode");
        let mut audio = plugin.activate(Setup::stereo(48_000.0, 512)).expect("the plugin activates");
        audio.playhead = Playhead::playing_from(0);
        assert_passes(&mut audio, &sound, 512);
        plugin.deactivate(audio);
    }
    assert_eq!(plugin.latency_frames(), 0);
    assert_eq!(Calls::count(&plugin.calls().latency_changed), 0);
}

#[test]
fn a_saved_state_comes_back_the_same() {
    let mut first = plugin();
    let saved = first.save().expect("the plugin saves");
    let mut second = plugin();
    second.restore(&saved).expect("the plugin takes its own state");
    second.pump(Duration::from_millis(50));
    assert_eq!(
        String::from_utf8_lossy(&second.save().expect("the plugin saves")),
        String::from_utf8_lossy(&saved)
    );
}

#[test]
fn parameters_are_saved_and_restored() {
    let mut first = plugin();
    for param in first.params().expect("the plugin has parameters") {
        first.set_param_idle(param.id, param.range.1).expect("an idle plugin takes parameters");
    }
    let saved = first.save().expect("the plugin saves");
    let mut second = plugin();
    second.restore(&saved).expect("the plugin takes its own state");
    assert_eq!(second.params().expect("parameters"), first.params().expect("parameters"));
}

#[test]
fn a_notebook_that_cannot_be_read_is_saved_back_as_it_came() {
    let mut plugin = plugin();
    let fresh = plugin.save().expect("the plugin saves");
    for text in ["EARMARK999:from the future", "not ours at all"] {
        let state = saved::with_notebook(&fresh, text).expect("a state");
        plugin.restore(&state).expect("the framework takes any text");
        plugin.pump(std::time::Duration::from_millis(250));
        let again = plugin.save().expect("the plugin saves");
        let error = saved::read(&again).expect_err("it was not read");
        assert!(error.to_string().contains("kept unchanged"), "{error}");
        assert!(String::from_utf8_lossy(&again).contains(text), "{text} is to be saved back");
    }
    // A readable one takes over again.
    plugin.restore(&fresh).expect("the plugin restores");
    assert!(saved::read(&plugin.save().expect("the plugin saves")).expect("a notebook").is_empty());
}

#[test]
fn a_state_of_garbage_stops_neither_the_plugin_nor_the_audio() {
    let whole = plugin().save().expect("the plugin saves");
    let mut garbage: Vec<Vec<u8>> = vec![Vec::new(), b"{}".to_vec(), b"null".to_vec(), vec![0xFF; 100_000]];
    garbage.push(whole[..whole.len() / 2].to_vec());
    for at in (0..whole.len()).step_by(whole.len() / 40 + 1) {
        let mut bent = whole.clone();
        bent[at] ^= 0x11;
        garbage.push(bent);
    }
    for state in garbage {
        let mut plugin = plugin();
        // Refusing is as good as taking what can be read; falling over is not.
        let taken: Result<(), HostError> = plugin.restore(&state);
        let mut audio = plugin.activate(Setup::stereo(48_000.0, 512)).expect("the plugin activates");
        audio.playhead = Playhead::playing_from(0);
        assert_passes(&mut audio, &noise(2, 2_048), 512);
        plugin.deactivate(audio);
        plugin.save().unwrap_or_else(|error| panic!("{error} ({taken:?})"));
    }
}

#[test]
fn one_thread_saves_and_restores_while_another_plays() {
    let mut plugin = plugin();
    let mut audio = plugin.activate(Setup::stereo(48_000.0, 64)).expect("the plugin activates");
    audio.playhead = Playhead::playing_from(0);
    let player = std::thread::spawn(move || {
        let sound = Clip { rate_hz: 48_000, channels: noise(2, 480_000) };
        assert_passes(&mut audio, &sound.channels, 64);
        audio
    });
    while !player.is_finished() {
        let saved = plugin.save().expect("the plugin saves");
        plugin.restore(&saved).expect("the plugin takes its own state");
        plugin.pump(Duration::ZERO);
    }
    plugin.deactivate(player.join().expect("the audio thread ends well"));
}

#[test]
fn instances_come_and_go_beside_each_other() {
    let mut first = plugin();
    let mut playing = first.activate(Setup::stereo(48_000.0, 512)).expect("the plugin activates");
    playing.playhead = Playhead::playing_from(0);
    for _ in 0..5 {
        let mut others: Vec<Plugin> = (0..4).map(|_| plugin()).collect();
        assert_passes(&mut playing, &noise(2, 4_800), 512);
        for other in &mut others {
            let mut audio = other.activate(Setup::stereo(44_100.0, 512)).expect("the plugin activates");
            assert_passes(&mut audio, &noise(2, 4_800), 512);
            other.deactivate(audio);
        }
    }
    first.deactivate(playing);
}
