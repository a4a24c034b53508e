use std::fs;
use std::path::{Path, PathBuf};

use super::*;

const CONTENT: &[u8] = b"weights that stand for weights";

fn card_of(content: &[u8]) -> Card {
    let mut card = crate::registry()[0].clone();
    card.file = "model.bin".to_owned();
    card.bytes = content.len() as u64;
    card.sha256 = Sha256::of(content);
    card
}

/// A folder of its own for one test, empty at its start and gone at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("earmark-models-{}-{test}", std::process::id()));
        fs::create_dir_all(&path).expect("the temporary folder can be written");
        Self(path)
    }

    fn with(test: &str, content: &[u8]) -> Self {
        let folder = Self::new(test);
        fs::write(folder.0.join("model.bin"), content).expect("the temporary folder can be written");
        folder
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Both ways to get at a file agree, and a refusal names the file and the remedy.
fn check(test: &str, on_disk: Option<&[u8]>, expected: fn(&ModelError) -> bool) {
    let folder = on_disk.map_or_else(|| Folder::new(test), |content| Folder::with(test, content));
    let store = Store::at(&folder.0);
    let card = card_of(CONTENT);
    for error in [store.read(&card).map(drop), store.verified_path(&card).map(drop)] {
        let error = error.expect_err("the file is refused");
        assert!(expected(&error), "{error:?}");
        let message = error.to_string();
        assert!(message.contains("model.bin") && message.contains("cargo xtask models"), "{message}");
    }
}

#[test]
fn an_intact_file_is_handed_out() {
    let folder = Folder::with("intact", CONTENT);
    let store = Store::at(&folder.0);
    let card = card_of(CONTENT);
    assert_eq!(store.read(&card).expect("intact"), CONTENT);
    assert_eq!(store.verified_path(&card).expect("intact"), folder.0.join("model.bin"));
}

#[test]
fn a_missing_file_is_refused_with_the_folders_looked_in() {
    check(
        "missing",
        None,
        |error| matches!(error, ModelError::Missing { folders, .. } if folders.len() == 1),
    );
}

#[test]
fn a_truncated_file_is_refused() {
    check("truncated", Some(&CONTENT[..7]), |error| {
        matches!(error, ModelError::Truncated { found: 7, expected: 30, .. })
    });
}

#[test]
fn an_empty_file_is_refused() {
    check("empty", Some(b""), |error| matches!(error, ModelError::Truncated { found: 0, .. }));
}

#[test]
fn one_flipped_bit_is_refused() {
    let mut altered = CONTENT.to_vec();
    altered[11] ^= 1;
    check("altered", Some(&altered), |error| matches!(error, ModelError::Altered { .. }));
}

#[test]
fn a_longer_file_is_refused() {
    let longer = [CONTENT, b"!"].concat();
    check("longer", Some(&longer), |error| matches!(error, ModelError::Altered { .. }));
}

#[test]
fn a_folder_in_the_files_place_is_refused_as_missing() {
    let folder = Folder::new("folder");
    fs::create_dir(folder.0.join("model.bin")).expect("the temporary folder can be written");
    let error = Store::at(&folder.0).read(&card_of(CONTENT)).expect_err("a folder is no model");
    assert!(matches!(error, ModelError::Missing { .. }), "{error:?}");
}

#[test]
fn the_first_folder_that_has_the_file_wins() {
    let (first, second) = (Folder::with("first", CONTENT), Folder::with("second", CONTENT));
    let empty = Folder::new("nothing");
    let store = Store::at(&empty.0).or_beside(&first.0).or_beside(&second.0);
    assert_eq!(store.find(&card_of(CONTENT)).expect("present"), first.0.join("model.bin"));
}

#[test]
fn the_environment_comes_before_the_user_and_the_user_before_the_system() {
    let folders = search_path(Some("/chosen".into()), Some("/home/me/models".into()));
    assert_eq!(folders[..2], [Path::new("/chosen"), Path::new("/home/me/models")]);
    let system = cfg!(unix);
    assert_eq!(folders[2..].iter().any(|folder| folder.starts_with("/usr")), system);
}

#[test]
fn an_empty_variable_counts_as_unset() {
    assert_eq!(search_path(Some("".into()), Some("/home/me/models".into()))[0], Path::new("/home/me/models"));
}
