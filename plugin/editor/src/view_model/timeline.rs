//! The visible stretch of the timeline, laid out in points from its left edge.

mod frame;
mod lanes;
mod ruler;

pub use lanes::Lane;
pub(crate) use lanes::spoken_loudness;

use super::units::Measure;
use crate::facts::Facts;
use crate::view_state::{Stretch, ViewState};
use earmark_timeline::course::RoleSpan;
use earmark_timeline::mark::Colour;
use earmark_timeline::notebook::Notebook;
use earmark_timeline::snapshot::Snapshot;
use earmark_timeline::tag::ClassSpan;
use earmark_timeline::units::ProjectTime;
use earmark_timeline::utterance::ItemId;
use std::ops::Range;

/// Narrower things than this cannot be told apart, in points.
const LEAST_WIDTH: f32 = 1.0;
/// Why there is no waveform.
const NO_WAVE: &str = "The waveform appears as the project is played";
/// Marks nearer to each other than this, in points, are crowded.
const CROWDED: f32 = 12.0;
/// From this width on, in points, an utterance has room for some of its text.
const TEXT_WIDTH: f32 = 28.0;

/// The visible stretch.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// What is visible.
    pub shown: Stretch,
    /// Whether it is everything there is.
    pub fit: bool,
    /// Whether it follows the playhead.
    pub follow: bool,
    /// What the stretch is called for somebody who cannot see it.
    pub spoken: String,
    /// The ruler's ticks, from left to right.
    pub ticks: Vec<Tick>,
    /// The largest peak (0 to 1) in each point of the width; `None` where nothing was heard.
    pub wave: Vec<Option<f32>>,
    /// What stands in the waveform's place where words are and no peak is known, as after loading a project.
    pub hint: Option<&'static str>,
    /// The class lane.
    pub classes: Vec<Lane<ClassSpan>>,
    /// What plays; `None` while nothing is known of it anywhere, and there is no lane.
    pub roles: Option<Vec<Lane<RoleSpan>>>,
    /// The highest momentary loudness in each point of the width, in LUFS; the same.
    pub loudness: Option<Vec<Option<i8>>>,
    /// The utterances.
    pub utterances: Vec<Block>,
    /// The marks.
    pub marks: Vec<Flag>,
    /// What was played and never heard.
    pub missed: Vec<Gap>,
    /// What was heard and whose words are still to come.
    pub waiting: Vec<Gap>,
    /// The playhead, in points, if it is in view.
    pub playhead: Option<f32>,
}

/// A line of the ruler.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Where it is, in points.
    pub x: f32,
    /// Its time; empty for a small tick.
    pub label: String,
}

/// A stretch that was not analysed, or not yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// From where to where, in points.
    pub x: [f32; 2],
    /// What it is and what to do about it.
    pub spoken: String,
}

impl Gap {
    /// Whether it is there at `x` points.
    pub(crate) fn holds(&self, x: f32) -> bool {
        (self.x[0]..self.x[1]).contains(&x)
    }
}

/// An utterance.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Which.
    pub id: ItemId,
    /// From where to where, in points.
    pub x: [f32; 2],
    /// What was said, if there is room for some of it.
    pub text: String,
    /// Whether it is chosen.
    pub selected: bool,
}

/// A mark.
#[derive(Debug, Clone, PartialEq)]
pub struct Flag {
    /// Which.
    pub id: ItemId,
    /// From where to where, in points; equal for a point.
    pub x: [f32; 2],
    /// What it says; nothing if it is crowded.
    pub label: String,
    /// Whether another one is so near that its pole would hide what is behind it.
    pub crowded: bool,
    /// Whether it is chosen.
    pub selected: bool,
    /// The colour that a person gave it.
    pub colour: Option<Colour>,
}

impl Timeline {
    pub(crate) fn new(snapshot: &Snapshot, state: &ViewState, facts: &Facts, measure: Measure) -> Self {
        let (notebook, width) = (&*snapshot.notebook, state.width.max(1.0));
        let shown = shown(snapshot, state, facts);
        let scale = Scale { shown, width, measure };
        let ends = scale.ends().map(|time| measure.place(time, notebook.tempo()));
        let playhead = facts.playhead.map(|time| shown.x_from_time(time, width));
        let (wave, utterances) = (scale.wave(snapshot), scale.utterances(notebook, state.selected_item()));
        let is_bare = wave.iter().all(Option::is_none) && !utterances.is_empty();
        Self {
            shown,
            fit: state.framing == crate::Framing::Fit,
            follow: state.follow,
            spoken: format!("Timeline from {} to {}", ends[0], ends[1]),
            ticks: ruler::ticks(shown, width, measure, notebook.tempo()),
            wave,
            hint: is_bare.then_some(NO_WAVE),
            classes: scale.classes(notebook),
            roles: scale.roles(notebook),
            loudness: scale.loudness(notebook),
            utterances,
            marks: scale.marks(notebook, state.selected_item()),
            missed: scale.gaps(notebook, notebook.missed(), "Not analysed", "play it again to have it heard"),
            waiting: scale.gaps(notebook, &snapshot.backlog, "Heard", "its words are still to come"),
            playhead: playhead.filter(|x| (0.0..=width).contains(x)),
        }
    }

    /// What was said or marked at `x` points; a mark within `reach` points comes first, for it is small.
    pub fn at(&self, x: f32, reach: f32) -> Option<ItemId> {
        let away = |span: &[f32; 2]| (span[0] - x).max(x - span[1]).max(0.0);
        let mark = self
            .marks
            .iter()
            .filter(|flag| away(&flag.x) <= reach)
            .min_by(|a, b| away(&a.x).total_cmp(&away(&b.x)))
            .map(|flag| flag.id);
        let said = || self.utterances.iter().find(|block| away(&block.x) <= 0.0).map(|block| block.id);
        mark.or_else(said)
    }
}

/// The stretch that a frame shows.
pub(crate) fn shown(snapshot: &Snapshot, state: &ViewState, facts: &Facts) -> Stretch {
    match state.framing {
        crate::Framing::Fit => frame::fit(snapshot, facts),
        crate::Framing::Free => state.visible,
    }
}

/// Turns times into points.
struct Scale {
    shown: Stretch,
    width: f32,
    measure: Measure,
}

impl Scale {
    fn ends(&self) -> [ProjectTime; 2] {
        [self.shown.start, self.shown.end()].map(ProjectTime::from_seconds)
    }

    /// A stretch in points, cut at the edges of the view.
    fn span(&self, start: ProjectTime, end: ProjectTime) -> [f32; 2] {
        let x = |time| self.shown.x_from_time(time, self.width).clamp(0.0, self.width);
        let left = x(start);
        // Most marks are points.
        [left, if end == start { left } else { x(end) }]
    }

    fn wave(&self, snapshot: &Snapshot) -> Vec<Option<f32>> {
        let columns = self.width as usize;
        let edge = |column: usize| self.shown.time_from_x(column as f32, self.width);
        (0..columns).map(|column| snapshot.overview.peak(edge(column)..edge(column + 1))).collect()
    }

    fn utterances(&self, notebook: &Notebook, selected: Option<ItemId>) -> Vec<Block> {
        let [from, to] = self.ends();
        let said = notebook.utterances();
        let first = said.partition_point(|utterance| utterance.end <= from);
        let mut blocks: Vec<Block> = Vec::new();
        for utterance in said[first..].iter().take_while(|utterance| utterance.start < to) {
            let (id, x) = (utterance.id, self.span(utterance.start, utterance.end));
            let selected = selected == Some(id);
            if is_hidden(blocks.last().map(|block| block.x), x) && !selected {
                continue;
            }
            let text = if x[1] - x[0] >= TEXT_WIDTH { utterance.text() } else { String::new() };
            blocks.push(Block { id, x, text, selected });
        }
        blocks
    }

    /// The visible ones of some stretches, which are in no order if a transport jumped.
    fn gaps(&self, notebook: &Notebook, all: &[Range<ProjectTime>], what: &str, then: &str) -> Vec<Gap> {
        let [from, to] = self.ends();
        let gap = |gap: &Range<ProjectTime>| {
            let [start, end] = [gap.start, gap.end].map(|time| self.measure.place(time, notebook.tempo()));
            let spoken = format!("{what}, {start} to {end}: {then}");
            Gap { x: self.span(gap.start, gap.end), spoken }
        };
        all.iter().filter(|gap| from < gap.end && gap.start < to).map(gap).collect()
    }

    fn marks(&self, notebook: &Notebook, selected: Option<ItemId>) -> Vec<Flag> {
        let [from, to] = self.ends();
        let mut flags: Vec<Flag> = Vec::new();
        // A long mark may start far before the view, so all earlier ones are looked at.
        for mark in notebook.marks().iter().take_while(|mark| mark.start < to) {
            if mark.end < from {
                continue;
            }
            let (id, x) = (mark.id, self.span(mark.start, mark.end));
            let selected = selected == Some(id);
            if is_hidden(flags.last().map(|flag| flag.x), x) && !selected {
                continue;
            }
            let crowded = flags.last().is_some_and(|last| x[0] - last.x[0] < CROWDED);
            if let (true, Some(last)) = (crowded, flags.last_mut()) {
                last.crowded = true;
                last.label.clear();
            }
            let label = if crowded { String::new() } else { mark.label.clone() };
            flags.push(Flag { id, x, label, crowded, selected, colour: mark.colour });
        }
        flags
    }
}

/// Whether a thing this narrow, right beside the one before it, would only be painted over it.
fn is_hidden(before: Option<[f32; 2]>, x: [f32; 2]) -> bool {
    before.is_some_and(|before| x[1] < before[1].max(before[0] + LEAST_WIDTH) + LEAST_WIDTH)
        && x[1] - x[0] < LEAST_WIDTH
}
