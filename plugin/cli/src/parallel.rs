//! Several things at once, told in order.

use anyhow::Result;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

/// Does `work` on each item, `jobs` at once, and hands each outcome to `tell` on this thread, in the order of the
/// items and as early as that allows.
///
/// # Errors
/// The first of `tell`, after which no more work is begun.
pub(crate) fn in_order<I: Sync, O: Send>(
    items: &[I],
    jobs: usize,
    work: impl Fn(&I) -> O + Sync,
    mut tell: impl FnMut(&I, O) -> Result<()>,
) -> Result<()> {
    let (next, work) = (&AtomicUsize::new(0), &work);
    thread::scope(|scope| {
        let (sender, outcomes) = mpsc::channel();
        for _ in 0..jobs.min(items.len()) {
            let sender = sender.clone();
            scope.spawn(move || {
                while let Some((index, item)) = take(items, next) {
                    if sender.send((index, work(item))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let (mut early, mut due) = (BTreeMap::new(), 0);
        for (index, outcome) in outcomes {
            early.insert(index, outcome);
            while let Some(outcome) = early.remove(&due) {
                tell(&items[due], outcome)?;
                due += 1;
            }
        }
        Ok(())
    })
}

fn take<'a, I>(items: &'a [I], next: &AtomicUsize) -> Option<(usize, &'a I)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    Some((index, items.get(index)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::bail;

    #[test]
    fn outcomes_come_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..500).collect();
        for jobs in [1, 3, 1_000] {
            let mut told = Vec::new();
            let all = in_order(
                &items,
                jobs,
                |item| item * 2,
                |item, twice| {
                    told.push((*item, twice));
                    Ok(())
                },
            );
            assert!(all.is_ok() && told.iter().map(|told| told.0).eq(items.iter().copied()), "{told:?}");
            assert!(told.iter().all(|(item, twice)| item * 2 == *twice));
        }
    }

    #[test]
    fn what_cannot_be_told_ends_the_work() {
        let begun = AtomicUsize::new(0);
        let items = vec![(); 100_000];
        let count = |(): &()| begun.fetch_add(1, Ordering::Relaxed);
        assert!(in_order(&items, 1, count, |(), _| bail!("nobody listens")).is_err());
        assert!(begun.load(Ordering::Relaxed) < items.len());
    }
}
