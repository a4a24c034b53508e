use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use sync::thread;

/// The very same source once more, over the threads and locks of a scheduler that tries one order after the other.
#[allow(clippy::duplicate_mod, reason = "the tests' copy is to be the real one")]
#[path = "lives.rs"]
mod lives;

/// What `super::sync` is to the real one.
mod sync {
    use std::sync::PoisonError;
    use std::time::Duration;

    pub(super) use shuttle::sync::atomic::AtomicBool;
    pub(super) use shuttle::sync::mpsc::sync_channel;
    pub(super) use shuttle::thread;
    pub(super) use std::sync::mpsc::RecvTimeoutError;

    pub(super) struct Mutex<T>(shuttle::sync::Mutex<T>);

    impl<T> Mutex<T> {
        pub(super) const fn new(content: T) -> Self {
            Self(shuttle::sync::Mutex::new(content))
        }

        pub(super) fn lock(&self) -> shuttle::sync::MutexGuard<'_, T> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner)
        }

        /// Nobody holds a lock for as long as the real one waits.
        pub(super) fn try_lock_for(&self, _: Duration) -> Option<shuttle::sync::MutexGuard<'_, T>> {
            Some(self.lock())
        }
    }

    pub(super) struct Receiver<T>(shuttle::sync::mpsc::Receiver<T>);

    impl<T> Receiver<T> {
        /// Waits, or takes it that the time is over.
        pub(super) fn recv_timeout(&self, _: Duration) -> Result<T, RecvTimeoutError> {
            if shuttle::rand::Rng::r#gen(&mut shuttle::rand::thread_rng()) {
                return Err(RecvTimeoutError::Timeout);
            }
            self.0.recv().map_err(|_| RecvTimeoutError::Disconnected)
        }
    }

    pub(super) fn bounded<T>(room: usize) -> (shuttle::sync::mpsc::SyncSender<T>, Receiver<T>) {
        let (sender, receiver) = sync_channel(room);
        (sender, Receiver(receiver))
    }

    pub(super) const fn keep_loaded() {}
}

use lives::{Life, Lives};

/// So many orders of each scene are tried by chance, and as many by few changes of priority.
const ORDERS: usize = 5_000;

/// How many changes of priority: most faults need two (Burckhardt et al. 2010, "A randomized scheduler with
/// probabilistic guarantees of finding bugs").
const CHANGES: usize = 3;

struct Hub(Life<Hub>);

/// The hubs of one process, and what their threads do.
struct Process {
    lives: &'static Lives<Hub>,
    at_work: AtomicUsize,
    /// How many have begun to work, in all orders.
    begun: Arc<AtomicUsize>,
}

impl Process {
    fn new(begun: Arc<AtomicUsize>) -> Arc<Self> {
        let lives = Box::leak(Box::new(Lives::new()));
        Arc::new(Self { lives, at_work: AtomicUsize::default(), begun })
    }

    fn shared(self: &Arc<Self>) -> Arc<Hub> {
        self.shared_that(|| ())
    }

    /// The hub that somebody holds, or one whose thread does `work` before it waits for its end.
    fn shared_that(self: &Arc<Self>, work: impl FnOnce() + Send + 'static) -> Arc<Hub> {
        let process = Arc::clone(self);
        let serve = move |quit: Arc<sync::AtomicBool>| {
            process.begun.fetch_add(1, Ordering::Relaxed);
            let others = process.at_work.fetch_add(1, Ordering::Relaxed);
            assert_eq!(others, 0, "the threads of two hubs are at work at once");
            work();
            while !quit.load(Ordering::Acquire) {
                thread::yield_now();
            }
            process.at_work.fetch_sub(1, Ordering::Relaxed);
        };
        self.lives.shared(serve, Hub).expect("there is always a thread")
    }

    fn end(&self) {
        self.lives.end(|hub| hub.0.quit());
        assert_eq!(self.at_work.load(Ordering::Relaxed), 0, "a thread is left");
    }
}

fn check(scene: fn(&Arc<Process>)) {
    let begun = Arc::<AtomicUsize>::default();
    let theirs = Arc::clone(&begun);
    let scene = move || scene(&Process::new(Arc::clone(&theirs)));
    shuttle::check_random(scene.clone(), ORDERS);
    shuttle::check_pct(scene, ORDERS, CHANGES);
    assert!(begun.load(Ordering::Relaxed) >= ORDERS, "a scene in which nothing happens shows nothing");
}

#[test]
fn hubs_come_and_go_one_after_the_other() {
    check(|process| {
        let hosts = [(); 3].map(|()| {
            let process = Arc::clone(process);
            thread::spawn(move || {
                for _ in 0..2 {
                    drop(process.shared());
                }
            })
        });
        for host in hosts {
            host.join().expect("no host fails");
        }
        process.end();
    });
}

#[test]
fn a_process_ends_while_others_hold_its_hub_or_let_it_go() {
    check(|process| {
        std::mem::forget(process.shared());
        let theirs = Arc::clone(process);
        thread::spawn(move || drop(theirs.shared()));
        process.end();
    });
    check(|process| {
        let hub = process.shared();
        thread::spawn(move || drop(hub));
        process.end();
    });
}

#[test]
fn a_hub_may_go_on_its_own_thread() {
    check(|process| {
        let (give, take) = sync::sync_channel(1);
        let hub = process.shared_that(move || drop(take.recv()));
        give.send(hub).expect("its thread takes it");
        drop(process.shared());
        process.end();
    });
}

#[test]
fn a_thread_that_takes_its_time_is_left_behind_and_waited_for_in_the_end() {
    struct Hub(#[expect(dead_code, reason = "it ends with its hub")] super::Life<Hub>);
    let lives: &'static super::Lives<Hub> = Box::leak(Box::new(super::Lives::new()));
    let (go, wait) = crossbeam_channel::bounded::<()>(0);
    let ended = Arc::new(AtomicBool::new(false));
    let theirs = Arc::clone(&ended);
    let serve = move |_| {
        let _gone = wait.recv();
        theirs.store(true, Ordering::Release);
    };
    drop(lives.shared(serve, Hub).expect("the system has threads"));
    assert!(!ended.load(Ordering::Acquire));
    drop(go);
    lives.end(|_| ());
    assert!(ended.load(Ordering::Acquire));
}
