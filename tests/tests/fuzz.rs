//! Nothing that is read makes Earmark fall over, hang or take the machine's memory.

use earmark_archive::state::{self, SIZE_LIMIT, StateError};
use earmark_tests::fuzz::{Counting, Target, Trial, corpus, peak_of, sealed};
use earmark_tests::noise::Random;

#[global_allocator]
static MEMORY: Counting = Counting;

/// Mutations of each target: more than 10,000 in all.
const MUTATIONS: usize = 1_000;

fn check(target: Target, inputs: impl Fn(&Trial) -> Vec<Vec<u8>>) {
    let folder = tempfile::tempdir().expect("a folder");
    let trial = Trial::new(target, folder.path()).expect("the corpus is read");
    for input in inputs(&trial) {
        if let Err(fault) = trial.read(&input) {
            panic!("{}: {fault}: {:?}", target.name(), String::from_utf8_lossy(&input));
        }
    }
}

#[test]
fn ten_thousand_mutations_are_refused_or_read_and_never_worse() {
    for (target, seed) in Target::ALL.into_iter().zip(1..) {
        check(target, |trial| {
            let mut random = Random::from_seed(seed);
            (0..MUTATIONS).map(|_| trial.input(&mut random)).collect()
        });
    }
}

#[test]
fn the_corpus_is_read_and_what_was_found_once_stays_mended() {
    for target in Target::ALL {
        check(target, |trial| trial.seeds().to_vec());
        let has_seed = matches!(target, Target::Audio(_));
        assert!(!has_seed || corpus(target).is_dir(), "{} has nothing to begin with", target.name());
    }
}

#[test]
fn however_large_a_bomb_is_it_takes_no_more_memory_than_the_largest_state() {
    let mut peaks = [SIZE_LIMIT + 1, 4 * SIZE_LIMIT].map(|size| {
        let bomb = sealed(state::VERSION, &vec![b' '; size]);
        let (outcome, peak) = peak_of(|| state::decode(&bomb));
        assert_eq!(outcome, Err(StateError::TooLarge));
        peak
    });
    peaks.sort_unstable();
    // A buffer that grows is there twice while it is copied, and grows by doubling.
    assert!(peaks[1] <= 3 * SIZE_LIMIT + (8 << 20), "{peaks:?}");
}
