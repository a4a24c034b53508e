//! Nothing leaves the machine: a whole session, with every model at work, opens no way to a network.

use earmark_tests::fixtures;
use std::process::Command;

/// What a library that sends reports home keeps quiet for; it must have nothing to keep quiet about.
const QUIETENING: [&str; 4] = ["CI", "GITHUB_ACTIONS", "GITLAB_CI", "ORT_DISABLE_TELEMETRY"];

#[test]
fn a_session_opens_no_socket_to_a_network() {
    let folder = tempfile::tempdir().expect("a folder for the trace");
    let trace = folder.path().join("trace");
    let mut session = Command::new("strace");
    session.args([
        "-f",
        "-qq",
        "-e",
        "trace=socket,connect,sendto,sendmsg,sendmmsg",
        "-e",
        "signal=none",
        "-o",
    ]);
    session.arg(&trace).arg(fixtures::program("earmark-demo"));
    session.arg("--plugin").arg(fixtures::plugin().expect("the plugin is built"));
    session.arg("--file").arg(fixtures::fixture("jfk.wav").expect("the fixtures are there"));
    session.arg("--fast").arg("--out").arg(folder.path());
    for variable in QUIETENING {
        session.env_remove(variable);
    }
    let output = session.output().expect("`cargo xtask setup` installs strace");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("[met]     words were heard"), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let transcript = std::fs::read_to_string(folder.path().join("transcript.json")).expect("the export");
    assert!(transcript.contains(r#""class": "speech""#), "the classifier was to work as well: {transcript}");
    let calls = std::fs::read_to_string(&trace).expect("a trace");
    assert!(calls.contains("AF_UNIX"), "the trace is to show the way to the display");
    let outward: Vec<&str> = calls.lines().filter(|call| call.contains("AF_INET")).collect();
    assert!(outward.is_empty(), "ways to a network were opened:\n{}", outward.join("\n"));
}
