//! What a ggml Whisper file says of itself, read before whisper.cpp sees it.

use whisper_rs::{DtwMode, DtwModelPreset};

/// The file's first four bytes (whisper.cpp, `GGML_FILE_MAGIC`).
const MAGIC: u32 = 0x6767_6d6c;
/// More than any Whisper model has of anything; whisper.cpp ends the process at a length it cannot allocate.
const MOST: u32 = 1 << 17;
/// OpenAI's large model has 32 layers.
const MOST_LAYERS: u32 = 64;

/// The sizes that tell Whisper models apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    vocabulary: u32,
    audio_layers: u32,
    text_layers: u32,
}

impl Shape {
    /// Reads the header of a ggml file; `None` if it is none that Whisper could have.
    pub(crate) fn read(file: &[u8]) -> Option<Self> {
        let number = |index: usize| {
            let bytes = file.get(4 * index..4 * index + 4)?;
            Some(u32::from_le_bytes(bytes.try_into().ok()?))
        };
        // Magic, vocabulary, then context, state, heads and layers of the audio's and the text's half, mels, type.
        let header: Vec<u32> = (0..12).map(number).collect::<Option<_>>()?;
        let shape = Self { vocabulary: header[1], audio_layers: header[5], text_layers: header[9] };
        let sound = header[0] == MAGIC
            && header[1..11].iter().all(|size| (1..MOST).contains(size))
            && [shape.audio_layers, shape.text_layers].iter().all(|layers| *layers <= MOST_LAYERS);
        sound.then_some(shape)
    }

    /// How much later than the ear its attention says that a word ends, in seconds: what the starts of 700 words were
    /// late by in the median, against a forced alignment (`cargo xtask bench transcribe --only words`). Models that
    /// were not measured are taken to lie between those that were.
    pub(crate) fn attention_lag(self) -> f32 {
        match (self.vocabulary, self.audio_layers) {
            (51_864, 4) => 0.09,
            (51_865, 6) => 0.01,
            _ => 0.05,
        }
    }

    /// The attention heads that follow the audio: whisper.cpp knows them for OpenAI's own models, whose
    /// fine-tuned descendants keep them. Of any other model all heads of the upper half of the layers are
    /// taken, as OpenAI's own code does (openai/whisper, `model.py`).
    pub(crate) fn alignment(self) -> DtwMode<'static> {
        let preset = match (self.vocabulary, self.audio_layers, self.text_layers) {
            (51_864, 4, 4) => DtwModelPreset::TinyEn,
            (51_865, 4, 4) => DtwModelPreset::Tiny,
            (51_864, 6, 6) => DtwModelPreset::BaseEn,
            (51_865, 6, 6) => DtwModelPreset::Base,
            (51_864, 12, 12) => DtwModelPreset::SmallEn,
            (51_865, 12, 12) => DtwModelPreset::Small,
            (51_864, 24, 24) => DtwModelPreset::MediumEn,
            (51_865, 24, 24) => DtwModelPreset::Medium,
            // The first large model has the same shape; few ever used it.
            (51_865, 32, 32) => DtwModelPreset::LargeV2,
            (51_866, 32, 32) => DtwModelPreset::LargeV3,
            (51_866, 32, 4) => DtwModelPreset::LargeV3Turbo,
            _ => return DtwMode::TopMost { n_top: (self.text_layers / 2).max(1) as i32 },
        };
        DtwMode::ModelPreset { model_preset: preset }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(vocabulary: u32, audio_layers: u32, text_layers: u32) -> Vec<u8> {
        let fields =
            [MAGIC, vocabulary, 1500, 384, 6, audio_layers, 448, 384, 6, text_layers, 80, 2007, 80, 201];
        fields.iter().flat_map(|field| field.to_le_bytes()).collect()
    }

    fn check(file: &[u8], expected: Option<&str>) {
        let seen = Shape::read(file).map(|shape| match shape.alignment() {
            DtwMode::ModelPreset { model_preset } => format!("{model_preset:?}"),
            other => format!("{other:?}"),
        });
        assert_eq!(seen.as_deref(), expected);
    }

    #[test]
    fn openais_models_are_known_by_their_sizes_and_others_are_aligned_by_their_upper_half() {
        check(&header(51_864, 4, 4), Some("TinyEn"));
        check(&header(51_865, 6, 6), Some("Base"));
        check(&header(51_866, 32, 4), Some("LargeV3Turbo"));
        // A distilled model of two decoder layers, and one that nobody made yet.
        check(&header(51_865, 32, 2), Some("TopMost { n_top: 1 }"));
        check(&header(60_000, 8, 8), Some("TopMost { n_top: 4 }"));
    }

    #[test]
    fn a_file_that_would_end_the_process_is_refused() {
        check(b"", None);
        check(&header(51_864, 4, 4)[..40], None);
        check(&header(1 << 30, 4, 4), None);
        check(&header(51_864, 4, 5_000), None);
        check(b"RIFF, and so on for at least as long as a header of whisper.cpp is", None);
    }
}
