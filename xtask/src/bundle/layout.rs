//! Where the binary lies inside a bundle.
//!
//! CLAP: a plain file, on macOS a bundle (`clap/entry.h`). VST3: a bundle everywhere ("Plug-in Format
//! Structure" in Steinberg's VST 3 developer portal).

use std::path::PathBuf;

use serde_json::json;

/// A plugin format.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// CLever Audio Plug-in.
    Clap,
    /// Steinberg's VST 3.
    Vst3,
}

impl Format {
    /// The end of the file's or folder's name.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Format::Clap => "clap",
            Format::Vst3 => "vst3",
        }
    }
}

/// An operating system, as far as bundles differ, with its architecture in Rust's words.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum System {
    /// Linux and the like.
    Linux(&'static str),
    /// macOS.
    Mac,
    /// Windows.
    Windows(&'static str),
}

impl System {
    /// The system that this program was built for.
    pub(crate) fn here() -> Self {
        let architecture = std::env::consts::ARCH;
        if cfg!(target_os = "macos") {
            System::Mac
        } else if cfg!(windows) {
            System::Windows(architecture)
        } else {
            System::Linux(architecture)
        }
    }
}

/// The binary's path inside the bundle; `None` when the bundle is the binary.
pub(crate) fn binary(system: System, format: Format, name: &str) -> Option<PathBuf> {
    let path = match (system, format) {
        (System::Mac, _) => format!("Contents/MacOS/{name}"),
        (_, Format::Clap) => return None,
        (System::Linux(architecture), Format::Vst3) => format!("Contents/{architecture}-linux/{name}.so"),
        (System::Windows("aarch64"), Format::Vst3) => format!("Contents/arm64-win/{name}.vst3"),
        (System::Windows(architecture), Format::Vst3) => format!("Contents/{architecture}-win/{name}.vst3"),
    };
    Some(path.into())
}

/// Other files that a bundle needs, with their content; none where the bundle is the binary.
pub(crate) fn companions(
    system: System,
    format: Format,
    name: &str,
    version: &str,
) -> Vec<(&'static str, String)> {
    let mut files = Vec::new();
    if format == Format::Vst3 {
        files.push(("Contents/Resources/moduleinfo.json", module_info(name, version)));
    }
    if system == System::Mac {
        files.extend(property_lists(name, version));
    }
    files
}

/// What a host learns of the plugin without loading it ("moduleinfo.json" in Steinberg's VST 3 developer portal). It
/// has to be what the factory says, which `tests/tests/host.rs` compares.
fn module_info(name: &str, version: &str) -> String {
    let vendor = "Earmark";
    let class = json!({
        // The same on every system: where a class's number is stored in another order, its text is not.
        "CID": b"EarmarkListener1".map(|byte| format!("{byte:02X}")).concat(),
        "Category": "Audio Module Class",
        "Name": name,
        "Vendor": vendor,
        "Version": version,
        "SDKVersion": "VST 3.6.14",
        "Sub Categories": ["Fx", "Analyzer"],
        // kSimpleModeSupported, and kManyInstances.
        "Class Flags": 2,
        "Cardinality": i32::MAX,
        "Snapshots": [],
    });
    let flags = json!({ "Unicode": true, "Classes Discardable": false, "Component Non Discardable": false });
    let factory = json!({
        "Vendor": vendor,
        "URL": "https://github.com/earmark-audio/earmark",
        "E-Mail": "",
        "Flags": flags,
    });
    let info = json!({ "Name": name, "Version": version, "Factory Info": factory, "Classes": [class] });
    format!("{info:#}\n")
}

fn property_lists(name: &str, version: &str) -> [(&'static str, String); 2] {
    let entries = [
        ("CFBundleDevelopmentRegion", "English"),
        ("CFBundleExecutable", name),
        ("CFBundleIdentifier", "org.earmark.plugin"),
        ("CFBundleName", name),
        ("CFBundlePackageType", "BNDL"),
        ("CFBundleShortVersionString", version),
        ("CFBundleVersion", version),
    ];
    let entries: String =
        entries.iter().map(|(key, value)| format!("  <key>{key}</key><string>{value}</string>\n")).collect();
    let property_list = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\">\n<dict>\n{entries}</dict>\n</plist>\n"
    );
    [("Contents/Info.plist", property_list), ("Contents/PkgInfo", "BNDL????".to_owned())]
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn check(system: System, format: Format, expected: Option<&str>) {
        assert_eq!(binary(system, format, "Earmark").as_deref(), expected.map(Path::new));
    }

    #[test]
    fn the_binary_lies_where_the_formats_say() {
        check(System::Linux("x86_64"), Format::Clap, None);
        check(System::Linux("x86_64"), Format::Vst3, Some("Contents/x86_64-linux/Earmark.so"));
        check(System::Linux("aarch64"), Format::Vst3, Some("Contents/aarch64-linux/Earmark.so"));
        check(System::Mac, Format::Clap, Some("Contents/MacOS/Earmark"));
        check(System::Mac, Format::Vst3, Some("Contents/MacOS/Earmark"));
        check(System::Windows("x86_64"), Format::Clap, None);
        check(System::Windows("x86_64"), Format::Vst3, Some("Contents/x86_64-win/Earmark.vst3"));
    }

    #[test]
    fn each_bundle_has_the_companions_that_its_system_and_format_want() {
        let check = |system, format, expected: &[&str]| {
            let files = companions(system, format, "Earmark", "1.0.0");
            assert_eq!(files.iter().map(|(path, _)| *path).collect::<Vec<_>>(), expected);
            assert!(files.iter().all(|(_, text)| text.contains("Earmark") || text.starts_with("BNDL")));
        };
        let (info, lists) =
            ("Contents/Resources/moduleinfo.json", ["Contents/Info.plist", "Contents/PkgInfo"]);
        check(System::Linux("x86_64"), Format::Clap, &[]);
        check(System::Linux("x86_64"), Format::Vst3, &[info]);
        check(System::Mac, Format::Clap, &lists);
        check(System::Mac, Format::Vst3, &[info, lists[0], lists[1]]);
    }
}
