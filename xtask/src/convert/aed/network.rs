//! The network as ONNX operators.

use super::Weights;
use super::layers::{BLOCKS, CHANNELS, CLASSES, Layer, MEL_BINS, TAPS};
use crate::convert::onnx::{Attribute, Dim, Graph};
use anyhow::{Context, Result, bail};

/// How far a memory layer looks back and ahead, in frames.
const PADS: [i64; 2] = [TAPS as i64 - 1, TAPS as i64];

/// Builds the graph from the weights in the file's order: two dense layers and a memory, seven blocks of
/// the same with a way around them, two dense layers.
pub(super) fn graph(weights: &[Weights], mean: &[f32], inverse_deviation: &[f32]) -> Result<Graph> {
    let mut network = Network { graph: Graph::new("audio events"), weights: weights.iter() };
    network.graph.input("fbank", &[Dim::Named("N"), Dim::Named("T"), Dim::Fixed(MEL_BINS as i64)]);
    network.graph.output("probs", &[Dim::Named("N"), Dim::Named("T"), Dim::Fixed(CLASSES as i64)]);

    let normalised = network.normalised_input(mean, inverse_deviation)?;
    let hidden = network.graph.relu(&normalised);
    let hidden = network.dense(&hidden)?;
    let hidden = network.graph.relu(&hidden);
    let mut state = network.memory(&hidden)?;
    for _ in 0..BLOCKS {
        let hidden = network.dense(&state)?;
        let hidden = network.graph.relu(&hidden);
        let hidden = network.dense(&hidden)?;
        let remembered = network.memory(&hidden)?;
        state = network.graph.then("Add", &[&remembered, &state], &[]);
    }
    let hidden = network.dense(&state)?;
    let hidden = network.graph.relu(&hidden);
    let scores = network.dense(&hidden)?;
    network.graph.node("Sigmoid", &[&scores], "probs", &[]);
    Ok(network.graph)
}

struct Network<'a> {
    graph: Graph,
    weights: std::slice::Iter<'a, Weights>,
}

impl Network<'_> {
    /// The first dense layer, with `(x - mean) * inverse_deviation` worked into its weights.
    fn normalised_input(&mut self, mean: &[f32], inverse_deviation: &[f32]) -> Result<String> {
        let (inputs, Weights { main, bias, .. }) = self.next_dense()?;
        let bias = bias.as_deref().context("the first layer has no bias")?;
        let (mut scaled, mut shifted) = (Vec::with_capacity(main.len()), Vec::with_capacity(bias.len()));
        for (row, bias) in main.chunks(inputs).zip(bias) {
            let first = scaled.len();
            scaled.extend(row.iter().zip(inverse_deviation).map(|(weight, scale)| weight * scale));
            let shift = |(weight, mean): (&f32, &f32)| f64::from(*weight) * f64::from(*mean);
            let shift: f64 = scaled[first..].iter().zip(mean).map(shift).sum();
            shifted.push((f64::from(*bias) - shift) as f32);
        }
        Ok(self.product("fbank", inputs, &scaled, Some(&shifted)))
    }

    fn dense(&mut self, input: &str) -> Result<String> {
        let (inputs, Weights { main, bias, .. }) = self.next_dense()?;
        Ok(self.product(input, inputs, main, bias.as_deref()))
    }

    /// `input · weightsᵀ + bias`; the file has a row an output, ONNX wants a row an input.
    fn product(&mut self, input: &str, inputs: usize, weights: &[f32], bias: Option<&[f32]>) -> String {
        let outputs = weights.len() / inputs;
        let turned: Vec<f32> =
            (0..weights.len()).map(|at| weights[at % outputs * inputs + at / outputs]).collect();
        let name = self.graph.constant(&[inputs, outputs], &turned);
        let product = self.graph.then("MatMul", &[input, &name], &[]);
        let Some(bias) = bias else { return product };
        let name = self.graph.constant(&[outputs], bias);
        self.graph.then("Add", &[&product, &name], &[])
    }

    /// A frame plus its weighted past (the last tap weighs the frame itself) plus its weighted future, in
    /// one convolution: the past's taps, one added to the last of them, then the future's.
    fn memory(&mut self, input: &str) -> Result<String> {
        let (past, future) = (self.next_memory()?, self.next_memory()?);
        let mut taps = Vec::with_capacity(past.len() + future.len());
        for (past, future) in past.chunks(TAPS).zip(future.chunks(TAPS)) {
            taps.extend(past);
            if let Some(present) = taps.last_mut() {
                *present += 1.0;
            }
            taps.extend(future);
        }
        let name = self.graph.constant(&[CHANNELS, 1, 2 * TAPS], &taps);
        let turn = [("perm", Attribute::Ints(&[0, 2, 1]))];
        let by_channel = self.graph.then("Transpose", &[input], &turn);
        let shape = [
            ("group", Attribute::Int(CHANNELS as i64)),
            ("kernel_shape", Attribute::Ints(&[2 * TAPS as i64])),
            ("pads", Attribute::Ints(&PADS)),
        ];
        let remembered = self.graph.then("Conv", &[&by_channel, &name], &shape);
        Ok(self.graph.then("Transpose", &[&remembered], &turn))
    }
}

impl<'a> Network<'a> {
    /// The next layer, which must be dense, and how many inputs it has.
    fn next_dense(&mut self) -> Result<(usize, &'a Weights)> {
        match self.weights.next() {
            Some(weights @ Weights { layer: Layer::Dense { inputs, .. }, .. }) => Ok((*inputs, weights)),
            _ => bail!("a dense layer is missing"),
        }
    }

    fn next_memory(&mut self) -> Result<&'a [f32]> {
        match self.weights.next() {
            Some(Weights { layer: Layer::Memory, main, .. }) => Ok(main),
            _ => bail!("a memory layer is missing"),
        }
    }
}
