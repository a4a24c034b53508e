use super::*;
use crate::sample::{podcast, small};
use crate::state;
use std::path::Path;

/// Compares an export of [`small`] with its golden file; with `EARMARK_BLESS` set it writes that instead.
fn check(format: Format, golden: &str) {
    let written = write(&small(), format, &Options { source: Some("take \"1\".wav".to_owned()) });
    if std::env::var_os("EARMARK_BLESS").is_some() {
        let name = format!("src/export/golden/small.{}", format.extension());
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        save(&path, &written, Existing::Replace).expect("a golden file");
    } else {
        assert_eq!(written, golden, "{} differs from its golden file", format.name());
    }
}

#[test]
fn every_format_writes_its_golden_file() {
    check(Format::Txt, include_str!("golden/small.txt"));
    check(Format::Json, include_str!("golden/small.json"));
    check(Format::Srt, include_str!("golden/small.srt"));
    check(Format::Vtt, include_str!("golden/small.vtt"));
}

#[test]
fn an_empty_notebook_is_a_valid_file_in_every_format() {
    let empty = |format| write(&Notebook::default(), format, &Options::default());
    assert_eq!(empty(Format::Txt), "");
    assert_eq!(empty(Format::Srt), "");
    assert_eq!(empty(Format::Vtt), "WEBVTT\n");
    let json: serde_json::Value = serde_json::from_str(&empty(Format::Json)).expect("JSON");
    assert_eq!(json["utterances"], serde_json::json!([]));
}

#[test]
fn formats_have_their_own_names_and_are_found_by_them() {
    for format in Format::ALL {
        assert_eq!(Format::from_name(format.name()), Some(format));
        assert!(!format.describe().contains('\n') && !format.extension().contains('.'));
    }
    assert_eq!(Format::from_name("doc"), None);
}

#[test]
fn json_is_the_same_before_a_save_and_after_a_load() {
    let notebook = podcast(0.05);
    let back = state::decode(&state::encode(&notebook)).expect("our own state");
    let json = |notebook| write(notebook, Format::Json, &Options::default());
    // The one figure that is a mean may round to the other side.
    let words = |text: String| {
        let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let utterances = json["utterances"].as_array().expect("a list").clone();
        utterances.into_iter().map(|utterance| utterance["words"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(words(json(&notebook)), words(json(&back)));
}

#[test]
fn line_breaks_inside_words_break_no_format() {
    assert_eq!(one_line(" a\n\nb\t\u{7}c\u{2028}d\r "), "a b c d");
    assert_eq!(one_line("\u{0} \u{1}"), "");
}
