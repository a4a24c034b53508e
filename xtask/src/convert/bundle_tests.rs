//! The reader over tables made here; the real one is checked where the model is at hand.

use super::*;

fn varint(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// A block of entries whose keys repeat what they can of the one before, and what follows a block.
fn block(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let (mut block, mut before) = (Vec::new(), "");
    for (key, value) in entries {
        let shared = key.bytes().zip(before.bytes()).take_while(|(one, other)| one == other).count();
        for number in [shared, key.len() - shared, value.len()] {
            block.extend(varint(number));
        }
        block.extend(&key.as_bytes()[shared..]);
        block.extend(value);
        before = key;
    }
    block.extend([0_u32, 1].map(u32::to_le_bytes).as_flattened());
    block
}

/// A `BundleEntryProto` of floats.
fn entry(shape: &[usize], offset: usize) -> Vec<u8> {
    let dims: Vec<Vec<u8>> = shape.iter().map(|side| [vec![8], varint(*side)].concat()).collect();
    let dims: Vec<u8> =
        dims.iter().flat_map(|dim| [vec![0x12], varint(dim.len()), dim.clone()].concat()).collect();
    let size = 4 * shape.iter().product::<usize>();
    let shape = [vec![0x12], varint(dims.len()), dims].concat();
    let rest = [vec![0x20], varint(offset), vec![0x28], varint(size), vec![0x35, 1, 2, 3, 4]].concat();
    [vec![8, 1], shape, rest].concat()
}

/// The index and the values of a checkpoint with these variables, whose values count on from zero.
pub(in super::super) fn checkpoint(variables: &[(String, Vec<usize>)]) -> (Vec<u8>, Vec<u8>) {
    let mut named: Vec<(&str, Vec<u8>)> = vec![("", vec![8, 1])];
    let mut count = 0;
    for (name, shape) in variables {
        named.push((name, entry(shape, 4 * count)));
        count += shape.iter().product::<usize>();
    }
    named.sort_by_key(|(name, _)| *name);
    let values = (0..count).flat_map(|at| ((at % 5) as f32).to_le_bytes()).collect();
    let mut index = block(&named);
    let places = block(&[("z", [varint(0), varint(index.len())].concat())]);
    index.extend([UNCOMPRESSED, 0, 0, 0, 0]);
    let mut footer = [varint(0), varint(0), varint(index.len()), varint(places.len())].concat();
    index.extend(places);
    index.extend([UNCOMPRESSED, 0, 0, 0, 0]);
    footer.resize(FOOTER - MAGIC.len(), 0);
    index.extend(footer);
    index.extend(MAGIC);
    (index, values)
}

fn small() -> (Vec<u8>, Vec<u8>) {
    checkpoint(&[("a/kernel".to_owned(), vec![2, 3]), ("a/bias".to_owned(), vec![200])])
}

#[test]
fn a_variable_is_found_by_its_name_and_has_its_shape() {
    let (index, values) = small();
    let bundle = Bundle::parse(&index, &values).expect("a whole index");
    assert_eq!(bundle.floats("a/kernel", &[2, 3]).expect("it is there"), [0.0, 1.0, 2.0, 3.0, 4.0, 0.0]);
    assert_eq!(bundle.floats("a/bias", &[200]).expect("it is there")[..2], [1.0, 2.0]);
    let refused = |name: &str, shape: &[usize]| bundle.floats(name, shape).expect_err("no such").to_string();
    assert_eq!(refused("a/gamma", &[1]), "there is no variable a/gamma");
    assert_eq!(refused("a/bias", &[100]), "a/bias has the shape [200] instead of [100]");
}

#[test]
fn an_index_that_is_cut_or_values_that_are_gone_are_refused() {
    let (index, values) = small();
    for length in 0..index.len() {
        assert!(Bundle::parse(&index[..length], &values).is_err(), "{length} bytes");
    }
    let bundle = Bundle::parse(&index, &values[..100]).expect("a whole index");
    assert!(bundle.floats("a/kernel", &[2, 3]).is_ok() && bundle.floats("a/bias", &[200]).is_err());
}

#[test]
fn whatever_byte_of_an_index_is_changed_nothing_panics() {
    let (index, values) = small();
    for at in 0..index.len() {
        let mut index = index.clone();
        index[at] ^= 0xff;
        if let Ok(bundle) = Bundle::parse(&index, &values) {
            let _ = bundle.floats("a/kernel", &[2, 3]);
        }
    }
}
