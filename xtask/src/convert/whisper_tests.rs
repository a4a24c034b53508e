use std::collections::HashMap;

use half::f16;

use super::super::ctranslate2::tests::{file, half, scalar};
use super::*;

/// The width of the toy model: one block of the quantisation.
const STATE: usize = 32;
const VOCABULARY: usize = 51_864;

/// One layer each, small enough to look at; `key_bias` is what stands where Whisper has none.
fn toy(key_bias: f32) -> Vec<u8> {
    let value = |i: usize| (i % 7) as f32 - 3.0;
    let mut variables = vec![
        half(ENCODER_POSITIONS, &[15, STATE], value),
        half(DECODER_POSITIONS, &[8, STATE], value),
        half(EMBEDDINGS, &[VOCABULARY, STATE], value),
        half("encoder/conv1/weight", &[STATE, 80, 3], value),
        half("encoder/conv2/weight", &[STATE, STATE, 3], value),
        half("encoder/conv1/bias", &[STATE], value),
        half("encoder/conv2/bias", &[STATE], value),
        scalar("encoder/num_heads", 2),
        scalar("decoder/num_heads", 4),
    ];
    let mut norm = |name: &str| {
        variables.push(half(&format!("{name}/gamma"), &[STATE], value));
        variables.push(half(&format!("{name}/beta"), &[STATE], value));
    };
    for stack in ["encoder", "decoder"] {
        norm(&format!("{stack}/layer_norm"));
        norm(&format!("{stack}/layer_0/self_attention/layer_norm"));
        norm(&format!("{stack}/layer_0/ffn/layer_norm"));
    }
    norm("decoder/layer_0/attention/layer_norm");
    // In a row of matrices, each row holds its own number, so that a slice shows where it was cut.
    let row = |i: usize| (i / STATE) as f32;
    let mut linear = |name: &str, out: usize, inner: usize, keys: std::ops::Range<usize>| {
        variables.push(half(&format!("{name}/weight"), &[out, inner], row));
        let bias = move |i: usize| if keys.contains(&i) { key_bias } else { 1.0 };
        variables.push(half(&format!("{name}/bias"), &[out], bias));
    };
    for stack in ["encoder", "decoder"] {
        linear(&format!("{stack}/layer_0/self_attention/linear_0"), STATE * 3, STATE, STATE..STATE * 2);
        linear(&format!("{stack}/layer_0/self_attention/linear_1"), STATE, STATE, 0..0);
        linear(&format!("{stack}/layer_0/ffn/linear_0"), STATE * 4, STATE, 0..0);
        linear(&format!("{stack}/layer_0/ffn/linear_1"), STATE, STATE * 4, 0..0);
    }
    linear("decoder/layer_0/attention/linear_0", STATE, STATE, 0..0);
    linear("decoder/layer_0/attention/linear_1", STATE * 2, STATE, 0..STATE);
    linear("decoder/layer_0/attention/linear_2", STATE, STATE, 0..0);
    file(&variables)
}

fn tokenizer() -> Vec<u8> {
    let tokens: Vec<String> = (0..vocabulary::TOKENS).map(|i| format!("\"{i}\":{i}")).collect();
    format!("{{\"model\":{{\"vocab\":{{{}}}}}}}", tokens.join(",")).into_bytes()
}

/// A tensor as whisper.cpp finds it: its sizes, fastest first, its type and its bytes.
struct Tensor {
    ne: Vec<i32>,
    kind: i32,
    raw: Vec<u8>,
}

struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn number(&mut self) -> i32 {
        i32::from_le_bytes(self.bytes(4).try_into().expect("four bytes"))
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        let (head, rest) = self.0.split_at(count);
        self.0 = rest;
        head.to_vec()
    }

    fn length(&mut self) -> usize {
        usize::try_from(self.number()).expect("a length")
    }
}

/// Reads the file in whisper.cpp's order: sizes, filters, tokens, tensors to the end.
fn read(ggml: &[u8]) -> (Vec<i32>, HashMap<String, Tensor>) {
    let mut cursor = Cursor(ggml);
    assert_eq!(cursor.bytes(4), b"lmgg");
    let sizes = (0..11).map(|_| cursor.number()).collect();
    let (mels, bins) = (cursor.length(), cursor.length());
    cursor.bytes(mels * bins * 4);
    for _ in 0..cursor.length() {
        let length = cursor.length();
        cursor.bytes(length);
    }
    let mut tensors = HashMap::new();
    while !cursor.0.is_empty() {
        let (rank, name_length, kind) = (cursor.length(), cursor.length(), cursor.number());
        let ne: Vec<i32> = (0..rank).map(|_| cursor.number()).collect();
        let name = String::from_utf8(cursor.bytes(name_length)).expect("a name");
        let count = usize::try_from(ne.iter().product::<i32>()).expect("a count");
        let length = match kind {
            0 => count * 4,
            1 => count * 2,
            8 => count / 32 * 34,
            other => panic!("{name} has type {other}"),
        };
        let raw = cursor.bytes(length);
        assert!(tensors.insert(name, Tensor { ne, kind, raw }).is_none(), "a tensor comes twice");
    }
    (sizes, tensors)
}

#[test]
fn a_toy_model_has_every_tensor_that_whisper_cpp_asks_for() {
    let ggml = ggml_from_ctranslate2(&toy(0.0), &tokenizer()).expect("the toy converts");
    let (sizes, tensors) = read(&ggml);
    assert_eq!(sizes, [51_864, 15, 32, 2, 1, 8, 32, 4, 1, 80, 2_007]);
    // 7 of the encoder, 4 of the decoder, 15 of a layer, and 9 more where the decoder listens to the encoder.
    assert_eq!(tensors.len(), 7 + 4 + 15 + 15 + 9);
    let check = |name: &str, kind: i32, ne: &[i32]| {
        let tensor = tensors.get(name).unwrap_or_else(|| panic!("{name} is missing"));
        assert_eq!((tensor.kind, tensor.ne.as_slice()), (kind, ne), "{name}");
    };
    check("encoder.conv1.weight", 1, &[3, 80, 32]);
    check("encoder.conv1.bias", 0, &[1, 32]);
    check("encoder.positional_embedding", 0, &[32, 15]);
    check("decoder.token_embedding.weight", 8, &[32, 51_864]);
    check("encoder.blocks.0.mlp.0.weight", 8, &[32, 128]);
    check("decoder.blocks.0.cross_attn.key.weight", 8, &[32, 32]);
    check("decoder.blocks.0.cross_attn_ln.bias", 0, &[32]);
    assert!(!tensors.contains_key("decoder.blocks.0.cross_attn.key.bias"));
}

#[test]
fn query_key_and_value_are_cut_from_the_right_rows() {
    let ggml = ggml_from_ctranslate2(&toy(0.0), &tokenizer()).expect("the toy converts");
    let (_, tensors) = read(&ggml);
    for (name, first_row) in [
        ("encoder.blocks.0.attn.query.weight", 0.0),
        ("encoder.blocks.0.attn.key.weight", 32.0),
        ("encoder.blocks.0.attn.value.weight", 64.0),
        ("decoder.blocks.0.cross_attn.key.weight", 0.0),
        ("decoder.blocks.0.cross_attn.value.weight", 32.0),
    ] {
        let block = &tensors[name].raw[..34];
        let scale = f16::from_le_bytes([block[0], block[1]]).to_f32();
        let value = f32::from(i8::from_le_bytes([block[2]])) * scale;
        assert!((value - first_row).abs() < 0.05, "{name} begins with {value}");
    }
}

#[test]
fn a_bias_on_the_keys_is_refused_because_ggml_has_no_place_for_it() {
    let error = ggml_from_ctranslate2(&toy(0.5), &tokenizer()).expect_err("a bias on the keys");
    assert!(error.to_string().contains("bias on its keys"), "{error}");
}
