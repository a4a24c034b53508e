//! A folder that is watched.

use super::*;
use std::io::{BufRead as _, BufReader, Read};
use std::process::Stdio;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

/// Far longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// The lines that a program writes, as they come.
fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        BufReader::new(stream).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
    });
    lines
}

#[test]
fn a_new_recording_is_listened_to_and_ctrl_c_ends_it_well() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    wav(&at("old.wav"), 24_000);
    let mut command = earmark(&["watch", "--interval", "0.2", "--write-tags", &text(folder.path())]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    let said = lines(child.stdout.take().expect("piped"));
    let complained = lines(child.stderr.take().expect("piped"));
    assert!(complained.recv_timeout(PATIENCE).expect("a line").contains("watching"));

    fs::write(at("broken.wav"), "Dear Sir or Madam").expect("written");
    assert!(complained.recv_timeout(PATIENCE).expect("a line").contains("broken.wav: this is no audio file"));
    wav(&at("new.wav"), 24_000);
    let line = said.recv_timeout(PATIENCE).expect("a line");
    assert!(line.contains("new.wav: 00:00, ") && line.contains("words"), "{line}");

    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("ours");
    assert!(child.wait().expect("ours").success());
    assert!(said.recv().is_err() && complained.recv().is_err(), "each was told once");
    assert!(beside(&at("new.wav")).exists() && !beside(&at("old.wav")).exists());
    assert_eq!(Clip::read(&at("new.wav")).expect("a recording").frames(), 24_000);
}
