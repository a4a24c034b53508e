//! The converter over a checkpoint made here; the real one is checked where the model is at hand.

use super::*;
use crate::convert::bundle::tests::checkpoint;

/// YAMNet's variables and their shapes, as the checkpoint names them.
fn variables() -> Vec<(String, Vec<usize>)> {
    let mut variables = Vec::new();
    let mut layer = 0;
    let mut add = |kernel: &str, shape: Vec<usize>, outputs: usize| {
        let name = |layer: usize, name: &str| {
            format!(
                "layer-1/layer/_func/_yamnet/layer_with_weights-{layer}/{name}/.ATTRIBUTES/VARIABLE_VALUE"
            )
        };
        variables.push((name(layer, kernel), shape));
        if outputs == CLASSES {
            variables.push((name(layer, "bias"), vec![CLASSES]));
        } else {
            for part in ["beta", "moving_mean", "moving_variance"] {
                variables.push((name(layer + 1, part), vec![outputs]));
            }
        }
        layer += 2;
    };
    add("kernel", vec![3, 3, 1, FIRST], FIRST);
    let mut channels = FIRST;
    for (_, wider) in PAIRS {
        add("depthwise_kernel", vec![3, 3, channels, 1], channels);
        add("kernel", vec![1, 1, channels, wider], wider);
        channels = wider;
    }
    add("kernel", vec![channels, CLASSES], CLASSES);
    variables
}

fn names(count: usize) -> String {
    let line = |at: usize| format!("{at},/m/0{at},\"Class {at}, such\"\n");
    format!("index,mid,display_name\n{}", (0..count).map(line).collect::<String>())
}

#[test]
fn the_same_checkpoint_gives_the_same_model_with_all_its_weights_and_names() {
    let (index, values) = checkpoint(&variables());
    let convert =
        || onnx_from_checkpoint(&values, &index, names(CLASSES).as_bytes()).expect("a good checkpoint");
    let model = convert();
    assert!(model == convert());
    let names = 521 * "Class 100, such\n".len();
    // The three variables of a normalisation become two.
    assert!((14_000_000..values.len() + names + 20_000).contains(&model.len()), "{} bytes", model.len());
    assert!(model.ends_with(b"Class 520, such"));
}

#[test]
fn another_network_or_table_is_refused() {
    let (index, values) = checkpoint(&variables()[1..]);
    let error = onnx_from_checkpoint(&values, &index, names(CLASSES).as_bytes()).expect_err("no kernel");
    let said = format!("{error:#}");
    assert!(said.starts_with("the checkpoint does not hold YAMNet: there is no variable"), "{said}");

    let check = |table: &str, expected: &str| {
        let error = class_names(table.as_bytes()).expect_err("a bad table");
        assert_eq!(error.to_string(), expected);
    };
    check("", "its first line is another");
    check(&names(CLASSES).replacen("\n1,", "\n7,", 1), "class 1 is not where it should be");
    check(&names(520), "it has 520 classes instead of 521");
}
