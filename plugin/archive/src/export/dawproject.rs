//! DAWproject 1.0 (github.com/bitwig/dawproject): a zip with a project that has markers and a tempo
//! alone, to be opened beside one's own or imported into it.

use super::label;
use super::options::{Include, Options, Tempo};
use earmark_timeline::notebook::Notebook;
use earmark_timeline::units::ProjectTime;
use std::io::{Cursor, Write as _};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

/// Packs the project. The files are stored as they are, so that equal notebooks are equal files.
pub(super) fn write(notebook: &Notebook, options: &Options, include: Include) -> Result<Vec<u8>, ZipError> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Stored)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644);
    let files =
        [("metadata.xml", metadata(notebook, options)), ("project.xml", project(notebook, options, include))];
    for (name, text) in files {
        zip.start_file(name, stored)?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

fn metadata(notebook: &Notebook, options: &Options) -> String {
    let title = options.source.as_deref().unwrap_or("Markers");
    let comment = label::credit(notebook, options).unwrap_or_default();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<MetaData>\n  <Title>{}</Title>\n  <Comment>{}</Comment>\n</MetaData>\n",
        escaped(title),
        escaped(&comment)
    )
}

fn project(notebook: &Notebook, options: &Options, include: Include) -> String {
    let tempo = options.tempo.or_else(|| Tempo::at_zero(notebook)).unwrap_or_default();
    let bpm = 60_000_000.0 / f64::from(tempo.quarter_us());
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Project version=\"1.0\">\n  \
         <Application name=\"Earmark\" version=\"{}\"/>\n  <Transport>\n    \
         <Tempo max=\"1000\" min=\"4\" unit=\"bpm\" value=\"{bpm:.6}\" id=\"id0\" name=\"Tempo\"/>\n  \
         </Transport>\n  <Arrangement id=\"id1\">\n",
        env!("CARGO_PKG_VERSION")
    );
    let labels = label::from_zero(notebook, options, include);
    // The schema wants one marker at least where there is a list of them.
    if !labels.is_empty() {
        xml.push_str("    <Markers timeUnit=\"seconds\" id=\"id2\">\n");
        for label in &labels {
            xml.push_str(&format!(
                "      <Marker time=\"{}\" name=\"{}\" color=\"#{}\" comment=\"{}\"/>\n",
                seconds(label.start),
                escaped(&label.title()),
                label.colour(),
                escaped(&label.made_by())
            ));
        }
        xml.push_str("    </Markers>\n");
    }
    xml.push_str("  </Arrangement>\n</Project>\n");
    xml
}

/// Seconds to the microsecond.
fn seconds(time: ProjectTime) -> String {
    format!("{:.6}", time.seconds())
}

/// Text for an element or an attribute: markup escaped, and what XML 1.0 has no way to hold left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            letter if letter.is_control() => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_breaks_the_markup() {
        assert_eq!(escaped("a<b> & \"c\"\n\u{0}\u{ffff}"), "a&lt;b&gt; &amp; &quot;c&quot; ");
    }
}
