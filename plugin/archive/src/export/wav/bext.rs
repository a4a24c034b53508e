//! The description in a broadcast WAV's `bext` chunk (EBU Tech 3285, version 1).

use super::chunks;
use crate::export::ascii::ascii;
use std::io::{self, Read, Seek, SeekFrom, Write};

/// The length of the field, in ASCII, filled up with zeros.
const DESCRIPTION_BYTES: usize = 256;
/// The length of a chunk without a history of its coding.
const CHUNK_BYTES: usize = 602;
/// Where the chunk says which version of it this is; the other fields say nothing when they are zero.
const VERSION: usize = 346;

/// What is to be written to a WAV file so that it describes itself; no sample is moved.
#[derive(Debug, PartialEq, Eq)]
pub struct Bext(Vec<(u64, Vec<u8>)>);

impl Bext {
    /// What has to be written to `file` for `text` to stand in it, in ASCII and as far as there is room; `None` if it
    /// does already, if what is there is not `is_ours`, and if the file is no whole WAV or could grow no more.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn new(
        file: &mut (impl Read + Seek),
        text: &str,
        is_ours: impl Fn(&str) -> bool,
    ) -> io::Result<Option<Self>> {
        let mut field = ascii(text).into_bytes();
        field.resize(DESCRIPTION_BYTES, 0);
        let Ok(layout) = chunks::scan(file)? else { return Ok(None) };
        let Some(chunk) = layout.kept.iter().find(|chunk| &chunk.id == b"bext") else {
            return Self::appended(file, field);
        };
        let mut there = [0; DESCRIPTION_BYTES];
        file.seek(SeekFrom::Start(chunk.offset))?;
        if chunk.len < CHUNK_BYTES as u64 {
            return Ok(None);
        }
        file.read_exact(&mut there)?;
        let said = String::from_utf8_lossy(&there);
        let is_free = is_ours(said.trim_end_matches('\0'));
        Ok((is_free && field != there).then(|| Self(vec![(chunk.offset, field)])))
    }

    /// Writes it.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn write(&self, file: &mut (impl Write + Seek)) -> io::Result<()> {
        self.0.iter().try_for_each(|(offset, bytes)| {
            file.seek(SeekFrom::Start(*offset))?;
            file.write_all(bytes)
        })
    }

    /// A chunk behind all others.
    fn appended(file: &mut (impl Read + Seek), mut body: Vec<u8>) -> io::Result<Option<Self>> {
        let end = file.seek(SeekFrom::End(0))?;
        let mut head = [0; 16];
        file.seek(SeekFrom::Start(0))?;
        file.read_exact(&mut head)?;
        body.resize(CHUNK_BYTES, 0);
        body[VERSION] = 1;
        let chunk = [&vec![0; (end % 2) as usize][..], b"bext", &(CHUNK_BYTES as u32).to_le_bytes(), &body];
        let chunk = chunk.concat();
        let size = end + chunk.len() as u64 - 8;
        let told = if head.starts_with(b"RIFF") {
            u32::try_from(size).ok().map(|size| (4, size.to_le_bytes().to_vec()))
        } else {
            // Above 4 GB the size stands in the first chunk.
            head.ends_with(b"ds64").then(|| (20, size.to_le_bytes().to_vec()))
        };
        Ok(told.map(|told| Self(vec![told, (end, chunk)])))
    }
}
