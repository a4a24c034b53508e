//! Writes the ggml file that whisper.cpp loads (`whisper_model_load` in whisper.cpp 1.8).

use anyhow::{Context, Result, ensure};
use half::f16;

use super::quantise;

/// The sizes at the head of the file, in the order in which whisper.cpp reads them.
pub(crate) struct Shape {
    /// Entries of the vocabulary, special ones included.
    pub(crate) vocabulary: usize,
    /// Frames that the encoder sees (two mel frames each).
    pub(crate) audio_context: usize,
    /// Width of the encoder.
    pub(crate) audio_state: usize,
    /// Attention heads of the encoder.
    pub(crate) audio_heads: usize,
    /// Layers of the encoder.
    pub(crate) audio_layers: usize,
    /// Tokens that the decoder sees.
    pub(crate) text_context: usize,
    /// Width of the decoder.
    pub(crate) text_state: usize,
    /// Attention heads of the decoder.
    pub(crate) text_heads: usize,
    /// Layers of the decoder.
    pub(crate) text_layers: usize,
    /// Bands of the mel spectrum.
    pub(crate) mels: usize,
}

/// How a tensor's values are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// 32-bit float.
    F32 = 0,
    /// 16-bit float.
    F16 = 1,
    /// 8 bits a value and one scale a block of 32.
    Q8_0 = 8,
}

/// "ggml", read as a little-endian number.
const MAGIC: u32 = 0x6767_6d6c;
/// ggml's number for "mostly q8_0" (7) and version 2 of the block formats, which it counts in thousands.
const FILE_TYPE_Q8_0: usize = 2_000 + 7;

/// A file in the making.
pub(crate) struct Writer {
    file: Vec<u8>,
}

impl Writer {
    /// Begins a file of 8-bit weights with its head, the mel filters (`mels` rows) and the vocabulary.
    ///
    /// # Errors
    /// When a size does not fit the format's 32 bits.
    pub(crate) fn new(shape: &Shape, filters: &[f32], tokens: &[Vec<u8>]) -> Result<Self> {
        let mut writer = Self { file: MAGIC.to_le_bytes().to_vec() };
        for size in [
            shape.vocabulary,
            shape.audio_context,
            shape.audio_state,
            shape.audio_heads,
            shape.audio_layers,
            shape.text_context,
            shape.text_state,
            shape.text_heads,
            shape.text_layers,
            shape.mels,
            FILE_TYPE_Q8_0,
            shape.mels,
            filters.len() / shape.mels,
        ] {
            writer.size(size)?;
        }
        writer.file.extend(filters.iter().flat_map(|value| value.to_le_bytes()));
        writer.size(tokens.len())?;
        for token in tokens {
            writer.size(token.len())?;
            writer.file.extend(token);
        }
        Ok(writer)
    }

    /// Adds a tensor; `dims` has the slowest dimension first, as the values lie.
    ///
    /// # Errors
    /// When the values do not fill the shape, or rows do not fill whole blocks.
    pub(crate) fn tensor(
        &mut self,
        name: &str,
        dims: &[usize],
        encoding: Encoding,
        values: &[f32],
    ) -> Result<()> {
        ensure!(dims.iter().product::<usize>() == values.len(), "{name} has not the shape {dims:?}");
        self.size(dims.len())?;
        self.size(name.len())?;
        self.size(encoding as usize)?;
        for dim in dims.iter().rev() {
            self.size(*dim)?;
        }
        self.file.extend(name.as_bytes());
        match encoding {
            Encoding::F32 => self.file.extend(values.iter().flat_map(|value| value.to_le_bytes())),
            Encoding::F16 => self.file.extend(values.iter().flat_map(|v| f16::from_f32(*v).to_le_bytes())),
            Encoding::Q8_0 => {
                let row = dims.last().context("a scalar has no rows")?;
                ensure!(row.is_multiple_of(quantise::BLOCK), "{name}: rows of {row} do not fill blocks");
                self.file.extend(quantise::q8_0(values));
            }
        }
        Ok(())
    }

    /// The finished file.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.file
    }

    fn size(&mut self, size: usize) -> Result<()> {
        self.file.extend(i32::try_from(size).context("a size is beyond 32 bits")?.to_le_bytes());
        Ok(())
    }
}
