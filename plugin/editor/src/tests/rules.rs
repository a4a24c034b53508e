//! House rules that only the source can show.

use std::path::Path;

/// Numbers that say "none", "half", "all", "both sides" and are not sizes.
const PLAIN: [&str; 4] = ["0.0", "0.5", "1.0", "2.0"];

fn sources(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// The decimal numbers in a line of code, without its comment.
fn numbers(line: &str) -> Vec<&str> {
    let code = line.split("//").next().unwrap_or_default();
    code.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '_'))
        .filter(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        .filter(|word| word.contains('.') && !word.contains(".."))
        .collect()
}

#[test]
fn only_the_theme_holds_colours_and_sizes() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = vec![source.join("views.rs"), source.join("editor.rs")];
    sources(&source.join("views"), &mut files);
    assert!(files.len() > 8, "the views have moved: {files:?}");
    for file in files {
        let text = std::fs::read_to_string(&file).expect("source is text");
        for (index, line) in text.lines().enumerate() {
            let place = format!("{}:{}: {line}", file.display(), index + 1);
            assert!(!line.contains("from_rgb") && !line.contains("Color32::"), "a colour at {place}");
            for number in numbers(line) {
                assert!(PLAIN.contains(&number), "the size {number} at {place}");
            }
        }
    }
}
