//! Memory that a thread has freed and its allocator keeps.

/// What is asked for, in bytes and how many of them: more than any thread leaves behind, in pieces ever smaller for what
/// lies between those that are still in use.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const PIECES: [(usize, usize); 3] = [(1 << 20, 192), (64 << 10, 512), (16 << 10, 1024)];

/// After so many pieces in a row of which no page is there, no more of that size are asked for: each leaves the page of
/// its header behind, and all of them came to 7 MB an arena.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const FRUITLESS: usize = 32;

/// Gives the system the pages of what this thread has freed; for a thread that is about to end.
///
/// glibc keeps what a thread frees in an arena, of which there are eight a core, as long as a few bytes between are in
/// use. A model's working memory and its library's, 130 MB, so stayed with the process each time that the last instance
/// went, and a window's, 23 MB, until every arena had one. `malloc_trim` leaves what is at an arena's end, and would lock
/// the host's own heap for 150 ms with a gigabyte in it. So the thread asks for the pieces once more, has the system
/// forget what is in their pages, and frees them. All this takes 15 to 30 ms on a machine that is busy.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn give_back() {
    let page = page_size();
    let mut pieces = Vec::new();
    for (bytes, count) in PIECES {
        let mut fruitless = 0;
        for _ in 0..count {
            let mut piece = Vec::<u8>::new();
            if fruitless == FRUITLESS || piece.try_reserve_exact(bytes).is_err() {
                break;
            }
            let spare = piece.spare_capacity_mut();
            let before = spare.as_ptr().align_offset(page).min(spare.len());
            let whole = &mut spare[before..];
            let length = whole.len() - whole.len() % page;
            fruitless += 1;
            if pages_there(whole.as_ptr() as usize, length) > 0 {
                fruitless = 0;
                // SAFETY: the pages lie within the piece, which nobody has written and nobody reads.
                #[allow(unsafe_code, reason = "no crate here has a safe one")]
                unsafe {
                    let _else_they_stay =
                        libc::madvise(whole.as_mut_ptr().cast(), length, libc::MADV_DONTNEED);
                }
            }
            pieces.push(piece);
        }
    }
}

/// How many of the pages from `start` on, a page's first byte, are in memory; none where the system does not say.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn pages_there(start: usize, length: usize) -> usize {
    let mut there = vec![0_u8; length.div_ceil(page_size())];
    // SAFETY: it reads the system's tables, and writes a byte a page; an address that is nothing's is an error.
    #[allow(unsafe_code, reason = "no crate here has a safe one")]
    let known = unsafe { libc::mincore(start as *mut libc::c_void, length, there.as_mut_ptr()) };
    if known == 0 { there.iter().filter(|there| **there & 1 == 1).count() } else { 0 }
}

/// Does nothing: other systems' allocators give back what is large.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn give_back() {}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn page_size() -> usize {
    // SAFETY: it reads a constant of the system.
    #[allow(unsafe_code, reason = "no crate here has a safe one")]
    let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(size).ok().filter(|size| size.is_power_of_two()).unwrap_or(1 << 16)
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    use super::*;

    /// How many pages of these stretches of memory, in use or not, are there.
    fn resident(stretches: &[(usize, usize)]) -> usize {
        let page = page_size();
        let pages = |&(start, bytes): &(usize, usize)| {
            let first = start.next_multiple_of(page);
            pages_there(first, (start + bytes) / page * page - first)
        };
        stretches.iter().map(pages).sum()
    }

    #[test]
    fn what_a_thread_has_freed_between_pieces_in_use_goes_back_to_the_system() {
        // Less than is ever mapped by itself.
        const PIECE: usize = 100_000;
        let run = || {
            let (freed, kept): (Vec<_>, Vec<_>) =
                (0..200_u8).map(|value| (vec![value; PIECE], vec![value; 1_000])).unzip();
            let stretches: Vec<_> = freed.iter().map(|piece| (piece.as_ptr() as usize, PIECE)).collect();
            drop(freed);
            let before = resident(&stretches);
            give_back();
            let after = resident(&stretches);
            assert!(before > 200 * PIECE / page_size() / 2, "{before} pages are kept");
            assert!(after < before / 4, "{after} of {before} pages are kept");
            assert!((0..200_u8).zip(&kept).all(|(value, piece)| piece.iter().all(|byte| *byte == value)));
        };
        std::thread::spawn(run).join().expect("the thread's own checks hold");
    }
}
