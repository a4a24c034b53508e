//! YAMNet: from the checkpoint that its package holds to ONNX.
//!
//! The network is the one that its authors publish as `yamnet.py` (tensorflow/models, research/audioset/yamnet):
//! a convolution, then thirteen pairs of one that looks at each channel alone and one that mixes channels, each
//! followed by a normalisation, which is worked into its weights here.

use super::bundle::Bundle;
use super::onnx::{Attribute, Dim, Graph};
use anyhow::{Context, Error, Result, ensure};

/// Frames in a patch (0.96 s), and mel bands in a frame.
const PATCH: [usize; 2] = [96, 64];
/// AudioSet's classes that it knows.
const CLASSES: usize = 521;
/// Channels after the first convolution.
const FIRST: usize = 32;
/// The pairs: how far each steps, and how many channels come out.
const PAIRS: [(i64, usize); 13] = [
    (1, 64),
    (2, 128),
    (1, 128),
    (2, 256),
    (1, 256),
    (2, 512),
    (1, 512),
    (1, 512),
    (1, 512),
    (1, 512),
    (1, 512),
    (2, 1024),
    (1, 1024),
];
/// What is added to a variance before its root is taken: `batchnorm_epsilon` of `params.py`.
const EPSILON: f64 = 1e-4;

/// Makes the ONNX model: input `patches` `[N, 1, 96, 64]`, log mel energies; output `scores` `[N, 521]`, the
/// probability of each class, whose names are the lines of the metadata `classes`.
///
/// `data` and `index` are the checkpoint's files, `names` is the table of the classes.
///
/// # Errors
/// If a file is damaged or holds another network; the message says where.
pub(crate) fn onnx_from_checkpoint(data: &[u8], index: &[u8], names: &[u8]) -> Result<Vec<u8>> {
    let bundle = Bundle::parse(index, data).context("the checkpoint's index is of no use")?;
    let mut network = Network { graph: Graph::new("yamnet"), bundle, layer: 0 };
    let classes = class_names(names).context("the table of classes is of no use")?;
    network.graph.metadata("classes", &classes.join("\n"));
    let [frames, bands] = PATCH.map(|side| Dim::Fixed(side as i64));
    network.graph.input("patches", &[Dim::Named("N"), Dim::Fixed(1), frames, bands]);
    network.graph.output("scores", &[Dim::Named("N"), Dim::Fixed(CLASSES as i64)]);
    network.build().context("the checkpoint does not hold YAMNet")?;
    Ok(network.graph.into_model("earmark"))
}

struct Network<'a> {
    graph: Graph,
    bundle: Bundle<'a>,
    /// The number of the next layer with weights, as the checkpoint counts them.
    layer: usize,
}

/// A convolution's kind.
#[derive(Clone, Copy)]
enum Mixing {
    /// Each output from all of so many inputs.
    All { side: usize, inputs: usize },
    /// Each output from its own channel alone.
    None { side: usize },
}

impl Network<'_> {
    fn build(&mut self) -> Result<()> {
        let mut channels = FIRST;
        let mut state = self.convolution("patches", Mixing::All { side: 3, inputs: 1 }, channels, 2)?;
        for (stride, wider) in PAIRS {
            state = self.convolution(&state, Mixing::None { side: 3 }, channels, stride)?;
            state = self.convolution(&state, Mixing::All { side: 1, inputs: channels }, wider, 1)?;
            channels = wider;
        }
        let mean = self.graph.then("GlobalAveragePool", &[&state], &[]);
        let mean = self.graph.then("Flatten", &[&mean], &[]);
        let [kernel, bias] = [("kernel", &[channels, CLASSES][..]), ("bias", &[CLASSES])]
            .map(|(name, shape)| Ok::<_, Error>(self.graph.constant(shape, &self.variable(name, shape)?)));
        let product = self.graph.then("MatMul", &[&mean, &kernel?], &[]);
        let scores = self.graph.then("Add", &[&product, &bias?], &[]);
        self.graph.node("Sigmoid", &[&scores], "scores", &[]);
        Ok(())
    }

    /// A convolution and its normalisation; nothing below zero comes out. TensorFlow puts what is missing at a
    /// border behind the input where it can be halved, and all around it where there is nothing to halve.
    fn convolution(&mut self, input: &str, mixing: Mixing, outputs: usize, stride: i64) -> Result<String> {
        let (side, inputs, group, name, shape) = match mixing {
            Mixing::All { side, inputs } => (side, inputs, 1, "kernel", [side, side, inputs, outputs]),
            Mixing::None { side } => (side, 1, outputs, "depthwise_kernel", [side, side, outputs, 1]),
        };
        let kernel = self.variable(name, &shape)?;
        self.layer += 1;
        let [beta, mean, variance] =
            ["beta", "moving_mean", "moving_variance"].map(|name| self.variable(name, &[outputs]));
        let (beta, mean, variance) = (beta?, mean?, variance?);
        self.layer += 1;
        let scale: Vec<f64> = variance.iter().map(|one| 1.0 / (f64::from(*one) + EPSILON).sqrt()).collect();
        // TensorFlow's outputs run fastest and its places slowest; with ONNX it is the other way round.
        let (places, mut turned) = (side * side, Vec::with_capacity(kernel.len()));
        for (output, scale) in scale.iter().enumerate() {
            for input in 0..inputs {
                let weights = (0..places).map(|place| kernel[(place * inputs + input) * outputs + output]);
                turned.extend(weights.map(|weight| (f64::from(weight) * scale) as f32));
            }
        }
        let shifts = beta.iter().zip(&mean).zip(&scale);
        let shifts = shifts.map(|((beta, mean), scale)| (f64::from(*beta) - f64::from(*mean) * scale) as f32);
        let kernel = self.graph.constant(&[outputs, inputs, side, side], &turned);
        let bias = self.graph.constant(&[outputs], &shifts.collect::<Vec<_>>());
        let border = (side / 2) as i64;
        let before = if stride == 1 { border } else { 0 };
        let state = self.graph.then(
            "Conv",
            &[input, &kernel, &bias],
            &[
                ("group", Attribute::Int(group as i64)),
                ("kernel_shape", Attribute::Ints(&[side as i64; 2])),
                ("pads", Attribute::Ints(&[before, before, border, border])),
                ("strides", Attribute::Ints(&[stride; 2])),
            ],
        );
        Ok(self.graph.relu(&state))
    }

    /// A variable of the layer whose turn it is.
    fn variable(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let layer = format!("layer-1/layer/_func/_yamnet/layer_with_weights-{}", self.layer);
        self.bundle.floats(&format!("{layer}/{name}/.ATTRIBUTES/VARIABLE_VALUE"), shape)
    }
}

/// The names out of a table with the columns `index`, `mid`, `display_name`.
fn class_names(table: &[u8]) -> Result<Vec<String>> {
    let mut lines = str::from_utf8(table)?.lines();
    ensure!(lines.next() == Some("index,mid,display_name"), "its first line is another");
    let name = |(at, line): (usize, &str)| {
        let mut columns = line.splitn(3, ',');
        let index = columns.next().and_then(|index| index.parse().ok());
        let name = columns.nth(1).filter(|_| index == Some(at));
        let name = name.with_context(|| format!("class {at} is not where it should be"))?;
        // A name with a comma is quoted; none has a quote in it.
        Ok(name.trim_matches('"').to_owned())
    };
    let names = lines.enumerate().map(name).collect::<Result<Vec<_>>>()?;
    ensure!(names.len() == CLASSES, "it has {} classes instead of {CLASSES}", names.len());
    Ok(names)
}

#[cfg(test)]
#[path = "yamnet_tests.rs"]
mod tests;
