//! From the host's rate to the models' 16 kHz, with the filter's delay taken off.

use earmark_timeline::units::SampleRate;
use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Indexing, Resampler as _};

/// How much audio is transformed at a time, in seconds: short enough not to be felt in the time to a
/// mark, long enough for a steep filter at every rate.
const CHUNK_SECONDS: f64 = 0.02;

/// Turns one run's mono audio into 16 kHz. Sample 0 of the output stands where sample 0 of the input
/// stands, and the output never depends on how the input was cut.
pub(crate) struct Resampler {
    rate: SampleRate,
    /// `None` where the host already runs at the models' rate.
    filter: Option<Filter>,
    taken: u64,
    given: u64,
}

struct Filter {
    fft: Fft<f32>,
    /// Input that does not fill a chunk yet.
    input: Vec<f32>,
    output: Vec<f32>,
    /// Samples of the filter's delay that are still to be thrown away.
    delay: usize,
}

impl Resampler {
    /// Prepares a resampler from `rate`.
    pub(crate) fn new(rate: SampleRate) -> Self {
        let filter = (rate != SampleRate::MODEL).then(|| Filter::new(rate));
        Self { rate, filter, taken: 0, given: 0 }
    }

    /// Takes samples at the host's rate and appends those at 16 kHz that are ready to `out`.
    pub(crate) fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        self.taken += samples.len() as u64;
        let before = out.len();
        match &mut self.filter {
            Some(filter) => filter.push(samples, out),
            None => out.extend_from_slice(samples),
        }
        self.given += (out.len() - before) as u64;
    }

    /// Ends the run: appends the rest, so that exactly as much time has come out as went in.
    pub(crate) fn finish(&mut self, out: &mut Vec<f32>) {
        let due = (u128::from(self.taken) * u128::from(SampleRate::MODEL.hz()))
            .div_ceil(u128::from(self.rate.hz())) as u64;
        let Some(filter) = &mut self.filter else { return };
        let before = out.len();
        let missing = due.saturating_sub(self.given) as usize;
        while out.len() - before < missing {
            let silence = vec![0.0; filter.fft.input_frames_next()];
            filter.push(&silence, out);
        }
        out.truncate(before + missing);
        self.given += missing as u64;
    }
}

impl Filter {
    fn new(rate: SampleRate) -> Self {
        let chunk = (f64::from(rate.hz()) * CHUNK_SECONDS) as usize;
        let (from, to) = (rate.hz() as usize, SampleRate::MODEL.hz() as usize);
        let fft = Fft::new(from, to, chunk, 1, FixedSync::Both)
            .expect("rates within SampleRate::RANGE_HZ and a chunk that is not empty are accepted");
        let delay = fft.output_delay();
        let output = vec![0.0; fft.output_frames_max()];
        Self { fft, input: Vec::new(), output, delay }
    }

    fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        self.input.extend_from_slice(samples);
        let mut used = 0;
        loop {
            let need = self.fft.input_frames_next();
            let Some(chunk) = self.input.get(used..used + need) else { break };
            let room = self.output.len();
            let input = InterleavedSlice::new(chunk, 1, need).expect("one channel of `need` frames");
            let mut output =
                InterleavedSlice::new_mut(&mut self.output, 1, room).expect("one channel of `room` frames");
            let (_, made) = self
                .fft
                .process_into_buffer(&input, &mut output, None::<&Indexing>)
                .expect("both buffers have the sizes that the resampler asked for");
            let skip = self.delay.min(made);
            self.delay -= skip;
            out.extend_from_slice(&self.output[skip..made]);
            used += need;
        }
        self.input.drain(..used);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    const RATES_HZ: [u32; 10] =
        [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 88_200, 96_000, 192_000, 384_000];

    fn resampled(input: &[f32], hz: u32, cut: usize) -> Vec<f32> {
        let mut resampler = Resampler::new(SampleRate::new(hz).expect("a rate in range"));
        let mut out = Vec::new();
        for part in input.chunks(cut) {
            resampler.push(part, &mut out);
        }
        resampler.finish(&mut out);
        out
    }

    #[test]
    fn a_click_stays_where_it_was_at_every_rate() {
        for hz in RATES_HZ {
            let mut input = vec![0.0; hz as usize];
            // Half a second in; broad enough to pass the filter.
            for (offset, sample) in input[hz as usize / 2..].iter_mut().take(hz as usize / 500).enumerate() {
                *sample = (offset as f64 / f64::from(hz) * 500.0 * TAU / 2.0).sin() as f32;
            }
            let out = resampled(&input, hz, 256);
            assert_eq!(out.len(), 16_000, "{hz} Hz");
            let peak = out.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |peak| peak.0);
            assert!(peak.abs_diff(8_016) <= 2, "{hz} Hz: the click is at sample {peak}");
        }
    }

    #[test]
    fn the_output_does_not_depend_on_how_the_input_was_cut() {
        for hz in RATES_HZ {
            let input: Vec<f32> =
                (0..hz).map(|frame| (f64::from(frame) / f64::from(hz) * 440.0 * TAU).sin() as f32).collect();
            let whole = resampled(&input, hz, input.len());
            for cut in [1, 17, 256, 4096] {
                assert_eq!(resampled(&input, hz, cut), whole, "{hz} Hz in cuts of {cut}");
            }
        }
    }
}
