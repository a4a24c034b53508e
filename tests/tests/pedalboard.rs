//! The VST3 in a host that is not ours: pedalboard, from PyPI, into a folder below the target folder.

use earmark_tests::fixtures;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The version that was seen to work, and the one that is tested.
const PACKAGE: &str = "pedalboard==0.9.26";

/// Plays noise through the plugin in blocks of several sizes and prints how often output was not input.
const SCRIPT: &str = r#"
import sys
import numpy
from pedalboard import load_plugin

plugin = load_plugin(sys.argv[1])
noise = numpy.random.default_rng(7).uniform(-1, 1, (2, 48000)).astype(numpy.float32)
checked = 0
for rate in (44100, 48000, 96000):
    for block in (64, 480, 512, 1024, 8192):
        for channels in (1, 2):
            out = plugin.process(noise[:channels], rate, buffer_size=block, reset=True)
            if out.shape != (channels, noise.shape[1]) or out.tobytes() != noise[:channels].tobytes():
                sys.exit(f"not bit for bit: {channels} channels in blocks of {block} at {rate} Hz")
            checked += 1
state = plugin.raw_state
plugin.raw_state = state
print(checked, "passed bit for bit")
"#;

#[test]
fn pedalboard_gets_back_what_it_puts_in() {
    let plugin = fixtures::vst3().expect("the bundle is built");
    let python = environment();
    let output = Command::new(&python).arg("-c").arg(SCRIPT).arg(&plugin).output().expect("python runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("30 passed bit for bit"),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The Python of an environment that has pedalboard; made on first use, kept for the next.
fn environment() -> PathBuf {
    let folder = fixtures::target().join("pedalboard");
    let python = folder.join("bin/python");
    let has_package = || {
        Command::new(&python)
            .args(["-c", "import numpy, pedalboard"])
            .output()
            .is_ok_and(|out| out.status.success())
    };
    if !has_package() {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder));
        run(Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .arg(PACKAGE));
        assert!(has_package(), "pedalboard does not import from {}", folder.display());
    }
    python
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| {
        panic!("{} does not start ({error}); `cargo xtask setup` installs it", name(command))
    });
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{} failed: {text}", name(command));
}

fn name(command: &Command) -> String {
    Path::new(command.get_program()).display().to_string()
}
