//! Nothing leaves the machine: a whole session, with every model at work, opens no way to a network, and
//! writes nothing but what it was told to write.

use earmark_tests::fixtures;
use earmark_tests::traced::{CALLS, Touched, outward, touched};
use std::path::Path;
use std::process::Command;

/// What a library that sends reports home keeps quiet for; it must have nothing to keep quiet about.
const QUIETENING: [&str; 4] = ["CI", "GITHUB_ACTIONS", "GITLAB_CI", "ORT_DISABLE_TELEMETRY"];

/// Runs a program under strace and returns its output's text and the trace.
fn traced(folder: &Path, program: &str, arguments: &[&str]) -> (String, String) {
    let trace = folder.join("trace");
    let mut session = Command::new("strace");
    session.args(["-f", "-qq", "-s", "512", "-e", &format!("trace={CALLS}"), "-e", "signal=none", "-o"]);
    session.arg(&trace).arg(fixtures::program(program)).args(arguments);
    for variable in QUIETENING {
        session.env_remove(variable);
    }
    let output = session.output().expect("`cargo xtask setup` installs strace");
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(output.status.success(), "{program} {arguments:?}: {text}");
    (text, std::fs::read_to_string(&trace).expect("a trace"))
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[test]
fn a_plugins_session_opens_no_socket_to_a_network_and_writes_where_it_is_told() {
    let folder = tempfile::tempdir().expect("a folder for the trace");
    let plugin = text(&fixtures::plugin().expect("the plugin is built"));
    let file = text(&fixtures::fixture("jfk.wav").expect("the fixtures are there"));
    let out = text(folder.path());
    let arguments = ["--plugin", &plugin, "--file", &file, "--fast", "--out", &out];
    let (said, calls) = traced(folder.path(), "earmark-demo", &arguments);
    assert!(said.contains("[met]     words were heard"), "{said}");
    let transcript = std::fs::read_to_string(folder.path().join("transcript.json")).expect("the export");
    assert!(transcript.contains(r#""class": "speech""#), "the classifier was to work as well: {transcript}");
    assert!(calls.contains("AF_UNIX"), "the trace is to show the way to the display");
    assert_eq!(outward(&calls), Vec::<&str>::new(), "ways to a network were opened");
    // The display's server and the graphics library keep their own files.
    let others = [
        "/dev/",
        "/proc/",
        "/tmp/.X",
        "/tmp/.tX",
        "/tmp/server-",
        "/var/lib/xkb",
        "mesa_shader_cache",
        "/memfd:",
    ];
    let written: Vec<_> = touched(&calls)
        .into_iter()
        .filter(|it| it.changed && !it.path.starts_with(&out))
        .filter(|it| !others.iter().any(|other| it.path.contains(other)))
        .collect();
    assert_eq!(written, Vec::<Touched>::new(), "files were written that nobody named");
}

#[test]
fn the_program_reads_models_and_recordings_writes_exports_and_opens_no_socket() {
    let folder = tempfile::tempdir().expect("a folder for the trace");
    let out = text(folder.path());
    let recording = text(&fixtures::fixture("jfk.wav").expect("the fixtures are there"));
    let named = |name: &str| text(&folder.path().join(name));
    let (json, srt, merged) = (named("jfk.json"), named("jfk.srt"), named("both.vtt"));
    let copy = named("copy.wav");
    std::fs::copy(&recording, &copy).expect("copied");
    let twin = format!("Twin={json}");
    for task in [
        &["transcribe", &recording, "--output", &json][..],
        &["export", &json, "--output", &srt],
        &["merge", &json, &twin, "--output", &merged],
        &["tag", "--resume", "--write-tags", &copy],
        &["find", "country", &out],
        &["models"],
        &["models", "show", "whisper-tiny.en"],
        &["models", "verify"],
    ] {
        let (_, calls) = traced(folder.path(), "earmark", task);
        assert!(calls.contains("execve"), "the trace is to show the program");
        let sockets: Vec<&str> = calls.lines().filter(|call| call.contains("socket(")).collect();
        assert_eq!(sockets, Vec::<&str>::new(), "{task:?}");
        // The system's libraries and what it says of itself, the program, the models, and what was named.
        let read = [
            "/lib",
            "/usr/lib",
            "/etc/ld.so",
            "/proc/",
            "/sys/",
            "/dev/",
            "/etc/localtime",
            "/usr/share/zoneinfo",
        ];
        let program = text(fixtures::program("earmark").parent().expect("a folder"));
        let is_named = |it: &Touched| it.path.starts_with(&out) || (!it.changed && it.path == recording);
        let is_own = |it: &Touched| it.path.contains("earmark") || it.path.starts_with(&program);
        let is_system = |it: &Touched| read.iter().any(|begin| it.path.starts_with(begin));
        let others: Vec<_> = touched(&calls)
            .into_iter()
            .filter(|it| !is_named(it) && (it.changed || !(is_own(it) || is_system(it))))
            .filter(|it| !it.path.starts_with("/dev/"))
            .collect();
        assert_eq!(others, Vec::<Touched>::new(), "{task:?}");
    }
    let transcript = std::fs::read_to_string(&json).expect("the export");
    for part in ["\"sha256\"", "\"joules\"", "\"energy\"", "\"hand\": 0"] {
        assert!(transcript.contains(part), "{part} is not in {transcript}");
    }
}

/// What the dynamic linker is to find for a library or program: names of functions.
fn imports(path: &Path) -> Vec<String> {
    let output = Command::new("nm").args(["-D", "--undefined-only"]).arg(path).output();
    let output = output.expect("binutils come with the compiler");
    let names = String::from_utf8_lossy(&output.stdout);
    let name = |line: &str| Some(line.split_whitespace().last()?.split('@').next()?.to_owned());
    names.lines().filter_map(name).collect()
}

/// The ways to a network, and those to be found on one.
const NETWORK: [&str; 12] = [
    "accept",
    "accept4",
    "bind",
    "connect",
    "gethostbyname",
    "getaddrinfo",
    "listen",
    "res_query",
    "sendto",
    "socket",
    "getnameinfo",
    "recvfrom",
];

#[test]
fn the_program_imports_nothing_of_a_network_and_the_plugin_only_its_way_to_the_display() {
    let of_a_network = |path: &Path| {
        let imports = imports(path);
        assert!(imports.iter().any(|name| name == "memcpy"), "{}: no list of imports", path.display());
        imports.into_iter().filter(|name| NETWORK.contains(&name.as_str())).collect::<Vec<_>>()
    };
    assert_eq!(of_a_network(&fixtures::program("earmark")), Vec::<String>::new());
    // The X11 library connects to the display that DISPLAY names, which may be on another machine if the user
    // says so; it brings these along, and nothing else may.
    let display = ["connect", "getaddrinfo", "socket"];
    let others = of_a_network(&fixtures::plugin().expect("the plugin is built"));
    let others: Vec<_> = others.iter().filter(|name| !display.contains(&name.as_str())).collect();
    assert!(others.is_empty(), "{others:?}");
}
