//! Telling the host that there is something to save, which the framework has no call for.
//!
//! The listener sees what changes; the host may be told on its main thread alone, which the formats' entries
//! ([`crate::entry`]) know the way to. A host that was told is not told again before it has fetched the state, and
//! never twice within a second: some hosts make a step of their undo list of it.

use earmark_timeline::snapshot::Snapshot;
use parking_lot::Mutex;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::time::{Duration, Instant};

/// How long a host is left in peace after it was told.
pub(crate) const PEACE: Duration = Duration::from_secs(1);

/// A host, as far as unsaved changes go.
pub(crate) trait Host: Send + Sync {
    /// Has [`Herald::tell`] called on the main thread soon. Called on the listener's thread.
    fn call_back(&self, herald: &Herald);

    /// Says that the state changed. Called on the main thread.
    fn mark_dirty(&self);
}

/// One instance's messenger to its host.
#[derive(Default)]
pub(crate) struct Herald {
    host: Mutex<Option<Arc<dyn Host>>>,
    news: Mutex<News>,
    errand: OnceLock<Box<dyn Fn() + Send + Sync>>,
    window: AtomicBool,
    ended: AtomicBool,
}

/// What changed and who knows of it; changes are counted.
#[derive(Default)]
struct News {
    made: u64,
    known: u64,
    /// The main thread was asked for and has not come yet.
    asked: bool,
    /// The host was told and has not fetched the state yet.
    waiting: bool,
    told: Option<Instant>,
}

impl News {
    fn is_due(&self) -> bool {
        self.made > self.known && !self.waiting && self.told.is_none_or(|told| told.elapsed() >= PEACE)
    }
}

thread_local! {
    static NEWEST: RefCell<Weak<Herald>> = const { RefCell::new(Weak::new()) };
}

/// Heralds by the address under which the host knows their instance.
static POSTS: Mutex<BTreeMap<usize, Weak<Herald>>> = Mutex::new(BTreeMap::new());

impl Herald {
    /// A herald without a host; it is the newest of its thread from now on.
    pub(crate) fn new() -> Arc<Self> {
        let herald = Arc::new(Self::default());
        NEWEST.set(Arc::downgrade(&herald));
        herald
    }

    /// Posts the herald that was made last on this thread at an instance's address: the framework makes the
    /// instance and hands out nothing of it.
    pub(crate) fn post_newest<T>(instance: *const T) -> Option<Arc<Self>> {
        let herald = NEWEST.take().upgrade()?;
        let mut posts = POSTS.lock();
        posts.retain(|_, herald| herald.strong_count() > 0);
        posts.insert(instance.addr(), Arc::downgrade(&herald));
        Some(herald)
    }

    /// The herald of the instance at that address.
    pub(crate) fn posted_at<T>(instance: *const T) -> Option<Arc<Self>> {
        POSTS.lock().get(&instance.addr())?.upgrade()
    }

    /// Takes note of the host.
    pub(crate) fn serve(&self, host: Option<Arc<dyn Host>>) {
        let before = std::mem::replace(&mut *self.host.lock(), host);
        // It may call the host as it goes, which is better done unlocked.
        drop(before);
    }

    /// Takes note that the instance is about to be freed: then no function of its host is called any more. The
    /// listener's thread may know the herald for longer.
    pub(crate) fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
        self.serve(None);
    }

    /// Whether the instance is there. Takes no lock.
    pub(crate) fn is_serving(&self) -> bool {
        !self.ended.load(Ordering::Relaxed)
    }

    /// Takes note of the framework's own way to have [`Herald::tell`] called on the main thread.
    pub(crate) fn learn_errand(&self, errand: impl Fn() + Send + Sync + 'static) {
        // The framework makes one editor an instance.
        let _first = self.errand.set(Box::new(errand));
    }

    /// Goes the framework's own way; on Linux it leads to the host's main thread only through an open window.
    pub(crate) fn run_errand(&self) {
        let leads_there = cfg!(not(target_os = "linux")) || self.window.load(Ordering::Relaxed);
        if let Some(errand) = self.errand.get().filter(|_| leads_there) {
            errand();
        }
    }

    /// Takes note of whether a window is open.
    pub(crate) fn note_window(&self, open: bool) {
        self.window.store(open, Ordering::Relaxed);
        // An errand that was run while none was open has led nowhere.
        self.news.lock().asked = false;
    }

    /// Looks for changes. Called on the listener's thread, after each of its rounds.
    pub(crate) fn look(&self, snapshot: &Snapshot) {
        // Held while the host is called, so that it is not gone meanwhile.
        let host = self.host.lock();
        let Some(host) = &*host else { return };
        let mut news = self.news.lock();
        news.made = changes(snapshot);
        if news.is_due() && !std::mem::replace(&mut news.asked, true) {
            drop(news);
            host.call_back(self);
        }
    }

    /// Tells the host if that is due. Called on the main thread.
    pub(crate) fn tell(&self) {
        #[cfg(feature = "planted")]
        if crate::planted::is("silent") {
            return;
        }
        let Some(host) = self.host.lock().clone() else { return };
        let mut news = self.news.lock();
        news.asked = false;
        if news.is_due() {
            (news.known, news.waiting, news.told) = (news.made, true, Some(Instant::now()));
            // The host may fetch the state at once.
            drop(news);
            host.mark_dirty();
        }
    }

    /// Takes note that the host has fetched the state.
    pub(crate) fn saved(&self, snapshot: &Snapshot) {
        let mut news = self.news.lock();
        (news.known, news.waiting) = (changes(snapshot), false);
    }
}

/// How often the notebook changed otherwise than by being loaded.
fn changes(snapshot: &Snapshot) -> u64 {
    snapshot.notebook_revision.saturating_sub(snapshot.restored)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicU32;

    #[derive(Default)]
    struct Counting {
        asked: AtomicU32,
        told: AtomicU32,
    }

    impl Host for Counting {
        fn call_back(&self, _: &Herald) {
            self.asked.fetch_add(1, Ordering::Relaxed);
        }

        fn mark_dirty(&self) {
            self.told.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn at(notebook_revision: u64, restored: u64) -> Snapshot {
        Snapshot { notebook_revision, restored, ..Snapshot::default() }
    }

    /// A herald with a host; and whether that was asked for the main thread, and told, so often so far.
    fn stage() -> (Arc<Herald>, impl Fn(u32, u32)) {
        let (herald, host) = (Herald::new(), Arc::new(Counting::default()));
        herald.serve(Some(Arc::clone(&host) as Arc<dyn Host>));
        let count = |counter: &AtomicU32| counter.load(Ordering::Relaxed);
        (herald, move |asked, told| assert_eq!((count(&host.asked), count(&host.told)), (asked, told)))
    }

    /// As if the host had been told long ago.
    fn wait(herald: &Herald) {
        herald.news.lock().told = Instant::now().checked_sub(PEACE);
    }

    #[test]
    fn a_change_is_told_once_and_on_the_main_thread_alone() {
        let (herald, check) = stage();
        herald.look(&at(0, 0));
        check(0, 0);
        herald.look(&at(1, 0));
        herald.look(&at(2, 0));
        check(1, 0);
        herald.tell();
        herald.tell();
        check(1, 1);
    }

    #[test]
    fn what_is_loaded_is_no_change() {
        let (herald, check) = stage();
        herald.look(&at(3, 3));
        herald.tell();
        check(0, 0);
    }

    #[test]
    fn a_host_that_was_told_is_left_alone_until_it_has_saved_and_for_a_second() {
        let (herald, check) = stage();
        herald.look(&at(1, 0));
        herald.tell();
        wait(&herald);
        herald.look(&at(2, 0));
        check(1, 1);
        herald.saved(&at(2, 0));
        herald.look(&at(2, 0));
        check(1, 1);
        herald.look(&at(3, 0));
        herald.tell();
        check(2, 2);
        herald.saved(&at(3, 0));
        herald.look(&at(4, 0));
        check(2, 2);
        wait(&herald);
        herald.look(&at(4, 0));
        check(3, 2);
    }

    #[test]
    fn a_host_that_could_not_come_is_asked_again_once_a_window_is_open() {
        let (herald, check) = stage();
        herald.look(&at(1, 0));
        herald.look(&at(2, 0));
        check(1, 0);
        herald.note_window(true);
        herald.look(&at(2, 0));
        herald.tell();
        check(2, 1);
    }

    #[test]
    fn a_host_that_is_gone_is_not_called() {
        let (herald, check) = stage();
        herald.look(&at(1, 0));
        herald.end();
        herald.look(&at(2, 0));
        herald.tell();
        check(1, 0);
    }
}
