//! Finds the runtime of RealtimeSanitizer, which rustup's toolchain ships, and links `rt-sanitized` with it.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The only system whose runtime is known to be there and to work.
const TARGET: &str = "x86_64-unknown-linux-gnu";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(rtsan)");
    if std::env::var("TARGET").is_ok_and(|target| target == TARGET)
        && let Some(runtime) = runtime()
    {
        println!("cargo::rustc-cfg=rtsan");
        // Whole, for its interceptors are called by nobody who is linked here; and exported, so that what
        // the plugin calls of the C library is caught too.
        let whole = format!("-Wl,--whole-archive,{},--no-whole-archive", runtime.display());
        for argument in [whole.as_str(), "-rdynamic"] {
            println!("cargo::rustc-link-arg-bin=rt-sanitized={argument}");
        }
    }
}

/// The runtime's archive; its name begins with the toolchain's channel.
fn runtime() -> Option<PathBuf> {
    let rustc = std::env::var_os("RUSTC")?;
    let said = Command::new(rustc).args(["--print", "sysroot"]).output().ok()?;
    let sysroot = String::from_utf8(said.stdout).ok()?;
    let folder = Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).join("lib");
    let mut files = std::fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    files.find(|path| path.to_string_lossy().ends_with("_rt.rtsan.a"))
}
