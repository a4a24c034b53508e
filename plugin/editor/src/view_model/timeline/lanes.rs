//! The lanes of what was heard: classes of sound, what plays, and how loud it is.

use super::{Scale, is_hidden};
use crate::view_model::units::Measure;
use earmark_timeline::course::{LoudnessSpan, RoleSpan};
use earmark_timeline::meter::TempoMap;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::tag::{ClassSpan, SoundClass};
use earmark_timeline::units::ProjectTime;

/// From this width on, in points, a stretch has room for its name.
const NAME_WIDTH: f32 = 52.0;
/// From this width on, in points, a stretch has room for its two letters.
const LETTERS_WIDTH: f32 = 18.0;

/// A stretch of a lane.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane<S> {
    /// From where to where, in points.
    pub x: [f32; 2],
    /// As much of its name as there is room for; silence needs none.
    pub label: &'static str,
    /// The whole of it, with its times.
    pub span: S,
}

impl<S> Lane<S> {
    /// Whether it is there at `x` points.
    pub(crate) fn holds(&self, x: f32) -> bool {
        self.x[0] <= x && x < self.x[1]
    }
}

impl Lane<ClassSpan> {
    /// The whole of it in words: name, probability, times. Put together only for the one that is pointed at.
    pub(crate) fn spoken(&self, measure: Measure, tempo: &TempoMap) -> String {
        let ClassSpan { start, end, class, probability } = self.span;
        spoken(class.name(), probability, [start, end].map(|time| measure.place(time, tempo)))
    }
}

impl Lane<RoleSpan> {
    /// The same of what plays.
    pub(crate) fn spoken(&self, measure: Measure, tempo: &TempoMap) -> String {
        let RoleSpan { start, end, role, probability } = self.span;
        let name = format!("Plays: {}", role.name());
        spoken(&name, probability, [start, end].map(|time| measure.place(time, tempo)))
    }
}

fn spoken(name: &str, probability: f32, [start, end]: [String; 2]) -> String {
    format!("{name} {:.0} %, {start} to {end}", probability * 100.0)
}

/// How loud it is at a time, in words; `None` where that is not known.
pub(crate) fn spoken_loudness(notebook: &Notebook, time: ProjectTime, measure: Measure) -> Option<String> {
    let spans = notebook.loudness();
    let LoudnessSpan { start, end, lufs } = *spans.get(spans.partition_point(|span| span.end <= time))?;
    let [from, to] = [start, end].map(|time| measure.place(time, notebook.tempo()));
    let level = if lufs <= LoudnessSpan::SILENCE {
        "Silence".to_owned()
    } else {
        format!("Momentary loudness up to {lufs} LUFS").replace('-', "\u{2212}")
    };
    (start <= time).then(|| format!("{level}, {from} to {to}"))
}

impl Scale {
    pub(super) fn classes(&self, notebook: &Notebook) -> Vec<Lane<ClassSpan>> {
        let name = |span: &ClassSpan| if span.class == SoundClass::Silence { "" } else { span.class.name() };
        self.lanes(notebook.spans(), |span| [span.start, span.end], name)
    }

    /// What plays; `None` while nothing is known of it anywhere.
    pub(super) fn roles(&self, notebook: &Notebook) -> Option<Vec<Lane<RoleSpan>>> {
        let spans = notebook.roles();
        (!spans.is_empty()).then(|| self.lanes(spans, |span| [span.start, span.end], |span| span.role.name()))
    }

    fn lanes<S: Copy>(
        &self,
        spans: &[S],
        place: impl Fn(&S) -> [ProjectTime; 2],
        name: impl Fn(&S) -> &'static str,
    ) -> Vec<Lane<S>> {
        let [from, to] = self.ends();
        let first = spans.partition_point(|span| place(span)[1] <= from);
        let mut lanes: Vec<Lane<S>> = Vec::new();
        for span in spans[first..].iter().take_while(|span| place(span)[0] < to) {
            let [start, end] = place(span);
            let x = self.span(start, end);
            if is_hidden(lanes.last().map(|lane| lane.x), x) {
                continue;
            }
            let name = name(span);
            let label = match x[1] - x[0] {
                width if width >= NAME_WIDTH => name,
                width if width >= LETTERS_WIDTH => name.get(..2).unwrap_or_default(),
                _ => "",
            };
            lanes.push(Lane { x, label, span: *span });
        }
        lanes
    }

    /// The highest loudness in each point of the width, in LUFS, as far as it was heard; `None` while nothing is known
    /// of it anywhere.
    pub(super) fn loudness(&self, notebook: &Notebook) -> Option<Vec<Option<i8>>> {
        let spans = notebook.loudness();
        let [from, to] = self.ends();
        let mut columns = vec![None; self.width as usize];
        let first = spans.partition_point(|span| span.end <= from);
        for span in spans[first..].iter().take_while(|span| span.start < to) {
            let [left, right] = self.span(span.start, span.end);
            // A point that a second begins in is that second's as well.
            let last = (right.ceil() as usize).max(left as usize + 1).min(columns.len());
            for column in columns.get_mut(left as usize..last).into_iter().flatten() {
                *column = (*column).max(Some(span.lufs));
            }
        }
        (!spans.is_empty()).then_some(columns)
    }
}
