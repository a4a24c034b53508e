//! Where the binary lies inside a bundle.
//!
//! CLAP: a plain file, on macOS a bundle (`clap/entry.h`). VST3: a bundle everywhere ("Plug-in Format
//! Structure" in Steinberg's VST 3 developer portal).

use std::path::PathBuf;

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

/// Other files that the bundle needs, with their content.
pub(crate) fn companions(system: System, name: &str, version: &str) -> Vec<(&'static str, String)> {
    if system != System::Mac {
        return Vec::new();
    }
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
    vec![("Contents/Info.plist", property_list), ("Contents/PkgInfo", "BNDL????".to_owned())]
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
    fn only_macos_wants_a_property_list() {
        assert!(companions(System::Linux("x86_64"), "Earmark", "1.0.0").is_empty());
        let files = companions(System::Mac, "Earmark", "1.0.0");
        assert!(files.iter().any(|(path, text)| path.ends_with("Info.plist") && text.contains("Earmark")));
    }
}
