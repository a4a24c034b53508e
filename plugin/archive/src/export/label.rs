//! Everything with a time as one list of labels, for the formats that know nothing else.

use super::options::{Include, Options, Speech};
use super::{one_line, select};
use earmark_timeline::mark::Colour;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::Origin;
use std::sync::Arc;

/// What a label stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A stretch of one class of sound.
    Class,
    /// An utterance.
    Utterance,
    /// A word.
    Word,
    /// A mark.
    Mark,
}

impl Kind {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Class => "class",
            Self::Utterance => "utterance",
            Self::Word => "word",
            Self::Mark => "mark",
        }
    }
}

/// A named point or stretch, whoever made it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Label {
    pub(super) kind: Kind,
    pub(super) start: ProjectTime,
    /// Equal to `start` for a point.
    pub(super) end: ProjectTime,
    /// One line without control characters.
    pub(super) text: String,
    /// One line without control characters.
    pub(super) speaker: Option<String>,
    pub(super) origin: Origin,
    /// The model that wrote the words, where one did.
    pub(super) model: Option<Arc<str>>,
    /// From 0 to 1, where a machine was asked.
    pub(super) confidence: Option<f32>,
    pub(super) language: Option<Arc<str>>,
    /// What a person gave it.
    pub(super) chosen_colour: Option<Colour>,
}

impl Label {
    pub(super) fn is_point(&self) -> bool {
        self.end <= self.start
    }

    /// The text, below the speaker's name if there is one.
    pub(super) fn title(&self) -> String {
        match &self.speaker {
            Some(speaker) => format!("{speaker}: {}", self.text),
            None => self.text.clone(),
        }
    }

    /// Who made it, for a comment: the machine by name and with its confidence, or a hand.
    pub(super) fn made_by(&self) -> String {
        let percent = |share: f32| format!(", {:.0} %", share.clamp(0.0, 1.0) * 100.0);
        match (self.origin, &self.model) {
            (Origin::Machine | Origin::Chosen, model) => format!(
                "machine{}{}",
                model.as_ref().map(|model| format!(", {}", one_line(model))).unwrap_or_default(),
                self.confidence.map(percent).unwrap_or_default()
            ),
            (Origin::Hand, Some(model)) => format!("hand, over {}", one_line(model)),
            (Origin::Hand, None) => "hand".to_owned(),
        }
    }

    /// The colour that a person gave it or else one that tells who made it: orange for hands, blue for
    /// words, grey for classes.
    pub(super) fn colour(&self) -> String {
        let Colour([red, green, blue]) = self.chosen_colour.unwrap_or(match (self.origin, self.kind) {
            (Origin::Hand, _) => Colour([0xff, 0x88, 0x00]),
            (_, Kind::Class) => Colour([0x80, 0x80, 0x80]),
            _ => Colour([0x33, 0x99, 0xff]),
        });
        format!("{red:02X}{green:02X}{blue:02X}")
    }
}

/// The labels of a selected notebook, by start; those without text are left out.
pub(super) fn labels(notebook: &Notebook, options: &Options, include: Include) -> Vec<Label> {
    let kind = if include.speech == Speech::Words { Kind::Word } else { Kind::Utterance };
    let mut labels: Vec<Label> = select::spoken(notebook, include.speech)
        .iter()
        .map(|utterance| Label {
            kind,
            start: utterance.start,
            end: utterance.end,
            text: one_line(&utterance.text()),
            speaker: options
                .speakers
                .of(utterance)
                .map(|name| one_line(name))
                .filter(|name| !name.is_empty()),
            origin: utterance.origin,
            model: Some(Arc::clone(&utterance.model)).filter(|model| !model.is_empty()),
            confidence: Some(utterance.confidence()),
            language: utterance.language.clone(),
            chosen_colour: None,
        })
        .collect();
    labels.extend(notebook.spans().iter().map(|span| Label {
        kind: Kind::Class,
        start: span.start,
        end: span.end,
        text: span.class.name().to_owned(),
        speaker: None,
        origin: Origin::Machine,
        model: None,
        confidence: Some(span.probability),
        language: None,
        chosen_colour: None,
    }));
    labels.extend(notebook.marks().iter().map(|mark| Label {
        kind: Kind::Mark,
        start: mark.start,
        end: mark.end,
        text: one_line(&mark.label),
        speaker: None,
        origin: mark.origin,
        model: None,
        confidence: None,
        language: None,
        chosen_colour: mark.colour,
    }));
    labels.retain(|label| !label.text.is_empty());
    labels.sort_by_key(|label| (label.start, label.kind));
    labels
}

/// The labels of a file that has no time before zero: what began earlier begins at zero, and what ended
/// earlier is left out ([`TimeOrigin::First`](super::TimeOrigin::First) keeps it).
pub(super) fn from_zero(notebook: &Notebook, options: &Options, include: Include) -> Vec<Label> {
    let mut labels = labels(notebook, options, include);
    labels.retain(|label| label.start >= ProjectTime::ZERO || label.end > ProjectTime::ZERO);
    for label in &mut labels {
        label.start = label.start.max(ProjectTime::ZERO);
    }
    labels
}

/// The models that wrote what is shown, by name, each once.
pub(super) fn models(notebook: &Notebook) -> Vec<String> {
    let names = notebook.utterances().iter().map(|utterance| one_line(&utterance.model));
    let mut names: Vec<_> = names.filter(|name| !name.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// A sentence that says which models wrote what is shown, and if it is known how it was made, by which files,
/// when, and how much of it people corrected; `None` if no model wrote anything.
pub(super) fn credit(notebook: &Notebook, options: &Options) -> Option<String> {
    let models = models(notebook);
    let Some(made) = options.made.as_ref().filter(|_| !models.is_empty()) else {
        return (!models.is_empty()).then(|| format!("Written down by Earmark with {}.", models.join(", ")));
    };
    let named = |model: &String| match made.sha256.get(model) {
        Some(hash) => format!("{model} (SHA-256 {hash})"),
        None => model.clone(),
    };
    let models = models.iter().map(named).collect::<Vec<_>>().join(", ");
    let date = made.date.as_ref().map(|date| format!(" on {}", one_line(date))).unwrap_or_default();
    let (all, hand) = (notebook.utterances().len(), by_hand(notebook));
    Some(format!("Machine-made by Earmark with {models}{date}; corrected by hand: {hand} of {all}."))
}

/// How many utterances people wrote or corrected.
pub(super) fn by_hand(notebook: &Notebook) -> usize {
    notebook.utterances().iter().filter(|utterance| utterance.origin == Origin::Hand).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::Making;
    use crate::sample::small;

    #[test]
    fn labels_are_in_time_order_and_say_who_made_them() {
        let labels = labels(&small(), &Options::default(), Include::EVERYTHING);
        assert!(labels.is_sorted_by_key(|label| label.start));
        let made_by = |text: &str| labels.iter().find(|label| label.text == text).expect(text).made_by();
        assert_eq!(made_by("Before"), "machine, whisper-tiny.en, 90 %");
        assert_eq!(made_by("speech"), "machine, 99 %");
        assert_eq!(made_by("<chips>"), "hand, over whisper-tiny.en");
        assert_eq!(made_by("Take 2, good"), "hand");
    }

    #[test]
    fn the_credit_says_how_it_was_made_as_far_as_that_is_known() {
        let check = |made: Option<Making>, expected: &str| {
            let options = Options { made, ..Options::default() };
            assert_eq!(credit(&small(), &options).as_deref(), Some(expected));
        };
        let models = models(&small()).join(", ");
        let all = small().utterances().len();
        check(None, &format!("Written down by Earmark with {models}."));
        check(
            Some(Making { date: Some("2026-11-22".to_owned()), ..Making::default() }),
            &format!(
                "Machine-made by Earmark with {models} on 2026-11-22; corrected by hand: {} of {all}.",
                by_hand(&small())
            ),
        );
        assert_eq!(credit(&Notebook::default(), &Options::default()), None);
    }

    #[test]
    fn nothing_lies_before_zero_where_a_format_has_no_such_time() {
        let labels = from_zero(&small(), &Options::default(), Include::EVERYTHING);
        assert!(labels.iter().all(|label| label.start >= ProjectTime::ZERO));
        assert!(labels.iter().any(|label| label.text == "one."), "it ends after zero");
        assert!(labels.iter().all(|label| label.text != "Before"), "it ends before zero");
    }
}
