//! What saving and loading cost a host: an hour of talk, and four with as many words again in earlier passes.
//!
//! `cargo bench -p earmark-tests --bench state`; the aims are 20 ms to save and 40 ms to load, in 200 KB for the hour
//! and 2 MB for the four, which `earmark-archive`'s own tests hold.

use criterion::{Criterion, criterion_group, criterion_main};
use earmark_archive::state::{decode, encode};
use std::hint::black_box;

#[path = "../../plugin/archive/src/sample/podcast.rs"]
mod podcast;

#[allow(clippy::print_stdout, reason = "a benchmark's report")]
fn state(criterion: &mut Criterion) {
    let long = podcast::heard_before(&podcast::podcast(4.0));
    for (name, notebook) in [("1 hour", podcast::podcast(1.0)), ("4 hours and before", long)] {
        let text = encode(&notebook);
        println!("{name}: {} bytes", text.len());
        let mut group = criterion.benchmark_group(name);
        group.bench_function("save", |bencher| bencher.iter(|| encode(black_box(&notebook))));
        group.bench_function("load", |bencher| bencher.iter(|| decode(black_box(&text))));
        group.finish();
    }
}

criterion_group!(benches, state);
criterion_main!(benches);
