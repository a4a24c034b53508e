//! Reading the beginning of a ggml Whisper file without trusting it.
//!
//! whisper.cpp believes what a file says of itself: a header of absurd numbers ends the process that loads it.
//! So a file that nobody pinned is read through here first, and only numbers that a Whisper can have pass.

use crate::OwnError;

/// `ggml` as a little-endian number.
const MAGIC: u32 = 0x6767_6d6c;

/// Tokens of the English models; the multilingual ones have one more, and version 3 another.
const ENGLISH: u32 = 51_864;
const MOST_TOKENS: u32 = 51_866;

/// The window of 1500 positions and the text of 448 tokens that every Whisper has.
const AUDIO_POSITIONS: u32 = 1_500;
const TEXT_POSITIONS: u32 = 448;

/// Each head of a Whisper's attention is this wide.
const HEAD: u32 = 64;

/// The widths and the most layers of the family, tiny to large; a distilled one has fewer layers.
const WIDTHS: [u32; 5] = [384, 512, 768, 1_024, 1_280];
const MOST_LAYERS: u32 = 32;

/// Bands of the mel filters, and the bins that each weighs.
const MEL_BANDS: [u32; 2] = [80, 128];
const MEL_BINS: u32 = 201;

/// The longest token in a vocabulary and the longest name of a tensor, in bytes.
const LONGEST_TOKEN: u32 = 1_024;
const LONGEST_NAME: u32 = 128;

/// What a file says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WhisperHeader {
    /// Whether it knows other languages than English.
    pub multilingual: bool,
    /// The width of its layers: 384 for tiny to 1280 for large.
    pub width: u32,
    /// Its encoder's and its decoder's layers.
    pub layers: (u32, u32),
    /// The numbers' format of most of its weights.
    pub format: &'static str,
}

/// The numbers' formats that whisper.cpp reads: their number as the file's and a tensor's type, their name, and
/// how many bytes hold how many weights (`ggml_ftype`, `ggml_type` and the blocks in ggml-common.h).
const FORMATS: [(u32, u32, &str, u64, u64); 7] = [
    (0, 0, "f32", 4, 1),
    (1, 1, "f16", 2, 1),
    (2, 2, "q4_0", 18, 32),
    (3, 3, "q4_1", 20, 32),
    (8, 6, "q5_0", 22, 32),
    (9, 7, "q5_1", 24, 32),
    (7, 8, "q8_0", 34, 32),
];

/// Reads a whole file through and says what it is.
///
/// # Errors
/// [`OwnError::NotWhisper`] with what is wrong, unless every part of it is what a Whisper's can be.
pub fn read_header(file: &[u8]) -> Result<WhisperHeader, OwnError> {
    let mut reader = Reader { rest: file };
    reader.expect("beginning", |magic| magic == MAGIC)?;
    let tokens = reader.expect("vocabulary size", |tokens| (ENGLISH..=MOST_TOKENS).contains(&tokens))?;
    reader.expect("audio window", |positions| positions == AUDIO_POSITIONS)?;
    let width = reader.expect("width", |width| WIDTHS.contains(&width))?;
    reader.expect("number of heads", |heads| heads.checked_mul(HEAD) == Some(width))?;
    let is_depth = |layers: u32| (1..=MOST_LAYERS).contains(&layers);
    let encoder = reader.expect("number of layers", is_depth)?;
    reader.expect("text window", |positions| positions == TEXT_POSITIONS)?;
    reader.expect("width", |text_width| text_width == width)?;
    reader.expect("number of heads", |heads| heads.checked_mul(HEAD) == Some(width))?;
    let decoder = reader.expect("number of layers", is_depth)?;
    let bands = reader.expect("number of mel bands", |bands| MEL_BANDS.contains(&bands))?;
    // The thousands are the version of the quantisation.
    let format = reader.number()? % 1_000;
    let (_, _, format, _, _) = FORMATS
        .into_iter()
        .find(|(number, ..)| *number == format)
        .ok_or(OwnError::NotWhisper("number format"))?;
    reader.expect("number of mel bands", |again| again == bands)?;
    reader.expect("mel filters", |bins| bins == MEL_BINS)?;
    reader.skip(u64::from(bands) * u64::from(MEL_BINS) * 4)?;
    let words = reader.expect("vocabulary", |words| words <= tokens)?;
    for _ in 0..words {
        let length = reader.expect("vocabulary", |length| length <= LONGEST_TOKEN)?;
        reader.skip(length.into())?;
    }
    while !reader.rest.is_empty() {
        reader.tensor(width, tokens)?;
    }
    Ok(WhisperHeader { multilingual: tokens > ENGLISH, width, layers: (encoder, decoder), format })
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn number(&mut self) -> Result<u32, OwnError> {
        let (number, rest) = self.rest.split_first_chunk::<4>().ok_or(OwnError::NotWhisper("end"))?;
        self.rest = rest;
        Ok(u32::from_le_bytes(*number))
    }

    fn expect(&mut self, what: &'static str, is_right: impl Fn(u32) -> bool) -> Result<u32, OwnError> {
        let number = self.number()?;
        if is_right(number) { Ok(number) } else { Err(OwnError::NotWhisper(what)) }
    }

    fn skip(&mut self, bytes: u64) -> Result<(), OwnError> {
        let bytes = usize::try_from(bytes).ok().and_then(|bytes| self.rest.get(bytes..));
        self.rest = bytes.ok_or(OwnError::NotWhisper("end"))?;
        Ok(())
    }

    fn tensor(&mut self, width: u32, tokens: u32) -> Result<(), OwnError> {
        let dimensions = self.expect("tensor", |dimensions| (1..=3).contains(&dimensions))?;
        let name = self.expect("tensor's name", |length| (1..=LONGEST_NAME).contains(&length))?;
        let kind = self.number()?;
        let (.., bytes, weights) = FORMATS
            .into_iter()
            .find(|(_, number, ..)| *number == kind)
            .ok_or(OwnError::NotWhisper("number format"))?;
        // No side of a Whisper's tensor is longer than its vocabulary or four times its width.
        let longest = tokens.max(4 * width);
        let mut count = 1u64;
        for _ in 0..dimensions {
            count *= u64::from(self.expect("tensor's size", |side| (1..=longest).contains(&side))?);
        }
        if !count.is_multiple_of(weights) {
            return Err(OwnError::NotWhisper("tensor's size"));
        }
        self.skip(name.into())?;
        self.skip(count / weights * bytes)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A file with the header of `numbers`, filters, a vocabulary of one word and one tensor of `width` zeros.
    pub(crate) fn file(numbers: [u32; 12]) -> Vec<u8> {
        let mut file: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        let mut number = |number: u32| file.extend_from_slice(&number.to_le_bytes());
        number(80);
        number(201);
        (0..80 * 201).for_each(|_| number(0));
        number(1);
        number(2);
        file.extend_from_slice(b"hi");
        for number in [1u32, 4, 0, 384] {
            file.extend_from_slice(&number.to_le_bytes());
        }
        file.extend_from_slice(b"bias");
        file.extend_from_slice(&[0; 4 * 384]);
        file
    }

    /// The header of Whisper tiny.en with 8-bit weights.
    pub(crate) const TINY: [u32; 12] = [MAGIC, 51_864, 1_500, 384, 6, 4, 448, 384, 6, 4, 80, 2_007];

    #[test]
    fn a_whisper_is_known_by_its_numbers() {
        let expected = WhisperHeader { multilingual: false, width: 384, layers: (4, 4), format: "q8_0" };
        assert_eq!(read_header(&file(TINY)).expect("a Whisper"), expected);
        let mut multilingual = TINY;
        (multilingual[1], multilingual[9], multilingual[11]) = (51_865, 2, 1);
        let expected = WhisperHeader { multilingual: true, layers: (4, 2), format: "f16", ..expected };
        assert_eq!(read_header(&file(multilingual)).expect("a Whisper"), expected);
    }

    #[test]
    fn no_absurd_number_passes() {
        for place in 0..TINY.len() {
            for absurd in [0, 1 << 30, u32::MAX] {
                let mut numbers = TINY;
                numbers[place] = absurd;
                // All weights may be 32-bit numbers, and nothing counts on the quantisation's version.
                let sane = place == 11 && absurd == 0;
                assert_eq!(read_header(&file(numbers)).is_ok(), sane, "{absurd} in place {place}");
            }
        }
    }

    #[test]
    fn a_file_that_is_cut_anywhere_or_bent_in_its_lengths_is_refused() {
        let whole = file(TINY);
        for length in (0..whole.len()).step_by(97).chain([whole.len() - 1]) {
            assert!(read_header(&whole[..length]).is_err(), "{length} bytes");
        }
        // The vocabulary's count, a word's length, the tensor's dimensions, name, type and side.
        let vocabulary = 12 * 4 + 8 + 80 * 201 * 4;
        for place in
            [vocabulary, vocabulary + 4, vocabulary + 10, vocabulary + 14, vocabulary + 18, vocabulary + 22]
        {
            let mut bent = whole.clone();
            bent[place..place + 4].copy_from_slice(&u32::MAX.to_le_bytes());
            assert!(read_header(&bent).is_err(), "place {place}");
        }
    }
}
