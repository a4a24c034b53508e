//! Reads TensorFlow's checkpoints: a file of values and an index that says where each variable lies in it.
//!
//! The index is a table as LevelDB keeps them (`table_format.md` there; TensorFlow's `tensor_bundle.proto` says
//! what its values are): at its end stands where the block is that lists all other blocks. Blocks are neither
//! compressed nor checked here: their packages' hashes are.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};

use super::read::Reader;

/// The table's last eight bytes.
const MAGIC: [u8; 8] = 0xdb47_7524_8b80_fb57_u64.to_le_bytes();
/// How long the table's end is: two places, filled up, and [`MAGIC`].
const FOOTER: usize = 48;
/// What stands behind a block that is not compressed.
const UNCOMPRESSED: u8 = 0;
/// `DataType.DT_FLOAT`.
const FLOAT: usize = 1;

/// The variables of a checkpoint whose values are all in one file.
pub(crate) struct Bundle<'a> {
    variables: BTreeMap<Vec<u8>, Variable>,
    data: &'a [u8],
}

/// Where a variable's values lie, and what they are.
#[derive(Default)]
struct Variable {
    kind: usize,
    shape: Vec<usize>,
    offset: usize,
    size: usize,
}

impl<'a> Bundle<'a> {
    /// Reads the whole index; values stay where they are.
    ///
    /// # Errors
    /// If the index is no table, is compressed, or ends too early.
    pub(crate) fn parse(index: &[u8], data: &'a [u8]) -> Result<Self> {
        let footer = index.len().checked_sub(FOOTER).context("it is too short for a table")?;
        ensure!(index.ends_with(&MAGIC), "it does not end as a table does");
        let mut reader = Reader::new(&index[footer..]);
        let _metadata = place(&mut reader)?;
        let mut variables = BTreeMap::new();
        for (_, block) in entries(index, place(&mut reader)?)? {
            for (name, value) in entries(index, place(&mut Reader::new(&block))?)? {
                // The entry without a name tells of the files.
                if !name.is_empty() {
                    let variable = Variable::parse(&value);
                    let variable = variable.with_context(|| String::from_utf8_lossy(&name).into_owned())?;
                    variables.insert(name, variable);
                }
            }
        }
        Ok(Self { variables, data })
    }

    /// The values of the variable called `name`, the last side of its `shape` running fastest.
    ///
    /// # Errors
    /// If there is none, or it has another shape or no floats.
    pub(crate) fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let variable = self.variables.get(name.as_bytes());
        let Variable { kind, shape: found, offset, size } =
            variable.with_context(|| format!("there is no variable {name}"))?;
        ensure!(found == shape, "{name} has the shape {found:?} instead of {shape:?}");
        let count: usize = shape.iter().product();
        ensure!(*kind == FLOAT && *size == 4 * count, "{name} does not hold {count} floats");
        let data = self.data.get(*offset..).with_context(|| format!("{name} lies behind the values' end"))?;
        Reader::new(data).floats(count, name)
    }
}

impl Variable {
    /// Reads a `BundleEntryProto`.
    fn parse(message: &[u8]) -> Result<Self> {
        let mut variable = Self::default();
        fields(message, |field, value| {
            match (field, value) {
                (1, Value::Number(kind)) => variable.kind = kind,
                (2, Value::Bytes(shape)) => variable.shape = sides(shape)?,
                (3, Value::Number(shard)) => ensure!(shard == 0, "its values are in another file"),
                (4, Value::Number(offset)) => variable.offset = offset,
                (5, Value::Number(size)) => variable.size = size,
                _ => {}
            }
            Ok(())
        })?;
        Ok(variable)
    }
}

/// The sides of a `TensorShapeProto`.
fn sides(message: &[u8]) -> Result<Vec<usize>> {
    let mut sides = Vec::new();
    fields(message, |field, value| {
        if let (2, Value::Bytes(dim)) = (field, value) {
            fields(dim, |field, value| {
                if let (1, Value::Number(side)) = (field, value) {
                    sides.push(side);
                }
                Ok(())
            })?;
        }
        Ok(())
    })?;
    Ok(sides)
}

/// A value in a protobuf message.
enum Value<'a> {
    Number(usize),
    Bytes(&'a [u8]),
    /// Four bytes, such as a checksum.
    Fixed,
}

/// Hands out each field of a protobuf message.
fn fields(message: &[u8], mut take: impl FnMut(usize, Value<'_>) -> Result<()>) -> Result<()> {
    let mut reader = Reader::new(message);
    while !reader.is_at_end() {
        let tag = reader.varint("a field")?;
        let value = match tag & 7 {
            0 => Value::Number(reader.varint("a field's value")?),
            2 => {
                let length = reader.varint("a field's length")?;
                Value::Bytes(reader.bytes(length, "a field's value")?)
            }
            5 => {
                reader.bytes(4, "a field's value")?;
                Value::Fixed
            }
            other => bail!("a field is of the unknown kind {other}"),
        };
        take(tag >> 3, value)?;
    }
    Ok(())
}

/// Where a block begins, and how long it is.
type Place = (usize, usize);

fn place(reader: &mut Reader<'_>) -> Result<Place> {
    Ok((reader.varint("a block's place")?, reader.varint("a block's length")?))
}

/// The entries of a block: key and value. A key says how much of the one before it repeats.
fn entries(table: &[u8], (start, length): Place) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
    let mut reader = Reader::new(table.get(start..).context("a block lies behind the table's end")?);
    let block = reader.bytes(length, "a block")?;
    ensure!(reader.bytes(1, "a block's kind")? == [UNCOMPRESSED], "a block is compressed");
    // At the block's end stands a list of keys that repeat nothing, and how many they are.
    let (list, count) = block.split_last_chunk().context("a block is too short for its list")?;
    let restarts = 4 * usize::try_from(u32::from_le_bytes(*count))?;
    let end = list.len().checked_sub(restarts).context("a block is too short for its list")?;
    let mut reader = Reader::new(&list[..end]);
    let (mut entries, mut key) = (Vec::new(), Vec::new());
    while !reader.is_at_end() {
        let [shared, rest, length] = ["shared", "rest", "length"].map(|what| reader.varint(what));
        key.truncate(shared?);
        key.extend_from_slice(reader.bytes(rest?, "a key")?);
        entries.push((key.clone(), reader.bytes(length?, "a value")?.to_vec()));
    }
    Ok(entries)
}

#[cfg(test)]
#[path = "bundle_tests.rs"]
pub(crate) mod tests;
