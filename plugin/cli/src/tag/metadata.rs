//! What was heard, in a recording's own tags, which other programs show. Audio is never touched.

use super::summary::Summary;
use crate::recording::{Stamp, audio_sha256};
use anyhow::{Result, anyhow, bail};
use earmark_archive::export::{self, Bext, Existing};
use earmark_engine::decode;
use earmark_timeline::tag::SoundClass;
use lofty::config::{ParseOptions, WriteOptions};
use lofty::error::LoftyError;
use lofty::file::{FileType, TaggedFileExt as _};
use lofty::probe::Probe;
use lofty::tag::{ItemKey, ItemValue, Tag, TagExt as _, TagItem, TagType};
use std::fs::File;
use std::io::{self, BufReader, Seek as _};
use std::path::Path;

/// How a text begins that Earmark wrote and may replace.
const OURS: &str = "Earmark: ";

/// Writes a comment, a description and a grouping into the tags of a recording with the samples of `audio_sha256`,
/// wherever a format has them (of a WAV, the broadcast one too) and nobody else wrote them; says whether anything was to be changed. The tags go into a
/// copy, which takes the recording's place once its samples are found to be the same.
///
/// # Errors
/// A sentence that names the file and the remedy; the recording is as it was.
pub(super) fn write(recording: &Path, summary: &Summary, audio_sha256: &str) -> Result<bool> {
    let name = recording.display();
    // Behind a link, the file itself is replaced and not the link.
    let path = &recording.canonicalize()?;
    let before = Stamp::of(path)?;
    let mut original = File::open(path)?;
    let refused =
        |error: LoftyError| anyhow!("{name}: its tags cannot be written ({error}); leave out --write-tags");
    let fields = fields(summary);
    let tags = changed(&original, &fields).map_err(refused)?;
    // The field of a broadcast WAV, which editors show, has room for one text.
    let description = fields.first().map_or("", |(_, comment)| comment);
    let bext = |file: &mut File| Bext::new(file, description, |there| is_ours(ItemKey::Comment, there));
    if tags.is_empty() && bext(&mut original)?.is_none() {
        return Ok(false);
    }
    let permissions = original.metadata()?.permissions();
    if permissions.readonly() {
        bail!("{name} may not be written to; change its permissions, or leave out --write-tags");
    }
    export::save_with(path, Existing::Replace, |copy| {
        original.rewind()?;
        io::copy(&mut original, copy)?;
        copy.set_permissions(permissions)?;
        for tag in &tags {
            copy.rewind()?;
            tag.save_to(copy, WriteOptions::default()).map_err(refused)?;
        }
        if let Some(bext) = bext(copy)? {
            bext.write(copy)?;
        }
        copy.rewind()?;
        if sha256_of(copy, path)? != audio_sha256 {
            bail!(
                "{name}: with tags in it, it would sound otherwise, so they were not written; leave out --write-tags"
            );
        }
        if Stamp::of(path)? != before {
            bail!("{name} was changed while its tags were written, and was left alone; do it again");
        }
        Ok(())
    })?;
    Ok(true)
}

fn sha256_of(copy: &File, path: &Path) -> Result<String> {
    Ok(audio_sha256(decode::read(copy.try_clone()?, path)?)?)
}

fn fields(summary: &Summary) -> Vec<(ItemKey, String)> {
    let (line, opening) = (summary.line(), &summary.opening);
    let quoted = if opening.is_empty() { String::new() } else { format!(": {opening}") };
    let mut fields = vec![(ItemKey::Comment, format!("{OURS}{line}{quoted}"))];
    if !opening.is_empty() {
        fields.push((ItemKey::Description, format!("{OURS}{opening}")));
    }
    fields.extend(summary.main_class().map(|class| (ItemKey::ContentGroup, class.name().to_owned())));
    fields
}

/// The tags of a file that say something else with the fields in them.
fn changed(file: &File, fields: &[(ItemKey, String)]) -> Result<Vec<Tag>, LoftyError> {
    let options = ParseOptions::new().read_properties(false);
    let file = Probe::new(BufReader::new(file)).options(options).guess_file_type()?.read()?;
    let mut kinds = vec![file.primary_tag_type()];
    if file.file_type() == FileType::Wav {
        // Audio programs show this list and not the ID3 tag.
        kinds.push(TagType::RiffInfo);
    }
    let tag = |kind| file.tag(kind).cloned().unwrap_or_else(|| Tag::new(kind));
    let tags = kinds.into_iter().map(tag);
    Ok(tags.filter_map(|mut tag| put(&mut tag, fields).then_some(tag)).collect())
}

/// Puts the fields where nobody else's text stands; says whether that changed anything.
fn put(tag: &mut Tag, fields: &[(ItemKey, String)]) -> bool {
    let mut is_changed = false;
    for (key, text) in fields {
        // A comment with a name is another program's own.
        let is_nameless = |item: &TagItem| item.description().is_empty();
        let there = tag.get_items(*key).find(|item| is_nameless(item)).map(|item| item.value().text());
        if there.is_some_and(|there| !there.is_some_and(|there| is_ours(*key, there) && there != text)) {
            continue;
        }
        tag.take_filter(*key, is_nameless).for_each(drop);
        is_changed |= tag.push(TagItem::new(*key, ItemValue::Text(text.clone())));
    }
    is_changed
}

fn is_ours(key: ItemKey, text: &str) -> bool {
    match key {
        ItemKey::ContentGroup => SoundClass::ALL.iter().any(|class| class.name() == text),
        _ => text.is_empty() || text.starts_with(OURS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a field holds before and after Earmark writes `text` into it.
    fn check(key: ItemKey, before: Option<&str>, text: &str, after: &str) {
        let mut tag = Tag::new(TagType::Id3v2);
        if let Some(before) = before {
            tag.insert_text(key, before.to_owned());
        }
        let is_changed = put(&mut tag, &[(key, text.to_owned())]);
        assert_eq!(tag.get_string(key), Some(after));
        assert_eq!(is_changed, before != Some(after), "{before:?}");
    }

    #[test]
    fn what_people_wrote_stays_and_what_earmark_wrote_is_renewed() {
        let (comment, group) = (ItemKey::Comment, ItemKey::ContentGroup);
        check(comment, None, "Earmark: a", "Earmark: a");
        check(comment, Some("Earmark: a"), "Earmark: b", "Earmark: b");
        check(comment, Some("Earmark: a"), "Earmark: a", "Earmark: a");
        check(comment, Some("Take 2, the good one"), "Earmark: b", "Take 2, the good one");
        check(group, Some("speech"), "music", "music");
        check(group, Some("Sonata"), "music", "Sonata");
    }

    #[test]
    fn a_comment_with_a_name_stays_beside_ours() {
        let mut named = TagItem::new(ItemKey::Comment, ItemValue::Text("0000 0001".to_owned()));
        named.set_description("iTunNORM".to_owned());
        let mut tag = Tag::new(TagType::Id3v2);
        tag.push(named);
        assert!(put(&mut tag, &[(ItemKey::Comment, "Earmark: a".to_owned())]));
        assert_eq!(tag.get_strings(ItemKey::Comment).collect::<Vec<_>>(), ["0000 0001", "Earmark: a"]);
    }

    #[test]
    fn a_format_without_a_field_goes_without() {
        let mut tag = Tag::new(TagType::RiffInfo);
        assert!(!put(&mut tag, &[(ItemKey::ContentGroup, "music".to_owned())]));
        assert!(tag.is_empty());
    }
}
