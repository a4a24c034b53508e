//! The framework's transport in our words.

use earmark_timeline::transport::Transport;
use earmark_timeline::units::FramePos;

/// Takes over what the host told and nothing that was guessed: the framework derives positions from beats
/// and tempo where the host gives no others, which is wrong under a tempo map.
///
/// # Realtime Safety
/// Arithmetic only.
pub(crate) fn transport_from_host(host: &nice_plug::prelude::Transport) -> Transport {
    // CLAP tells seconds, VST3 tells samples; a host's seconds are rounded to the nearest frame.
    let rounded = |seconds: f64| FramePos((seconds * f64::from(host.sample_rate)).round() as i64);
    Transport {
        playing: host.playing,
        recording: host.recording,
        looping: host.loop_range_seconds.is_some()
            || host.loop_range_samples.is_some()
            || host.loop_range_beats.is_some(),
        project: host.pos_samples.map(FramePos).or(host.pos_seconds.map(rounded)),
        beats: host.pos_beats,
        tempo_bpm: host.tempo,
        bar_start_beats: host.bar_start_pos_beats,
        bar_number: host.bar_number,
        signature: signature(host.time_sig_numerator, host.time_sig_denominator),
    }
}

/// A time signature, if the host tells a whole one that makes sense.
fn signature(count: Option<i32>, note: Option<i32>) -> Option<(u16, u16)> {
    let positive = |number: Option<i32>| u16::try_from(number?).ok().filter(|number| *number > 0);
    positive(count).zip(positive(note))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(tell: impl FnOnce(&mut nice_plug::prelude::Transport), expected: Option<i64>) {
        let mut host = nice_plug::prelude::Transport::new(48_000.0);
        tell(&mut host);
        assert_eq!(transport_from_host(&host).project, expected.map(FramePos));
    }

    #[test]
    fn samples_come_first_then_seconds_and_nothing_is_guessed() {
        check(|host| (host.pos_samples, host.pos_seconds) = (Some(7), Some(1.0)), Some(7));
        check(|host| host.pos_seconds = Some(1.000_001), Some(48_000));
        check(|host| (host.pos_beats, host.tempo) = (Some(4.0), Some(120.0)), None);
        check(|_| (), None);
    }
}
