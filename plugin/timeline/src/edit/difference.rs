//! What makes one notebook of another, for what is easier done than said item by item.

use super::{Change, Items};
use crate::notebook::Notebook;
use std::collections::BTreeSet;

impl Change {
    /// What makes `after` of `before`, but for settings and tempo.
    pub(super) fn between(before: &Notebook, after: &Notebook) -> Self {
        Self { out: only_in(before, after), into: only_in(after, before) }
    }
}

fn only_in(here: &Notebook, there: &Notebook) -> Items {
    Items {
        utterances: missing(here.utterances(), there.utterances(), |utterance| utterance.id),
        dropped: missing(here.dropped(), there.dropped(), |dropped| {
            (dropped.start, dropped.end, dropped.run)
        }),
        versions: missing(here.versions(), there.versions(), |version| version.id),
        spans: missing(here.spans(), there.spans(), |span| {
            (span.start, span.end, span.class, span.probability.to_bits())
        }),
        roles: missing(here.roles(), there.roles(), |span| {
            (span.start, span.end, span.role, span.probability.to_bits())
        }),
        loudness: missing(here.loudness(), there.loudness(), |span| (span.start, span.end, span.lufs)),
        missed: missing(here.missed(), there.missed(), |range| (range.start, range.end)),
        marks: missing(here.marks(), there.marks(), |mark| mark.id),
    }
}

/// The items `here` that have no namesake `there`.
fn missing<T: Clone, K: Ord>(here: &[T], there: &[T], name: impl Fn(&T) -> K) -> Vec<T> {
    let names: BTreeSet<K> = there.iter().map(&name).collect();
    here.iter().filter(|item| !names.contains(&name(item))).cloned().collect()
}
