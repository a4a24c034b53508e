//! Whisper: which CTranslate2 variable becomes which ggml tensor.

use anyhow::{Context, Result, ensure};

use super::ctranslate2::{Model, Variable};
use super::ggml::{Encoding, Shape, Writer};
use super::{mel, vocabulary};

/// The ggml file with 8-bit weights of the model in a CTranslate2 `model.bin`.
///
/// Matrices become q8_0; convolutions stay half floats, which whisper.cpp asks for; vectors and
/// positions, which cost nothing, are written as full floats.
///
/// # Errors
/// When a file is damaged, a variable is missing, or a shape is not Whisper's.
pub(crate) fn ggml_from_ctranslate2(model: &[u8], tokenizer: &[u8]) -> Result<Vec<u8>> {
    let model = Model::parse(model)?;
    let tokens = vocabulary::tokens(tokenizer)?;
    let (audio, text) = (model.get(ENCODER_POSITIONS)?, model.get(DECODER_POSITIONS)?);
    let shape = Shape {
        vocabulary: model.get(EMBEDDINGS)?.dims()[0],
        audio_context: audio.dims()[0],
        audio_state: *audio.dims().last().context("the encoder has no width")?,
        audio_heads: model.scalar("encoder/num_heads")?,
        audio_layers: model.layers("encoder"),
        text_context: text.dims()[0],
        text_state: *text.dims().last().context("the decoder has no width")?,
        text_heads: model.scalar("decoder/num_heads")?,
        text_layers: model.layers("decoder"),
        mels: mel::MELS,
    };
    let writer = Writer::new(&shape, &mel::filters(), &tokens)?;
    let mut mapping = Mapping { model, writer };
    mapping.encoder(&shape)?;
    mapping.decoder(&shape)?;
    Ok(mapping.writer.finish())
}

const ENCODER_POSITIONS: &str = "encoder/position_encodings/encodings";
const DECODER_POSITIONS: &str = "decoder/position_encodings/encodings";
const EMBEDDINGS: &str = "decoder/embeddings/weight";

struct Mapping<'a> {
    model: Model<'a>,
    writer: Writer,
}

impl Mapping<'_> {
    fn encoder(&mut self, shape: &Shape) -> Result<()> {
        self.copy(ENCODER_POSITIONS, "encoder.positional_embedding", Encoding::F32)?;
        for i in [1, 2] {
            let (from, to) = (format!("encoder/conv{i}"), format!("encoder.conv{i}"));
            let weight = self.model.get(&format!("{from}/weight"))?;
            ensure!(weight.dims().len() == 3, "{from} is not a convolution over time");
            self.put(&format!("{to}.weight"), weight.dims(), Encoding::F16, weight)?;
            // A column, for whisper.cpp adds it to a matrix.
            let bias = self.model.get(&format!("{from}/bias"))?;
            self.put(&format!("{to}.bias"), &[bias.dims()[0], 1], Encoding::F32, bias)?;
        }
        for i in 0..shape.audio_layers {
            let (from, to) = (format!("encoder/layer_{i}"), format!("encoder.blocks.{i}"));
            self.self_attention(&from, &to, shape.audio_state)?;
            self.feed_forward(&from, &to)?;
        }
        self.norm("encoder/layer_norm", "encoder.ln_post")
    }

    fn decoder(&mut self, shape: &Shape) -> Result<()> {
        self.copy(EMBEDDINGS, "decoder.token_embedding.weight", Encoding::Q8_0)?;
        self.copy(DECODER_POSITIONS, "decoder.positional_embedding", Encoding::F32)?;
        for i in 0..shape.text_layers {
            let (from, to) = (format!("decoder/layer_{i}"), format!("decoder.blocks.{i}"));
            self.self_attention(&from, &to, shape.text_state)?;
            self.cross_attention(&from, &to, shape.text_state)?;
            self.feed_forward(&from, &to)?;
        }
        self.norm("decoder/layer_norm", "decoder.ln")
    }

    /// Query, key and value lie in one matrix, one under the other.
    fn self_attention(&mut self, from: &str, to: &str, state: usize) -> Result<()> {
        let from = format!("{from}/self_attention");
        self.norm(&format!("{from}/layer_norm"), &format!("{to}.attn_ln"))?;
        self.linear_rows(&format!("{from}/linear_0"), &format!("{to}.attn.query"), 0, state)?;
        self.key_rows(&format!("{from}/linear_0"), &format!("{to}.attn.key"), state, state * 2)?;
        self.linear_rows(&format!("{from}/linear_0"), &format!("{to}.attn.value"), state * 2, state * 3)?;
        self.linear(&format!("{from}/linear_1"), &format!("{to}.attn.out"))
    }

    /// The query lies alone; key and value, which see the audio, in one matrix.
    fn cross_attention(&mut self, from: &str, to: &str, state: usize) -> Result<()> {
        let from = format!("{from}/attention");
        self.norm(&format!("{from}/layer_norm"), &format!("{to}.cross_attn_ln"))?;
        self.linear(&format!("{from}/linear_0"), &format!("{to}.cross_attn.query"))?;
        self.key_rows(&format!("{from}/linear_1"), &format!("{to}.cross_attn.key"), 0, state)?;
        self.linear_rows(&format!("{from}/linear_1"), &format!("{to}.cross_attn.value"), state, state * 2)?;
        self.linear(&format!("{from}/linear_2"), &format!("{to}.cross_attn.out"))
    }

    fn feed_forward(&mut self, from: &str, to: &str) -> Result<()> {
        self.norm(&format!("{from}/ffn/layer_norm"), &format!("{to}.mlp_ln"))?;
        self.linear(&format!("{from}/ffn/linear_0"), &format!("{to}.mlp.0"))?;
        self.linear(&format!("{from}/ffn/linear_1"), &format!("{to}.mlp.2"))
    }

    fn norm(&mut self, from: &str, to: &str) -> Result<()> {
        self.copy(&format!("{from}/gamma"), &format!("{to}.weight"), Encoding::F32)?;
        self.copy(&format!("{from}/beta"), &format!("{to}.bias"), Encoding::F32)
    }

    fn linear(&mut self, from: &str, to: &str) -> Result<()> {
        self.copy(&format!("{from}/weight"), &format!("{to}.weight"), Encoding::Q8_0)?;
        self.copy(&format!("{from}/bias"), &format!("{to}.bias"), Encoding::F32)
    }

    fn linear_rows(&mut self, from: &str, to: &str, first: usize, end: usize) -> Result<()> {
        let weight = self.model.get(&format!("{from}/weight"))?.rows(first, end)?;
        let bias = self.model.get(&format!("{from}/bias"))?.rows(first, end)?;
        self.put(&format!("{to}.weight"), weight.dims(), Encoding::Q8_0, weight)?;
        self.put(&format!("{to}.bias"), bias.dims(), Encoding::F32, bias)
    }

    /// Whisper's keys have no bias; CTranslate2 stores zeros for one, and ggml has no place for it.
    fn key_rows(&mut self, from: &str, to: &str, first: usize, end: usize) -> Result<()> {
        let weight = self.model.get(&format!("{from}/weight"))?.rows(first, end)?;
        let bias = self.model.get(&format!("{from}/bias"))?.rows(first, end)?;
        ensure!(bias.values()?.iter().all(|value| *value == 0.0), "{from} has a bias on its keys");
        self.put(&format!("{to}.weight"), weight.dims(), Encoding::Q8_0, weight)
    }

    fn copy(&mut self, from: &str, to: &str, encoding: Encoding) -> Result<()> {
        let variable = self.model.get(from)?;
        self.put(to, variable.dims(), encoding, variable)
    }

    fn put(&mut self, to: &str, dims: &[usize], encoding: Encoding, variable: Variable<'_>) -> Result<()> {
        let values = variable.values().with_context(|| format!("while making {to}"))?;
        self.writer.tensor(to, dims, encoding, &values)
    }
}

#[cfg(test)]
#[path = "whisper_tests.rs"]
mod tests;
