//! What can be said without the library and the model; with them the pipeline's tests say more.

use super::*;

#[track_caller]
fn check(library: &str, expected: &str) {
    let error = Classifier::load(Path::new(library), b"").expect_err("no library");
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_missing_library_is_an_error_that_says_what_to_do() {
    check(
        "/nowhere/libonnxruntime.so",
        "the inference library /nowhere/libonnxruntime.so cannot be loaded (there is no such file); \
         fetch it again with `cargo xtask models`",
    );
    check(
        "libonnxruntime.so",
        "the inference library libonnxruntime.so cannot be loaded (its path is not absolute); \
         fetch it again with `cargo xtask models`",
    );
}

#[test]
fn a_file_that_is_no_library_is_an_error() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let error = Classifier::load(&manifest, b"").expect_err("no library");
    assert!(matches!(error, ClassifyError::Library { .. }), "{error}");
}

#[test]
fn a_classifier_can_be_handed_to_another_thread() {
    fn check<T: Send>() {}
    check::<Classifier>();
}
