//! Which stretch shows everything.

use super::ruler;
use crate::facts::Facts;
use crate::view_state::Stretch;
use earmark_timeline::snapshot::Snapshot;
use earmark_timeline::units::ProjectTime;

/// The stretch that holds all that was heard, said and marked, and the moving playhead. Its ends stand on
/// the ruler's steps, so that it does not creep with every block that is heard.
pub(super) fn fit(snapshot: &Snapshot, facts: &Facts) -> Stretch {
    let notebook = &snapshot.notebook;
    let heard = snapshot.overview.extent().map(|range| (range.start, range.end));
    // The lists are in time order by start, so the last one may end before another; a fit may be a little
    // short of such a one.
    let said = notebook.utterances().first().zip(notebook.utterances().last());
    let marked = notebook.marks().first().zip(notebook.marks().last());
    let moving = facts.playhead.filter(|_| facts.playing);
    let all = [
        heard,
        said.map(|(first, last)| (first.start, last.end)),
        marked.map(|(first, last)| (first.start, last.end)),
        moving.map(|playhead| (playhead, playhead)),
    ];
    let all = all.into_iter().flatten().reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    let (start, end) = all.unwrap_or((ProjectTime::ZERO, ProjectTime::ZERO));
    let (start, end) = (start.seconds(), end.seconds());
    let step = ruler::calm_step((end - start).max(Stretch::LEAST_FIT));
    let start = (start / step).floor() * step;
    let length = ((end - start) / step).ceil() * step;
    Stretch { start, length: length.clamp(Stretch::LEAST_FIT, Stretch::MOST) }
}
