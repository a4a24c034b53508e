//! Input that is nearly right.

use crate::noise::Random;

/// What formats stumble over: their own signs, and numbers at the ends of what there is.
const PIECES: [&[u8]; 27] = [
    b"-->",
    b"\n\n",
    b"\"",
    b"\t",
    b"<v ",
    b">",
    b"&amp;",
    b",",
    b":",
    b"[",
    b"{",
    b"null",
    b"-",
    b"1e308",
    b"99999999999",
    b"9223372036854775807",
    b"-9223372036854775808",
    b"18446744073709551615",
    "\u{feff}".as_bytes(),
    "\u{1f600}".as_bytes(),
    b"data",
    b"LIST",
    b"fLaC",
    b"ID3",
    &[0xff, 0xfb],
    &[0; 8],
    &[0xff; 8],
];

/// Longer inputs try nothing that shorter ones do not.
const LONGEST: usize = 64 << 10;

/// One of `seeds` with a few changes.
///
/// # Panics
///
/// Panics if there is no seed.
pub fn mutated(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = pick(seeds, random).clone();
    for _ in 0..=random.below(6) {
        let at = place(&bytes, random);
        match random.below(8) {
            0 => bytes.truncate(at),
            1 => drop(bytes.splice(at..at, pick(&PIECES, random).iter().copied())),
            2 => {
                let other = pick(seeds, random);
                let (from, to) = stretch(other, random);
                drop(bytes.splice(at..at, other[from..to].iter().copied()));
            }
            3 => {
                let (from, to) = stretch(&bytes, random);
                bytes.drain(from..to);
            }
            4 => {
                let (from, to) = stretch(&bytes, random);
                let copy = bytes[from..to].to_vec();
                drop(bytes.splice(at..at, copy));
            }
            // Over what is there, so that lengths told elsewhere stay right.
            5 => bytes.iter_mut().skip(at).zip(*pick(&PIECES, random)).for_each(|(byte, new)| *byte = *new),
            6 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = random.below(256) as u8),
            _ => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << random.below(8)),
        }
    }
    bytes.truncate(LONGEST);
    bytes
}

fn pick<'a, T>(from: &'a [T], random: &mut Random) -> &'a T {
    &from[random.below(from.len() as u32) as usize]
}

/// A place in `bytes`; in the head as often as anywhere, for there the formats say what they are.
fn place(bytes: &[u8], random: &mut Random) -> usize {
    let all = bytes.len() as u32 + 1;
    let end = if random.below(2) == 0 { all.min(64) } else { all };
    random.below(end) as usize
}

/// A short stretch of `bytes`.
fn stretch(bytes: &[u8], random: &mut Random) -> (usize, usize) {
    let from = place(bytes, random);
    (from, (from + random.below(64) as usize).min(bytes.len()))
}
