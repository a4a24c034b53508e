use super::*;
use crate::whisper_file::tests::{TINY, file};

/// A folder with a file of a person's, and a store in another one.
fn stage(test: &str) -> (PathBuf, PathBuf, Store) {
    let folder = std::env::temp_dir().join(format!("earmark-own-{}-{test}", std::process::id()));
    let _left_over = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the temporary folder can be written");
    let path = folder.join("My Model (v2).bin");
    fs::write(&path, file(TINY)).expect("the temporary folder can be written");
    let store = Store::at(folder.join("models"));
    (folder, path, store)
}

#[test]
fn an_added_model_has_a_card_that_says_what_is_not_known_and_its_file_is_checked_as_any() {
    let (folder, path, store) = stage("added");
    let card = store.add(&path).expect("a Whisper");
    assert_eq!(card.name, "own-my-model--v2");
    for text in [&card.licence, &card.training_data, &card.accuracy, &card.speed] {
        assert!(text.starts_with("Not known"), "{text}");
    }
    assert_eq!(store.card(&card.name).expect("its card"), card);
    assert_eq!(store.read(&card).expect("its file"), file(TINY));
    assert_eq!(store.cards().len(), registry().len() + 1);
    assert!(matches!(store.add(&path), Err(OwnError::Taken(_))));

    fs::write(folder.join("models").join(&card.file), b"something else").expect("the folder can be written");
    assert!(store.read(&card).is_err(), "an altered file is refused");
    store.remove(&card.name).expect("it can be removed");
    assert_eq!(fs::read_dir(folder.join("models")).map(Iterator::count).unwrap_or(1), 0);
    assert!(matches!(store.remove(&card.name), Err(OwnError::Model(ModelError::Unknown { .. }))));
    let _removed = fs::remove_dir_all(folder);
}

#[test]
fn what_came_with_earmark_is_not_removed_and_what_is_no_whisper_is_not_added() {
    let (folder, path, store) = stage("refused");
    assert!(matches!(store.remove("whisper-tiny.en"), Err(OwnError::NotOwn(_))));
    let mut absurd = file(TINY);
    absurd[4..8].copy_from_slice(&(1u32 << 30).to_le_bytes());
    fs::write(&path, absurd).expect("the temporary folder can be written");
    assert!(matches!(store.add(&path), Err(OwnError::NotWhisper("vocabulary size"))));
    assert!(matches!(store.add(&folder.join("nothing")), Err(OwnError::File { .. })));
    assert!(!folder.join("models").exists(), "nothing is left of what was refused");
    let _removed = fs::remove_dir_all(folder);
}

#[test]
fn a_card_that_points_elsewhere_or_poses_as_another_counts_as_none() {
    let (folder, path, store) = stage("posing");
    let card = store.add(&path).expect("a Whisper");
    let beside = folder.join("models").join(format!("{}{ENDING}", card.name));
    for posing in [
        Card { file: "../../secret".to_owned(), ..card.clone() },
        Card { name: "whisper-tiny.en".to_owned(), ..card.clone() },
        Card { kind: Kind::Runtime, ..card.clone() },
    ] {
        let text = toml::to_string(&posing).expect("a card is TOML");
        fs::write(&beside, text).expect("the folder can be written");
        assert_eq!(store.cards(), registry());
    }
    let _removed = fs::remove_dir_all(folder);
}
