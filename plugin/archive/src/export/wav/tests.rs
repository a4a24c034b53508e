use super::*;
use crate::export::label::from_zero;
use crate::export::select::select;
use crate::export::{Include, Options};
use crate::sample::{Random, small};
use std::io::Cursor;

const RATE: u32 = 48_000;

fn riff_chunk(id: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut chunk = Vec::new();
    text_chunk(&mut chunk, id, body);
    chunk
}

fn fmt() -> Vec<u8> {
    let fields = [&1_u16.to_le_bytes()[..], &1_u16.to_le_bytes(), &RATE.to_le_bytes()];
    let rest = [&(RATE * 2).to_le_bytes()[..], &2_u16.to_le_bytes(), &16_u16.to_le_bytes()];
    riff_chunk(b"fmt ", &[fields.concat(), rest.concat()].concat())
}

/// A WAV file of those chunks between its format and its samples.
fn wav(seconds: usize, extra: &[Vec<u8>]) -> Vec<u8> {
    let data = riff_chunk(b"data", &(0..seconds * RATE as usize * 2).map(|i| i as u8).collect::<Vec<_>>());
    let body = [b"WAVE".to_vec(), fmt(), extra.concat(), data].concat();
    [b"RIFF".to_vec(), (body.len() as u32).to_le_bytes().to_vec(), body].concat()
}

fn scanned(wav: &[u8]) -> Layout {
    chunks::scan(&mut Cursor::new(wav)).expect("memory").expect("a WAV file")
}

fn sample_labels() -> Vec<Label> {
    let include = Include::SPOKEN_AND_MARKED;
    let options = Options::default();
    from_zero(&select(&small(), &options, include), &options, include)
}

fn marked(wav: &[u8], limit: u64) -> Vec<u8> {
    let layout = scanned(wav);
    let mut copied = Vec::new();
    copy(&mut Cursor::new(wav), &layout, &cues(&sample_labels(), &layout), &mut copied, limit)
        .expect("copied");
    copied
}

fn body<'a>(wav: &'a [u8], layout: &Layout, id: &[u8; 4]) -> &'a [u8] {
    let chunk = layout.kept.iter().find(|chunk| &chunk.id == id).expect("the chunk");
    &wav[chunk.offset as usize..(chunk.offset + chunk.len) as usize]
}

#[test]
fn the_copy_has_the_same_samples_and_chunks_and_a_cue_point_for_each_label_inside() {
    let original = wav(16, &[riff_chunk(b"bext", b"odd"), riff_chunk(b"LIST", b"INFOICMT\x02\0\0\0a\0")]);
    for limit in [RIFF_LIMIT, 0] {
        let copied = marked(&original, limit);
        let (before, after) = (scanned(&original), scanned(&copied));
        for id in [b"fmt ", b"bext", b"LIST", b"data"] {
            assert_eq!(body(&copied, &after, id), body(&original, &before, id));
        }
        let frames: Vec<u32> = after
            .cue_points
            .chunks_exact(chunks::CUE_BYTES)
            .map(|point| u32::from_le_bytes([point[20], point[21], point[22], point[23]]))
            .collect();
        // Before bar one, the first long utterance, the hand's mark, the corrected words, the music.
        assert_eq!(frames, [0, 1, 2, 12, 14].map(|second| second * RATE));
        let texts = String::from_utf8_lossy(&after.cue_texts);
        assert!(texts.contains("Take 2, good\0") && texts.contains("hand, over whisper-tiny.en\0"));
        assert!(!texts.contains("Strasse"), "it lies behind the end");
    }
}

#[test]
fn what_is_too_large_for_riff_says_its_size_as_rf64_does() {
    let original = wav(16, &[]);
    let (small, large) = (marked(&original, RIFF_LIMIT), marked(&original, 1_000));
    assert_eq!(&small[..4], b"RIFF");
    assert_eq!(u32::from_le_bytes(small[4..8].try_into().expect("four")) as usize, small.len() - 8);
    assert_eq!((&large[..4], &large[8..16]), (&b"RF64"[..], &b"WAVEds64"[..]));
    let size = u64::from_le_bytes(large[20..28].try_into().expect("eight"));
    assert_eq!(size as usize, large.len() - 8);
    assert_eq!(scanned(&large).frames, Some(16 * u64::from(RATE)));
    // And back again, marked once more, with the cue points that it had.
    let again = marked(&large, RIFF_LIMIT);
    assert_eq!((&again[..4], scanned(&again).cue_points.len()), (&b"RIFF"[..], 10 * chunks::CUE_BYTES));
    let ids: Vec<u8> = scanned(&again).cue_points.chunks_exact(chunks::CUE_BYTES).map(|p| p[0]).collect();
    assert_eq!(ids, (1..=10).collect::<Vec<u8>>());
}

/// A recording of silence as long as wanted, which takes no memory.
struct Silence {
    head: Vec<u8>,
    len: u64,
    at: u64,
}

impl Read for Silence {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = buffer.len().min(usize::try_from(self.len - self.at).unwrap_or(usize::MAX));
        let head = self.head.get(self.at as usize..).unwrap_or_default();
        let count = if head.is_empty() { wanted } else { wanted.min(head.len()) };
        if head.is_empty() {
            buffer[..count].fill(0);
        } else {
            buffer[..count].copy_from_slice(&head[..count]);
        }
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Silence {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(from) => self.len.saturating_add_signed(from),
            SeekFrom::Current(from) => self.at.saturating_add_signed(from),
        };
        Ok(self.at)
    }
}

/// Keeps the first and counts all bytes.
#[derive(Default)]
struct Counter {
    head: Vec<u8>,
    count: u64,
}

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.head.extend(bytes.iter().take(64_usize.saturating_sub(self.head.len())));
        self.count += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_recording_that_grows_beyond_four_gigabytes_becomes_rf64() {
    // It just fits RIFF before it has cue points.
    let data: u32 = u32::MAX - 101;
    let head = [&b"RIFF"[..], &(data + 36).to_le_bytes(), b"WAVE", &fmt(), b"data", &data.to_le_bytes()];
    let head = head.concat();
    let len = head.len() as u64 + u64::from(data);
    let mut source = Silence { head, len, at: 0 };
    let layout = chunks::scan(&mut source).expect("read").expect("a WAV file");
    let cues = cues(&sample_labels(), &layout);
    assert_eq!(cues.len(), 6, "one lies an hour in");
    let mut sink = Counter::default();
    copy(&mut source, &layout, &cues, &mut sink, RIFF_LIMIT).expect("copied");
    assert_eq!(&sink.head[..4], b"RF64");
    let told = |at: usize| u64::from_le_bytes(sink.head[at..at + 8].try_into().expect("eight"));
    assert_eq!((told(20), told(28)), (sink.count - 8, u64::from(data)));
}

#[test]
fn what_is_no_recording_is_refused_and_nothing_panics() {
    let check = |bytes: &[u8], problem: &str| {
        let found = chunks::scan(&mut Cursor::new(bytes)).expect("memory");
        assert_eq!(found.expect_err("refused"), problem);
    };
    let whole = wav(1, &[]);
    check(b"", "it is cut off");
    check(b"fLaC and what follows", "it is not a WAV file");
    check(&whole[..30], "it is cut off");
    check(&whole[..36], "it holds no samples");
    check(&[&whole[..12], &whole[36..]].concat(), "it does not say its sample rate");
    let mut random = Random(5);
    let sample = marked(&wav(1, &[]), RIFF_LIMIT);
    for _ in 0..10_000 {
        let mut broken = sample.clone();
        for _ in 0..1 + random.below(4) {
            let at = if random.below(2) == 0 { random.below(64) } else { random.below(broken.len()) };
            broken[at] = random.next() as u8;
        }
        broken.truncate(random.below(broken.len() * 4).max(1));
        if let Ok(layout) = chunks::scan(&mut Cursor::new(&broken)).expect("memory") {
            let cues = cues(&sample_labels(), &layout);
            copy(&mut Cursor::new(&broken), &layout, &cues, &mut Vec::new(), RIFF_LIMIT).expect("copied");
        }
    }
}

#[test]
fn the_recording_itself_is_never_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let original = folder.path().join("take.wav");
    std::fs::write(&original, wav(1, &[])).expect("written");
    let labels = sample_labels();
    let refusal = |labels: &[Label], path: &Path| {
        export(&original, labels, path, Existing::Replace).expect_err("refused").to_string()
    };
    assert!(refusal(&labels, &original).contains("never written to"));
    assert!(refusal(&labels, &folder.path().join("./take.wav")).contains("never written to"));
    assert!(refusal(&[], &folder.path().join("copy.wav")).contains("none of the marks"));
    let copy = folder.path().join("copy.wav");
    export(&original, &labels, &copy, Existing::Keep).expect("written");
    assert_eq!(std::fs::read(&original).expect("kept"), wav(1, &[]));
    assert!(std::fs::read(&copy).expect("there").starts_with(b"RIFF"));
    let missing = export(&folder.path().join("no.wav"), &labels, &copy, Existing::Replace);
    assert!(missing.expect_err("missing").to_string().contains("no.wav"));
}

#[test]
fn a_wav_describes_itself_unless_somebody_else_did() {
    let check = |original: &[u8], text: &str, expected: Option<&str>| {
        let mut file = Cursor::new(original.to_vec());
        let is_ours = |there: &str| there.is_empty() || there.starts_with("Ours");
        let bext = Bext::new(&mut file, text, is_ours).expect("memory");
        assert_eq!(bext.is_some(), expected.is_some(), "{text:?}");
        if let (Some(bext), Some(expected)) = (&bext, expected) {
            bext.write(&mut file).expect("memory");
            let (before, after) = (scanned(original), scanned(file.get_ref()));
            let said = body(file.get_ref(), &after, b"bext");
            assert_eq!((said.len(), said[346], &said[..expected.len()]), (602, 1, expected.as_bytes()));
            assert!(said[expected.len()..256].iter().all(|byte| *byte == 0));
            assert_eq!(body(file.get_ref(), &after, b"data"), body(original, &before, b"data"));
            assert_eq!(Bext::new(&mut file, text, is_ours).expect("memory"), None, "it stands there");
        }
        file.into_inner()
    };
    let plain = wav(1, &[]);
    let described = check(&plain, "Ours: Straße", Some("Ours: Strasse"));
    assert_eq!(
        u32::from_le_bytes(described[4..8].try_into().expect("four bytes")) as usize,
        described.len() - 8
    );
    check(&described, &format!("Ours: {}", "x".repeat(300)), Some(&format!("Ours: {}", "x".repeat(250))));
    check(&marked(&plain, 0), "Ours", Some("Ours"));
    check(&[&plain[..], &riff_chunk(b"odd ", b"odd")].concat(), "Ours", Some("Ours"));
    let mut theirs = [b"Take 2".to_vec(), vec![0; 596]].concat();
    theirs[346] = 1;
    check(&wav(1, &[riff_chunk(b"bext", &theirs)]), "Ours", None);
    check(&wav(1, &[riff_chunk(b"bext", &theirs[6..])]), "Ours", None);
    check(b"not a WAV at all", "Ours", None);
}
