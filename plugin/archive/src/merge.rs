//! One transcript of several tracks, each of which one person spoke into.

mod crosstalk;

use crate::export::Speakers;
use earmark_timeline::mark::Mark;
use earmark_timeline::notebook::{Notebook, Parts};
use earmark_timeline::settings::Settings;
use earmark_timeline::tag::{ClassSpan, SoundClass};
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::{ItemId, Utterance};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What one microphone heard.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    /// Who speaks into it, where the track itself does not say so.
    pub speaker: String,
    /// What was heard.
    pub notebook: Notebook,
    /// Who speaks, where the track is a transcript of several already.
    pub speakers: Speakers,
}

/// Several tracks as one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Merged {
    /// What all heard, in time order.
    pub notebook: Notebook,
    /// Who speaks in each utterance.
    pub speakers: Speakers,
}

/// An utterance on its way into the transcript.
#[derive(Debug, Clone, PartialEq)]
struct Voice {
    /// The place of its track: microphones hear each other, not themselves.
    track: usize,
    speaker: Arc<str>,
    utterance: Utterance,
}

/// Makes one transcript of several tracks of one project.
///
/// - Utterances are in time order, each with its speaker's name.
/// - Words that two microphones heard at once appear once: the surer track keeps them, and what a person
///   wrote wins over what a machine did.
/// - Of the classes of sound, speech wins over singing, that over music, other sound and silence.
/// - Marks that agree in place and label appear once.
/// - The settings are those of the first track, the tempo that of the first whose host told one.
///
/// The result does not depend on the order of the tracks but for the settings, the numbering, and which of
/// two equally sure tracks keeps a word.
pub fn merge(tracks: Vec<Track>) -> Merged {
    let first = tracks.first().map(|track| track.notebook.settings().clone()).unwrap_or_default();
    // It was one track's.
    let settings = Settings { speaker: None, ..first };
    let told = tracks.iter().map(|track| track.notebook.tempo()).find(|tempo| !tempo.points().is_empty());
    let mut parts = Parts { settings, tempo: told.cloned().unwrap_or_default(), ..Parts::default() };
    let mut spans = Vec::new();
    let mut marks = BTreeSet::new();
    for Track { notebook, .. } in &tracks {
        spans.extend_from_slice(notebook.spans());
        parts.dropped.extend_from_slice(notebook.dropped());
        parts.missed.extend_from_slice(notebook.missed());
        let fresh = |mark: &&Mark| marks.insert((mark.start, mark.end, mark.label.clone()));
        parts.marks.extend(notebook.marks().iter().filter(fresh).cloned());
    }
    parts.spans = loudest(&spans);
    let mut voices = voices(&tracks);
    crosstalk::remove(&mut voices);
    voices.sort_by_key(|voice| (voice.utterance.start, voice.track));
    let mut speakers = Speakers::default();
    for (index, Voice { speaker, mut utterance, .. }) in voices.into_iter().enumerate() {
        utterance.id = ItemId(index as u64 + 1);
        speakers.named.insert(utterance.id, speaker);
        parts.utterances.push(utterance);
    }
    let first_mark = parts.utterances.len() as u64 + 1;
    for (mark, id) in parts.marks.iter_mut().zip(first_mark..) {
        mark.id = ItemId(id);
    }
    Merged { notebook: Notebook::from_parts(parts), speakers }
}

fn voices(tracks: &[Track]) -> Vec<Voice> {
    let mut voices = Vec::new();
    for (index, track) in tracks.iter().enumerate() {
        let name: Arc<str> = Arc::from(track.speaker.as_str());
        for utterance in track.notebook.utterances() {
            let speaker = track.speakers.of(utterance).unwrap_or(&name);
            let mut utterance = utterance.clone();
            // A run has its name from one session; here are several.
            utterance.run = None;
            voices.push(Voice { track: index, speaker: Arc::clone(speaker), utterance });
        }
    }
    voices
}

/// One lane of what several heard: wherever two disagree, the class that stands first in the list of all.
fn loudest(spans: &[ClassSpan]) -> Vec<ClassSpan> {
    let mut lane = Notebook::default();
    for class in SoundClass::ALL.into_iter().rev() {
        let mut of_class: Vec<_> = spans.iter().filter(|span| span.class == class).copied().collect();
        of_class.sort_by_key(|span| span.start);
        let mut until: Option<ProjectTime> = None;
        for mut span in of_class {
            // Two tracks that agree are as long as both together.
            span.start = until.map_or(span.start, |until| span.start.max(until));
            until = Some(until.map_or(span.end, |until| until.max(span.end)));
            lane.hear(span);
        }
    }
    lane.spans().to_vec()
}

#[cfg(test)]
mod tests;
