//! Reads a CTranslate2 `model.bin` of revision 3 (`WhisperSpec`), as its own `model_spec.py` writes it.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use half::f16;

/// The variables of a model by name; aliases are left out, for they repeat what is there.
pub(crate) struct Model<'a> {
    variables: BTreeMap<&'a str, Variable<'a>>,
}

/// One variable: its shape, slowest dimension first, and its values as they lie in the file.
#[derive(Clone, Copy)]
pub(crate) struct Variable<'a> {
    dims: [usize; 3],
    rank: usize,
    kind: u8,
    raw: &'a [u8],
}

// The numbers of the element types that these models use.
const INT16: u8 = 2;
const FLOAT16: u8 = 4;

impl<'a> Model<'a> {
    /// Reads the whole file; values stay where they are.
    ///
    /// # Errors
    /// When the file is not a Whisper model of a known version, or ends too early.
    pub(crate) fn parse(file: &'a [u8]) -> Result<Self> {
        let mut reader = Reader { rest: file };
        let version = reader.u32()?;
        ensure!(version == 6, "the CTranslate2 file has version {version}; 6 is understood");
        let spec = reader.string()?;
        ensure!(spec == "WhisperSpec", "the CTranslate2 file holds a {spec}, not a Whisper model");
        let revision = reader.u32()?;
        ensure!(revision == 3, "the Whisper file has revision {revision}; 3 is understood");
        let mut variables = BTreeMap::new();
        for _ in 0..reader.u32()? {
            let name = reader.string()?;
            let variable = reader.variable().with_context(|| format!("in the variable {name}"))?;
            variables.insert(name, variable);
        }
        for _ in 0..reader.u32()? {
            reader.string()?;
            reader.string()?;
        }
        ensure!(reader.rest.is_empty(), "the CTranslate2 file goes on after its end");
        Ok(Self { variables })
    }

    /// The variable called `name`.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn get(&self, name: &str) -> Result<Variable<'a>> {
        self.variables.get(name).copied().with_context(|| format!("the model has no variable {name}"))
    }

    /// The whole number called `name`.
    ///
    /// # Errors
    /// When there is none or it is not a 16-bit scalar.
    pub(crate) fn scalar(&self, name: &str) -> Result<usize> {
        let variable = self.get(name)?;
        match (variable.kind, variable.raw) {
            (INT16, &[low, high]) => Ok(usize::try_from(i16::from_le_bytes([low, high]))?),
            _ => anyhow::bail!("{name} is not a 16-bit number"),
        }
    }

    /// How many layers the stack under `prefix` (`encoder` or `decoder`) has.
    pub(crate) fn layers(&self, prefix: &str) -> usize {
        (0..)
            .take_while(|i| {
                self.variables.contains_key(format!("{prefix}/layer_{i}/ffn/linear_0/weight").as_str())
            })
            .count()
    }
}

impl<'a> Variable<'a> {
    /// The shape, slowest dimension first.
    pub(crate) fn dims(&self) -> &[usize] {
        &self.dims[..self.rank]
    }

    /// The values as single floats.
    ///
    /// # Errors
    /// When they are not half floats, which all weights of these models are.
    pub(crate) fn values(&self) -> Result<Vec<f32>> {
        ensure!(self.kind == FLOAT16, "its values have type {}, not 16-bit float", self.kind);
        Ok(self.raw.chunks_exact(2).map(|pair| f16::from_le_bytes([pair[0], pair[1]]).to_f32()).collect())
    }

    /// Rows `from..to` of a matrix, or elements of a vector, as a variable of their own.
    ///
    /// # Errors
    /// When there are not as many rows.
    pub(crate) fn rows(&self, from: usize, to: usize) -> Result<Self> {
        ensure!(from <= to && to <= self.dims[0], "it has {} rows, not {to}", self.dims[0]);
        let row = self.raw.len() / self.dims[0].max(1);
        let mut part = *self;
        part.dims[0] = to - from;
        part.raw = &self.raw[from * row..to * row];
        Ok(part)
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (head, rest) =
            self.rest.split_at_checked(length).context("the CTranslate2 file ends too early")?;
        self.rest = rest;
        Ok(head)
    }

    fn u8(&mut self) -> Result<u8> {
        Ok(self.take(1)?[0])
    }

    fn u32(&mut self) -> Result<u32> {
        Ok(u32::from_le_bytes(self.take(4)?.try_into()?))
    }

    /// A length of 16 bits that counts the NUL at the end, the bytes, the NUL.
    fn string(&mut self) -> Result<&'a str> {
        let length = u16::from_le_bytes(self.take(2)?.try_into()?);
        let bytes = self.take(length.into())?;
        let text = bytes.strip_suffix(&[0]).context("a name has no end")?;
        Ok(std::str::from_utf8(text)?)
    }

    fn variable(&mut self) -> Result<Variable<'a>> {
        let rank = usize::from(self.u8()?);
        ensure!(rank <= 3, "it has {rank} dimensions");
        let mut dims = [1; 3];
        for dim in &mut dims[..rank] {
            *dim = usize::try_from(self.u32()?)?;
        }
        let kind = self.u8()?;
        let length = usize::try_from(self.u32()?)?;
        let raw = self.take(length)?;
        if kind == FLOAT16 {
            let count = dims.iter().try_fold(1_usize, |all, dim| all.checked_mul(*dim));
            ensure!(
                count.and_then(|count| count.checked_mul(2)) == Some(length),
                "its length fits not its shape"
            );
        }
        Ok(Variable { dims, rank, kind, raw })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    fn string(text: &str) -> Vec<u8> {
        let length = u16::try_from(text.len() + 1).expect("short").to_le_bytes();
        [&length, text.as_bytes(), &[0]].concat()
    }

    fn size(n: usize) -> [u8; 4] {
        u32::try_from(n).expect("small").to_le_bytes()
    }

    /// A variable as it lies in a file.
    fn variable(name: &str, dims: &[usize], kind: u8, raw: &[u8]) -> Vec<u8> {
        let dims: Vec<u8> = dims.iter().flat_map(|dim| size(*dim)).collect();
        let rank = u8::try_from(dims.len() / 4).expect("few");
        [&string(name), &[rank][..], &dims, &[kind], &size(raw.len()), raw].concat()
    }

    /// A half-float variable whose value at index `i` is `value(i)`.
    pub(in super::super) fn half(name: &str, dims: &[usize], value: impl Fn(usize) -> f32) -> Vec<u8> {
        let count = dims.iter().product();
        let raw: Vec<u8> = (0..count).flat_map(|i| f16::from_f32(value(i)).to_le_bytes()).collect();
        variable(name, dims, FLOAT16, &raw)
    }

    /// A whole number.
    pub(in super::super) fn scalar(name: &str, value: i16) -> Vec<u8> {
        variable(name, &[], INT16, &value.to_le_bytes())
    }

    /// A file of these variables, without aliases.
    pub(in super::super) fn file(variables: &[Vec<u8>]) -> Vec<u8> {
        let head = [&6_u32.to_le_bytes()[..], &string("WhisperSpec"), &3_u32.to_le_bytes()].concat();
        [&head[..], &size(variables.len()), &variables.concat(), &size(0)].concat()
    }

    fn counting(i: usize) -> f32 {
        i as f32
    }

    #[test]
    fn a_matrix_is_read_and_cut_by_rows() {
        let file = file(&[half("a/weight", &[3, 2], counting)]);
        let model = Model::parse(&file).expect("a whole file");
        let rows = model.get("a/weight").and_then(|all| all.rows(1, 3)).expect("three rows");
        assert_eq!(rows.dims(), [2, 2]);
        assert_eq!(rows.values().expect("half floats"), [2.0, 3.0, 4.0, 5.0]);
    }

    #[test]
    fn a_file_cut_anywhere_is_refused() {
        let file = file(&[half("a/weight", &[3, 2], counting), scalar("b", 4)]);
        for length in 0..file.len() {
            assert!(Model::parse(&file[..length]).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn a_shape_that_does_not_fit_its_length_is_refused() {
        let mut file = file(&[half("a", &[4], counting)]);
        let dim = 4 + 2 + 12 + 4 + 4 + 2 + 2 + 1;
        file[dim] = 5;
        assert!(Model::parse(&file).is_err());
    }
}
