//! Silero VAD, frame by frame.
//!
//! The network of Silero VAD 5 and 6 (github.com/snakers4/silero-vad, MIT), read from whisper.cpp's file
//! of it. It runs here rather than in whisper.cpp because that one forgets its memory with every call,
//! which a live stream cannot afford; it is a small network, and plain loops keep up with it.

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};
use std::collections::HashMap;
use std::f32::consts::TAU;
use std::sync::Arc;

/// Samples in one frame: 32 ms at 16 kHz.
pub const FRAME: usize = 512;
/// Samples of the frame before that the network sees again.
const CONTEXT: usize = 64;
/// Samples mirrored at the frame's end.
const MIRRORED: usize = 64;
const WINDOW: usize = 256;
const HOP: usize = 128;
/// Windows in one frame: 4.
const STEPS: usize = (CONTEXT + FRAME + MIRRORED - WINDOW) / HOP + 1;
const BINS: usize = WINDOW / 2 + 1;
const HIDDEN: usize = 128;
/// Channels in, channels out and stride of the encoder's convolutions, all of them three steps long.
const ENCODER: [(usize, usize, usize); 4] = [(BINS, 128, 1), (128, 64, 2), (64, 64, 2), (64, HIDDEN, 1)];
const TAPS: usize = 3;
/// By how much the file's Fourier basis, in half precision, may differ from the transform that stands for it here.
const BASIS_ERROR: f32 = 1e-3;

/// After so many frames in a row in which it hears nobody, the network forgets: 8 s. Amid music or noise its memory comes
/// to take everything for that, and it then misses the first seconds of whoever speaks; of the seconds of speech in the
/// recordings put together like a session's, it found 0.85 without this and 0.96 with it. Half as long found no more
/// and took more music for speech.
const FORGETTING: u32 = 250;
/// Nobody is heard below this: Silero's own threshold for speech that goes on.
const NOBODY: f32 = 0.35;

/// Why a file is no Silero VAD.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the voice-activity model has no usable {0}; fetch it again with `cargo xtask models`")]
pub struct SileroError(&'static str);

/// The network and its memory of one stream; a clone remembers the same, and shares the weights.
#[derive(Clone)]
pub struct Silero {
    weights: Arc<Weights>,
    context: [f32; CONTEXT],
    hidden: [f32; HIDDEN],
    cell: [f32; HIDDEN],
    /// For how many frames nobody was heard.
    nobody: u32,
}

struct Weights {
    fft: Arc<dyn RealToComplex<f32>>,
    window: [f32; WINDOW],
    encoder: [Convolution; 4],
    /// [4 × HIDDEN][HIDDEN]; the gates stand in the order input, forget, cell, output.
    input_gates: Vec<f32>,
    hidden_gates: Vec<f32>,
    /// The sum of both biases, [4 × HIDDEN].
    gate_bias: Vec<f32>,
    head: Vec<f32>,
    head_bias: f32,
}

struct Convolution {
    /// [out][tap][in], so that one output is one dot product with neighbouring rows.
    weight: Vec<f32>,
    bias: Vec<f32>,
    channels_in: usize,
    stride: usize,
}

impl Silero {
    /// Reads the network from the bytes of whisper.cpp's `ggml-silero-v6.2.0.bin`.
    ///
    /// # Errors
    /// Names the part that is missing or has another shape.
    pub fn from_ggml(file: &[u8]) -> Result<Self, SileroError> {
        let mut tensors = read_tensors(file)?;
        let mut take = |name: &'static str, len: usize| {
            tensors.remove(name).filter(|values| values.len() == len).ok_or(SileroError(name))
        };
        const NAMES: [(&str, &str); 4] = [
            ("_model.encoder.0.reparam_conv.weight", "_model.encoder.0.reparam_conv.bias"),
            ("_model.encoder.1.reparam_conv.weight", "_model.encoder.1.reparam_conv.bias"),
            ("_model.encoder.2.reparam_conv.weight", "_model.encoder.2.reparam_conv.bias"),
            ("_model.encoder.3.reparam_conv.weight", "_model.encoder.3.reparam_conv.bias"),
        ];
        let mut encoder = Vec::with_capacity(ENCODER.len());
        for ((channels_in, out, stride), (weight, bias)) in ENCODER.into_iter().zip(NAMES) {
            let by_channel = take(weight, out * channels_in * TAPS)?;
            let weight = taps_outside(&by_channel, channels_in);
            encoder.push(Convolution { weight, bias: take(bias, out)?, channels_in, stride });
        }
        let mut gate_bias = take("_model.decoder.rnn.bias_ih", 4 * HIDDEN)?;
        for (sum, bias) in gate_bias.iter_mut().zip(take("_model.decoder.rnn.bias_hh", 4 * HIDDEN)?) {
            *sum += bias;
        }
        const BASIS: &str = "_model.stft.forward_basis_buffer";
        let window = window();
        if !is_transform(&take(BASIS, 2 * BINS * WINDOW)?, &window) {
            return Err(SileroError(BASIS));
        }
        let weights = Weights {
            fft: RealFftPlanner::new().plan_fft_forward(WINDOW),
            window,
            encoder: encoder.try_into().map_err(|_| SileroError("encoder"))?,
            input_gates: take("_model.decoder.rnn.weight_ih", 4 * HIDDEN * HIDDEN)?,
            hidden_gates: take("_model.decoder.rnn.weight_hh", 4 * HIDDEN * HIDDEN)?,
            gate_bias,
            head: take("_model.decoder.decoder.2.weight", HIDDEN)?,
            head_bias: take("_model.decoder.decoder.2.bias", 1)?[0],
        };
        Ok(Self {
            weights: Arc::new(weights),
            context: [0.0; CONTEXT],
            hidden: [0.0; HIDDEN],
            cell: [0.0; HIDDEN],
            nobody: 0,
        })
    }

    /// The probability, from 0 to 1, that somebody speaks in `frame`, the one after the last it was given.
    pub fn speech_probability(&mut self, frame: &[f32; FRAME]) -> f32 {
        let spectrum = self.spectrum(frame);
        self.context.copy_from_slice(&frame[FRAME - CONTEXT..]);
        let mut rows = spectrum;
        for convolution in &self.weights.encoder {
            rows = convolution.apply(&rows);
        }
        // One step remains, its row between two of padding.
        self.remember(&rows[HIDDEN..2 * HIDDEN]);
        let evidence: f32 =
            self.hidden.iter().zip(&self.weights.head).map(|(hidden, weight)| hidden.max(0.0) * weight).sum();
        let probability = sigmoid(evidence + self.weights.head_bias);
        self.nobody = if probability < NOBODY { self.nobody + 1 } else { 0 };
        if self.nobody == FORGETTING {
            (self.hidden, self.cell, self.nobody) = ([0.0; HIDDEN], [0.0; HIDDEN], 0);
        }
        probability
    }

    /// Magnitudes by step, [1 + STEPS + 1][BINS] with a row of padding at both ends.
    fn spectrum(&self, frame: &[f32; FRAME]) -> Vec<f32> {
        let mut samples = [0.0; CONTEXT + FRAME + MIRRORED];
        samples[..CONTEXT].copy_from_slice(&self.context);
        samples[CONTEXT..CONTEXT + FRAME].copy_from_slice(frame);
        for (offset, mirrored) in samples[CONTEXT + FRAME..].iter_mut().enumerate() {
            // The last sample itself is not repeated.
            *mirrored = frame[FRAME - 2 - offset];
        }
        let mut rows = vec![0.0; (STEPS + 2) * BINS];
        let Weights { fft, window, .. } = &*self.weights;
        let mut windowed = [0.0; WINDOW];
        let mut bins = [Complex::default(); BINS];
        let mut scratch = vec![Complex::default(); fft.get_scratch_len()];
        for (step, row) in rows[BINS..(STEPS + 1) * BINS].chunks_exact_mut(BINS).enumerate() {
            for ((out, sample), window) in windowed.iter_mut().zip(&samples[step * HOP..]).zip(window) {
                *out = sample * window;
            }
            fft.process_with_scratch(&mut windowed, &mut bins, &mut scratch)
                .expect("the buffers have this plan's lengths");
            for (magnitude, bin) in row.iter_mut().zip(&bins) {
                *magnitude = bin.norm_sqr().sqrt();
            }
        }
        rows
    }

    /// One step of the LSTM.
    fn remember(&mut self, input: &[f32]) {
        let weights = &self.weights;
        let mut gates = [0.0; 4 * HIDDEN];
        for (index, gate) in gates.iter_mut().enumerate() {
            let row = index * HIDDEN..(index + 1) * HIDDEN;
            *gate = weights.gate_bias[index]
                + dot(input, &weights.input_gates[row.clone()])
                + dot(&self.hidden, &weights.hidden_gates[row]);
        }
        for unit in 0..HIDDEN {
            let [enter, keep, new, show] = [0, 1, 2, 3].map(|gate| gates[gate * HIDDEN + unit]);
            self.cell[unit] = sigmoid(keep) * self.cell[unit] + sigmoid(enter) * new.tanh();
            self.hidden[unit] = sigmoid(show) * self.cell[unit].tanh();
        }
    }
}

impl Convolution {
    /// Convolves padded rows and rectifies; the result is padded again for the next layer.
    fn apply(&self, rows: &[f32]) -> Vec<f32> {
        let steps = (rows.len() / self.channels_in - TAPS) / self.stride + 1;
        let channels_out = self.bias.len();
        let mut out = vec![0.0; (steps + 2) * channels_out];
        let kernels = self.weight.chunks_exact(TAPS * self.channels_in).zip(&self.bias);
        // All kernels together are more than the nearest cache holds: each is fetched once for all steps.
        for (channel, (kernel, bias)) in kernels.enumerate() {
            for step in 0..steps {
                let from = step * self.stride * self.channels_in;
                let seen = &rows[from..from + TAPS * self.channels_in];
                out[(step + 1) * channels_out + channel] = (dot(seen, kernel) + bias).max(0.0);
            }
        }
        out
    }
}

/// Hann's window, as of a signal that goes on.
fn window() -> [f32; WINDOW] {
    std::array::from_fn(|n| 0.5 - 0.5 * (TAU * n as f32 / WINDOW as f32).cos())
}

/// Whether the real, then the imaginary parts of `basis`, [2 × BINS][WINDOW], are the transform of what is windowed.
fn is_transform(basis: &[f32], window: &[f32; WINDOW]) -> bool {
    basis.chunks_exact(WINDOW).enumerate().all(|(row, found)| {
        let (bin, quarter) = (row % BINS, row / BINS);
        let turn = |n: usize| TAU * (bin * n % WINDOW) as f32 / WINDOW as f32 + quarter as f32 * TAU / 4.0;
        let expected = window.iter().enumerate().map(|(n, window)| window * turn(n).cos());
        found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < BASIS_ERROR)
    })
}

/// From [out][in][tap] to [out][tap][in].
fn taps_outside(weight: &[f32], channels_in: usize) -> Vec<f32> {
    weight
        .chunks_exact(channels_in * TAPS)
        .flat_map(|kernel| {
            (0..TAPS).flat_map(move |tap| (0..channels_in).map(move |channel| kernel[channel * TAPS + tap]))
        })
        .collect()
}

/// Running sums of a scalar product: four vector registers of the least machine.
const LANES: usize = 16;

/// The scalar product, in running sums so that the compiler can use vector registers.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (a_lanes, a_rest) = a.as_chunks::<LANES>();
    let (b_lanes, b_rest) = b.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for (a, b) in a_lanes.iter().zip(b_lanes) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    added_up(&sums) + rest
}

/// Kept apart, because the compiler would fill half of each register to suit what is done here.
#[inline(never)]
fn added_up(sums: &[f32; LANES]) -> f32 {
    let mut quarter = [0.0; LANES / 4];
    for part in sums.as_chunks::<{ LANES / 4 }>().0 {
        for (sum, part) in quarter.iter_mut().zip(part) {
            *sum += part;
        }
    }
    (quarter[0] + quarter[2]) + (quarter[1] + quarter[3])
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

/// Reads every tensor of the file as f32, by name.
fn read_tensors(file: &[u8]) -> Result<HashMap<String, Vec<f32>>, SileroError> {
    const MAGIC: u32 = 0x6767_6d6c;
    const F32: u32 = 0;
    const F16: u32 = 1;
    let mut reader = Reader { rest: file };
    if reader.number()? != MAGIC {
        return Err(SileroError("beginning"));
    }
    let kind = reader.number()?;
    if reader.bytes(kind as usize)? != b"silero-16k" {
        return Err(SileroError("kind"));
    }
    // The version (3 numbers), frame and context; then the layers' sizes (3 each) and 4 of the decoder.
    let _version = reader.bytes(3 * 4)?;
    if (reader.number()?, reader.number()?) != (FRAME as u32, CONTEXT as u32) {
        return Err(SileroError("frame size"));
    }
    let layers = reader.number()? as usize;
    reader.bytes(layers.saturating_mul(3 * 4).saturating_add(4 * 4))?;
    let mut tensors = HashMap::new();
    while !reader.rest.is_empty() {
        let (dimensions, name_len, kind) = (reader.number()?, reader.number()?, reader.number()?);
        let mut len = 1usize;
        for _ in 0..dimensions {
            len = len.saturating_mul(reader.number()? as usize);
        }
        let name = String::from_utf8_lossy(reader.bytes(name_len as usize)?).into_owned();
        let values = match kind {
            F32 => reader
                .bytes(len.saturating_mul(4))?
                .as_chunks()
                .0
                .iter()
                .copied()
                .map(f32::from_le_bytes)
                .collect(),
            F16 => {
                reader.bytes(len.saturating_mul(2))?.as_chunks().0.iter().copied().map(f32_from_f16).collect()
            }
            _ => return Err(SileroError("number format")),
        };
        tensors.insert(name, values);
    }
    Ok(tensors)
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn bytes(&mut self, len: usize) -> Result<&'a [u8], SileroError> {
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(SileroError("end"))?;
        self.rest = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Result<u32, SileroError> {
        let bytes = self.bytes(4)?;
        Ok(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }
}

/// IEEE 754 half precision to single, subnormals included; the file holds no infinities.
fn f32_from_f16(bytes: [u8; 2]) -> f32 {
    let bits = u16::from_le_bytes(bytes);
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let exponent = i32::from(bits >> 10 & 0x1f);
    let fraction = f32::from(bits & 0x3ff) / 1024.0;
    let magnitude =
        if exponent == 0 { fraction * 2f32.powi(-14) } else { (1.0 + fraction) * 2f32.powi(exponent - 15) };
    sign * magnitude
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_precision_reads_right() {
        for (bits, expected) in
            [(0x0000, 0.0), (0x3c00, 1.0), (0xc000, -2.0), (0x3555, 0.333_251_95), (0x0001, 5.960_464_5e-8)]
        {
            assert_eq!(f32_from_f16(u16::to_le_bytes(bits)), expected, "{bits:#06x}");
        }
    }

    #[test]
    fn what_is_no_silero_is_refused() {
        let check =
            |file: &[u8], expected| assert_eq!(Silero::from_ggml(file).err(), Some(SileroError(expected)));
        check(b"", "end");
        check(b"RIFF....", "beginning");
        check(b"lmgg\x0a\0\0\0silero-8k.", "kind");
        check(b"lmgg\xff\xff\xff\xff", "end");
    }
}
