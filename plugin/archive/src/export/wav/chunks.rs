//! What a WAV file consists of, found without reading its samples.

use earmark_timeline::units::SampleRate;
use std::io::{self, Read, Seek, SeekFrom};

/// The size of a cue point.
pub(super) const CUE_BYTES: usize = 24;
/// More chunks than any recorder writes; a file that claims more is no recording.
const MOST_CHUNKS: usize = 4_096;
/// The most that is taken over of cue points and of their texts.
const MOST_CUE_BYTES: u64 = 16 << 20;

/// A chunk that is taken over as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chunk {
    pub(super) id: [u8; 4],
    /// Where its body starts in the file.
    pub(super) offset: u64,
    /// How long its body is.
    pub(super) len: u64,
}

impl Chunk {
    pub(super) fn is_data(&self) -> bool {
        &self.id == b"data"
    }
}

/// The parts of a WAV file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) rate: SampleRate,
    /// How many frames it has, where its coding tells.
    pub(super) frames: Option<u64>,
    /// All chunks but those that are written anew.
    pub(super) kept: Vec<Chunk>,
    /// The cue points that are there, without their count.
    pub(super) cue_points: Vec<u8>,
    /// Their texts, without the list's name.
    pub(super) cue_texts: Vec<u8>,
    /// The least name that no cue point and none of the names after it has.
    pub(super) first_free_id: u32,
}

impl Layout {
    pub(super) fn data_len(&self) -> u64 {
        self.kept.iter().find(|chunk| chunk.is_data()).map_or(0, |chunk| chunk.len)
    }
}

/// Finds the parts of a WAV file; a sentence's part says why it is none.
///
/// # Errors
///
/// What the system says.
pub(super) fn scan(source: &mut (impl Read + Seek)) -> io::Result<Result<Layout, &'static str>> {
    let end = source.seek(SeekFrom::End(0))?;
    source.seek(SeekFrom::Start(0))?;
    let mut scan = Scan { source, end, ds64_data: None };
    match scan.layout() {
        Ok(layout) => Ok(Ok(layout)),
        Err(Fault::Wav(problem)) => Ok(Err(problem)),
        Err(Fault::Io(error)) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(Err("it is cut off")),
        Err(Fault::Io(error)) => Err(error),
    }
}

enum Fault {
    Io(io::Error),
    Wav(&'static str),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

struct Scan<'a, R> {
    source: &'a mut R,
    end: u64,
    /// What an RF64 file says of the length of its samples.
    ds64_data: Option<u64>,
}

impl<R: Read + Seek> Scan<'_, R> {
    fn layout(&mut self) -> Result<Layout, Fault> {
        let head: [u8; 12] = self.bytes()?;
        let form = &head[..4];
        if ![b"RIFF", b"RF64", b"BW64"].iter().any(|known| form == *known) || &head[8..] != b"WAVE" {
            return Err(Fault::Wav("it is not a WAV file"));
        }
        let mut format = None;
        let mut kept: Vec<Chunk> = Vec::new();
        let (mut cue_points, mut cue_texts) = (Vec::new(), Vec::new());
        let mut offset = 12_u64;
        let mut count = 0;
        while offset.saturating_add(8) <= self.end {
            count += 1;
            if count > MOST_CHUNKS {
                return Err(Fault::Wav("it has too many chunks"));
            }
            let chunk = self.chunk(offset)?;
            match &chunk.id {
                b"ds64" => self.ds64_data = Some(self.ds64()?),
                b"cue " => {
                    let body = self.body(&chunk)?;
                    let points = body.get(4..).unwrap_or_default();
                    cue_points.extend(points.chunks_exact(CUE_BYTES).flatten());
                }
                b"LIST" if self.is_adtl(&chunk)? => {
                    let body = self.body(&chunk)?;
                    cue_texts.extend(body.get(4..).unwrap_or_default());
                    if cue_texts.len() % 2 == 1 {
                        cue_texts.push(0);
                    }
                }
                id => {
                    if id == b"fmt " {
                        format = Some(self.format(&chunk)?);
                    }
                    kept.push(chunk);
                }
            }
            offset = chunk.offset.saturating_add(chunk.len).saturating_add(chunk.len % 2);
        }
        let format = format.ok_or(Fault::Wav("it does not say its sample rate"))?;
        let data = kept.iter().find(|chunk| chunk.is_data()).ok_or(Fault::Wav("it holds no samples"))?;
        let frames = format.frame_bytes.map(|bytes| data.len / bytes);
        let first_free_id = first_free_id(&cue_points)?;
        Ok(Layout { rate: format.rate, frames, kept, cue_points, cue_texts, first_free_id })
    }

    fn chunk(&mut self, at: u64) -> Result<Chunk, Fault> {
        self.source.seek(SeekFrom::Start(at))?;
        let head: [u8; 8] = self.bytes()?;
        let (id, told) = ([head[0], head[1], head[2], head[3]], u32_at(&head, 4));
        let offset = at + 8;
        let rest = self.end - offset;
        let mut len = u64::from(told);
        if &id == b"data" {
            if told == u32::MAX {
                len = self.ds64_data.unwrap_or(rest);
            }
            // A recorder that was cut off has not said how much it had written.
            len = if told == 0 && rest > 0 { 0 } else { len.min(rest) };
        } else if len > rest {
            return Err(Fault::Wav("it is cut off"));
        }
        Ok(Chunk { id, offset, len })
    }

    /// What the chunk at hand says of the length of the samples.
    fn ds64(&mut self) -> Result<u64, Fault> {
        let body: [u8; 16] = self.bytes()?;
        Ok(u64::from(u32_at(&body, 8)) | u64::from(u32_at(&body, 12)) << 32)
    }

    fn format(&mut self, chunk: &Chunk) -> Result<Coding, Fault> {
        if chunk.len < 16 {
            return Err(Fault::Wav("it does not say its sample rate"));
        }
        self.source.seek(SeekFrom::Start(chunk.offset))?;
        let body: [u8; 16] = self.bytes()?;
        let rate = SampleRate::new(u32_at(&body, 4)).ok_or(Fault::Wav("its sample rate makes no sense"))?;
        // PCM, floating point, and what says so elsewhere: a frame is a number of bytes.
        let plain = matches!(u16::from_le_bytes([body[0], body[1]]), 0x0001 | 0x0003 | 0xfffe);
        let frame_bytes = u64::from(u16::from_le_bytes([body[12], body[13]]));
        Ok(Coding { rate, frame_bytes: (plain && frame_bytes > 0).then_some(frame_bytes) })
    }

    fn is_adtl(&mut self, chunk: &Chunk) -> Result<bool, Fault> {
        if chunk.len < 4 {
            return Ok(false);
        }
        self.source.seek(SeekFrom::Start(chunk.offset))?;
        Ok(&self.bytes::<4>()? == b"adtl")
    }

    fn body(&mut self, chunk: &Chunk) -> Result<Vec<u8>, Fault> {
        if chunk.len > MOST_CUE_BYTES {
            return Err(Fault::Wav("its own cue points take more than 16 MB"));
        }
        self.source.seek(SeekFrom::Start(chunk.offset))?;
        let mut body = Vec::new();
        self.source.take(chunk.len).read_to_end(&mut body)?;
        Ok(body)
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let mut bytes = [0; N];
        self.source.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

struct Coding {
    rate: SampleRate,
    frame_bytes: Option<u64>,
}

fn first_free_id(cue_points: &[u8]) -> Result<u32, Fault> {
    let last = cue_points.chunks_exact(CUE_BYTES).map(|point| u32_at(point, 0)).max().unwrap_or(0);
    // Room for as many as anybody sets.
    if last > u32::MAX / 2 {
        Err(Fault::Wav("its own cue points have too large names"))
    } else {
        Ok(last + 1)
    }
}

/// Little-endian, as everything in a RIFF file; `bytes` is long enough by the caller's count.
fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
