//! Reads little-endian numbers from bytes, checking every length.

use anyhow::{Context, Result, bail, ensure};
use half::f16;

/// A position in bytes that only moves forward.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The next `count` bytes; `what` names them in the error.
    pub(crate) fn bytes(&mut self, count: usize, what: &str) -> Result<&'a [u8]> {
        let rest = &self.bytes[self.at..];
        let (taken, _) = rest.split_at_checked(count).with_context(|| {
            format!("{what}: {count} bytes should follow at {}, {} are left", self.at, rest.len())
        })?;
        self.at += count;
        Ok(taken)
    }

    /// An unsigned 32-bit number.
    pub(crate) fn size(&mut self, what: &str) -> Result<usize> {
        let (number, _) = self.bytes(4, what)?.as_chunks::<4>();
        Ok(u32::from_le_bytes(number[0]).try_into()?)
    }

    /// An unsigned number of seven bits a byte, the lowest first, the top bit set on all but the last.
    pub(crate) fn varint(&mut self, what: &str) -> Result<usize> {
        let mut number = 0_u64;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = u64::from(self.bytes(1, what)?[0]);
            number |= (byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number.try_into()?);
            }
        }
        bail!("{what}: a number has no end")
    }

    /// 32-bit floats.
    pub(crate) fn floats(&mut self, count: usize, what: &str) -> Result<Vec<f32>> {
        let (numbers, _) = self.bytes(4 * count, what)?.as_chunks::<4>();
        finite(numbers.iter().map(|number| f32::from_le_bytes(*number)).collect(), what)
    }

    /// 16-bit floats, and the bytes that fill them up to a multiple of four.
    pub(crate) fn halves(&mut self, count: usize, what: &str) -> Result<Vec<f32>> {
        let (numbers, _) = self.bytes(2 * count, what)?.as_chunks::<2>();
        let values = numbers.iter().map(|number| f16::from_le_bytes(*number).to_f32()).collect();
        self.bytes(self.at.next_multiple_of(4) - self.at, what)?;
        finite(values, what)
    }

    /// Whether nothing is left.
    pub(crate) fn is_at_end(&self) -> bool {
        self.at == self.bytes.len()
    }

    /// That nothing is left.
    pub(crate) fn finish(self) -> Result<()> {
        let left = self.bytes.len() - self.at;
        ensure!(left == 0, "{left} bytes are left over at {}", self.at);
        Ok(())
    }
}

fn finite(values: Vec<f32>, what: &str) -> Result<Vec<f32>> {
    ensure!(values.iter().all(|value| value.is_finite()), "{what}: one of its values is no number");
    Ok(values)
}
