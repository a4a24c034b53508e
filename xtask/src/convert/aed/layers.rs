//! The layers of the audio-event model, as its authors published it and as the file lists them.

use anyhow::{Context, Result, bail, ensure};

/// Mel bands of the input.
pub(super) const MEL_BINS: usize = 80;
/// Channels of the memory layers, and of the dense layers between them.
pub(super) const CHANNELS: usize = 128;
const HIDDEN: usize = 256;
/// Taps of a memory layer to one side.
pub(super) const TAPS: usize = 20;
/// Memory layers after the first.
pub(super) const BLOCKS: usize = 7;
/// Speech, singing and music.
pub(super) const CLASSES: usize = 3;

/// The number that ncnn's texts begin with.
const TEXT_MAGIC: &str = "7767517";

/// A layer that has weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layer {
    /// Every output from every input: weights `[outputs][inputs]`, then perhaps a bias an output.
    Dense { outputs: usize, inputs: usize, bias: bool },
    /// Each channel from its own past or future: weights `[CHANNELS][TAPS]`.
    Memory,
}

impl Layer {
    /// ncnn's name of the kind.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Dense { .. } => "Gemm",
            Self::Memory => "ConvolutionDepthWise1D",
        }
    }

    pub(super) fn weight_count(self) -> usize {
        match self {
            Self::Dense { outputs, inputs, .. } => outputs * inputs,
            Self::Memory => CHANNELS * TAPS,
        }
    }

    pub(super) fn bias_count(self) -> Option<usize> {
        match self {
            Self::Dense { outputs, bias: true, .. } => Some(outputs),
            _ => None,
        }
    }
}

/// The layers with weights in the order of the file.
pub(super) fn expected() -> Vec<Layer> {
    let dense = |outputs, inputs, bias| Layer::Dense { outputs, inputs, bias };
    let mut layers = vec![dense(HIDDEN, MEL_BINS, true), dense(CHANNELS, HIDDEN, true)];
    layers.extend([Layer::Memory; 2]);
    for _ in 0..BLOCKS {
        layers.extend([dense(HIDDEN, CHANNELS, true), dense(CHANNELS, HIDDEN, false)]);
        layers.extend([Layer::Memory; 2]);
    }
    layers.extend([dense(HIDDEN, CHANNELS, true), dense(CLASSES, HIDDEN, true)]);
    layers
}

/// Compares the layers that an ncnn text lists with the expected ones.
///
/// # Errors
/// At the first layer that differs.
pub(super) fn check(text: &str) -> Result<()> {
    // The text is a C string in some versions of the package.
    let mut lines = text.trim_end_matches('\0').lines();
    ensure!(lines.next() == Some(TEXT_MAGIC), "its list of layers does not begin with {TEXT_MAGIC}");
    let _counts = lines.next();
    let mut expected = expected().into_iter();
    for line in lines.filter(|line| !line.is_empty()) {
        let Some(found) = weighted(line).with_context(|| format!("in the layer `{line}`"))? else { continue };
        let wanted = expected.next();
        ensure!(wanted == Some(found), "the layer `{line}` stands where {wanted:?} should");
    }
    ensure!(expected.len() == 0, "{} layers are missing at the end", expected.len());
    Ok(())
}

/// The layer of a line if it has weights: `kind name inputs outputs blobs… key=value…`.
fn weighted(line: &str) -> Result<Option<Layer>> {
    let value = |key: &str| -> Result<i64> {
        let values = line.split_whitespace().filter_map(|word| word.split_once('='));
        let found = values.into_iter().find(|(name, _)| *name == key);
        let (_, value) = found.with_context(|| format!("there is no value {key}"))?;
        value.parse().with_context(|| format!("the value {key} is no whole number"))
    };
    match line.split_whitespace().next().unwrap_or_default() {
        "Gemm" => {
            let (outputs, inputs) = (value("8")?.try_into()?, value("9")?.try_into()?);
            Ok(Some(Layer::Dense { outputs, inputs, bias: value("10")? == 4 }))
        }
        "ConvolutionDepthWise1D" => {
            let shape = [value("0")?, value("1")?, value("7")?];
            let wanted = [CHANNELS, TAPS, CHANNELS].map(|side| side as i64);
            ensure!(shape == wanted, "channels, taps and groups are {shape:?} instead of {wanted:?}");
            Ok(Some(Layer::Memory))
        }
        "Input" | "ReLU" | "Permute" | "Split" | "Crop" | "Padding" | "BinaryOp" | "Sigmoid" => Ok(None),
        other => bail!("a layer of the kind `{other}` does not belong there"),
    }
}
