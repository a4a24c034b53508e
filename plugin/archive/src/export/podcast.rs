//! Transcript and chapters of the Podcasting 2.0 namespace (github.com/Podcastindex-org/podcast-namespace,
//! `transcripts/transcripts.md` and `chapters/jsonChapters.md`), which allow fields of one's own.

use super::json::{layout, origin, seconds};
use super::label;
use super::options::{Include, Options};
use earmark_timeline::notebook::Notebook;
use serde::Serialize;

#[derive(Serialize)]
struct Transcript {
    version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    generator: Option<String>,
    segments: Vec<Segment>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Segment {
    #[serde(skip_serializing_if = "Option::is_none")]
    speaker: Option<String>,
    start_time: f64,
    end_time: f64,
    body: String,
    origin: &'static str,
}

#[derive(Serialize)]
struct Chapters<'a> {
    version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    chapters: Vec<Chapter>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Chapter {
    start_time: f64,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<f64>,
    toc: bool,
    origin: &'static str,
}

pub(super) fn transcript(notebook: &Notebook, options: &Options, include: Include) -> String {
    let segments = label::from_zero(notebook, options, include).into_iter().map(|label| Segment {
        start_time: seconds(label.start),
        end_time: seconds(label.end),
        body: label.text,
        origin: origin(label.origin),
        speaker: label.speaker,
    });
    let generator = label::credit(notebook, options);
    layout::write(&Transcript { version: "1.0.0", generator, segments: segments.collect() })
}

pub(super) fn chapters(notebook: &Notebook, options: &Options, include: Include) -> String {
    let chapters = label::from_zero(notebook, options, include).into_iter().map(|label| Chapter {
        start_time: seconds(label.start),
        title: label.title(),
        end_time: (!label.is_point()).then(|| seconds(label.end)),
        toc: true,
        origin: origin(label.origin),
    });
    let title = options.source.as_deref();
    layout::write(&Chapters { version: "1.2.0", title, chapters: chapters.collect() })
}
