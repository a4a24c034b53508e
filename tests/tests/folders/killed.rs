//! The program is killed while it writes.

use super::*;
use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

/// How often each command is killed.
const TIMES: u32 = 25;
/// 12 MB: writing it is most of a run.
const FRAMES: u32 = 3_000_000;
const SIGKILL: i32 = 9;

/// Kills a command at moments all over its run, and looks after each what it left.
fn kill(arguments: &[&str], mut look: impl FnMut()) {
    let command = || {
        let mut command = earmark(arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let begun = Instant::now();
    assert!(command().status().expect("it runs").success(), "{arguments:?}");
    let mut took = begun.elapsed();
    look();
    let (mut killed, mut whole) = (0, 0);
    while killed < TIMES {
        let mut child = command().spawn().expect("it runs");
        thread::sleep(took.mul_f64(f64::from(killed) / f64::from(TIMES)));
        child.kill().expect("ours");
        let end = child.wait().expect("ours");
        look();
        if end.signal() == Some(SIGKILL) {
            killed += 1;
        } else {
            // It was quicker this time.
            assert!(end.success() && whole < 500, "{arguments:?}: {end}");
            whole += 1;
            took = took.mul_f64(0.9);
        }
    }
}

/// A file as it was before each run.
struct Before {
    path: PathBuf,
    contents: Vec<u8>,
    modified: SystemTime,
}

impl Before {
    fn new(path: PathBuf) -> Self {
        let contents = fs::read(&path).expect("a file");
        let modified = fs::metadata(&path).and_then(|file| file.modified()).expect("a time");
        Self { path, contents, modified }
    }

    /// What is there now, which is then put back as it was.
    fn swap(&self) -> Vec<u8> {
        let now = fs::read(&self.path).expect("a file");
        if now != self.contents {
            fs::write(&self.path, &self.contents).expect("room on the disk");
            File::options()
                .append(true)
                .open(&self.path)
                .and_then(|file| file.set_modified(self.modified))
                .expect("a time");
        }
        now
    }
}

/// The first other content that is seen is whole, for it is that of a run that was not killed.
fn old_or_new(before: &Before) -> impl FnMut() + use<'_> {
    let mut new = None;
    move || {
        let now = before.swap();
        if now == before.contents {
            assert!(new.is_some(), "nothing was written");
            return;
        }
        // Behind the samples, the tags come in any order.
        let length = before.contents.len();
        assert!(now.len() > length, "{} is too short", before.path.display());
        let (kept, added) = now.split_at(length);
        let mut added = added.to_vec();
        added.sort_unstable();
        let now = (kept.to_vec(), added);
        assert!(
            *new.get_or_insert_with(|| now.clone()) == now,
            "{} is neither old nor new",
            before.path.display()
        );
    }
}

#[test]
fn a_kill_at_any_moment_leaves_the_old_or_the_new_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let [take, marked] = ["take.wav", "marked.wav"].map(at);
    wav(&take, FRAMES);
    fs::copy(&take, &marked).expect("copied");
    pretend_heard(&take, "Testing, one two.");
    let notes = Before::new(beside(&take));
    let (take, marked) = (Before::new(take), Before::new(marked));
    let [take_name, notes_name, marked_name] = [&take, &notes, &marked].map(|file| text(&file.path));

    kill(
        &[
            "export",
            &notes_name,
            "--include",
            "utterances",
            "--recording",
            &take_name,
            "-o",
            &marked_name,
            "--force",
        ],
        old_or_new(&marked),
    );
    let mut recording = old_or_new(&take);
    kill(&["tag", "--resume", "--write-tags", &take_name], || {
        recording();
        // It says when the recording was changed, which differs each time.
        import::read(Source::Json, &notes.swap()).expect("whole");
    });

    let names =
        || fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("an entry").path());
    let is_left =
        |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".earmark-"));
    let left: Vec<PathBuf> = names().filter(is_left).collect();
    assert_eq!(names().count(), 3 + left.len(), "{:?}", names().collect::<Vec<_>>());
    assert!(!left.is_empty(), "no kill was in time");
    for path in &left {
        let file = File::options().append(true).open(path).expect("a file");
        file.set_modified(SystemTime::now() - Duration::from_secs(2 * 60 * 60)).expect("a time");
    }
    // There is nothing to be listened to but what was.
    fs::remove_file(&marked.path).expect("ours");
    run(&["tag", "--resume", &text(folder.path())], 0);
    assert_eq!(names().count(), 2, "the next run clears away what was left");
}
