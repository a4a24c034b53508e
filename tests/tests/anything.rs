//! Whatever a host does, the audio passes bit for bit, nothing panics, and the state saves and loads.

use earmark_tests::audio::Clip;
use earmark_tests::host::{self, Audio, Buffers, Instance, Mode, Playhead, Processor, Setup, Tells};
use earmark_tests::noise::{Random, bits, wild_noise};
use earmark_tests::playback::{self, words};
use earmark_tests::{fixtures, in_both_formats, saved, vst3};

in_both_formats!(
    every_rate_channel_count_and_block_size_passes_while_one_instance_lives,
    activations_stops_resets_modes_and_states_come_in_any_order,
    a_transport_that_jumps_runs_backwards_or_talks_nonsense_stops_nothing,
);

const RATES_HZ: [f64; 12] = [
    8_000.0, 11_025.0, 16_000.0, 22_050.0, 32_000.0, 44_100.0, 47_952.05, 48_000.0, 88_200.0, 96_000.0,
    192_000.0, 384_000.0,
];

const MOST_CHANNELS: u32 = 16;
const LONGEST: u32 = 8_192;

/// The block sizes at which something could go wrong, and some between.
const BLOCKS: [u32; 16] = [1, 0, 17, 64, 2, 255, 256, 0, 257, 480, 512, 1_023, 1_024, 4_096, 8_191, 8_192];

fn plugin<I: Instance>() -> I {
    let path = fixtures::plugin().expect("the plugin is built");
    I::load(&path).expect("the plugin loads")
}

fn setup(rate_hz: f64, channels: u32) -> Setup {
    Setup { rate_hz, min_block: 1, max_block: LONGEST, channels }
}

/// Plays one block of `frames` frames, from `from` on in `sound`, and compares what comes out.
fn assert_block_passes<P: Processor>(audio: &mut Audio<P>, sound: &[Vec<f32>], from: usize, frames: u32) {
    let range = from..from + frames as usize;
    let channels = audio.setup().channels as usize;
    for (channel, samples) in sound[..channels].iter().enumerate() {
        audio.input(channel)[..range.len()].copy_from_slice(&samples[range.clone()]);
    }
    audio.block(frames).expect("the plugin processes");
    for (channel, samples) in sound[..channels].iter().enumerate() {
        let out = audio.output(channel)[..range.len()].iter().map(|sample| sample.to_bits());
        let same = out.eq(samples[range.clone()].iter().map(|sample| sample.to_bits()));
        assert!(same, "channel {channel} of {frames} frames, {:?}, {:?}", audio.buffers, audio.setup());
    }
}

/// The state is a notebook, loads into another instance and comes back from there as it went in.
fn assert_state_lives<I: Instance>(first: &mut I) {
    let state = first.save().expect("the plugin saves");
    saved::read(&state).expect("a notebook");
    let mut second = plugin::<I>();
    second.restore(&state).expect("the plugin takes its own state");
    let again = second.save().expect("the plugin saves");
    assert_eq!(String::from_utf8_lossy(&again), String::from_utf8_lossy(&state));
}

fn every_rate_channel_count_and_block_size_passes_while_one_instance_lives<I: Instance>() {
    let mut plugin = plugin::<I>();
    let sound = wild_noise(MOST_CHANNELS, 3 * LONGEST as usize);
    let mut random = Random::default();
    for rate_hz in RATES_HZ {
        for channels in 1..=MOST_CHANNELS {
            let mut audio = plugin.activate(setup(rate_hz, channels)).expect("the plugin activates");
            audio.playhead = Playhead::playing_from(0);
            for block in BLOCKS {
                audio.buffers = if random.below(2) == 0 { Buffers::InPlace } else { Buffers::Separate };
                let from = random.below(2 * LONGEST) as usize;
                assert_block_passes(&mut audio, &sound, from, block);
                assert_block_passes(&mut audio, &sound, from, random.below(LONGEST + 1));
            }
            plugin.deactivate(audio);
        }
    }
    assert_state_lives(&mut plugin);
}

fn activations_stops_resets_modes_and_states_come_in_any_order<I: Instance>() {
    let mut plugin = plugin::<I>();
    let sound = wild_noise(MOST_CHANNELS, 2 * LONGEST as usize);
    let mut random = Random::default();
    let mut active: Option<Audio<I::Processor>> = None;
    let state = plugin.save().expect("the plugin saves");
    let mut blocks = 0;
    for _ in 0..2_000 {
        match (random.below(10), active.take()) {
            (0, Some(audio)) => plugin.deactivate(audio),
            (0, None) => {
                let mode = [Mode::Realtime, Mode::Prefetch, Mode::Offline][random.below(3) as usize];
                plugin.set_mode(mode).expect("the plugin follows the render mode");
            }
            (1, audio) => {
                plugin.restore(&state).expect("the plugin takes its own state");
                active = audio;
            }
            (2, audio) => {
                saved::read(&plugin.save().expect("the plugin saves")).expect("a notebook");
                active = audio;
            }
            (3, Some(mut audio)) => {
                audio.stop();
                active = Some(audio);
            }
            (4, Some(mut audio)) => {
                audio.reset();
                active = Some(audio);
            }
            (5, Some(mut audio)) => {
                audio.start().expect("the plugin starts");
                active = Some(audio);
            }
            (_, None) => {
                let rate_hz = RATES_HZ[random.below(RATES_HZ.len() as u32) as usize];
                let setup = setup(rate_hz, 1 + random.below(MOST_CHANNELS));
                active = Some(plugin.activate(setup).expect("the plugin activates"));
            }
            (choice, Some(mut audio)) => {
                audio.playhead.playing = random.below(4) > 0;
                let frames = if choice == 6 { 0 } else { random.below(LONGEST + 1) };
                assert_block_passes(&mut audio, &sound, random.below(LONGEST) as usize, frames);
                blocks += 1;
                active = Some(audio);
            }
        }
    }
    assert!(blocks > 300, "{blocks} blocks are too few to mean anything");
    if let Some(audio) = active {
        plugin.deactivate(audio);
    }
    let speech = speech();
    let audio = plugin.activate(setup(f64::from(speech.rate_hz), 2)).expect("the plugin activates");
    assert_hears(&mut plugin, audio, &speech);
    assert_state_lives(&mut plugin);
}

fn a_transport_that_jumps_runs_backwards_or_talks_nonsense_stops_nothing<I: Instance>() {
    const POSITIONS: [i64; 10] =
        [i64::MIN, i64::MIN + 1, -1, 0, 1, 1 << 31, 1 << 53, i64::MAX - 511, i64::MAX - 1, i64::MAX];
    const TEMPI: [f64; 8] =
        [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, -120.0, f64::MIN_POSITIVE, f64::MAX];
    const LOOPS: [Option<(i64, i64)>; 6] = [
        None,
        Some((0, 0)),
        Some((48_000, -48_000)),
        Some((i64::MIN, i64::MAX)),
        Some((i64::MAX, i64::MIN)),
        Some((1_000, 1_001)),
    ];
    const TELLS: [Tells; 4] = [Tells::Everything, Tells::BeatsOnly, Tells::NoPosition, Tells::Nothing];
    let mut plugin = plugin::<I>();
    let sound = wild_noise(2, 512);
    let speech = speech();
    let mut random = Random::default();
    let mut any = |count: usize| random.below(count as u32) as usize;
    let rates_hz = [8_000.0, 384_000.0, f64::from(speech.rate_hz)];
    for (index, rate_hz) in rates_hz.into_iter().enumerate() {
        let mut audio = plugin.activate(setup(rate_hz, 2)).expect("the plugin activates");
        for turn in 0..200 {
            audio.playhead = Playhead {
                playing: turn % 5 > 0,
                recording: turn % 3 == 0,
                frame: POSITIONS[any(POSITIONS.len())],
                tempo_bpm: TEMPI[any(TEMPI.len())],
                looping: LOOPS[any(LOOPS.len())],
                tells: TELLS[any(TELLS.len())],
            };
            // The second block goes on from there, as far as there is a way on.
            assert_block_passes(&mut audio, &sound, 0, 512);
            assert_block_passes(&mut audio, &sound, 0, 512);
        }
        for step in 0..200 {
            audio.playhead = Playhead::playing_from(-512 * step);
            assert_block_passes(&mut audio, &sound, 0, 512);
        }
        if index + 1 < rates_hz.len() {
            plugin.deactivate(audio);
        } else {
            // Without a new activation, which would begin anew.
            assert_hears(&mut plugin, audio, &speech);
        }
    }
    assert_state_lives(&mut plugin);
}

/// Eleven seconds of a speech that says "country" twice, and a pause.
fn speech() -> Clip {
    let path = fixtures::fixture("jfk.wav").expect("the fixtures are there");
    Clip::read(&path).expect("a recording").with_channels(2).padded(0.0, 2.0)
}

/// The instance still hears what is said to it, and is left inactive.
fn assert_hears<I: Instance>(plugin: &mut I, audio: Audio<I::Processor>, speech: &Clip) {
    let player = playback::start(audio, speech.clone(), 20.0);
    playback::until_settled(plugin, &player, &mut |_| {}).expect("the plugin saves");
    plugin.deactivate(player.stop().expect("the player ends"));
    let notebook = saved::read(&plugin.save().expect("the plugin saves")).expect("a notebook");
    let heard = words(&notebook).filter(|word| word.text.to_lowercase().contains("country")).count();
    assert_eq!(heard, 2, "{}", playback::text(&notebook));
}

#[test]
fn setting_up_and_activating_vst3_in_any_order_passes_audio() {
    let mut plugin = plugin::<vst3::Plugin>();
    assert!(plugin.set_active(true).is_err(), "nobody has set it up");
    let sound = wild_noise(2, 4_096);
    let mut random = Random::default();
    for _ in 0..300 {
        let setup = setup(RATES_HZ[random.below(RATES_HZ.len() as u32) as usize], 2);
        for _ in 0..random.below(6) {
            match random.below(3) {
                0 => plugin.set_up(setup).expect("a setup"),
                1 => plugin.set_active(false).expect("it deactivates"),
                _ => plugin.set_mode(Mode::Prefetch).expect("a mode"),
            }
        }
        let mut audio = plugin.activate(setup).expect("the plugin activates");
        audio.playhead = Playhead::playing_from(0);
        assert_block_passes(&mut audio, &sound, 0, 512);
        // Hosts set up once more, or activate what is active, while they process.
        plugin.set_up(setup).expect("a setup");
        plugin.set_active(true).expect("it is active");
        assert_block_passes(&mut audio, &sound, 512, 512);
        plugin.deactivate(audio);
    }
    assert_state_lives(&mut plugin);
}

#[test]
fn the_formats_pass_the_same_and_their_instances_live_side_by_side() {
    let (mut clap, mut vst3) = (plugin::<host::Plugin>(), plugin::<vst3::Plugin>());
    let sound = wild_noise(2, 10_000);
    let mut first = clap.activate(setup(48_000.0, 2)).expect("the plugin activates");
    let mut second = vst3.activate(setup(44_100.0, 2)).expect("the plugin activates");
    let out = first.play(&sound, 480, |_| {}).expect("the plugin processes");
    let again = second.play(&out, 512, |_| {}).expect("the plugin processes");
    assert!(bits(&again) == bits(&sound));
    clap.deactivate(first);
    vst3.deactivate(second);
}
