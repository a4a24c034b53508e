//! One round of what `cargo xtask soak` does for as long as it is told to.

use earmark_tests::fixtures;
use std::process::Command;

#[test]
fn a_round_of_all_that_hosts_do_loses_nothing_and_ends_with_the_words_of_a_clean_pass() {
    let mut soak = Command::new(fixtures::program("soak"));
    soak.arg("--plugin").arg(fixtures::plugin().expect("the plugin is built"));
    for recording in ["sonnet1.mp3", "jfk.wav"] {
        soak.arg("--file").arg(fixtures::fixture(recording).expect("the fixtures are there"));
    }
    // It brings a display of its own, and draws the same on every machine.
    soak.args(["--minutes", "0", "--seed", "1"]).env_remove("DISPLAY").env("LIBGL_ALWAYS_SOFTWARE", "1");
    let output = soak.output().expect("`cargo build -p earmark-tests --bins` builds it");
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("round 1: 10 deeds"), "{said}");
}
